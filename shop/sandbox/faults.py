"""Things that go wrong on command, so that code which must survive them can be tested."""

import threading
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal, get_args

from shop.sandbox.errors import Json, Refusal

Kind = Literal["500_before", "500_after", "429", "hang", "hang_after", "reset", "reset_after", "slow"]
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass
class Fault:
    """`times` requests whose method and path match go wrong; `*` in the path stands for anything."""

    method: str
    path: str
    kind: str
    times: int = 1
    seconds: float = 30.0

    def matches(self, method: str, path: str) -> bool:
        """Whether this fault is meant for that request."""
        return self.times > 0 and self.method in ("*", method) and fnmatchcase(path, self.path)


class Faults:
    """The faults that wait for their request."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._released = threading.Event()
        self.waiting = 0

    def add(self, wish: Json) -> None:
        """Raises Refusal for a kind nobody knows."""
        fault = Fault(
            str(wish.get("method", "POST")).upper(), str(wish.get("path", "*")), str(wish.get("kind", "500_before")),
            int(wish.get("times", 1)), float(wish.get("seconds", 30)),
        )  # fmt: skip
        if fault.kind not in KINDS:
            raise Refusal(f"Unknown kind of fault: {fault.kind}. Known: {', '.join(KINDS)}.", param="kind")
        with self._lock:
            self._faults.append(fault)

    def take(self, method: str, path: str) -> Fault | None:
        """The first fault meant for this request, used up once."""
        with self._lock:
            found = next((fault for fault in self._faults if fault.matches(method, path)), None)
            if found:
                found.times -= 1
            return found

    def wait(self, fault: Fault) -> None:
        """Keeps the request waiting `seconds`, or until the faults are cleared."""
        with self._lock:
            self.waiting += 1
            released = self._released
        released.wait(fault.seconds)
        with self._lock:
            self.waiting -= 1

    def clear(self) -> None:
        """No more faults; whatever waits goes on."""
        with self._lock:
            self._faults.clear()
            self._released.set()
            self._released = threading.Event()

    def state(self) -> Json:
        """What is still to come, and how many requests are waiting right now."""
        with self._lock:
            return {
                "faults": [vars(fault) for fault in self._faults if fault.times > 0],
                "waiting": self.waiting,
            }
