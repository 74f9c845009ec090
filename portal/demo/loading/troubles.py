"""What an editor of Lévis finds on the money desk: a payment that is contested, and a refund that its bank sent back.

Both come about as they would: the card's holder, or the bank, acts at Stripe; we ask Stripe, and act on the answer.
What the failed refund had taken back from its merchant is then owed to it.
"""

from datetime import datetime

from home.tenancy import portal_scope
from portal.demo.loading.till import Till
from shop.enums import ChargeModel, OrderStatus
from shop.models import Dispute, Order, PaymentIntent
from shop.payments import disputes, refunds
from shop.payments.handlers import deliver_outbox
from shop.payments.stripe_refunds import sync_refunds

GESTURE_CENTS = 5_00


def befall(site_id: int, till: Till, *, now: datetime) -> int:
    """Once: how many troubles came now; 0 where there are some already, or too few purchases."""
    with portal_scope(site_id):
        if Dispute.objects.exists():
            return 0
        sold = _handed_over()
        if len(sold) < 2:
            return 0
        with till.in_the_past():
            _contest(sold[0], till, now)
            _send_back(sold[1], till, now)
            deliver_outbox(now=now)
    return 2


def _handed_over() -> list[Order]:
    """The newest orders that their shoppers hold, each the only one of its payment, of two shops."""
    rows = Order.objects.filter(
        status=OrderStatus.FULFILLED,
        charge_model=ChargeModel.SEPARATE,
        total_cents__gt=GESTURE_CENTS * 2,
        transfer__status="sent",
    ).order_by("-placed_at", "number")
    found: dict[int, Order] = {}
    for order in rows[:40]:
        if order.checkout.orders.count() == 1:
            found.setdefault(order.merchant_id, order)
    return list(found.values())[:2]


def _payment(order: Order) -> PaymentIntent:
    return PaymentIntent.objects.get(checkout=order.checkout_id, status="succeeded")


def _contest(order: Order, till: Till, now: datetime) -> None:
    payment = _payment(order)
    opened = till.ask(f"charges/{payment.charge_id}/dispute", {"reason": "product_not_received"})
    disputes.sync_dispute(payment, opened["id"], now=now)


def _send_back(order: Order, till: Till, now: datetime) -> None:
    refund = refunds.request(
        order,
        refunds.Amount(GESTURE_CENTS),
        reason="geste pour un emballage abîmé",
        restock=False,
        now=now,
    )
    deliver_outbox(now=now)  # The refund, then what it takes back from the merchant, and the mails.
    refund.refresh_from_db()
    till.ask(f"refunds/{refund.refund_id}/settle", {"status": "failed"})
    sync_refunds(_payment(order), now=now)
