"""The catalogue's page: products that pass the filters, newest first."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, QueryDict

from directory.listing import Facet
from directory.search import search_words
from shop.cards import product_cards
from shop.models import Product

PER_PAGE = 24
MAX_QUERY_LENGTH = 100


@dataclass(frozen=True)
class Filters:
    """What the address says; unknown values find nothing."""

    q: str = ""
    category: str = ""
    merchant: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> "Filters":
        return cls(*(_one_line(query.get(name) or "") for name in ("q", "categorie", "commerce")))

    @property
    def querystring(self) -> str:
        parameters = {"q": self.q, "categorie": self.category, "commerce": self.merchant}
        return urlencode({name: value for name, value in parameters.items() if value})


def _one_line(text: str) -> str:
    return " ".join(text.replace("\x00", " ").split())[:MAX_QUERY_LENGTH]


def catalogue_context(request: HttpRequest) -> dict[str, Any]:
    """What ``shop/catalogue.html`` shows, in a number of queries that rows do not change."""
    filters = Filters.from_query(request.GET)
    found = _matching(filters.q)
    products = _page_of(_filtered(found, filters), request.GET.get("page"))
    return {
        "q": filters.q,
        "products": products,
        "total": products.paginator.count,
        "facets": {
            "categories": _facets(found, filters, "category", request.path),
            "merchants": _facets(found, filters, "merchant", request.path),
        },
        "reset_url": request.path if filters != Filters() else "",
        "query_without_page": filters.querystring,
    }


def _matching(q: str) -> QuerySet[Product]:
    """Each word is in the product's text or in its merchant's name."""
    found: QuerySet[Product] = Product.objects.visible()
    for word in search_words(q):
        found = found.filter(Q(folded_text__contains=word) | Q(merchant__folded_text__contains=word))
    return found


def _filtered(found: QuerySet[Product], filters: Filters) -> QuerySet[Product]:
    if filters.category:
        found = found.filter(merchant__category__slug=filters.category)
    if filters.merchant:
        found = found.filter(merchant__slug=filters.merchant)
    return found.order_by("-created_at", "-pk")


def _page_of(found: QuerySet[Product], number: str | None) -> Page[Product]:
    page = Paginator(found, PER_PAGE).get_page(number)
    page.object_list = product_cards(page.object_list)  # type: ignore[arg-type]
    return page


FACET_PATHS = {"category": "merchant__category", "merchant": "merchant"}


def _facets(found: QuerySet[Product], filters: Filters, kind: str, path: str) -> list[Facet]:
    """One facet per value that would show something while the other filter stays."""
    column = FACET_PATHS[kind]
    others = _filtered(found, replace(filters, **{kind: ""})).order_by()
    rows = others.values_list(f"{column}__slug", f"{column}__name").annotate(count=Count("pk"))
    chosen = getattr(filters, kind)
    return [
        Facet(
            name,
            slug,
            count,
            _address(path, replace(filters, **{kind: "" if slug == chosen else slug})),
            slug == chosen,
        )
        for slug, name, count in rows.order_by(f"{column}__name")
    ]


def _address(path: str, filters: Filters) -> str:
    return f"{path}?{filters.querystring}" if filters.querystring else path
