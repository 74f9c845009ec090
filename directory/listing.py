"""The directory's page: the merchants that pass the filters, and what each filter would leave.

All counts come from one grouped query. Merchants stand in the order of their names: never by tier.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from directory.cards import dressed
from directory.enums import Tier
from directory.models import Category, DirectoryPage, Merchant, Sector
from directory.open_now import open_at
from directory.search import Filters, matching
from directory.search_picks import picks_for
from directory.town import groups_of, groups_of_town

PER_PAGE = 24


@dataclass(frozen=True)
class Facet:
    """A filter as a link: what following it would show, how many, and whether it is on (then the link turns it off)."""

    label: str
    value: str
    count: int
    url: str
    selected: bool


class CountedPaginator(Paginator):
    """A paginator that is told how many rows there are."""

    def __init__(self, rows: QuerySet[Any], per_page: int, *, count: int) -> None:
        super().__init__(rows, per_page)
        self._count = count

    @cached_property
    def count(self) -> int:
        return self._count


def directory_context(page: DirectoryPage, request: HttpRequest) -> dict[str, Any]:
    """What ``directory/directory_page.html`` shows, in a number of queries that rows do not change."""
    moment = timezone.now()
    filters = Filters.from_query(request.GET)
    found = matching(Merchant.objects.visible(), filters.q)
    groups = groups_of(found, moment) if filters.q else groups_of_town(request)
    total = _count(groups, filters)
    return {
        "q": filters.q,
        "picks": picks_for(filters.q),
        "merchants": _page_of(_filtered(found, filters, moment), total, request.GET.get("page"), moment),
        "total": total,
        "facets": _facets(groups, filters, request.path),
        "open_facet": _switch(groups, filters, request.path, "open_now", _("Ouvert maintenant")),
        "sells_facet": _switch(groups, filters, request.path, "sells_here", _("Vend ici")),
        "reset_url": request.path,
        "query_without_page": filters.querystring,
    }


def _filtered(found: QuerySet[Merchant], filters: Filters, moment: dt.datetime) -> QuerySet[Merchant]:
    """The merchants of ``found`` that pass, by folded name."""
    exact = {"category__slug": filters.category, "sector__slug": filters.sector, "tier": filters.tier}
    rows = found.filter(**{name: value for name, value in exact.items() if value})
    if filters.sells_here:
        rows = rows.filter(tier=Tier.TRANSACTIONAL)
    if filters.open_now:
        rows = open_at(rows, moment)
    return rows.select_related("category", "sector").order_by("folded_text", "pk")


def _page_of(rows: QuerySet[Merchant], total: int, number: str | None, moment: dt.datetime) -> Page[Merchant]:
    """The page asked for; the first one for nonsense, the last one beyond the end."""
    page = CountedPaginator(rows, PER_PAGE, count=total).get_page(number)
    page.object_list = dressed(page.object_list, moment=moment)
    return page


def _count(groups: Iterable[dict[str, Any]], filters: Filters) -> int:
    return sum(group["count"] for group in groups if filters.accept(group))


def _facets(groups: list[dict[str, Any]], filters: Filters, path: str) -> dict[str, list[Facet]]:
    categories = _named(groups, "category", filters.category, Category)
    sectors = _named(groups, "sector", filters.sector, Sector)
    return {
        "categories": _choices(groups, filters, path, "category", categories),
        "sectors": _choices(groups, filters, path, "sector", sectors),
        "tiers": _choices(
            groups, filters, path, "tier", [(value, str(label)) for value, label in Tier.choices]
        ),
    }


def _named(
    groups: list[dict[str, Any]], kind: str, selected: str, model: type[Category | Sector]
) -> Sequence[tuple[str, str]]:
    """Slug and name of the categories or sectors that have merchants, in their order; the selected one in any case."""
    rows = {(g[f"{kind}__sort_order"], g[f"{kind}__name"], g[f"{kind}__slug"]) for g in groups}
    if selected and all(selected != slug for _order, _name, slug in rows):
        rows.update(model.objects.filter(slug=selected).values_list("sort_order", "name", "slug"))
    return [(slug, name) for _order, name, slug in sorted(rows)]


def _choices(
    groups: list[dict[str, Any]], filters: Filters, path: str, kind: str, named: Sequence[tuple[str, str]]
) -> list[Facet]:
    """One facet per value that would show something, counted as if no value of this kind were chosen yet."""
    key = kind if kind == "tier" else f"{kind}__slug"
    others = filters.but(**{kind: ""})
    counts: Counter[str] = Counter()
    for group in groups:
        if others.accept(group):
            counts[group[key]] += group["count"]
    facets = [_choice(slug, name, counts[slug], filters, path, kind) for slug, name in named]
    return [facet for facet in facets if facet.count or facet.selected]


def _switch(groups: list[dict[str, Any]], filters: Filters, path: str, kind: str, label: str) -> Facet:
    count = _count(groups, filters.but(**{kind: True}))
    on = bool(getattr(filters, kind))
    return Facet(label, "1", count, _address(path, filters.but(**{kind: not on})), on)


def _choice(value: str, label: str, count: int, filters: Filters, path: str, kind: str) -> Facet:
    selected = getattr(filters, kind) == value
    return Facet(
        label, value, count, _address(path, filters.but(**{kind: "" if selected else value})), selected
    )


def _address(path: str, filters: Filters) -> str:
    return f"{path}?{filters.querystring}" if filters.querystring else path
