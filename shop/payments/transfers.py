"""Sending a merchant its share. What can never be sent is an open debt on record."""

from datetime import datetime
from typing import Any

from django.db import transaction

from shop.enums import OrderStatus, TransferStatus
from shop.exceptions import GatewayRefused
from shop.models import Debt, OutboxMessage, PaymentIntent, Transfer
from shop.payments import gateway


@transaction.atomic
def send(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: one Transfer for one order, out of its checkout's charge.

    The row stays locked meanwhile, so that a refund of the same order waits and then sees what was sent.
    """
    transfers = Transfer.objects.select_for_update(of=("self",)).select_related("order__checkout")
    transfer = transfers.get(order=message.payload["order"])
    if transfer.status != TransferStatus.PENDING:
        return
    if transfer.order.status == OrderStatus.REFUNDED:
        _settle(transfer, status=TransferStatus.CANCELED)
        return
    try:
        transfer_id = _create(transfer, message.key)
    except GatewayRefused as error:
        _settle(transfer, status=TransferStatus.FAILED)
        _record_debt(transfer, str(error), now)
    else:
        _settle(transfer, status=TransferStatus.SENT, transfer_id=transfer_id, sent_at=now)


def _create(transfer: Transfer, key: str) -> str:
    order = transfer.order
    payment = PaymentIntent.objects.get(checkout=order.checkout_id, status="succeeded")
    return gateway.create_transfer(
        key=key,
        amount_cents=transfer.amount_cents,
        destination=transfer.destination,
        charge_id=payment.charge_id,
        group=str(order.checkout.public_id),
        order=order.number,
    )


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
