"""Where somebody is, roughly, and the merchants from the nearest to the farthest. Nothing of it is kept."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Avg, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from directory.distances import kilometres_on_the_map, on_the_map
from directory.filters import NEAR_CODE, Filters
from directory.models import Merchant, Sector
from directory.still_true import upright


@dataclass(frozen=True)
class Spot:
    """A place to begin at. ``label`` as a sentence ends: « vous », « secteur G6V », « Charny »."""

    label: str
    latitude: float
    longitude: float


def spot_of(filters: Filters) -> Spot | None:
    """Where the address says that one is; None where it says nothing, or nothing that is known here. One query."""
    if not filters.near:
        return None
    if coordinates := filters.coordinates:
        return Spot(_("vous"), *coordinates)
    if filters.near == NEAR_CODE:
        return None if filters.code_error else _spot_of_code(filters.code[:3])
    return _spot_of_sector(filters.near)


def by_distance(rows: QuerySet[Merchant], spot: Spot) -> QuerySet[Merchant]:
    """With ``way``, nearest first; who has no place on the map comes last. An index finds the first of many."""
    way = on_the_map(spot.latitude, spot.longitude)
    return rows.annotate(way=way).order_by(F("way").asc(nulls_last=True), "pk")


def nearest(
    rows: QuerySet[Merchant], spot: Spot, moment: dt.datetime, *, start: int, stop: int
) -> list[Merchant]:
    """Those from ``start`` until ``stop`` in the order of their distance, behind all others who nobody confirms.

    Two orders, asked one after the other, so that the index serves the first: one query where they fill the page,
    three at most. ``stop`` is not beyond the last of them, or it costs a query to learn that there are no more.
    """
    confirmed = rows.filter(upright(moment))
    first = _told(by_distance(confirmed, spot)[start:stop], spot)
    missing = stop - start - len(first)
    if not missing:
        return first
    before = start + len(first) if first else confirmed.count()
    begin = max(0, start - before)
    others = by_distance(rows.exclude(upright(moment)), spot)
    return first + _told(others[begin : begin + missing], spot)


def _told(rows: QuerySet[Merchant], spot: Spot) -> list[Merchant]:
    """With ``distance`` in kilometres; None for who has no place on the map."""
    merchants = list(rows)
    for merchant in merchants:
        merchant.distance = _kilometres(vars(merchant)["way"], spot.latitude, merchant.latitude)
    return merchants


def _kilometres(way: float | None, latitude: float, its_latitude: float | None) -> float | None:
    """On the ground, by how much Mercator's map is stretched half-way."""
    if way is None or its_latitude is None:
        return None
    return kilometres_on_the_map(way, (latitude + its_latitude) / 2)


def _spot_of_code(sector: str) -> Spot | None:
    """The middle of the portal's merchants in that postal sector: a code's own place is nobody's to know."""
    there = Merchant.objects.visible().filter(postal_code__startswith=sector)
    return _middle(there, _("secteur postal %(code)s") % {"code": sector})


def _spot_of_sector(slug: str) -> Spot | None:
    """The sector's middle as the portal states it, or else that of its merchants."""
    shown = Q(merchants__suspended_at=None, merchants__removed_at=None)
    north, east = (Avg(f"merchants__{name}", filter=shown) for name in ("latitude", "longitude"))
    row = Sector.objects.filter(slug=slug).annotate(
        north=Coalesce("latitude", north), east=Coalesce("longitude", east)
    )
    found = row.values_list("name", "north", "east").first()
    return None if found is None or None in found else Spot(*found)


def _middle(merchants: QuerySet[Merchant], label: str) -> Spot | None:
    found = merchants.aggregate(latitude=Avg("latitude"), longitude=Avg("longitude"))
    if found["latitude"] is None or found["longitude"] is None:
        return None
    return Spot(label, found["latitude"], found["longitude"])
