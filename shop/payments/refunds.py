"""Giving an order's money back whole: our Refund row first, then Stripe's refund, then the reversal."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Sum

from shop import checkouts, orders, outbox
from shop.enums import OrderStatus, RefundStatus, TransferStatus
from shop.exceptions import GatewayRefused
from shop.models import Checkout, Debt, Order, OutboxMessage, PaymentIntent, Refund, Transfer
from shop.payments import gateway
from shop.payments.effects import REFUND


@transaction.atomic
def request(order: Order, *, reason: str, restock: bool, now: datetime) -> Refund:
    """Refund all of a paid order; the money moves from the outbox. Raises ForbiddenMove when it is not paid.

    ``restock``: its units go back on the shelf; else they are written off.
    """
    checkout = Checkout.objects.select_for_update().get(pk=order.checkout_id)
    orders.mark_refunded(order, restock=restock, cause=reason, now=now)
    refund = Refund.objects.create(order=order, amount_cents=order.total_cents, reason=reason, created_at=now)
    outbox.put(
        site_id=order.site_id, key=f"re:{refund.pk}", kind=REFUND, payload={"refund": refund.pk}, now=now
    )
    if not checkout.orders.exclude(status=OrderStatus.REFUNDED).exists():
        checkouts.mark_refunded(checkout, cause=reason, now=now)
    return refund


def send(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: Stripe's refund, then the merchant's part of it taken back."""
    refund = Refund.objects.select_related("order__checkout").get(pk=message.payload["refund"])
    payment = PaymentIntent.objects.get(checkout=refund.order.checkout_id, status="succeeded")
    if refund.status == RefundStatus.PENDING:
        _refund(refund, payment, message.key)
    _reverse(refund, message.key, now)


def _refund(refund: Refund, payment: PaymentIntent, key: str) -> None:
    refund_id, status = gateway.create_refund(
        key=key,
        payment_intent_id=payment.payment_intent_id,
        amount_cents=refund.amount_cents,
        order=refund.order.number,
    )
    with transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(refund_id=refund_id, status=status)
        PaymentIntent.objects.filter(pk=payment.pk).update(
            refunded_cents=F("refunded_cents") + refund.amount_cents
        )


@transaction.atomic
def _reverse(refund: Refund, key: str, now: datetime) -> None:
    """``floor(share × refunded ÷ paid) − already reversed``; what cannot be taken back is the merchant's debt."""
    order = refund.order
    transfer = Transfer.objects.select_for_update().filter(order=order).first()
    if transfer is None or transfer.status != TransferStatus.SENT:
        return
    refunded = Refund.objects.filter(order=order).aggregate(cents=Sum("amount_cents"))["cents"]
    due = order.merchant_share_cents * refunded // order.total_cents - transfer.reversed_cents
    if due <= 0:
        return
    try:
        gateway.reverse_transfer(key=f"trr:{key}", transfer_id=str(transfer.transfer_id), amount_cents=due)
    except GatewayRefused as error:
        Debt.objects.get_or_create(
            site_id=order.site_id,
            merchant_id=order.merchant_id,
            order=order,
            amount_cents=-due,
            settled_at=None,
            defaults={"reason": str(error)[:300], "created_at": now},
        )
        return
    Transfer.objects.filter(pk=transfer.pk).update(reversed_cents=F("reversed_cents") + due)
