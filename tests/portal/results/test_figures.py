"""The golden merchant's figures: of a week, of months, in the letter and on the screen, and as the report has them."""

import datetime as dt

import pytest

from directory.counting.figures import Contacts, contacts_by_merchant
from directory.enums import Act, Source
from directory.models import Merchant
from home.periods import Period
from home.tenancy import portal_scope
from portal.results import days
from portal.results.breakdown import breakdown
from portal.results.choices import choices, chosen
from portal.results.freezing import freeze, thaw, week_of
from shop.merchant_results import Result, free_result, here_since, result_of
from shop.results import Sales, sales_by_merchant
from tests.portal.results.conftest import WEEK, count, give_back, sell
from tests.portal.towns import Town

TODAY = dt.date(2026, 11, 3)
OF_THE_WEEK = Contacts(seen=15, products_seen=6, calls=2, directions=1, site_visits=4, baskets=3)
OF_THE_WEEK_BEFORE = Contacts(seen=5, calls=4)


def test_week_over_the_clocks_turned_back_and_the_end_of_a_month(golden: Merchant) -> None:
    with portal_scope(golden.site_id):
        found = result_of(golden, WEEK, today=TODAY)
    assert found == Result(
        WEEK, OF_THE_WEEK, Sales(2, 80_00, 0, 80_00), OF_THE_WEEK_BEFORE, Sales()
    )  # fmt: skip


def test_part_given_back_debits_the_day_it_was_given_back(golden: Merchant) -> None:
    with portal_scope(golden.site_id):
        october = result_of(golden, Period.month(2026, 10), today=TODAY)
        november = result_of(golden, Period.month(2026, 11), today=TODAY)
    assert october.sales == Sales(1, 40_00, 0, 40_00)
    assert november.sales == Sales(2, 80_00, 10_00, 70_00)
    assert november.sales_before is None  # November is not over


def test_months_of_the_report_add_up_to_the_free_period_to_the_unit(golden: Merchant, here: Town) -> None:
    give_back(sell(here, dt.datetime(2026, 9, 30, 23, 59, tzinfo=dt.UTC)), 40_00, dt.datetime.now(dt.UTC))
    with portal_scope(golden.site_id):
        found = free_result(golden, today=TODAY)
        parts = [
            Period.month(2026, 9),
            Period.month(2026, 10),
            Period(dt.date(2026, 11, 1), dt.date(2026, 11, 2)),
        ]
        assert found.period == Period(parts[0].first, parts[-1].last)
        assert found.contacts == Contacts.of_all(contacts_by_merchant(each)[golden.pk] for each in parts)
        assert found.sales == Sales.of_all(sales_by_merchant(each)[golden.pk] for each in parts)
    assert (found.sales.orders, found.contacts.contacts) == (4, 12)


def test_days_add_up_to_their_period(golden: Merchant) -> None:
    with portal_scope(golden.site_id):
        rows = days.days_of(golden, WEEK, today=TODAY)
        assert len(days.days_of(golden, Period.month(2026, 11), today=TODAY)) == 3
    assert [row.date for row in rows] == [WEEK.first + dt.timedelta(days=n) for n in range(7)]
    assert Contacts.of_all(row.contacts for row in rows) == OF_THE_WEEK
    assert [row.sales.orders for row in rows] == [0, 0, 0, 0, 0, 1, 1]
    drawn = days.bars(rows)
    assert drawn is not None
    assert [bar.height for bar in drawn.bars] == [12, 0, 0, 0, 0, 48, 0]


def test_parts_add_up_to_the_week_and_name_the_best(golden: Merchant, here: Town) -> None:
    with portal_scope(golden.site_id):
        found = breakdown(golden, WEEK)
    assert {(each.source, each.seen, each.contacts) for each in found.sources} == {
        (Source.STORY, 18 - 6, 2), (Source.SEARCH, 3, 4), (Source.OUTSIDE, 6, 1),
    }  # fmt: skip
    assert sum(each.seen for each in found.sources) == OF_THE_WEEK.seen + OF_THE_WEEK.products_seen
    assert sum(each.contacts for each in found.sources) == OF_THE_WEEK.contacts
    (story,) = found.pages
    assert (story.title, story.seen, story.contacts) == (here.story.title, 12, 2)
    assert found.best == story
    (good,) = found.goods
    assert (good.title, good.seen, good.baskets, good.sold) == (here.variant.product.title, 6, 3, 4)


def test_what_a_letter_keeps_is_read_back_the_same(golden: Merchant) -> None:
    with portal_scope(golden.site_id):
        week = week_of(golden, WEEK, today=TODAY)
    assert thaw(freeze(week)) == week
    assert week.origin is not None


@pytest.mark.parametrize(
    ("claimed", "contacts", "sales"),
    [(dt.date(2026, 10, 19), True, True), (dt.date(2026, 10, 20), False, False)],
)
def test_only_a_whole_period_before_is_compared_with(
    golden: Merchant, claimed: dt.date, contacts: bool, sales: bool
) -> None:
    golden.claimed_at = Period(claimed, claimed).starts_at
    with portal_scope(golden.site_id):
        found = result_of(golden, WEEK, today=TODAY)
    assert (found.contacts_before is not None, found.sales_before is not None) == (contacts, sales)


def test_a_week_before_anybody_counted_is_no_comparison(here: Town, shop: Merchant) -> None:
    count(here, WEEK.first, Act.CALL, 1)
    with portal_scope(here.site):
        here.merchant.claimed_at = Period.month(2026, 1).starts_at
        september = Period(dt.date(2026, 8, 31), dt.date(2026, 9, 6))
        found = result_of(here.merchant, september, today=TODAY)
    assert (found.contacts_before, found.sales_before) == (None, Sales())


def test_periods_to_choose_from() -> None:
    found = {each.key: each.period for each in choices(TODAY, dt.date(2026, 9, 1))}
    assert found == {
        "30-jours": Period(dt.date(2026, 10, 4), dt.date(2026, 11, 2)),
        "semaine": Period(dt.date(2026, 11, 2), TODAY),
        "semaine-derniere": WEEK,
        "2026-11": Period.month(2026, 11),
        "2026-10": Period.month(2026, 10),
        "2026-09": Period.month(2026, 9),
    }
    offered = choices(TODAY, TODAY)
    assert [chosen(key, offered).key for key in ("2026-11", "2026-10", "'")] == [
        "2026-11",
        "30-jours",
        "30-jours",
    ]


def test_merchant_is_here_since_it_was_taken_in_hand(shop: Merchant) -> None:
    assert here_since(shop) == dt.date(2026, 9, 1)
    shop.claimed_at = None
    assert here_since(shop) == Period(shop.created_at.date(), shop.created_at.date()).first
