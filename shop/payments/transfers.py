"""Sending a merchant its share, whole; what it owes is taken back right after. What cannot be sent is a debt."""

from datetime import datetime

from django.db import transaction

from home.tenancy import unjoined
from shop import ledger, outbox
from shop.enums import DISPUTE_IS_OVER, OrderStatus, TransferStatus
from shop.exceptions import ForbiddenMove, GatewayRefused, NotYet
from shop.models import Checkout, OutboxMessage, PaymentIntent, Shop, Transfer
from shop.payments import debts, gateway, shares
from shop.payments.asked import TransferRequest
from shop.payments.effects import TRANSFER
from shop.payments.keys import key_of
from shop.payments.locks import lock_order


def send(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: one Transfer for one order, out of its checkout's charge.

    No lock is held while Stripe is asked: an order refunded meanwhile has its share taken back once it is noted as
    sent. Raises NotYet while the payment is disputed.
    """
    transfer = Transfer.objects.select_related("order__checkout").get(order=message.payload["order"])
    if transfer.status != TransferStatus.PENDING:
        return
    if transfer.frozen_at:
        raise NotYet(f"{transfer.order}: the payment is disputed")
    if transfer.order.status == OrderStatus.REFUNDED:
        _stop(transfer, message, now)
        return
    try:
        transfer_id = _create(transfer, message)
    except GatewayRefused as error:
        _note_refused(transfer, str(error), now)
    else:
        note_sent(transfer, transfer_id, now=now)


def _stop(transfer: Transfer, message: OutboxMessage, now: datetime) -> None:
    """Refunded before its share left; unless an earlier try, cut short, did send it: then it is taken back."""
    sent = gateway.find_transfer(key=message.key, group=_group(transfer)) if message.is_retry else ""
    if sent:
        note_sent(transfer, sent, now=now)
        return
    _settle(transfer, status=TransferStatus.CANCELED, reason="refunded before it was sent", now=now)


def _group(transfer: Transfer) -> str:
    return str(transfer.order.checkout.public_id)


def _create(transfer: Transfer, message: OutboxMessage) -> str:
    order = transfer.order
    payment = PaymentIntent.objects.get(checkout=order.checkout_id, status="succeeded")
    request = TransferRequest(
        amount_cents=transfer.amount_cents,
        destination=transfer.destination,
        charge_id=payment.charge_id,
        group=_group(transfer),
        order=order.number,
    )
    return gateway.create_transfer(request, key_of(message))


@transaction.atomic
def note_sent(transfer: Transfer, transfer_id: str, *, now: datetime) -> bool:
    """Stripe holds it: the books say so, what was given back meanwhile is taken back, then what the merchant owes.

    Whatever our row said meanwhile, a transfer that exists was sent. False when that is known already.
    """
    order = lock_order(transfer.order_id)
    rows = unjoined(Transfer).filter(pk=transfer.pk, transfer_id=None)
    if not rows.update(status=TransferStatus.SENT, transfer_id=transfer_id, sent_at=now):
        return False
    sent = Transfer.objects.select_related("order").get(pk=transfer.pk)
    ledger.transfer(sent, now=now)
    shares.settle(order, reason="given back before the share was sent", now=now)
    shares.net_debts(sent, now=now)
    return True


def _note_refused(transfer: Transfer, why: str, now: datetime) -> None:
    _settle(transfer, status=TransferStatus.FAILED, reason=why, now=now)


@transaction.atomic
def _settle(transfer: Transfer, *, status: TransferStatus, reason: str, now: datetime) -> None:
    """It will not be sent: what the merchant is still owed, if anything, is a debt."""
    order = lock_order(transfer.order_id)
    if unjoined(Transfer).filter(pk=transfer.pk, status=TransferStatus.PENDING).update(status=status):
        shares.settle(order, reason=reason, now=now)


@transaction.atomic
def retry(transfer: Transfer, *, now: datetime) -> None:
    """Staff send again what Stripe refused, to the account the shop has today; its debt becomes the transfer again.

    Raises ForbiddenMove when it did not fail, or when its debt was settled otherwise.
    """
    order = lock_order(transfer.order_id)
    owed = debts.open_debts(order).filter(amount_cents__gt=0).first()
    failed = unjoined(Transfer).filter(pk=transfer.pk, status=TransferStatus.FAILED)
    account = Shop.objects.values_list("stripe_account_id", flat=True).get(merchant=order.merchant_id)
    frozen_at = now if is_disputed(order.checkout) else None
    if owed is None or not failed.update(
        status=TransferStatus.PENDING, destination=account, frozen_at=frozen_at
    ):
        raise ForbiddenMove(f"the transfer of {order.number} is not owed")
    debts.settle_part(owed, owed.amount_cents, how="sent again", now=now)
    # Stripe says its refusal again under the old key.
    number = OutboxMessage.objects.filter(kind=TRANSFER, payload__order=order.pk).count() + 1
    outbox.put(
        site_id=order.site_id,
        key=f"tr:{order.pk}:{number}",
        kind=TRANSFER,
        payload={"order": order.pk},
        now=now,
    )


def freeze(checkout: Checkout, *, now: datetime) -> None:
    """A dispute is open: no share of it leaves. The caller holds the checkout's lock."""
    orders = list(checkout.orders.values_list("pk", flat=True))
    rows = unjoined(Transfer).filter(order__in=orders, frozen_at=None, status=TransferStatus.PENDING)
    rows.update(frozen_at=now)


def thaw(checkout: Checkout, *, now: datetime) -> None:
    """Its last dispute is over: what waited is sent. The caller holds the checkout's lock."""
    if is_disputed(checkout):
        return
    for transfer in Transfer.objects.filter(order__checkout=checkout, frozen_at__isnull=False):
        Transfer.objects.filter(pk=transfer.pk).update(frozen_at=None)
        for message in OutboxMessage.objects.filter(kind=TRANSFER, payload__order=transfer.order_id):
            outbox.release(message.key, now=now)


def is_disputed(checkout: Checkout) -> bool:
    """Its cardholder contests the payment, and the bank has not decided."""
    return checkout.disputes.exclude(status__in=DISPUTE_IS_OVER).exists()
