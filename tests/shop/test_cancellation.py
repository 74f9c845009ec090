"""Who may take an order back, and until when: the shop's own word, then the law's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from home.models import AuditEntry, PortalSettings
from shop.cancellation import LAWFUL_AFTER, lawful_from, why_not_cancelable
from shop.enums import CheckoutStatus, LineState, OrderStatus, ProductKind, RefundSource, ShopperMayCancel
from shop.models import Cart, LineItem, Order, Refund
from shop.payments import cancel
from shop.sandbox.server import Sandbox
from tests.shop.conftest import Stall, complete, place

NEVER, UNTIL_READY = ShopperMayCancel.NEVER, ShopperMayCancel.UNTIL_READY


@pytest.fixture
def order(cart: Cart, portal: PortalSettings, sandbox: Sandbox, cheese: Stall) -> Order:
    row: Order = complete(place(cart, portal), sandbox).orders.get(merchant=cheese.merchant)
    return row


def test_the_shop_decides_until_it_is_ready_and_the_law_thirty_days_after_the_promise(order: Order) -> None:
    now = timezone.now()
    promised = now + timedelta(days=2)
    late = promised + LAWFUL_AFTER
    table = [
        # status, what the shop allowed, when; can it be canceled, else a word of the reason
        (OrderStatus.PAID, UNTIL_READY, now, ""),
        (OrderStatus.READY, UNTIL_READY, now, "déjà prête"),
        (OrderStatus.FULFILLED, UNTIL_READY, now, "vous a été remise"),
        (OrderStatus.REFUNDED, UNTIL_READY, now, "déjà annulée"),
        (OrderStatus.CANCELED, UNTIL_READY, late, "déjà annulée"),
        (OrderStatus.PENDING, UNTIL_READY, late, "n’est pas payée"),
        (OrderStatus.PAID, NEVER, now, "appelez-le"),
        (OrderStatus.PAID, NEVER, late - timedelta(seconds=1), "appelez-le"),
        (OrderStatus.PAID, NEVER, late, ""),
        (OrderStatus.READY, UNTIL_READY, late, ""),
        (OrderStatus.FULFILLED, NEVER, late, "vous a été remise"),
        (OrderStatus.PAID, "", now, "appelez-le"),
    ]
    order.promised_at = promised
    for status, allowed, moment, reason in table:
        order.status, order.seller["shopper_may_cancel"] = status, allowed
        why = why_not_cancelable(order, moment)
        assert bool(why) == bool(reason), (status, allowed, why)
        assert reason in why


def test_without_a_promised_date_the_law_counts_from_the_payment(order: Order) -> None:
    order.promised_at = None
    assert lawful_from(order) == order.paid_at + timedelta(days=30)


def test_files_that_were_handed_over_are_not_taken_back(order: Order) -> None:
    order.seller["shopper_may_cancel"] = UNTIL_READY
    LineItem.objects.filter(order=order).update(kind=ProductKind.DIGITAL)
    assert "fichiers" in why_not_cancelable(order, timezone.now())


def test_canceling_refunds_this_order_whole_and_leaves_the_others(
    order: Order, cheese: Stall, candles: Stall
) -> None:
    before = cheese.left()
    refund = cancel.by_shopper(order, now=timezone.now())
    order.refresh_from_db()
    assert (refund.amount_cents, refund.source) == (24_00, RefundSource.SHOPPER)
    assert (order.status, order.refunded_cents) == (OrderStatus.REFUNDED, 24_00)
    assert cheese.left() == before + 2
    other = order.checkout.orders.get(merchant=candles.merchant)
    assert (other.status, other.refunded_cents) == (OrderStatus.PAID, 0)
    assert other.lines.get().state == LineState.SOLD
    assert order.checkout.status == CheckoutStatus.PAID
    trace = AuditEntry.objects.get(action="order.canceled_by_shopper")
    assert (trace.actor, trace.object_id, trace.before) == (None, str(order.pk), {"status": "paid"})


def test_canceling_twice_refunds_once(order: Order) -> None:
    cancel.by_shopper(order, now=timezone.now())
    with pytest.raises(cancel.NotCancelable, match="déjà annulée"):
        cancel.by_shopper(order, now=timezone.now())
    assert Refund.objects.count() == 1


def test_what_became_ready_meanwhile_is_not_canceled(order: Order) -> None:
    """The page was open for a while: what the database says now counts, not the instance in hand."""
    from shop import handover

    handover.mark_ready(Order.objects.get(pk=order.pk), cause="test", now=timezone.now())
    with pytest.raises(cancel.NotCancelable, match="déjà prête"):
        cancel.by_shopper(order, now=timezone.now())
    assert not Refund.objects.exists()
    assert not AuditEntry.objects.exists()
