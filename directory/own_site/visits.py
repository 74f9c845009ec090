"""One reading of one site: how much of it is asked for, for how long, and never what its robots.txt forbids."""

import time

from directory.own_site import fetching, robots
from directory.own_site.addresses import Address
from directory.own_site.fetching import ANYTHING, SECONDS, Document, Resolve
from directory.own_site.refusals import (
    Answered,
    CannotRead,
    PrivateAddress,
    RobotsSayNo,
    RobotsUnknown,
    TooManyDocuments,
    TooSlow,
)
from directory.own_site.robots import Robots

MOST_DOCUMENTS = 10
MOST_SECONDS = 20.0
TRY_LATER = 429


class Visit:
    """Asks for documents one after the other; robots.txt is asked once an origin, and does not count as one."""

    def __init__(
        self,
        *,
        most_documents: int = MOST_DOCUMENTS,
        seconds: float = MOST_SECONDS,
        document_seconds: float = SECONDS,
        resolve: Resolve | None = None,
    ) -> None:
        self._left, self._document_seconds, self._resolve = most_documents, document_seconds, resolve
        self._end = time.monotonic() + seconds
        self._robots: dict[str, Robots | CannotRead] = {}

    def get(self, url: str, *, kinds: frozenset[str]) -> Document:
        """Raises CannotRead, also when this visit has had its share."""
        if self._left <= 0:
            raise TooManyDocuments
        self._left -= 1
        return fetching.fetch(
            url, kinds=kinds, seconds=self._seconds(), permit=self._permit, resolve=self._resolve
        )

    def _seconds(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TooSlow
        return min(self._document_seconds, left)

    def _permit(self, address: Address) -> None:
        """Raises RobotsSayNo for what the site does not want read, RobotsUnknown where it did not say."""
        if address.origin not in self._robots:
            self._robots[address.origin] = self._rules_of(address)
        rules = self._robots[address.origin]
        if not isinstance(rules, Robots):
            raise rules
        if not rules.allow(address.target):
            raise RobotsSayNo

    def _rules_of(self, address: Address) -> Robots | CannotRead:
        try:
            asked = fetching.fetch(
                f"{address.origin}/robots.txt", kinds=ANYTHING, seconds=self._seconds(), resolve=self._resolve
            )
        except Answered as answer:
            said_none = 400 <= answer.status < 500 and answer.status != TRY_LATER
            return Robots() if said_none else RobotsUnknown()
        except PrivateAddress as refusal:
            return refusal
        except CannotRead as refusal:
            return refusal if refusal.code in SAYS_MORE else RobotsUnknown()
        return robots.parse(asked.body.decode("utf-8", "replace"))


SAYS_MORE = frozenset({"inconnue", "injoignable", "certificat", "lente", "adresse"})
"""What is the matter with the whole site, and not with its robots.txt alone."""
