"""What ``portal/search.html`` shows: the best merchants, products and stories for what was asked.

Where nothing has all the words, what has some of them is shown, and it is said.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from directory.cards import visible_briefs
from directory.enums import SearchKind
from directory.models import Merchant
from directory.search_picks import picks_for
from directory.searching.asking import Asked, asked_of
from directory.searching.entries import kinds, source_of
from directory.searching.finding import Found, best
from directory.searching.words import words_of
from directory.town import groups_of_the_minute, index_of
from directory.trade_names import spoken
from editorial.listing import published_stories
from home import twins
from home.languages import in_language
from shop.cards import product_cards
from shop.models import Product

MOST_SHOWN = 6
STORIES_ALONE = "histoires"
"""``?de=histoires``: the stories that answer, and nothing else: merchants and products have lists of their own."""
MOST_ALONE = 60
MOST_CATEGORIES = 6


@dataclass(frozen=True)
class Group:
    """The answers of one kind. ``all_url`` leads to all of them; empty where these are all."""

    kind: str
    rows: list[Any]
    count: int
    is_capped: bool
    all_url: str


def results_context(request: HttpRequest) -> dict[str, Any]:
    """In a number of queries that rows do not change. Nothing is looked for where nothing was typed."""
    asked = asked_of(request.GET.get("q") or "")
    is_alone = request.GET.get("de") == STORIES_ALONE
    found, is_loose = ({}, False) if asked.is_nothing else _found(asked, is_alone=is_alone)
    groups = [_group(kind, answers, asked, is_whole=is_alone) for kind, answers in found.items()]
    return {
        "q": asked.typed,
        "asked": asked,
        "groups": [group for group in groups if group.rows],
        "is_loose": is_loose,
        "picks": picks_for(asked.typed),
        "categories": _categories(asked),
        "sectors": _sorted_like("sector", "color", asked),
    }


def _found(asked: Asked, *, is_alone: bool) -> tuple[dict[str, Found], bool]:
    """What has every word; else, and True, what has some of them. ``is_alone``: stories, and many of them."""
    visible, most = _visible(asked), MOST_SHOWN
    if is_alone:
        visible, most = {kind: rows for kind, rows in visible.items() if kind == SearchKind.STORY}, MOST_ALONE
    if (found := best(asked, visible, most=most)) or len(asked.wanted) < 2:
        return found, False
    return best(asked, visible, most=most, loosely=True), True


def _visible(asked: Asked) -> dict[str, QuerySet[Any]]:
    """A time that was asked for is one of merchants: products and stories are looked for by words alone."""
    visible = {
        str(kind): source_of(kind).visible()
        for kind in kinds()
        if asked.wanted or kind == SearchKind.MERCHANT
    }
    if asked.when is not None:
        merchants = Merchant.objects.visible()
        visible[SearchKind.MERCHANT] = merchants.filter(asked.when.condition(timezone.now()))
    return visible


def _group(kind: str, found: Found, asked: Asked, *, is_whole: bool) -> Group:
    rows = _DRESSED[kind](found.keys)
    url = _LISTS[kind](asked) if found.count > len(rows) and not is_whole else ""
    return Group(kind, rows, found.count, found.is_capped, url)


def _merchants(keys: list[int]) -> list[Any]:
    return visible_briefs(keys, moment=timezone.now())


def _products(keys: list[int]) -> list[Any]:
    return _in_order(keys, product_cards(Product.objects.visible().filter(pk__in=keys)))


def _stories(keys: list[int]) -> list[Any]:
    return _in_order(keys, twins.speak(published_stories().filter(pk__in=keys)))


def _in_order(keys: list[int], rows: Any) -> list[Any]:
    known = {row.pk: row for row in rows}
    return [known[key] for key in keys if key in known]


_DRESSED: dict[str, Callable[[list[int]], list[Any]]] = {
    SearchKind.MERCHANT: _merchants,
    SearchKind.PRODUCT: _products,
    SearchKind.STORY: _stories,
}
_LISTS: dict[str, Callable[[Asked], str]] = {
    SearchKind.MERCHANT: lambda asked: f"{in_language('/commerces/')}?{urlencode({'q': asked.typed})}",
    SearchKind.PRODUCT: lambda asked: f"{reverse('shop:catalogue')}?{urlencode({'q': asked.typed})}",
    SearchKind.STORY: lambda asked: (
        f"{reverse('search_page:results')}?{urlencode({'q': asked.typed, 'de': STORIES_ALONE})}"
    ),
}


def _categories(asked: Asked) -> list[dict[str, Any]]:
    """Those whose name has a word of what was asked; where nothing was asked, the first of all."""
    if asked.wanted:
        return _sorted_like("category", "icon", asked)
    return _entries("category", "icon")[:MOST_CATEGORIES]


def _sorted_like(kind: str, mark: str, asked: Asked) -> list[dict[str, Any]]:
    meant = {word for wanted in asked.wanted for phrase in wanted.phrases for word in phrase if len(word) > 2}
    found = [entry for entry in _entries(kind, mark) if meant & _words_of_both(entry["name"])]
    return found[:MOST_CATEGORIES]


def _words_of_both(name: str) -> set[str]:
    """Of the name itself, and of what it is called in the language in use."""
    return {*words_of(name), *words_of(spoken(name))}


def _entries(kind: str, mark: str) -> list[dict[str, Any]]:
    """The town's categories or sectors with their counts, and the way to each: as counted within the minute."""
    name = {"category": "categorie", "sector": "secteur"}[kind]
    rows = index_of(groups_of_the_minute(), kind, mark)
    return [{**row, "url": f"{in_language('/commerces/')}?{urlencode({name: row['slug']})}"} for row in rows]
