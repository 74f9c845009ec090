"""Whatever the town: what the front page shows as open is open, and what it shows as on sale can be bought.

The page is read as a visitor has it; what is true is told by the pure rule of hours and by the rows themselves.
"""

import datetime as dt
from dataclasses import dataclass

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.cache import cache
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from wagtail.models import Site

from directory.hours import ZONE, Schedule, Span, Vacation, is_open_at
from directory.models import Merchant, OpeningHours
from editorial.models import FrontMerchant, FrontProduct
from home.models import HomePage
from shop.enums import ProductStatus
from shop.models import Product, Shop, Variant
from tests.factories import OpeningHoursFactory, VariantFactory, make_seller

MONDAY = dt.date(2026, 11, 23)
MOMENTS = st.builds(
    lambda days, time: dt.datetime.combine(MONDAY + dt.timedelta(days=days), time, ZONE),
    st.sampled_from([0, 1, 32]),  # the last is Christmas, of which nobody has said anything
    st.sampled_from([dt.time(8, 59), dt.time(9), dt.time(12, 30), dt.time(17), dt.time(23, 30)]),
)


@dataclass(frozen=True)
class Door:
    """A shop with one product. ``silent`` and ``unconfirmed`` are days."""

    closes: dt.time | None = dt.time(17)
    silent: int = 0
    is_away: bool = False
    is_suspended: bool = False
    is_paused: bool = False
    units: int = 1
    status: str = ProductStatus.PUBLISHED
    unconfirmed: int = 0


DOORS = st.builds(
    Door,
    closes=st.sampled_from([None, dt.time(17), dt.time(1)]),
    silent=st.sampled_from([0, 60, 111, 113]),
    is_away=st.booleans(),
    is_suspended=st.booleans(),
    is_paused=st.booleans(),
    units=st.sampled_from([0, 1]),
    status=st.sampled_from([ProductStatus.PUBLISHED, ProductStatus.HIDDEN]),
    unconfirmed=st.sampled_from([0, 55, 57]),
)
TRUE = Door()
TOWNS = st.lists(st.one_of(st.just(TRUE), DOORS), min_size=3, max_size=3)
NOON = dt.datetime(2026, 11, 23, 12, 30, tzinfo=ZONE)


@pytest.fixture
def levis(in_levis: Site) -> Site:
    """Three shops, each of them chosen for the front page with what it sells."""
    page = HomePage.objects.get(pk=in_levis.root_page_id)
    for name in ("Ormeau", "Bouleau", "Frêne"):
        merchant = make_seller(name=f"Comptoir {name}")
        variant = VariantFactory(product__merchant=merchant, product__title=f"Panier {name}")
        FrontMerchant.objects.create(page=page, merchant=merchant)
        FrontProduct.objects.create(page=page, product=variant.product)
    return in_levis


def state(merchant: Merchant, door: Door, moment: dt.datetime) -> None:
    """The rows are as the door says, past every rule that writes them."""
    day = moment.date()
    away = {"vacation_from": day, "vacation_until": day} if door.is_away else {}
    Merchant.objects.filter(pk=merchant.pk).update(
        claimed_at=moment - dt.timedelta(days=900),
        confirmed_at=moment - dt.timedelta(days=door.silent),
        suspended_at=moment if door.is_suspended else None,
        **{"vacation_from": None, "vacation_until": None, **away},
    )
    OpeningHours.objects.filter(merchant=merchant).delete()
    if door.closes is not None:
        for weekday in range(7):
            OpeningHoursFactory(merchant=merchant, weekday=weekday, opens=dt.time(9), closes=door.closes)
    Shop.objects.filter(merchant=merchant).update(paused_at=moment if door.is_paused else None)
    Product.objects.filter(merchant=merchant).update(
        status=door.status, confirmed_at=moment - dt.timedelta(days=door.unconfirmed)
    )
    Variant.objects.filter(product__merchant=merchant).update(on_hand=door.units)


def is_open(door: Door, moment: dt.datetime) -> bool:
    span = () if door.closes is None else (Span(dt.time(9), door.closes),)
    vacation = Vacation(moment.date(), moment.date()) if door.is_away else None
    schedule = Schedule(weekly=dict.fromkeys(range(7), span), special={}, vacation=vacation)
    return is_open_at(schedule, moment) and door.silent < 112 and not door.is_suspended


def is_on_sale(door: Door) -> bool:
    is_sold = door.status == ProductStatus.PUBLISHED and door.units > 0
    is_served = not (door.is_away or door.is_suspended or door.is_paused)
    return is_sold and is_served and door.unconfirmed < 56


def shown(page: BeautifulSoup, section: str, names: str) -> set[str]:
    """What stands in the section that this heading opens."""
    heading = page.find(id=section)
    return (
        {name.get_text(strip=True) for name in heading.find_parent("section").select(names)}
        if heading
        else set()
    )


def front(site: Site, moment: dt.datetime, client) -> BeautifulSoup:
    cache.clear()
    with time_machine.travel(moment, tick=False):
        answer = client.get("/", headers={"host": site.hostname})
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


@given(doors=TOWNS, moment=MOMENTS)
@example(doors=[TRUE, TRUE, TRUE], moment=NOON)
@example(doors=[Door(units=0), Door(silent=113), Door(is_paused=True)], moment=NOON)
@example(doors=[Door(unconfirmed=57), Door(is_away=True), Door(closes=dt.time(1))], moment=NOON)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_front_page_shows_nothing_closed_as_open_and_nothing_gone_as_on_sale(
    levis: Site, client, doors: list[Door], moment: dt.datetime
) -> None:
    merchants = list(Merchant.objects.order_by("pk"))
    for merchant, door in zip(merchants, doors, strict=True):
        state(merchant, door, moment)
    page = front(levis, moment, client)
    open_names = {m.name for m, door in zip(merchants, doors, strict=True) if is_open(door, moment)}
    sold = {
        m.name.replace("Comptoir", "Panier")
        for m, door in zip(merchants, doors, strict=True)
        if is_on_sale(door)
    }
    assert shown(page, "ouverts", ".merchant-brief h3") == open_names
    assert shown(page, "circulaire", "h3") == sold
    assert _claims(page) <= open_names
    assert int(page.select_one(".masthead-ear strong").get_text()) == len(open_names)


def _claims(page: BeautifulSoup) -> set[str]:
    """Names beside which the page says, wherever it stands, that it is open now."""
    marks = page.select(".hours-status-open, .hours-status-closing_soon")
    return {mark.find_parent(["article", "li"]).find(["h2", "h3"]).get_text(strip=True) for mark in marks}
