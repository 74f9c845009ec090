"""The merchants' ledger: double-entry, append-only, one journal for each move of money, written with the move.

The only writer of ``LedgerEntry``. Amounts in cents, credits positive: what stands on ``merchant`` is what the portal
owes that merchant (negative: what the merchant owes). Every function may be called again: a journal is written once.
The caller holds the lock of the order's checkout.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet, Sum

from shop.enums import ChargeModel, LedgerAccount, LedgerKind
from shop.models import Debt, Dispute, LedgerEntry, Order, Refund, Reversal, Transfer

GIVEN_BACK = (LedgerKind.REFUND, LedgerKind.DISPUTE)


def sale(order: Order, *, now: datetime) -> bool:
    """The shopper paid: to whom each cent belongs. Charged directly, all of it is with the merchant already."""
    if order.charge_model == ChargeModel.DIRECT:
        amounts = {LedgerAccount.STRIPE: order.total_cents}
    else:
        amounts = {
            LedgerAccount.MERCHANT: order.merchant_share_cents,
            LedgerAccount.COMMISSION: order.commission_cents,
            LedgerAccount.PORTAL_TAX: order.portal_tax_cents,
        }
    amounts[LedgerAccount.SHOPPER] = -order.total_cents
    return _write(f"sale:{order.pk}", LedgerKind.SALE, order, amounts, now)


def transfer(transfer: Transfer, *, now: datetime) -> bool:
    """A share was sent."""
    amounts = {
        LedgerAccount.MERCHANT: -transfer.amount_cents,
        LedgerAccount.STRIPE: transfer.amount_cents,
    }
    return _write(f"transfer:{transfer.pk}", LedgerKind.TRANSFER, transfer.order, amounts, now)


def refund(refund: Refund, *, now: datetime) -> bool:
    """Money promised back to the shopper: by whom it is borne, in proportion."""
    amounts = _borne(refund.order, refund.amount_cents)
    return _write(f"refund:{refund.pk}", LedgerKind.REFUND, refund.order, amounts, now)


def refund_failed(refund: Refund, *, now: datetime) -> bool:
    """The shopper did not get it after all."""
    return _undo(f"refund:{refund.pk}", f"refund:{refund.pk}:failed", now)


def dispute_lost(dispute: Dispute, order: Order, cents: int, *, now: datetime) -> bool:
    """The bank gave the shopper back so much of one order."""
    amounts = _borne(order, cents)
    return _write(f"dispute:{dispute.pk}:{order.pk}", LedgerKind.DISPUTE, order, amounts, now)


def dispute_won_back(dispute: Dispute, order: Order, *, now: datetime) -> bool:
    """The bank changed its mind after a loss."""
    journal = f"dispute:{dispute.pk}:{order.pk}"
    return _undo(journal, f"{journal}:won", now)


def reversal(reversal: Reversal, *, now: datetime) -> bool:
    """Taken back from one transfer; what it pays may be a debt of another order of the same merchant."""
    journal, order = f"reversal:{reversal.pk}", reversal.transfer.order
    pays = reversal.debt.order if reversal.debt else order
    if _is_written(journal):
        return False
    rows = [
        _entry(journal, LedgerKind.REVERSAL, order, LedgerAccount.STRIPE, -reversal.amount_cents, now),
        _entry(journal, LedgerKind.REVERSAL, pays, LedgerAccount.MERCHANT, reversal.amount_cents, now),
    ]
    LedgerEntry.objects.bulk_create(rows)
    return True


def adjustment(debt: Debt, *, now: datetime) -> bool:
    """A debt was settled by hand, outside Stripe."""
    amounts = {LedgerAccount.MERCHANT: -debt.amount_cents, LedgerAccount.PORTAL: debt.amount_cents}
    return _write(f"adjustment:debt:{debt.pk}", LedgerKind.ADJUSTMENT, debt.order, amounts, now)


def merchant_entries(order: Order) -> QuerySet[LedgerEntry]:
    """What the portal owes the merchant for this order, by the books; in sum negative: the merchant owes it."""
    return LedgerEntry.objects.filter(order=order, account=LedgerAccount.MERCHANT)


def given_back_cents(order: Order) -> int:
    """What the shopper got back of this order, or was promised: refunds that did not fail, and lost disputes."""
    return _sum(order, LedgerAccount.SHOPPER, kinds=GIVEN_BACK)


def lost_cents(order: Order) -> int:
    """What the bank gave back of this order after a dispute."""
    return _sum(order, LedgerAccount.SHOPPER, kinds=(LedgerKind.DISPUTE,))


def _borne(order: Order, cents: int) -> dict[LedgerAccount, int]:
    """Who bears a sum given back: ``floor(share × given back ÷ paid)`` less what was borne before.

    The commission bears what the floors leave, so that an order given back whole leaves nothing with anybody.
    """
    if order.charge_model == ChargeModel.DIRECT:
        return {LedgerAccount.SHOPPER: cents, LedgerAccount.STRIPE: -cents}
    after = given_back_cents(order) + cents
    merchant = _share(order, after, order.merchant_share_cents, LedgerAccount.MERCHANT)
    portal_tax = _share(order, after, order.portal_tax_cents, LedgerAccount.PORTAL_TAX)
    return {
        LedgerAccount.SHOPPER: cents,
        LedgerAccount.MERCHANT: -merchant,
        LedgerAccount.PORTAL_TAX: -portal_tax,
        LedgerAccount.COMMISSION: merchant + portal_tax - cents,
    }


def _share(order: Order, given_back: int, share_cents: int, account: LedgerAccount) -> int:
    return share_cents * given_back // order.total_cents + _sum(order, account, kinds=GIVEN_BACK)


def _sum(order: Order, account: LedgerAccount, *, kinds: tuple[LedgerKind, ...] = ()) -> int:
    entries = LedgerEntry.objects.filter(order=order, account=account)
    if kinds:
        entries = entries.filter(kind__in=kinds)
    return int(entries.aggregate(cents=Sum("amount_cents"))["cents"] or 0)


def _write(
    journal: str, kind: LedgerKind, order: Order, amounts: Mapping[LedgerAccount, int], now: datetime
) -> bool:
    """False when it was written before. The database refuses a journal that does not sum to zero."""
    if _is_written(journal):
        return False
    LedgerEntry.objects.bulk_create(
        _entry(journal, kind, order, account, cents, now) for account, cents in amounts.items() if cents
    )
    return True


def _undo(journal: str, counter: str, now: datetime) -> bool:
    """The same entries the other way round. False when there is nothing to undo, or it was undone."""
    entries = list(LedgerEntry.objects.filter(journal=journal).select_related("order"))
    if not entries or _is_written(counter):
        return False
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            site_id=entry.site_id,
            merchant_id=entry.merchant_id,
            order_id=entry.order_id,
            journal=counter,
            kind=entry.kind,
            account=entry.account,
            amount_cents=-entry.amount_cents,
            at=now,
        )
        for entry in entries
    )
    return True


def _is_written(journal: str) -> bool:
    return LedgerEntry.objects.filter(journal=journal).exists()


def _entry(
    journal: str, kind: LedgerKind, order: Order, account: LedgerAccount, cents: int, now: datetime
) -> LedgerEntry:
    return LedgerEntry(
        site_id=order.site_id,
        merchant_id=order.merchant_id,
        order=order,
        journal=journal,
        kind=kind,
        account=account,
        amount_cents=cents,
        at=now,
    )
