"""Words looked for among merchants."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from directory.enums import SearchKind
from directory.folding import folded_words
from directory.models import Merchant
from directory.searching.asking import Asked, asked_of
from directory.searching.finding import keys_for, score_of

MAX_WORDS = 8


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
