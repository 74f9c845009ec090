"""A merchant's share after the sale: what the books say it must give back is taken back, or is a debt on record.

``settle`` compares the ledger with what was sent, taken back, owed, and is under way; the difference becomes a
Reversal row (Stripe's reversal follows from the outbox) or a Debt row. Called again it finds no difference. Every
function here wants the lock of the order's checkout.
"""

from datetime import datetime
from typing import Any

from django.db.models import F, Sum

from shop import ledger, outbox
from shop.enums import ChargeModel, ReversalCause, TransferStatus
from shop.models import Debt, Order, Reversal, Transfer
from shop.payments import debts
from shop.payments.effects import REVERSAL

GIVEN_BACK = (ReversalCause.REFUND, ReversalCause.DISPUTE)


def settle(order: Order, *, reason: str, now: datetime, may_reverse: bool = True) -> None:
    """Bring what the merchant has, owes and is owed to what the ledger says.

    Nothing is done while the share itself is still to be sent: sending it comes back here. ``may_reverse`` False: only
    debts move, as Stripe has not refunded the shopper yet.
    """
    if order.charge_model == ChargeModel.DIRECT:
        return
    transfer = Transfer.objects.select_for_update(of=("self",)).filter(order=order).first()
    if transfer and transfer.status == TransferStatus.PENDING:
        return
    gap = gap_cents(order)
    if gap > 0:
        _give(order, gap, reason, now)
    elif gap < 0:
        _take(order, -gap, transfer, reason, now, may_reverse=may_reverse)


def gap_cents(order: Order) -> int:
    """What the books owe the merchant beyond every debt and reversal on record; 0 when all is accounted for.

    Asked in one statement: a debt of this order is also settled by hand, or out of a later sale, under other locks.
    """
    under_way = Reversal.objects.filter(
        transfer__order=order, status=TransferStatus.PENDING, cause__in=GIVEN_BACK
    )
    parts = (
        ledger.merchant_entries(order).values(cents=F("amount_cents")),
        debts.open_debts(order).values(cents=-F("amount_cents")),
        under_way.values(cents=F("amount_cents")),
    )
    first, *others = (part.order_by() for part in parts)
    return sum(part["cents"] for part in first.union(*others, all=True))


def _give(order: Order, cents: int, reason: str, now: datetime) -> None:
    """The merchant's own debt for this order first; what is left the portal owes it."""
    cents -= debts.forgive(order, cents, of_portal=False, how=reason, now=now)
    if cents:
        debts.owe(order, cents, reason=reason, now=now)


def _take(
    order: Order, cents: int, transfer: Transfer | None, reason: str, now: datetime, *, may_reverse: bool
) -> None:
    """From what the portal owes it first, then from the transfer; what that no longer holds is the merchant's debt."""
    cents -= debts.forgive(order, cents, of_portal=True, how=reason, now=now)
    if not cents or not may_reverse:
        return
    part = min(cents, room_cents(transfer)) if transfer else 0
    if transfer and part:
        reverse(transfer, part, _why(order), now=now)
    if cents > part:
        debts.charge(order, cents - part, reason=reason, now=now)


def room_cents(transfer: Transfer) -> int:
    """What can still be taken back from a transfer: nothing of one that was not sent."""
    if transfer.status != TransferStatus.SENT:
        return 0
    pending = transfer.reversals.filter(status=TransferStatus.PENDING)
    return (
        transfer.amount_cents
        - transfer.reversed_cents
        - (pending.aggregate(cents=Sum("amount_cents"))["cents"] or 0)
    )


def reverse(transfer: Transfer, cents: int, why: dict[str, Any], *, now: datetime) -> Reversal:
    """Our row, and the effect that takes the money back. ``why``: its cause, and the row behind that."""
    order = transfer.order
    reversal = Reversal.objects.create(
        transfer=transfer,
        key=f"trr:{order.pk}:{transfer.reversals.count() + 1}",
        amount_cents=cents,
        created_at=now,
        **why,
    )
    outbox.put(
        site_id=order.site_id,
        key=reversal.key,
        kind=REVERSAL,
        payload={"reversal": reversal.pk, "order": order.pk},
        now=now,
    )
    return reversal


def net_debts(transfer: Transfer, *, now: datetime) -> None:
    """A share was just sent whole: what its merchant owes the portal is taken back from it at once."""
    left = room_cents(transfer)
    for debt in debts.owed_by(transfer.order.merchant_id):
        part = min(left, -debt.amount_cents)
        if not part:
            return
        reverse(transfer, part, {"cause": ReversalCause.DEBT, "debt": _part_of(debt, part)}, now=now)
        left -= part


def _part_of(debt: Debt, cents: int) -> Debt:
    """A debt of exactly ``cents``, still open: the debt itself, or a row split off it."""
    if -debt.amount_cents == cents:
        return debt
    Debt.objects.filter(pk=debt.pk).update(amount_cents=F("amount_cents") + cents)
    return Debt.objects.create(
        site_id=debt.site_id,
        merchant_id=debt.merchant_id,
        order_id=debt.order_id,
        amount_cents=-cents,
        reason=debt.reason,
        created_at=debt.created_at,
    )


def _why(order: Order) -> dict[str, Any]:
    """What a reversal is for: the order's last refund, else the dispute that was lost."""
    refund = order.refunds.order_by("-pk").first()
    lost = order.checkout.disputes.filter(status="lost").order_by("-pk").first()
    if lost and (refund is None or ledger.lost_cents(order)):
        return {"cause": ReversalCause.DISPUTE, "dispute": lost}
    return {"cause": ReversalCause.REFUND, "refund": refund}
