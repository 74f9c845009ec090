"""A town's books: one record of each kind, written by hand, every text of them marked with the town's canary."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone

from home.tenancy import portal_scope
from shop.enums import (
    DisputeStatus,
    LedgerAccount,
    LedgerKind,
    RefundSource,
    RefundStatus,
    ReversalCause,
    TransferStatus,
)
from shop.models import (
    Checkout,
    Debt,
    Dispute,
    LedgerEntry,
    Order,
    OutboxMessage,
    PaymentIntent,
    Payout,
    PlanInvoice,
    Refund,
    Reversal,
    StripeEvent,
    Subscription,
    Transfer,
)
from tests.portal.towns import Town, place

KINDS: dict[str, type[Model]] = {
    "checkout": Checkout,
    "order": Order,
    "paymentintent": PaymentIntent,
    "refund": Refund,
    "dispute": Dispute,
    "transfer": Transfer,
    "reversal": Reversal,
    "debt": Debt,
    "payout": Payout,
    "ledgerentry": LedgerEntry,
    "subscription": Subscription,
    "planinvoice": PlanInvoice,
    "stripeevent": StripeEvent,
    "outboxmessage": OutboxMessage,
}


@dataclass(frozen=True)
class Books:
    town: Town
    rows: dict[str, Any]

    @property
    def canary(self) -> str:
        return self.town.canary


def keep_books(town: Town, *, n: int = 1) -> Books:
    """The ``n``-th of each record of the town. Paid 40,00 $, half of it given back and disputed."""
    with portal_scope(town.site):
        checkout = place(town)
        Checkout.objects.filter(pk=checkout.pk).update(status="paid", paid_at=timezone.now())
        order = checkout.orders.select_related("merchant__shop").get()
        Order.objects.filter(pk=order.pk).update(status="paid", refunded_cents=20_00)
        rows = {"checkout": checkout, "order": order, **of_shopper(town, checkout, order, n)}
        rows |= of_merchant(town, order, rows["refund"], n)
        rows |= of_plan(town, n)
        rows |= of_machinery(town, rows["paymentintent"], n)
    for row in rows.values():
        row.refresh_from_db()
    return Books(town, rows)


def of_shopper(town: Town, checkout: Checkout, order: Order, n: int) -> dict[str, Any]:
    now = timezone.now()
    return {
        "paymentintent": PaymentIntent.objects.create(
            checkout=checkout, payment_intent_id=f"pi_{town.canary}_{n}", charge_id=f"ch_{town.canary}_{n}",
            amount_cents=40_00, status="succeeded", payment_method="visa 4242", created_at=now,
        ),
        "refund": Refund.objects.create(
            order=order, refund_id=f"re_{town.canary}_{n}", source=RefundSource.STAFF, actor=town.owner,
            items_cents=20_00, amount_cents=20_00, status=RefundStatus.SUCCEEDED, reason=f"retour {town.canary}",
            created_at=now,
        ),
        "dispute": Dispute.objects.create(
            checkout=checkout, dispute_id=f"dp_{town.canary}_{n}", charge_id=f"ch_{town.canary}_{n}",
            amount_cents=40_00, reason="product_not_received", status=DisputeStatus.NEEDS_RESPONSE,
            evidence_due_by=now + timedelta(days=7), created_at=now,
        ),
    }  # fmt: skip


def of_merchant(town: Town, order: Order, refund: Refund, n: int) -> dict[str, Any]:
    now, shop = timezone.now(), order.merchant.shop
    transfer = Transfer.objects.create(
        order=order, transfer_id=f"tr_{town.canary}_{n}", destination=shop.stripe_account_id, sent_at=now,
        amount_cents=40_00, reversed_cents=10_00, status=TransferStatus.SENT, created_at=now,
    )  # fmt: skip
    sides = ((LedgerAccount.SHOPPER, -40_00), (LedgerAccount.MERCHANT, 40_00))
    entries = [
        LedgerEntry.objects.create(
            site=town.site, merchant=order.merchant, order=order, journal=f"sale:{town.canary}:{n}",
            kind=LedgerKind.SALE, account=account, amount_cents=cents, at=now,
        )
        for account, cents in sides
    ]  # fmt: skip
    return {
        "transfer": transfer,
        "reversal": Reversal.objects.create(
            transfer=transfer, key=f"trr:{town.canary}:{n}", reversal_id=f"trr_{town.canary}_{n}", refund=refund,
            cause=ReversalCause.REFUND, amount_cents=10_00, status=TransferStatus.SENT, created_at=now,
        ),
        "debt": Debt.objects.create(
            site=town.site, merchant=order.merchant, order=order, amount_cents=-10_00,
            reason=f"solde insuffisant {town.canary}", created_at=now,
        ),
        "payout": Payout.objects.create(
            shop=shop, payout_id=f"po_{town.canary}_{n}", amount_cents=30_00, status="in_transit",
            arrival_date=timezone.localdate(), created_at=now,
        ),
        "ledgerentry": entries[1],
    }  # fmt: skip


def of_plan(town: Town, n: int) -> dict[str, Any]:
    """What the merchant paid for its option; the earlier ones are over, for it pays one at a time."""
    now = timezone.now()
    Subscription.objects.filter(merchant=town.merchant).update(status="canceled", ended_at=now)
    subscription = Subscription.objects.create(
        site=town.site,
        merchant=town.merchant,
        subscription_id=f"sub_{town.canary}_{n}",
        status="active",
        tier="transactional",
        amount_cents=39_00,
        current_period_end=now + timedelta(days=30),
        created_at=now,
    )
    return {
        "subscription": subscription,
        "planinvoice": PlanInvoice.objects.create(
            site=town.site, merchant=town.merchant, subscription=subscription, invoice_id=f"in_{town.canary}_{n}",
            number=f"{town.canary}-{n:04}", status="paid", net_cents=39_00, gst_cents=1_95, qst_cents=3_89,
            total_cents=44_84, paid_cents=44_84, issued_at=now,
        ),
    }  # fmt: skip


def of_machinery(town: Town, payment: PaymentIntent, n: int) -> dict[str, Any]:
    now = timezone.now()
    return {
        "stripeevent": StripeEvent.objects.create(
            event_id=f"evt_{town.canary}_{n}", type="charge.refunded", object_id=payment.charge_id, payload={},
            received_at=now, not_before=now, last_error="UnknownObject: nothing yet",
        ),
        "outboxmessage": OutboxMessage.objects.create(
            site=town.site, key=f"re:{town.canary}:{n}", kind="refund", payload={}, created_at=now, not_before=now,
            last_error="GatewayUnavailable: no answer",
        ),
    }  # fmt: skip
