"""Looking into the search table: what matches, in which order, within the portal in scope.

What matches many things is not ranked whole: the worthiest of them are, and those whose title begins with what was
typed, which is all that anybody ever looks at.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db.models import Case, Exists, F, FloatField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from directory.folding import fold
from directory.models import SearchEntry
from directory.searching.asking import Asked
from directory.searching.engine import keys_found

WEIGHTS = [0.05, 0.3, 0.7, 1.0]
"""Of PostgreSQL's D, C, B and A: all else, what it says of itself, what it is, its title."""
WORTH_COUNTS = 1 / 500
"""Between two that say the same, the page that tells more comes first; it outweighs no better match."""
SAME_TITLE, TITLE_BEGUN = 2.0, 0.5
RANKED = 100
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
    """The entries of ``kind`` with every word asked, or with any of them; all where no word is.

    An engine, where there is one, names those that answer best; the table knows which of them are this portal's.
    """
    rows: QuerySet[SearchEntry] = SearchEntry.objects.filter(kind=kind).order_by()
    if not asked.wanted:
        return rows
    keys = keys_found(kind, asked, loosely=loosely)
    if keys is not None:
        return rows.filter(object_id__in=keys)
    return rows.filter(document=asked.loose_query if loosely else asked.query)


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
    worth = F("worth") * Value(WORTH_COUNTS, output_field=FloatField())
    if not asked.wanted:
        return worth
    typed = typed_title(asked)
    title = Case(
        When(folded_title=typed, then=Value(SAME_TITLE)),
        When(folded_title__startswith=typed, then=Value(TITLE_BEGUN)),
        default=Value(0.0),
        output_field=FloatField(),
    )
    own = SearchRank(F("document"), asked.own_query, weights=WEIGHTS)
    any_of = SearchRank(F("document"), asked.loose_query, weights=WEIGHTS)
    return own * Value(2.0) + any_of + title + worth


def typed_title(asked: Asked) -> str:
    """What was typed, as ``SearchEntry.folded_title`` has titles."""
    return fold(asked.shown or asked.typed)


Visible = Mapping[str, QuerySet[Any]]
"""By kind, the rows of the portal in scope that may be seen now."""


def best(asked: Asked, visible: Visible, *, most: int, loosely: bool = False) -> dict[str, Found]:
    """Of each kind the rows that answer best, and how many answer: two queries, the kind of the best answer first."""
    answering = {kind: _answering(kind, asked, rows, loosely=loosely) for kind, rows in visible.items()}
    rankings = [_ranked(answering[kind], asked, rows)[:most] for kind, rows in visible.items()]
    found: dict[str, list[int]] = {}
    for kind, key, _score in sorted(_all_of(rankings), key=lambda row: -row[2]):
        found.setdefault(kind, []).append(key)
    counts = {kind: len(keys) for kind, keys in found.items()}
    full = [kind for kind, count in counts.items() if count == most]
    counted = [answering[kind].values("kind")[:MOST_COUNTED] for kind in full]
    counts |= Counter(kind for (kind,) in _all_of([rows.values_list("kind") for rows in counted]))
    return {kind: Found(keys, counts[kind]) for kind, keys in found.items()}


def _answering(kind: str, asked: Asked, visible: QuerySet[Any], *, loosely: bool) -> QuerySet[SearchEntry]:
    """Entries that answer. A time that is asked for narrows them here; else they are as visible as a second ago."""
    rows = entries_for(kind, asked, loosely=loosely)
    return rows.filter(_seen(visible)) if asked.when is not None else rows


def _seen(visible: QuerySet[Any]) -> Exists:
    return Exists(visible.order_by().filter(pk=OuterRef("object_id")))


def _ranked(
    answering: QuerySet[SearchEntry], asked: Asked, visible: QuerySet[Any]
) -> QuerySet[SearchEntry, Any]:
    """Kind, key and score of the worthiest of them and of those whose title begins as typed, the best first.

    Whether a row may be seen is asked of these few alone: asked of all that answer, it would cost more than the search.
    """
    worthiest = answering.order_by("-worth", "object_id").values("pk")[:RANKED]
    begun = answering.filter(folded_title__startswith=typed_title(asked)).values("pk")[:RANKED_BY_TITLE]
    # One list of keys: « in this list or in that one » would read the whole table.
    candidates = SearchEntry.objects.filter(_seen(visible), pk__in=worthiest.union(begun))
    ranked = candidates.annotate(score=score(asked)).order_by("-score", "-worth", "object_id")
    return ranked.values_list("kind", "object_id", "score")


def _all_of(querysets: list[QuerySet[SearchEntry, Any]]) -> list[Any]:
    """In one query; none for none."""
    if not querysets:
        return []
    first, *others = querysets
    return list(first.union(*others, all=True) if others else first)
