"""What shoppers ask of the directory: words and filters, read from an address whatever it holds."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict

from directory.enums import Tier
from directory.folding import folded_words
from directory.models import Merchant

MAX_QUERY_LENGTH = 100
MAX_WORDS = 8


@dataclass(frozen=True)
class Filters:
    """The state of the directory: its address says it all. Unknown values are kept, and find nothing."""

    q: str = ""
    category: str = ""
    sector: str = ""
    tier: str = ""
    open_now: bool = False
    sells_here: bool = False

    @classmethod
    def from_query(cls, query: QueryDict) -> "Filters":
        return cls(
            q=_text(query, "q"),
            category=_text(query, "categorie"),
            sector=_text(query, "secteur"),
            tier=_text(query, "option"),
            open_now=query.get("ouvert") == "1",
            sells_here=query.get("vend") == "1",
        )

    @property
    def querystring(self) -> str:
        """These filters as an address has them, without « ? »; empty for none."""
        parameters = {
            "q": self.q,
            "categorie": self.category,
            "secteur": self.sector,
            "option": self.tier,
            "ouvert": "1" if self.open_now else "",
            "vend": "1" if self.sells_here else "",
        }
        return urlencode({name: value for name, value in parameters.items() if value})

    def but(self, **changes: Any) -> "Filters":
        return replace(self, **changes)

    def accept(self, group: dict[str, Any]) -> bool:
        """Whether merchants that share ``category__slug``, ``sector__slug``, ``tier`` and ``is_open`` pass."""
        return (
            self.category in {"", group["category__slug"]}
            and self.sector in {"", group["sector__slug"]}
            and self.tier in {"", group["tier"]}
            and (not self.open_now or group["is_open"])
            and (not self.sells_here or group["tier"] == Tier.TRANSACTIONAL)
        )


def _text(query: QueryDict, name: str) -> str:
    """One line of at most MAX_QUERY_LENGTH characters, without those that PostgreSQL refuses."""
    return " ".join((query.get(name) or "").replace("\x00", " ").split())[:MAX_QUERY_LENGTH]


def matching(queryset: QuerySet[Merchant], q: str) -> QuerySet[Merchant]:
    """Each word typed is in the merchant's name, keywords or address, or in the name of its category or sector."""
    for word in search_words(q):
        queryset = queryset.filter(
            Q(folded_text__contains=word)
            | Q(category__folded_name__contains=word)
            | Q(sector__folded_name__contains=word)
        )
    return queryset


def search_words(q: str) -> list[str]:
    """Folded; « l’épicerie » is « epicerie »; a plural finds the singular."""
    words = [word.rpartition("'")[2] for word in folded_words(q)]
    return [_singular(word) for word in words if word][:MAX_WORDS]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word[-1] in "sx" else word
