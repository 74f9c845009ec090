"""What may be found, as each floor tells it.

``settings.SEARCH_SOURCES`` names, for each kind, an object of the floor that knows it (a ``Source``): the directory
writes down what it is told, and looks up what it wrote. A floor also installs, in a migration, the triggers that mark
its entries stale (``directory.searching.triggers``).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from directory.enums import SearchKind

LOWERED, SPENT = 1, 2


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that may be found. Texts are as people wrote them; what stands in ``title`` weighs most."""

    kind: SearchKind
    object_id: int
    site_id: int
    title: str
    also: str = ""
    """What it is: category, sector, keywords, tags."""
    text: str = ""
    """What it says of itself in a few lines."""
    more: str = ""
    """All else that one may remember of it."""
    worth: int = 0
    """0 to 100: how much its page has to tell. Never by plan or tier."""
    doubt: int = 0
    """How little anybody vouches for it: 0; LOWERED, its worth is halved; SPENT, none is left."""
    merchant_id: int | None = None
    category_id: int | None = None
    sector_id: int | None = None
    latitude: float | None = None
    longitude: float | None = None


class Source(Protocol):
    """What a floor knows of one kind."""

    def keys(self) -> Iterable[int]:
        """Primary keys of all that may be found, in every portal: asked across portals."""

    def entries(self, keys: Sequence[int]) -> Iterable[Entry]:
        """Of the things with these keys, those that may be found: asked across portals. What is left out is lost."""

    def visible(self) -> QuerySet[Any]:
        """The rows of the portal in scope that may be seen at this moment, whatever the entries say."""

    def doubts(self, now: datetime) -> Mapping[int, int]:
        """Of the portal in scope: what stands in doubt at that moment, as ``Entry.doubt`` has it. Time alone tells."""


WordsOf = Callable[[Sequence[int]], Mapping[int, str]]
"""Of merchants with these keys: what a floor above the directory adds to their words (``SEARCH_MERCHANT_WORDS``)."""


@lru_cache
def source_of(kind: str) -> Source:
    """Raises KeyError for a kind that no floor tells of."""
    source: Source = import_string(settings.SEARCH_SOURCES[kind])()
    return source


def kinds() -> list[SearchKind]:
    return [SearchKind(kind) for kind in settings.SEARCH_SOURCES]


def words_from_above(keys: Sequence[int]) -> dict[int, str]:
    """What floors above the directory know of these merchants, as words."""
    found: dict[int, list[str]] = {}
    for name in settings.SEARCH_MERCHANT_WORDS:
        words_of: WordsOf = import_string(name)
        for key, words in words_of(keys).items():
            found.setdefault(key, []).append(words)
    return {key: " ".join(words) for key, words in found.items()}
