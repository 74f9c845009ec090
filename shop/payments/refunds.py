"""Giving an order's money back whole: our Refund row first, then Stripe's refund, then the reversal."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Sum

from shop import checkouts, orders, outbox
from shop.enums import OrderStatus, RefundStatus, TransferStatus
from shop.exceptions import ForbiddenMove, GatewayRefused
from shop.models import Checkout, Debt, Order, OutboxMessage, PaymentIntent, Refund, Transfer
from shop.payments import gateway
from shop.payments.effects import REFUND


@transaction.atomic
def request(order: Order, *, reason: str, restock: bool, now: datetime) -> Refund:
    """Refund all of a paid order; the money moves from the outbox. Raises ForbiddenMove when it is not paid.

    ``restock``: its units go back on the shelf; else they are written off.
    """
    checkout = Checkout.objects.select_for_update().get(pk=order.checkout_id)
    if not PaymentIntent.objects.filter(checkout=checkout, status="succeeded").exists():
        raise ForbiddenMove(f"{order.number} was not paid")
    orders.mark_refunded(order, restock=restock, cause=reason, now=now)
    refund = Refund.objects.create(
        order=order,
        amount_cents=order.total_cents,
        items_cents=order.items_cents,
        delivery_cents=order.delivery_cents,
        deposit_cents=order.deposit_cents,
        gst_cents=order.gst_cents,
        qst_cents=order.qst_cents,
        reason=reason,
        created_at=now,
    )
    outbox.put(
        site_id=order.site_id, key=f"re:{refund.pk}", kind=REFUND, payload={"refund": refund.pk}, now=now
    )
    _settle_unpaid_share(order, now)
    if not checkout.orders.exclude(status=OrderStatus.REFUNDED).exists():
        checkouts.mark_refunded(checkout, cause=reason, now=now)
    return refund


def send(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: Stripe's refund, then the merchant's part of it taken back."""
    refund = Refund.objects.select_related("order").get(pk=message.payload["refund"])
    if refund.refund_id is None:
        _refund(refund, message)
    _reverse(refund.order, now, is_retry=message.is_retry)


def take_back(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: a transfer that turned out to be sent although its order is refunded."""
    _reverse(Order.objects.get(pk=message.payload["order"]), now, is_retry=message.is_retry)


def _refund(refund: Refund, message: OutboxMessage) -> None:
    payment = PaymentIntent.objects.get(checkout=refund.order.checkout_id, status="succeeded")
    refund_id, status = gateway.create_refund(
        key=message.key,
        payment_intent_id=payment.payment_intent_id,
        amount_cents=refund.amount_cents,
        order=refund.order.number,
        is_retry=message.is_retry,
    )
    if status not in RefundStatus.values:
        status = RefundStatus.PENDING  # Stripe waits for something; the refund is made all the same.
    with transaction.atomic():
        # Of two workers with the same key, and so the same refund, one counts it.
        noted = Refund.objects.filter(pk=refund.pk, refund_id=None).update(refund_id=refund_id, status=status)
        if noted and status != RefundStatus.FAILED:
            PaymentIntent.objects.filter(pk=payment.pk).update(
                refunded_cents=F("refunded_cents") + refund.amount_cents
            )


@transaction.atomic
def _reverse(order: Order, now: datetime, *, is_retry: bool) -> None:
    """``floor(share × refunded ÷ paid) − already reversed``; what cannot be taken back is the merchant's debt."""
    transfer = Transfer.objects.select_for_update().filter(order=order).first()
    if transfer is None or transfer.status != TransferStatus.SENT:
        _settle_unpaid_share(order, now)
        return
    refunds = Refund.objects.filter(order=order).exclude(status=RefundStatus.FAILED)
    refunded = refunds.aggregate(cents=Sum("amount_cents"))["cents"] or 0
    due = order.merchant_share_cents * refunded // order.total_cents - transfer.reversed_cents
    if due <= 0:
        return
    key = f"trr:{order.pk}:{transfer.reversed_cents}"
    try:
        gateway.reverse_transfer(
            key=key, transfer_id=str(transfer.transfer_id), amount_cents=due, is_retry=is_retry
        )
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


def _settle_unpaid_share(order: Order, now: datetime) -> None:
    """A share that could not be sent is owed no more once its order is given back whole."""
    if order.status == OrderStatus.REFUNDED:
        Debt.objects.filter(order=order, settled_at=None, amount_cents__gt=0).update(settled_at=now)
