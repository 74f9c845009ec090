"""Looking into the search table: what matches, in which order, within the portal in scope.

What matches many things is not ranked whole: the worthiest of them are, and those whose title begins with what was
typed, which is all that anybody ever looks at.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db.models import Case, Exists, F, FloatField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from directory.folding import fold
from directory.models import SearchEntry
from directory.searching.asking import Asked

WEIGHTS = [0.05, 0.3, 0.7, 1.0]
"""Of PostgreSQL's D, C, B and A: all else, what it says of itself, what it is, its title."""
WORTH_COUNTS = 1 / 500
"""Between two that say the same, the page that tells more comes first; it outweighs no better match."""
SAME_TITLE, TITLE_BEGUN = 2.0, 0.5
RANKED = 300
RANKED_BY_TITLE = 30
MOST_COUNTED = 1000


@dataclass(frozen=True)
class Found:
    """The best of a kind, as keys in their order, and how many there are: at most MOST_COUNTED are counted."""

    keys: list[int]
    count: int

    @property
    def is_capped(self) -> bool:
        return self.count >= MOST_COUNTED


def entries_for(kind: str, asked: Asked, *, loosely: bool = False) -> QuerySet[SearchEntry]:
    """The entries of ``kind`` with every word asked, or with any of them. ``asked`` wants something."""
    query = asked.loose_query if loosely else asked.query
    rows: QuerySet[SearchEntry] = SearchEntry.objects.filter(kind=kind, document=query)
    return rows.order_by()


def keys_for(kind: str, asked: Asked, *, loosely: bool = False) -> QuerySet[SearchEntry, int]:
    """For ``pk__in``."""
    return entries_for(kind, asked, loosely=loosely).values_list("object_id", flat=True)


def score_of(kind: str, asked: Asked) -> Coalesce:
    """For a queryset of things of ``kind``: how well each answers; 0 for one that has no entry."""
    entry = SearchEntry.objects.filter(kind=kind, object_id=OuterRef("pk")).order_by()
    scored = entry.annotate(score=score(asked)).values("score")[:1]
    return Coalesce(Subquery(scored), Value(0.0), output_field=FloatField())


def score(asked: Asked) -> Any:
    """For a queryset of entries. The very words count more than what they also mean."""
    typed = fold(asked.shown or asked.typed)
    title = Case(
        When(folded_title=typed, then=Value(SAME_TITLE)),
        When(folded_title__startswith=typed, then=Value(TITLE_BEGUN)),
        default=Value(0.0),
        output_field=FloatField(),
    )
    own = SearchRank(F("document"), asked.own_query, weights=WEIGHTS)
    any_of = SearchRank(F("document"), asked.loose_query, weights=WEIGHTS)
    return own * Value(2.0) + any_of + title + F("worth") * Value(WORTH_COUNTS, output_field=FloatField())


def best(kind: str, asked: Asked, visible: QuerySet[Any], *, most: int, loosely: bool = False) -> Found:
    """Of ``visible`` the rows that answer best, and how many answer: two queries."""
    seen = Exists(visible.order_by().filter(pk=OuterRef("object_id")))
    matching = entries_for(kind, asked, loosely=loosely).filter(seen)
    worthiest = matching.order_by("-worth", "object_id").values("pk")[:RANKED]
    begun = matching.filter(folded_title__startswith=fold(asked.shown or asked.typed)).values("pk")
    candidates = SearchEntry.objects.filter(Q(pk__in=worthiest) | Q(pk__in=begun[:RANKED_BY_TITLE]))
    ranked = candidates.annotate(score=score(asked)).order_by("-score", "-worth", "object_id")
    keys = list(ranked.values_list("object_id", flat=True)[:most])
    count = matching.values("pk")[:MOST_COUNTED].count() if len(keys) == most else len(keys)
    return Found(keys, count)
