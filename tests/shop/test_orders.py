"""An order moves along its edges, once, whoever asks; its log tells its life again."""

import pytest
from django.utils import timezone
from wagtail.models import Site

from home.models import PortalSettings
from shop import orders
from shop.enums import ORDER_EDGES, LineState, OrderStatus
from shop.exceptions import ForbiddenMove
from shop.models import Cart, Order, StatusChange, StockMovement
from shop.order_page import order_parts, timeline_of, totals_of
from shop.payments import refunds
from shop.sandbox.server import Sandbox
from tests.shop.conftest import Stall, at_once, complete, place


@pytest.fixture
def order(cart: Cart, portal: PortalSettings, sandbox: Sandbox, cheese: Stall) -> Order:
    """The cheese's part of a paid checkout."""
    return complete(place(cart, portal), sandbox).orders.get(merchant=cheese.merchant)


def move(order: Order, to: OrderStatus) -> bool:
    return orders.move(order, to=to, cause="test", now=timezone.now())


def log_of(order: Order) -> list[tuple[str, str]]:
    return list(StatusChange.objects.filter(order=order).values_list("from_status", "to_status"))


def test_ready_then_handed_over_is_written_in_the_log(order: Order) -> None:
    assert move(order, OrderStatus.READY) is True
    assert move(order, OrderStatus.FULFILLED) is True
    order.refresh_from_db()
    assert order.status == OrderStatus.FULFILLED
    assert log_of(order) == [("", "pending"), ("pending", "paid"), ("paid", "ready"), ("ready", "fulfilled")]


def test_twice_is_once(order: Order) -> None:
    assert move(order, OrderStatus.READY) is True
    assert move(Order.objects.get(pk=order.pk), OrderStatus.READY) is False
    assert len(log_of(order)) == 3


@pytest.mark.parametrize("to", [OrderStatus.PENDING, OrderStatus.CANCELED])
def test_an_edge_that_does_not_exist_is_not_taken(order: Order, to: OrderStatus) -> None:
    before = log_of(order)
    with pytest.raises(ForbiddenMove):
        move(order, to)
    order.refresh_from_db()
    assert (order.status, log_of(order)) == (OrderStatus.PAID, before)


def test_the_database_says_where_an_order_stands_not_the_row_in_hand(order: Order) -> None:
    stale = Order.objects.get(pk=order.pk)
    move(order, OrderStatus.READY)
    move(order, OrderStatus.FULFILLED)
    with pytest.raises(ForbiddenMove):
        move(stale, OrderStatus.READY)
    assert stale.status == OrderStatus.FULFILLED


def test_nothing_leaves_refunded() -> None:
    assert ORDER_EDGES[OrderStatus.REFUNDED] == frozenset()


@pytest.mark.django_db(transaction=True)
def test_of_two_hands_on_one_order_one_moves_it(order: Order, in_levis: Site) -> None:
    acts = [lambda: move(Order.objects.get(pk=order.pk), OrderStatus.READY)] * 3
    assert sorted(at_once(in_levis, *acts)) == [False, False, True]
    assert log_of(order)[-1] == ("paid", "ready")
    assert len(log_of(order)) == 3


def test_a_refunded_order_goes_back_on_the_shelf(order: Order, cheese: Stall) -> None:
    refunds.request(order, reason="retour", restock=True, now=timezone.now())
    assert cheese.left() == 10
    assert set(order.lines.values_list("state", flat=True)) == {LineState.REFUNDED}


def test_or_its_units_leave_the_books(order: Order, cheese: Stall) -> None:
    refunds.request(order, reason="brisé", restock=False, now=timezone.now())
    assert cheese.left() == 8
    written = StockMovement.objects.filter(variant=cheese.variant).order_by("-pk").first()
    assert (written.delta, written.reason) == (-2, f"remboursé sans retour, {order.number}")


# -------------------------------------------------------------------------------------------------- the shopper's page


def steps(order: Order) -> list[tuple[str, bool, bool]]:
    return [(str(step.label), step.at is not None, step.done) for step in timeline_of(order)]


def test_the_timeline_says_what_is_done_and_when(order: Order) -> None:
    move(order, OrderStatus.READY)
    fresh = Order.objects.get(pk=order.pk)
    assert steps(fresh) == [
        ("Passée", True, True),
        ("Payée", True, True),
        ("Prête à la boutique", True, True),
        ("Remise", False, False),
    ]


def test_a_step_taken_back_is_to_come_again(order: Order) -> None:
    move(order, OrderStatus.READY)
    move(order, OrderStatus.PAID)
    assert steps(Order.objects.get(pk=order.pk))[2] == ("Prête à la boutique", False, False)


def test_the_timeline_of_a_refunded_order_ends_there(order: Order) -> None:
    refunds.request(order, reason="retour", restock=True, now=timezone.now())
    assert steps(Order.objects.get(pk=order.pk)) == [
        ("Passée", True, True),
        ("Payée", True, True),
        ("Remboursée", True, True),
    ]


def test_the_page_adds_up_and_asks_no_more_for_two_shops(order: Order, django_assert_num_queries) -> None:
    with django_assert_num_queries(4):
        parts = order_parts(order.checkout, now=timezone.now())
    totals = totals_of(order.checkout)
    assert sum(part.order.total_cents for part in parts) == totals.total_cents == 43_99
    assert [line.quantity for part in parts for line in part.lines] == [2, 1]
    assert parts[0].merchant_snapshot["name"] == "Fromagerie des Chutes"
