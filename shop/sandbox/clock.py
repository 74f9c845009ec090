"""The sandbox's own time, which tests may stop and move."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Clock:
    """Real time plus an offset, or a frozen instant; whole seconds since the epoch."""

    def __init__(self, real: Callable[[], float] = time.time) -> None:
        self._real = real
        self._frozen_at: int | None = None
        self._offset = 0
        self._held = threading.local()

    def now(self) -> int:
        """The present second, as the sandbox sees it."""
        held: int | None = getattr(self._held, "at", None)
        if held is not None:
            return held
        return self._frozen_at if self._frozen_at is not None else int(self._real()) + self._offset

    def freeze(self, instant: int) -> None:
        """Time stands still at `instant`."""
        self._frozen_at = instant

    def follow(self) -> None:
        """Back to real time, without offset."""
        self._frozen_at, self._offset = None, 0

    @contextmanager
    def at(self, instant: int) -> Iterator[None]:
        """For this thread it is `instant` meanwhile: what was due then happens then, however late anybody looks."""
        before = getattr(self._held, "at", None)
        self._held.at = instant
        try:
            yield
        finally:
            self._held.at = before

    def advance(self, seconds: int) -> None:
        """Moves a frozen clock, or shifts a running one; it keeps running afterwards."""
        if self._frozen_at is not None:
            self._frozen_at += seconds
        else:
            self._offset += seconds

    def state(self) -> dict[str, int | None]:
        """What must be kept to find the same time again after a restart."""
        return {"now": self.now(), "frozen_at": self._frozen_at, "offset": self._offset}

    def restore(self, state: dict[str, int | None]) -> None:
        """Takes back what `state` gave."""
        self._frozen_at, self._offset = state["frozen_at"], state["offset"] or 0

    def start_at(self, wish: str | None) -> None:
        """Reads the command line's wish: nothing, `real`, `+3600`, `-60`, or an instant to freeze at.

        Raises ValueError for anything else.
        """
        if not wish:
            return
        if wish == "real":
            self.follow()
        elif wish[0] in "+-":
            self.advance(int(wish))
        else:
            self.freeze(int(wish))
