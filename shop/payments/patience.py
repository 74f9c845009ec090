"""How long Stripe may keep somebody waiting: a worker has time, a person in front of a page has not."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

WEB_SECONDS = 8
"""For all that one web request asks of Stripe together: no thread of the server is held up for ten."""


class _Patience:
    """So many seconds, counted from the first question."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends_at: float | None = None

    def left(self) -> float:
        now = time.monotonic()
        if self._ends_at is None:
            self._ends_at = now + self._seconds
        return self._ends_at - now


_patience: ContextVar[_Patience | None] = ContextVar("patience", default=None)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Everything asked of Stripe inside takes no longer than that, all together; what then remains is not asked."""
    token = _patience.set(_Patience(seconds))
    try:
        yield
    finally:
        _patience.reset(token)


def seconds_left() -> float:
    """Infinite outside ``at_most``. The first question starts the clock; what is used up is zero or less."""
    patience = _patience.get()
    return patience.left() if patience else math.inf
