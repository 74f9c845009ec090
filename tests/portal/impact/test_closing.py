"""The worker closes what is due, of every portal, once; and asks as much for a year as for a month."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from directory.enums import Act, Source, Subject
from directory.models import DailyCount, MerchantPage
from home.periods import Period
from home.tenancy import across_portals, current_site, portal_scope
from portal.impact import closing
from portal.impact.facts import facts
from portal.impact.models import PublishedMonth
from portal.impact.report import Cell
from portal.impact.reporting import report
from tests.factories import MerchantFactory, make_portal
from tests.factories.directory import make_merchant_page

TOWN = ZoneInfo("America/Toronto")
OCTOBER, NOVEMBER = Period.month(2026, 10), Period.month(2026, 11)
DUE = dt.datetime(2026, 11, 3, 6, tzinfo=TOWN)


def called(merchants: int, day: dt.date) -> None:
    """So many merchants, new since the first of October, each called once on that day."""
    for _i in range(merchants):
        merchant = MerchantFactory(claimed_at=OCTOBER.starts_at)
        make_merchant_page(merchant)
        MerchantPage.objects.filter(merchant=merchant).update(first_published_at=OCTOBER.starts_at)
        DailyCount.objects.create(
            site=current_site(), day=day, act=Act.CALL, source=Source.SEARCH, subject=Subject.MERCHANT,
            subject_id=merchant.pk, merchant=merchant, times=1,
        )  # fmt: skip


@pytest.fixture
def there(levis: Site) -> Site:
    """Another portal, with six merchants called in October; here five were."""
    site = make_portal(hostname="ailleurs.localhost", brand="Ailleurs")
    for portal, merchants in ((levis, 5), (site, 6)):
        with portal_scope(portal):
            called(merchants, OCTOBER.last)
    return site


def closed() -> set[tuple[str, dt.date]]:
    with across_portals():
        return set(PublishedMonth.objects.values_list("site__hostname", "month"))


def test_every_portals_month_is_closed_once_at_its_hour(levis: Site, there: Site) -> None:
    early = DUE - dt.timedelta(seconds=1)
    assert closing.close_what_is_due(early) == 0
    assert closing.close_what_is_due(DUE) == 0  # it was looked at a second ago
    later = early + closing.LOOKED_AT_EVERY
    assert closing.close_what_is_due(later) == 2
    assert closed() == {("localhost", OCTOBER.first), ("ailleurs.localhost", OCTOBER.first)}
    assert closing.close_what_is_due(later + closing.LOOKED_AT_EVERY) == 0
    with portal_scope(levis):
        here = report(OCTOBER, now=later).figures
    with portal_scope(there):
        elsewhere = report(OCTOBER, now=later).figures
    assert (here.reach.contacts, elsewhere.reach.contacts) == (Cell(5), Cell(6))
    assert (here.merchants.live, elsewhere.merchants.newcomers) == (5, 6)


def test_months_that_were_missed_are_closed_together(in_levis: Site) -> None:
    called(5, OCTOBER.first)
    assert closing.due_months(now=DUE) == [OCTOBER]
    december = closing.closes_at(NOVEMBER)
    assert december == dt.datetime(2026, 12, 3, 6, tzinfo=TOWN)
    assert closing.close_months(now=december) == 2
    whole = report(Period(OCTOBER.first, NOVEMBER.last), now=december).figures
    assert whole.reach.contacts == Cell(5)  # nobody was called in November: a plain zero


def test_a_year_of_many_asks_as_much_as_a_month_of_one(in_levis: Site) -> None:
    called(1, OCTOBER.first)
    now = dt.datetime(2027, 10, 10, tzinfo=TOWN)
    year = Period(OCTOBER.first, Period.month(2027, 9).last)
    of_one = asked(lambda: facts(OCTOBER, now=now))
    called(3, NOVEMBER.first)
    assert asked(lambda: facts(year, now=now)) == of_one
    provisional = asked(lambda: report(year, now=now, with_provisional=True))
    assert closing.close_months(now=now) == 12
    assert asked(lambda: report(year, now=now)) == 4 < provisional


def asked(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)
