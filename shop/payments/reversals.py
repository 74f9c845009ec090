"""Taking part of a transfer back, after a refund, a lost dispute, or for a debt. What cannot be taken is a debt."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from home.tenancy import unjoined
from shop import ledger
from shop.enums import ReversalCause, TransferStatus
from shop.exceptions import GatewayRefused
from shop.models import OutboxMessage, Reversal, Transfer
from shop.payments import debts, gateway, shares
from shop.payments.keys import key_of
from shop.payments.locks import lock_order


def send(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: Stripe's reversal of one row."""
    if "reversal" not in message.payload:  # Written before reversals had rows.
        _settle_order(message.payload["order"], now)
        return
    reversal = Reversal.objects.select_related("transfer").get(pk=message.payload["reversal"])
    if reversal.status != TransferStatus.PENDING:
        return
    transfer_id = str(reversal.transfer.transfer_id)
    try:
        reversal_id = gateway.reverse_transfer(transfer_id, reversal.amount_cents, key_of(message))
    except GatewayRefused as error:
        _note_refused(reversal, str(error), now)
    else:
        _note_sent(reversal, reversal_id, now)


@transaction.atomic
def _settle_order(order_id: int, now: datetime) -> None:
    shares.settle(lock_order(order_id), reason="refunded", now=now)


@transaction.atomic
def _note_sent(reversal: Reversal, reversal_id: str, now: datetime) -> None:
    """Of two workers with the same key, and so the same reversal, one counts it."""
    lock_order(reversal.transfer.order_id)
    rows = unjoined(Reversal).filter(pk=reversal.pk, status=TransferStatus.PENDING)
    if not rows.update(status=TransferStatus.SENT, reversal_id=reversal_id):
        return
    Transfer.objects.filter(pk=reversal.transfer_id).update(
        reversed_cents=F("reversed_cents") + reversal.amount_cents
    )
    done = Reversal.objects.select_related("transfer__order", "debt__order").get(pk=reversal.pk)
    if done.debt:
        debts.settle_part(done.debt, done.amount_cents, how="taken back from a later sale", now=now)
    ledger.reversal(done, now=now)


@transaction.atomic
def _note_refused(reversal: Reversal, why: str, now: datetime) -> None:
    """The merchant owes it instead; what it owed already, it goes on owing."""
    order = lock_order(reversal.transfer.order_id)
    rows = unjoined(Reversal).filter(pk=reversal.pk, status=TransferStatus.PENDING)
    if rows.update(status=TransferStatus.FAILED) and reversal.cause != ReversalCause.DEBT:
        debts.charge(order, reversal.amount_cents, reason=why, now=now)
