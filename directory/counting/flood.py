"""How often one network address may add to the counts: a person clicks a few times a minute, a program a thousand.

Kept in this process's memory for a few minutes, under a keyed hash whose key is made anew each time and is known to
nobody: an address cannot be found back, not even in a copy of the memory's older pages. Nothing of it is ever written.
Several people may share one address (an office, a telephone network): the limits leave room for them.
"""

import os
import threading
import time
from collections import Counter
from hashlib import blake2b

WINDOW_SECONDS = 600
MOST_ACTS = 300
"""Acts from one address in a window."""
MOST_ALIKE = 6
"""The same act on the same thing, from the same browser of one address, in a window: it did not heed the answer that
says for how long it may be kept."""
MOST_KEPT = 100_000
"""With more than that in a window somebody sends from everywhere: what is known is forgotten, and counting goes on."""


class Flood:
    """The limits of one process."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """As in a process that begins. Another thread's hold on the lock does not survive a fork: it is made anew."""
        self._lock = threading.Lock()
        self._forget(time.monotonic())

    def holds_back(self, address: str, browser: str, act: str) -> bool:
        """Whether this act is one too many; if not, it has been noted."""
        with self._lock:
            now = time.monotonic()
            if now - self._since >= WINDOW_SECONDS or len(self._times) >= MOST_KEPT:
                self._forget(now)
            everything, alike = self._hash(address), self._hash(address, browser, act)
            if self._times[everything] >= MOST_ACTS or self._times[alike] >= MOST_ALIKE:
                return True
            self._times[everything] += 1
            self._times[alike] += 1
            return False

    def _forget(self, now: float) -> None:
        self._times: Counter[bytes] = Counter()
        self._key = os.urandom(32)
        self._since = now

    def _hash(self, *parts: str) -> bytes:
        return blake2b("\x00".join(parts).encode(), key=self._key, digest_size=12).digest()


flood = Flood()
os.register_at_fork(after_in_child=flood.renew)
