"""An order is credited once, to what was left last in the same visit; what is given back debits the same page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Site

from directory.counting.credit import VISIT, Credit
from directory.enums import Source
from home.models import PortalSettings
from home.periods import Period, town_day
from shop import carts, orders
from shop.credit import newest
from shop.enums import OrderStatus
from shop.models import Cart, Checkout, Order
from shop.payments import refunds
from shop.payments.handlers import deliver_outbox
from shop.results import Sales, sales, sales_by_credit, sales_of_credit
from shop.sandbox.server import Sandbox
from tests.shop.conftest import Stall, complete, place

NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)
MINUTES = st.integers(-600, 600).map(lambda minutes: NOON + timedelta(minutes=minutes))
CREDITS = st.lists(
    st.builds(Credit, st.sampled_from(Source.credited()), st.integers(0, 9), MINUTES), max_size=6
)
HOUR = timedelta(hours=1)
UNHURRIED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Two cores may have other things to do."""


@UNHURRIED
@given(CREDITS)
def test_order_is_credited_to_what_was_left_last_in_its_visit(led_here: list[Credit]) -> None:
    found = newest(led_here, placed_at=NOON)
    of_visit = [each for each in led_here if timedelta(minutes=-1) <= NOON - each.left_at <= VISIT]
    assert (found in of_visit) if of_visit else found is None
    assert all(found is not None and each.left_at <= found.left_at for each in of_visit)


@UNHURRIED
@given(CREDITS)
def test_what_else_was_read_moves_no_credit_to_something_older(led_here: list[Credit]) -> None:
    """Lines that were credited before, or at another visit, change nothing."""
    first = Credit(Source.STORY, 1, NOON)
    older = [each for each in led_here if each.left_at < NOON]
    assert newest([*older, first], placed_at=NOON) == newest([first, *older], placed_at=NOON) == first


def test_of_two_left_at_once_the_later_line_is_credited() -> None:
    both = [Credit(Source.STORY, 1, NOON), Credit(Source.CAMPAIGN, 2, NOON)]
    assert newest(both, placed_at=NOON) == both[1]


# ------------------------------------------------------------------------------------------------------ in the basket


def left(source: Source, page_id: int, *, ago: timedelta = timedelta(0)) -> Credit:
    return Credit(source, page_id, timezone.now() - ago)


def credit_of(order: Order) -> tuple[str, int]:
    return order.credit_source, order.credit_id


def test_each_order_names_what_led_to_its_own_lines(
    cheese: Stall, candles: Stall, portal: PortalSettings
) -> None:
    cart = carts.create()
    carts.add(cart, cheese.variant, 1, credit=left(Source.STORY, 11))
    carts.add(cart, candles.variant, 1)
    placed = {order.merchant_id: credit_of(order) for order in place(cart, portal).orders.all()}
    assert placed == {cheese.merchant.pk: ("story", 11), candles.merchant.pk: ("", 0)}


def test_newer_credit_takes_the_place_of_an_older_one_and_none_takes_none(
    cheese: Stall, portal: PortalSettings
) -> None:
    cart = carts.create()
    carts.add(cart, cheese.variant, 1, credit=left(Source.STORY, 11, ago=2 * HOUR))
    carts.add(cart, cheese.variant, 1, credit=left(Source.CAMPAIGN, 12, ago=HOUR))
    carts.add(cart, cheese.variant, 1, credit=left(Source.STORY, 13, ago=3 * HOUR))
    carts.add(cart, cheese.variant, 1)
    assert credit_of(place(cart, portal).orders.get()) == ("campaign", 12)


@pytest.mark.parametrize(
    ("ago", "credit"), [(VISIT - HOUR / 60, ("story", 11)), (VISIT + HOUR / 60, ("", 0))]
)
def test_order_of_a_later_visit_is_credited_to_nothing(
    cheese: Stall, portal: PortalSettings, ago: timedelta, credit: tuple[str, int]
) -> None:
    cart = carts.create()
    carts.add(cart, cheese.variant, 1, credit=left(Source.STORY, 11, ago=ago))
    assert credit_of(place(cart, portal).orders.get()) == credit


# ------------------------------------------------------------------------------------------------------- in the books


@pytest.fixture
def led(cheese: Stall, candles: Stall, portal: PortalSettings, sandbox: Sandbox) -> Checkout:
    """Paid: two cheeses (24.00 $) that a story led to, one candle (19.99 $) that a flyer did; 5 % of commission."""
    cart = carts.create()
    carts.add(cart, cheese.variant, 2, credit=left(Source.STORY, 11))
    carts.add(cart, candles.variant, 1, credit=left(Source.FLYER, 0))
    return complete(place(cart, portal), sandbox)


def this_month() -> Period:
    return Period.month_of(town_day(timezone.now()))


def give_back(order: Order, wish: Any) -> None:
    refunds.request(order, wish, reason="retour", restock=True, now=timezone.now())
    deliver_outbox(now=timezone.now())


def test_credit_is_what_reached_merchants_and_refunds_debit_it(led: Checkout, cheese: Stall) -> None:
    month = this_month()
    assert sales_by_credit(month) == {
        (Source.STORY, 11): Sales(1, 24_00, 0, 22_80),
        (Source.FLYER, 0): Sales(1, 19_99, 0, 18_99),
    }
    order = led.orders.get(merchant=cheese.merchant)
    give_back(order, refunds.Units({order.lines.get().pk: 1}))
    assert sales_of_credit(Source.STORY, 11, month) == Sales(1, 24_00, 12_00, 11_40)
    give_back(order, refunds.Whole())
    assert sales_of_credit(Source.STORY, 11) == Sales(1, 24_00, 24_00, 0)
    assert sales_by_credit(month)[Source.FLYER, 0] == Sales(1, 19_99, 0, 18_99)
    assert Sales.of_all(sales_by_credit(month).values()) == sales(month)


def test_sales_by_credit_are_one_query(
    led: Checkout, django_assert_num_queries: Any, cart: Cart, portal: PortalSettings, sandbox: Sandbox
) -> None:
    complete(place(cart, portal), sandbox)
    with django_assert_num_queries(1):
        assert len(sales_by_credit(this_month())) == 2


def test_credit_of_an_order_never_changes(led: Checkout, cheese: Stall, in_levis: Site) -> None:
    order = led.orders.get(merchant=cheese.merchant)
    for status in (OrderStatus.READY, OrderStatus.FULFILLED):
        orders.move(order, to=status, cause="test", now=timezone.now())
    give_back(order, refunds.Whole())
    order.refresh_from_db()
    assert credit_of(order) == ("story", 11)
    for other in ({"credit_source": "campaign"}, {"credit_id": 12}, {"credit_source": "", "credit_id": 0}):
        with pytest.raises(DatabaseError, match="settled when it was placed"), transaction.atomic():
            Order.objects.filter(pk=order.pk).update(**other)
