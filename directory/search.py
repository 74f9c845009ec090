"""What shoppers ask of the directory: words and filters, read from an address whatever it holds."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from directory.enums import SearchKind, Tier
from directory.folding import folded_words
from directory.models import Merchant
from directory.searching.asking import Asked, asked_of
from directory.searching.finding import keys_for, score_of

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


def matching(queryset: QuerySet[Merchant], q: str | Asked) -> QuerySet[Merchant]:
    """The merchants of ``queryset`` that answer ``q``: its words, however they are typed, and its time.

    All of them where nothing is asked; none where what is asked has no letter to look for. Who searches twice passes
    what ``directory.searching.asking.asked_of`` made of it. Entries are a second or two behind the rows: a test
    refreshes them itself (``directory.searching.refreshing.refresh_all``).
    """
    asked = asked_of(q) if isinstance(q, str) else q
    if asked.is_nothing:
        return queryset.none() if asked.typed else queryset
    if asked.when is not None:
        queryset = queryset.filter(asked.when.condition(timezone.now()))
    return queryset.filter(pk__in=keys_for(SearchKind.MERCHANT, asked)) if asked.wanted else queryset


def in_order(queryset: QuerySet[Merchant], q: str | Asked) -> QuerySet[Merchant]:
    """The best answers first, then by name. Unchanged where no word is looked for. Never by plan or tier."""
    asked = asked_of(q) if isinstance(q, str) else q
    if not asked.wanted:
        return queryset
    return queryset.annotate(score=score_of(SearchKind.MERCHANT, asked)).order_by(
        "-score", "folded_text", "pk"
    )


def named_like(queryset: QuerySet[Merchant], q: str) -> QuerySet[Merchant]:
    """For staff, who look for merchants that shoppers do not see, too: each word stands in its name or address."""
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
