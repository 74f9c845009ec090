"""« Ma tournée »: the shops that were ticked, or the first of a filtered list, in the order of the way, to be printed.

The address says which and from where; nothing is kept.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import segno
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from directory.cards import dressed
from directory.distances import distance_in_words
from directory.filters import MAX_STOPS, Filters
from directory.hours import Spans, wall_clock
from directory.listing import filtered, listed
from directory.merchant_window import directions_url
from directory.models import Merchant
from directory.near import Spot, spot_of
from directory.route import Stop, route_of
from directory.schedules import schedule_of
from directory.search import matching
from directory.searching.asking import asked_of
from directory.still_true import Standing
from directory.town_map import TownMap, route_map
from home.clock import clock
from home.languages import in_language
from home.models import PortalSettings

DIRECTORY = "/commerces/"
ROUTE = "/tournee/"


@dataclass(frozen=True)
class Line:
    """A stop as the page shows it. ``today`` are the hours of the day in words."""

    merchant: Merchant
    km_words: str
    today: str
    note: str
    way: str
    url_without: str


def route_context(request: HttpRequest) -> dict[str, Any]:
    """What ``directory/route.html`` shows: at most MAX_STOPS merchants, in a number of queries they do not change."""
    moment = timezone.now()
    filters = Filters.from_query(request.GET)
    spot = spot_of(filters)
    route = route_of(_asked_for(filters, spot, moment), spot)
    slugs = tuple(merchant.slug for merchant in route.merchants)
    shape = PortalSettings.for_request(request).town_shape
    drawn = route_map(route.merchants, shape=shape, start=spot)
    return {
        "stops": [_line(stop, filters, slugs, moment) for stop in route.stops],
        "distance": distance_in_words(route.km) if route.km else "",
        "spot": spot,
        "today": wall_clock(moment).date(),
        "drawn": drawn,
        "line": _points(drawn),
        "more_url": _address(DIRECTORY, filters.but(view="tournee", chosen=slugs)),
        "code": _code(request.build_absolute_uri(_address(ROUTE, _kept(filters, slugs)))),
    }


def _asked_for(filters: Filters, spot: Spot | None, moment: dt.datetime) -> Sequence[Merchant]:
    """Those that were ticked and may be seen, or the first of the list that the filters leave."""
    visible = Merchant.objects.visible()
    if filters.chosen:
        rows = visible.filter(slug__in=filters.chosen).select_related("category", "sector")
        found = {merchant.slug: merchant for merchant in dressed(rows, moment=moment)}
        return [found[slug] for slug in filters.chosen if slug in found]
    asked = asked_of(filters.q)
    rows = filtered(matching(visible, asked), filters, moment)
    return listed(rows, asked, spot, moment, start=0, stop=MAX_STOPS)


def _line(stop: Stop, filters: Filters, slugs: tuple[str, ...], moment: dt.datetime) -> Line:
    left = tuple(slug for slug in slugs if slug != stop.merchant.slug)
    return Line(
        merchant=stop.merchant,
        km_words=distance_in_words(stop.km) if stop.km is not None else "",
        today=_today(stop.merchant, moment),
        note=stop.merchant.hours_status.note,
        way=directions_url(stop.merchant),
        url_without=_address(ROUTE, _kept(filters, left)) if left else "",
    )


def _kept(filters: Filters, slugs: tuple[str, ...]) -> Filters:
    """Where one begins and which stops: once they are named, what they were found by does not count."""
    return Filters(code=filters.code, near=filters.near, chosen=slugs)


def _today(merchant: Merchant, moment: dt.datetime) -> str:
    """« 9 h à 12 h, 13 h à 17 h »; « fermé »; what the list says where nobody knows."""
    schedule, today = schedule_of(merchant), wall_clock(moment).date()
    doubtful = schedule.is_unknown(today) or schedule.is_unconfirmed(today) or schedule.is_away(today)
    if doubtful or merchant.standing is Standing.HIDDEN:
        return merchant.hours_status.label
    return _in_words(schedule.spans_on(today)) or _("fermé")


def _in_words(spans: Spans) -> str:
    words = [
        _("%(opens)s à %(closes)s") % {"opens": clock(span.opens), "closes": clock(span.closes)}
        for span in spans
    ]
    return ", ".join(words)


def _points(drawn: TownMap) -> str:
    """For a polyline: from where one begins, where that is on the map, to each pin."""
    points = [drawn.start] if drawn.start else []
    points += [(pin.x, pin.y) for pin in drawn.pins]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _address(path: str, filters: Filters) -> str:
    path = in_language(path)
    return f"{path}?{urlencode(filters.parameters)}" if filters.parameters else path


def _code(address: str) -> SafeString:
    """A QR code of the address, as SVG: dark on light in both themes, or no telephone reads it."""
    drawn = segno.make(address, error="l", micro=False)
    return SafeString(drawn.svg_inline(border=2, omitsize=True, dark="#000", light="#fff"))
