"""Sending a merchant its share. What can never be sent is an open debt on record."""

from datetime import datetime
from typing import Any

from django.db import transaction

from shop import outbox
from shop.enums import OrderStatus, TransferStatus
from shop.exceptions import GatewayRefused
from shop.models import Debt, Order, OutboxMessage, PaymentIntent, Transfer
from shop.payments import gateway
from shop.payments.effects import REVERSAL


@transaction.atomic
def send(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: one Transfer for one order, out of its checkout's charge.

    The row stays locked meanwhile, so that a refund of the same order waits and then sees what was sent.
    """
    transfer = Transfer.objects.select_for_update().get(order=message.payload["order"])
    if transfer.status != TransferStatus.PENDING:
        return
    # Read once the lock is held: joined to the locked row, it might be what stood before the wait.
    transfer.order = Order.objects.select_related("checkout").get(pk=transfer.order_id)
    if transfer.order.status == OrderStatus.REFUNDED:
        _stop(transfer, message, now)
        return
    try:
        transfer_id = _create(transfer, message)
    except GatewayRefused as error:
        _settle(transfer, status=TransferStatus.FAILED)
        _record_debt(transfer, str(error), now)
    else:
        _settle(transfer, status=TransferStatus.SENT, transfer_id=transfer_id, sent_at=now)


def _stop(transfer: Transfer, message: OutboxMessage, now: datetime) -> None:
    """Refunded before its share left; unless an earlier try, cut short, did send it: then it is taken back."""
    sent = gateway.find_transfer(key=message.key, group=_group(transfer)) if message.is_retry else ""
    if not sent:
        _settle(transfer, status=TransferStatus.CANCELED)
        return
    _settle(transfer, status=TransferStatus.SENT, transfer_id=sent, sent_at=now)
    outbox.put(
        site_id=message.site_id,
        key=f"trr:{transfer.order_id}",
        kind=REVERSAL,
        payload=message.payload,
        now=now,
    )


def _group(transfer: Transfer) -> str:
    return str(transfer.order.checkout.public_id)


def _create(transfer: Transfer, message: OutboxMessage) -> str:
    order = transfer.order
    payment = PaymentIntent.objects.get(checkout=order.checkout_id, status="succeeded")
    request = gateway.TransferRequest(
        amount_cents=transfer.amount_cents,
        destination=transfer.destination,
        charge_id=payment.charge_id,
        group=_group(transfer),
        order=order.number,
    )
    return gateway.create_transfer(request, key=message.key, is_retry=message.is_retry)


def _settle(transfer: Transfer, **fields: Any) -> None:
    Transfer.objects.filter(pk=transfer.pk).update(**fields)


def _record_debt(transfer: Transfer, reason: str, now: datetime) -> None:
    Debt.objects.create(
        site_id=transfer.order.site_id,
        merchant_id=transfer.order.merchant_id,
        order=transfer.order,
        amount_cents=transfer.amount_cents,
        reason=reason[:300],
        created_at=now,
    )
