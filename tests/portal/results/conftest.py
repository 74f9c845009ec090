"""A golden merchant: every figure worked out by hand, across the end of a month and the clocks turned back.

The week from October 26th to November 1st 2026 holds both: that Sunday has 25 hours.
"""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache

from directory.enums import Act, Source, Subject
from directory.models import DailyCount, Merchant
from home.periods import Period
from home.tenancy import portal_scope
from shop import ledger
from shop.models import Order, Refund
from tests.portal.towns import Town, place

TOWN = ZoneInfo("America/Toronto")
WEEK = Period(dt.date(2026, 10, 26), dt.date(2026, 11, 1))
TUESDAY = dt.datetime(2026, 11, 3, 9, 30, tzinfo=TOWN)
"""The letter about ``WEEK`` leaves."""


@pytest.fixture(autouse=True)
def _money_adds_up() -> None:
    """Here sales are written in the ledger alone, at the moments that the figures need."""
    cache.delete("results.weekly")


def at(month: int, day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, minute, tzinfo=TOWN)


def count(
    town: Town, day: dt.date, act: Act, times: int, *, source: Source = Source.OUTSIDE, source_id: int = 0,
    product: int = 0,
) -> None:  # fmt: skip
    with portal_scope(town.site):
        DailyCount.objects.create(
            site=town.site, day=day, act=act, source=source, source_id=source_id, merchant=town.merchant,
            subject=Subject.PRODUCT if product else Subject.MERCHANT, subject_id=product or town.merchant.pk,
            times=times,
        )  # fmt: skip


def sell(town: Town, moment: dt.datetime) -> Order:
    """40,00 $, paid at that moment."""
    with portal_scope(town.site):
        order = place(town).orders.get()
        ledger.sale(order, now=moment)
    return order


def give_back(order: Order, cents: int, moment: dt.datetime) -> None:
    with portal_scope(order.site_id):
        row = Refund.objects.create(
            order=order, amount_cents=cents, items_cents=cents, reason="abîmé", created_at=moment
        )
        ledger.refund(row, now=moment)


@pytest.fixture
def shop(here: Town) -> Merchant:
    """Held since September 1st, when its town began to count too; with a site."""
    with portal_scope(here.site):
        Merchant.objects.filter(pk=here.merchant.pk).update(
            claimed_at=at(9, 1, 10), confirmed_at=at(11, 2, 10), website_url="https://exemple.test/"
        )
        here.merchant.refresh_from_db()
    count(here, dt.date(2026, 9, 1), Act.SEEN, 1)
    return here.merchant


@pytest.fixture
def golden(here: Town, shop: Merchant) -> Merchant:
    """What happened, day by day; ``test_figures`` has the sums."""
    product, story = here.variant.product_id, here.story.pk
    october, sunday, monday = dt.date(2026, 10, 31), dt.date(2026, 11, 1), dt.date(2026, 11, 2)
    count(here, dt.date(2026, 10, 20), Act.SEEN, 5)
    count(here, dt.date(2026, 10, 20), Act.CALL, 4)
    count(here, dt.date(2026, 10, 26), Act.SEEN, 3, source=Source.SEARCH)
    count(here, october, Act.SEEN, 12, source=Source.STORY, source_id=story)
    count(here, october, Act.CALL, 2, source=Source.STORY, source_id=story)
    count(here, october, Act.SEEN, 6, product=product)
    count(here, sunday, Act.DIRECTIONS, 1)
    count(here, sunday, Act.SITE, 4, source=Source.SEARCH)
    count(here, sunday, Act.BASKET, 3, product=product)
    count(here, monday, Act.SEEN, 8)
    count(here, monday, Act.CALL, 1)
    last_of_october = sell(here, at(10, 31, 23, 30))
    sell(here, at(11, 1, 23, 30))  # half past four on Monday, by Greenwich
    sell(here, at(11, 2, 0, 10))
    give_back(last_of_october, 10_00, at(11, 2, 9))
    return shop
