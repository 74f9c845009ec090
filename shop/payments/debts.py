"""What could not be sent to a merchant (positive), or not be taken back from it (negative), and how it was settled.

One row is one debt; a part that is settled becomes a row of its own. Netting: what a merchant owes is taken back from
its next transfer, right after that was sent whole. The caller holds the lock of the order's checkout.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from shop import ledger
from shop.enums import TransferStatus
from shop.exceptions import ForbiddenMove
from shop.models import Debt, Order, Reversal

HOW_LENGTH, REASON_LENGTH = 120, 300


def owe(order: Order, cents: int, *, reason: str, now: datetime) -> Debt:
    """The portal owes the merchant so much for this order; added to what it owes already."""
    debt = open_debts(order).filter(amount_cents__gt=0).first()
    if debt:
        debt.amount_cents += cents
        debt.save(update_fields=["amount_cents"])
        return debt
    return _create(order, cents, reason, now)


def charge(order: Order, cents: int, *, reason: str, now: datetime) -> Debt:
    """The merchant owes the portal so much."""
    return _create(order, -cents, reason, now)


def forgive(order: Order, cents: int, *, of_portal: bool, how: str, now: datetime) -> int:
    """Settle up to ``cents`` of the order's open debts, the portal's or the merchant's; returns what was settled.

    Debts that a reversal is taking back at this moment are left to it.
    """
    owed = Q(amount_cents__gt=0) if of_portal else Q(amount_cents__lt=0)
    left = cents
    for debt in _at_rest(open_debts(order).filter(owed).select_for_update(of=("self",))):
        part = min(left, abs(debt.amount_cents))
        if part:
            settle_part(debt, part, how=how, now=now)
            left -= part
    return cents - left


def settle_part(debt: Debt, cents: int, *, how: str, now: datetime) -> Debt:
    """Of one debt ``cents`` are settled (all of it, or a part that becomes a row of its own): that row."""
    sign = 1 if debt.amount_cents > 0 else -1
    rest = abs(debt.amount_cents) - cents
    if rest:
        debt.amount_cents = sign * rest
        debt.save(update_fields=["amount_cents"])
        return Debt.objects.create(
            site_id=debt.site_id,
            merchant_id=debt.merchant_id,
            order_id=debt.order_id,
            amount_cents=sign * cents,
            reason=debt.reason,
            created_at=debt.created_at,
            settled_at=now,
            settled_how=how[:HOW_LENGTH],
        )
    debt.settled_at, debt.settled_how = now, how[:HOW_LENGTH]
    debt.save(update_fields=["settled_at", "settled_how"])
    return debt


@transaction.atomic
def settle_by_hand(debt: Debt, *, how: str, now: datetime) -> None:
    """Paid outside Stripe, or written off: the whole debt, with its adjustment in the ledger.

    Raises ForbiddenMove when it was settled meanwhile, or while a reversal is taking it back.
    """
    row = Debt.objects.select_for_update(of=("self",)).select_related("order").get(pk=debt.pk)
    if row.settled_at is not None or row.reversals.filter(status=TransferStatus.PENDING).exists():
        raise ForbiddenMove(f"debt {debt.pk} is settled, or being settled")
    settle_part(row, abs(row.amount_cents), how=how, now=now)
    ledger.adjustment(row, now=now)


def owed_by(merchant_id: int) -> list[Debt]:
    """What a merchant owes and nothing takes back yet, oldest first; rows another worker holds are left to it."""
    rows = Debt.objects.filter(merchant_id=merchant_id, settled_at=None, amount_cents__lt=0)
    return _at_rest(rows.select_for_update(of=("self",), skip_locked=True))


def open_debts(order: Order) -> QuerySet[Debt]:
    return Debt.objects.filter(order=order, settled_at=None)


def _at_rest(rows: QuerySet[Debt]) -> list[Debt]:
    """Those that no reversal is taking back, oldest first, their rows locked.

    Asked once the rows are held: a statement that waited for a row does not see what was written while it waited.
    """
    held = list(rows.order_by("pk"))
    pending = Reversal.objects.filter(status=TransferStatus.PENDING, debt__in=held)
    taken = set(pending.values_list("debt", flat=True))
    return [debt for debt in held if debt.pk not in taken]


def _create(order: Order, cents: int, reason: str, now: datetime) -> Debt:
    return Debt.objects.create(
        site_id=order.site_id,
        merchant_id=order.merchant_id,
        order=order,
        amount_cents=cents,
        reason=reason[:REASON_LENGTH],
        created_at=now,
    )
