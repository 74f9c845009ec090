"""What is offered while somebody types: the word that is begun, and the things whose title has it. Two queries."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse

from directory.enums import SearchKind
from directory.folding import fold
from directory.models import MerchantPage, SearchEntry, SearchWord
from directory.searching.asking import MAX_WORDS, asked_of, one_line
from directory.searching.entries import kinds, source_of
from directory.searching.words import STOP_WORDS, all_words, plain
from editorial.models import StoryPage
from home.addresses import address_of
from home.page_lists import in_french
from shop.models import Product

SHORTEST = 2
MOST_THINGS = 6
MOST_WORDS = 3


@dataclass(frozen=True)
class Suggestion:
    """``kind`` is empty for words to look for, else a SearchKind."""

    title: str
    url: str
    kind: str = ""

    @property
    def kind_label(self) -> str:
        return str(SearchKind(self.kind).label) if self.kind else ""


def suggestions_for(q: str) -> list[Suggestion]:
    """Nothing for what is too short to mean anything. A mistyped word is put right where nothing begins so."""
    typed = one_line(q)
    words = [word for word in all_words(typed) if word not in STOP_WORDS][:MAX_WORDS]
    if not words or len(words[-1]) < SHORTEST:
        return []
    offered = [*_words(typed, words[-1]), *_things(words)]
    if not offered and (meant := asked_of(typed).shown):
        return [_to_look_for(meant)]
    return offered


def _to_look_for(words: str) -> Suggestion:
    return Suggestion(words, f"{reverse('search_page:results')}?{urlencode({'q': words})}")


def _words(typed: str, begun: str) -> list[Suggestion]:
    """What was typed with its last word ended, the most used first."""
    rows = SearchWord.objects.filter(word__startswith=begun).order_by("-uses", "word")
    head = typed.rpartition(" ")[0]
    ends = dict.fromkeys(
        f"{head} {shown}".strip() for shown in rows.values_list("shown", flat=True)[:MOST_WORDS]
    )
    return [_to_look_for(words) for words in ends if fold(words) != fold(typed)]


def _things(words: list[str]) -> list[Suggestion]:
    """Merchants, products and stories whose title has the last word begun, and all words before it."""
    *whole, begun = words
    query = SearchQuery(f"{begun}:*A", config="simple", search_type="raw")
    for word in whole:
        query = SearchQuery(plain(word), config="french", search_type="raw") & query
    rows = SearchEntry.objects.filter(_seen(), document=query).order_by("-worth", "object_id")[:MOST_THINGS]
    addressed = _addressed()
    told = rows.annotate(**addressed).values("kind", "title", *addressed)
    return [Suggestion(row["title"], _address(row), row["kind"]) for row in told]


def _seen() -> Q:
    """For entries: whatever they say, nobody is shown what is not to be seen now."""
    seen = Q(pk__in=[])
    for kind in kinds():
        visible: QuerySet[Any] = source_of(kind).visible().order_by()
        seen |= Q(Exists(visible.filter(pk=OuterRef("object_id"))), kind=kind)
    return seen


def _of(kind: SearchKind, rows: QuerySet[Any], field: str) -> Case:
    """This field of the row that an entry of ``kind`` tells of; null for other kinds."""
    return Case(
        When(kind=kind, then=Subquery(rows.values(field)[:1])), default=Value(None), output_field=CharField()
    )


def _addressed() -> dict[str, Case]:
    """What an address is made of, read in the entries' own query."""
    pages = MerchantPage.objects.filter(in_french(), merchant=OuterRef("object_id"), live=True).order_by("pk")
    stories = StoryPage.objects.filter(pk=OuterRef("object_id"))
    products = Product.objects.filter(pk=OuterRef("object_id")).order_by()
    return {
        "page": _of(SearchKind.MERCHANT, pages, "url_path"),
        "story": _of(SearchKind.STORY, stories, "url_path"),
        "seller": _of(SearchKind.PRODUCT, products, "merchant__slug"),
        "product": _of(SearchKind.PRODUCT, products, "slug"),
    }


def _address(row: dict[str, Any]) -> str:
    if row["kind"] == SearchKind.PRODUCT:
        return reverse("shop:product", args=[row["seller"], row["product"]])
    if row["story"]:
        return f"{address_of(row['story'])}?v=recherche"  # a story has no script to say from where one came
    return address_of(row["page"] or "")
