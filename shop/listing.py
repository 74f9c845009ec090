"""The catalogue's page: products that pass the filters, newest first."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.core.paginator import Page
from django.db.models import Count, QuerySet
from django.http import HttpRequest, QueryDict

from directory.enums import SearchKind
from directory.facets import Facet
from directory.listing import CountedPaginator
from directory.searching.asking import NOTHING_ASKED, Asked, asked_of
from directory.searching.finding import keys_for, score_of
from directory.trade_names import spoken
from home.compiled import Compiled
from shop.cards import dressed, product_cards
from shop.models import Product

Row = TypeVar("Row")
Counted = tuple[str, str, int]
"""Slug, name, and how many products."""

PER_PAGE = 24
MAX_QUERY_LENGTH = 100


@dataclass(frozen=True)
class Filters:
    """What the address says; unknown values find nothing."""

    q: str = ""
    category: str = ""
    merchant: str = ""
    asked: Asked = field(default=NOTHING_ASKED, compare=False)
    """What ``q`` asks; whoever reads it from an address looks its words up once."""

    @classmethod
    def from_query(cls, query: QueryDict) -> "Filters":
        q, category, merchant = (_one_line(query.get(name) or "") for name in ("q", "categorie", "commerce"))
        return cls(q, category, merchant, asked_of(q))

    def but(self, **changes: Any) -> "Filters":
        return replace(self, **changes)

    @property
    def querystring(self) -> str:
        parameters = {"q": self.q, "categorie": self.category, "commerce": self.merchant}
        return urlencode({name: value for name, value in parameters.items() if value})


def _one_line(text: str) -> str:
    return " ".join(text.replace("\x00", " ").split())[:MAX_QUERY_LENGTH]


def catalogue_context(request: HttpRequest) -> dict[str, Any]:
    """What ``shop/catalogue.html`` shows, in a number of queries that rows do not change."""
    filters = Filters.from_query(request.GET)
    categories = _facets(filters, "category", request.path)
    products = _page_of(filters, request.GET.get("page"), total=_total(categories, filters))
    return {
        "q": filters.q,
        "meant": filters.asked.shown,
        "products": products,
        "total": products.paginator.count,
        "facets": {"categories": categories, "merchants": _facets(filters, "merchant", request.path)},
        "reset_url": request.path if filters != Filters() else "",
        "query_without_page": filters.querystring,
    }


def _total(categories: list[Facet], filters: Filters) -> int:
    """Each product is in one category, its merchant's: they have been counted."""
    return sum(facet.count for facet in categories if facet.selected or not filters.category)


def _matching(asked: Asked) -> QuerySet[Product]:
    """Each word is in the product's entry of the search. A time that is asked for is one of merchants."""
    found: QuerySet[Product] = Product.objects.visible()
    if asked.wanted:
        return found.filter(pk__in=keys_for(SearchKind.PRODUCT, asked))
    return found.none() if asked.typed and asked.is_nothing else found


def _found(filters: Filters) -> QuerySet[Product]:
    found = _matching(filters.asked)
    if filters.category:
        found = found.filter(merchant__category__slug=filters.category)
    if filters.merchant:
        found = found.filter(merchant__slug=filters.merchant)
    return found


def _listed(filters: Filters) -> QuerySet[Product]:
    """The best answers to what was typed, or the newest, first."""
    found = _found(filters)
    if filters.asked.wanted:
        scored = found.annotate(score=score_of(SearchKind.PRODUCT, filters.asked))
        return scored.order_by("-score", "-created_at", "-pk")
    return found.order_by("-created_at", "-pk")


def _page_of(filters: Filters, number: str | None, *, total: int) -> Page[Product]:
    page = CountedPaginator(_listed(filters), PER_PAGE, count=total).get_page(number)
    if page.number == 1:
        page.object_list = dressed(_rows(_first_page, filters))
    else:
        page.object_list = product_cards(page.object_list)  # type: ignore[arg-type]
    return page


def _first_page(filters: Filters) -> QuerySet[Product]:
    found: QuerySet[Product] = _listed(filters)[:PER_PAGE].for_cards()  # type: ignore[attr-defined]
    return found


def _by_category(filters: Filters) -> QuerySet[Product, Counted]:
    return _counted_by(filters, "merchant__category")


def _by_merchant(filters: Filters) -> QuerySet[Product, Counted]:
    return _counted_by(filters, "merchant")


def _counted_by(filters: Filters, path: str) -> QuerySet[Product, Counted]:
    rows = _found(filters).order_by().values_list(f"{path}__slug", f"{path}__name")
    return rows.annotate(count=Count("pk")).order_by(f"{path}__name")


def _rows(make: Callable[[Filters], QuerySet[Product, Row]], filters: Filters) -> list[Row]:
    """A search has as many conditions as words: only what is asked without one is compiled."""
    if filters.q:
        return list(make(filters))
    named = {"category": filters.category, "merchant": filters.merchant}
    asked = {name: value for name, value in named.items() if value}
    return _compiled(make, frozenset(asked)).rows(**asked)


@lru_cache(maxsize=16)
def _compiled(make: Callable[[Filters], QuerySet[Product, Row]], asked: frozenset[str]) -> Compiled[Row]:
    return Compiled(lambda **values: make(Filters(**values)), **dict.fromkeys(asked, str))


FACETS = {"category": _by_category, "merchant": _by_merchant}


def _facets(filters: Filters, kind: str, path: str) -> list[Facet]:
    """One facet per value that would show something while the other filter stays."""
    chosen = getattr(filters, kind)
    return [
        Facet(
            spoken(name) if kind == "category" else name,
            slug,
            count,
            _address(path, filters.but(**{kind: "" if slug == chosen else slug})),
            slug == chosen,
        )
        for slug, name, count in _rows(FACETS[kind], filters.but(**{kind: ""}))
    ]


def _address(path: str, filters: Filters) -> str:
    return f"{path}?{filters.querystring}" if filters.querystring else path
