"""The directory's page: the merchants that pass the filters, and what each filter would leave.

All counts come from one grouped query. Merchants stand in the order of their names, of how well they answer the words
typed, or of how far they are: never by tier. Pages that nobody confirms any more come last.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property

from directory.cards import dressed
from directory.delivery import delivers_condition
from directory.distances import distance_in_words
from directory.enums import Tier
from directory.facets import Facets
from directory.filters import NEAR_CODE, Filters
from directory.models import DirectoryPage, Merchant
from directory.near import Spot, nearest, spot_of
from directory.open_now import open_at
from directory.search import in_order, matching
from directory.search_picks import picks_for
from directory.searching.asking import Asked, asked_of
from directory.still_true import lowered
from directory.town import Group, groups_of, groups_of_town
from directory.town_map import town_map
from home.models import PortalSettings

PER_PAGE = 24


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
    asked = asked_of(filters.q)
    found = matching(Merchant.objects.visible(), asked)
    facets = Facets(_groups(found, filters, moment, request), filters, request.path)
    spot = spot_of(filters)
    rows = filtered(found, filters, moment)
    merchants = _page_of(rows, asked, spot, facets.total, request.GET.get("page"), moment)
    kinds = facets.by_kind()

    def shows(view: str) -> bool:
        return filters.view == view and facets.total > 0

    return {
        "q": filters.q,
        "meant": asked.shown if facets.total else "",
        "filters": filters,
        "picks": picks_for(filters.q),
        "merchants": merchants,
        "total": facets.total,
        "facets": kinds,
        "switches": facets.switches(),
        "spot": spot,
        "place": _place(facets, spot),
        "views": _views(facets),
        "map": _map(rows, merchants, facets, spot, request) if shows("carte") else None,
        "route": _route(filters, merchants) if shows("tournee") else None,
        "ways_out": [] if facets.total else facets.ways_out(lambda: _without_words(filters, moment, request)),
        "reset_url": facets.url(Filters(view=filters.view, chosen=filters.chosen)) if filters.narrows else "",
        "query_without_page": filters.querystring,
    }


def filtered(found: QuerySet[Merchant], filters: Filters, moment: dt.datetime) -> QuerySet[Merchant]:
    """The merchants of ``found`` that pass."""
    exact = {"category__slug": filters.category, "sector__slug": filters.sector, "tier": filters.tier}
    rows = found.filter(**{name: value for name, value in exact.items() if value})
    if filters.sells_here:
        rows = rows.filter(tier=Tier.TRANSACTIONAL)
    if filters.delivers_to:
        rows = rows.filter(delivers_condition(filters.delivers_to))
    return open_at(rows, moment) if filters.open_now else rows


def listed(
    rows: QuerySet[Merchant],
    asked: Asked,
    spot: Spot | None,
    moment: dt.datetime,
    *,
    start: int,
    stop: int,
) -> list[Merchant]:
    """Those from ``start`` until ``stop`` in the order of the list, dressed, with the words of their distance."""
    joined = rows.select_related("category", "sector")
    if spot is None:
        return dressed(_in_order(joined, asked, moment)[start:stop], moment=moment)
    merchants = dressed(nearest(joined, spot, moment, start=start, stop=stop), moment=moment)
    for merchant in merchants:
        far = merchant.distance
        merchant.distance_words = "" if far is None else distance_in_words(far)
    return merchants


def _in_order(rows: QuerySet[Merchant], asked: Asked, moment: dt.datetime) -> QuerySet[Merchant]:
    """The best answers to the words typed, or by name; first of all those whose pages somebody confirms."""
    if not asked.wanted:
        return rows.order_by(lowered(moment), "folded_text", "pk")
    ranked = in_order(rows, asked)
    return ranked.order_by(lowered(moment), *ranked.query.order_by)


def _groups(
    found: QuerySet[Merchant], filters: Filters, moment: dt.datetime, request: HttpRequest
) -> list[Group]:
    if filters.q or filters.full_code:
        return groups_of(found, moment, postal_code=filters.full_code)
    return groups_of_town(request)


def _page_of(
    rows: QuerySet[Merchant],
    asked: Asked,
    spot: Spot | None,
    total: int,
    number: str | None,
    moment: dt.datetime,
) -> Page[Merchant]:
    """The page asked for; the first one for nonsense, the last one beyond the end."""
    page = CountedPaginator(rows, PER_PAGE, count=total).get_page(number)
    start = (page.number - 1) * PER_PAGE
    stop = min(start + PER_PAGE, total)
    page.object_list = listed(rows, asked, spot, moment, start=start, stop=stop)
    for number_of, merchant in enumerate(page.object_list, start + 1):
        merchant.number = number_of
    return page


def _without_words(filters: Filters, moment: dt.datetime, request: HttpRequest) -> list[Group]:
    return _groups(Merchant.objects.visible(), filters.but(q=""), moment, request)


def _views(facets: Facets) -> dict[str, str]:
    """The three ways to look at what is found: the same address but for one word."""
    names = {"list": "", "map": "carte", "route": "tournee"}
    return {name: facets.url(facets.filters.but(view=view)) for name, view in names.items()}


def _place(facets: Facets, spot: Spot | None) -> dict[str, Any]:
    """The forms that say where one is, with what the address has said so far, and what is wrong with it."""
    filters = facets.filters
    others = filters.but(near="", delivers=False, code="")
    is_unknown = bool(filters.near) and spot is None and not filters.code_error
    return {
        "code": filters.code,
        "error": filters.code_error,
        "is_unknown": is_unknown,
        "sector": "" if filters.coordinates or filters.near == NEAR_CODE else filters.near,
        "sectors": facets.named("sector"),
        "kept": others.parameters,
        "kept_with_code": filters.but(near="").parameters,
        "url_without": facets.url(filters.but(near="")),
        "label": spot.label if spot else "",
        "is_open": bool(filters.code_error) or is_unknown,
    }


def _map(
    rows: QuerySet[Merchant],
    merchants: Page[Merchant],
    facets: Facets,
    spot: Spot | None,
    request: HttpRequest,
) -> dict[str, Any]:
    filters = facets.filters
    shape = PortalSettings.for_request(request).town_shape
    drawn = town_map(
        rows,
        list(merchants.object_list),
        shape=shape,
        total=facets.total,
        spot=spot,
        is_close=spot is not None or bool(filters.sector),
    )
    for pin in drawn.pins:
        pin.merchant.is_on_map = True
    links = [facets.url(filters.but(near=group.place)) for group in drawn.groups]
    return {
        "drawn": drawn,
        "groups": list(zip(drawn.groups, links, strict=True)),
        "outline": f"towns/{drawn.shape}.geojson",
        "tiles": {"url": settings.MAP_TILES_URL, "attribution": settings.MAP_TILES_ATTRIBUTION},
    }


def _route(filters: Filters, merchants: Page[Merchant]) -> dict[str, Any]:
    """What is chosen already, for those who go on choosing: on this page, and elsewhere."""
    here = {merchant.slug for merchant in merchants}
    rows = Merchant.objects.visible().filter(slug__in=filters.chosen).values_list("slug", "name")
    names = dict(rows)
    chosen = [(slug, names[slug]) for slug in filters.chosen if slug in names]
    return {
        "chosen": filters.chosen,
        "elsewhere": [(slug, name) for slug, name in chosen if slug not in here],
        "kept": filters.but(view="", chosen=()).parameters,
    }
