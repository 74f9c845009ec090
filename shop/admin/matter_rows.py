"""Which rows of the portal in scope need a hand, sort by sort. One leaves once it stands well: no state of its own.

What was due at ``late`` and is not done is nobody's any more but the staff's: see PATIENCE.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from home.models import AuditEntry
from shop.admin.events import events_of_the_portal
from shop.enums import CheckoutStatus, DisputeStatus, RefundStatus, TransferStatus
from shop.models import (
    Checkout,
    Debt,
    Dispute,
    OutboxMessage,
    Payout,
    Refund,
    StripeEvent,
    Transfer,
)

PATIENCE = timedelta(minutes=10)
"""What the worker does within seconds is nobody's matter before that."""

TO_ANSWER = (DisputeStatus.NEEDS_RESPONSE, DisputeStatus.WARNING_NEEDS_RESPONSE)
CLOSED_BY_HAND = "refund.closed_by_hand"


def disputes(_late: datetime) -> QuerySet[Dispute]:
    """A direct charge's is its merchant's own to answer."""
    rows = Dispute.objects.filter(status__in=TO_ANSWER, checkout__account="")
    return rows.order_by(F("evidence_due_by").asc(nulls_last=True), "pk")


def refused_transfers(_late: datetime) -> QuerySet[Transfer]:
    """Refused by Stripe, and the merchant is still owed the money."""
    owed = Debt.objects.filter(order=OuterRef("order"), settled_at=None, amount_cents__gt=0)
    return Transfer.objects.filter(Exists(owed), status=TransferStatus.FAILED).order_by("created_at", "pk")


def debts(late: datetime) -> QuerySet[Debt]:
    """Open either way, but for the share of a transfer that was refused: that one stands under transfers."""
    refused = refused_transfers(late).order_by().values("order")
    rows = Debt.objects.filter(settled_at=None).exclude(amount_cents__gt=0, order__in=refused)
    return rows.order_by("created_at", "pk")


def failed_refunds(_late: datetime) -> QuerySet[Refund]:
    """Failed, and neither asked again since (the same amount of the same order) nor closed by hand."""
    again = Refund.objects.filter(
        order=OuterRef("order"), amount_cents=OuterRef("amount_cents"), pk__gt=OuterRef("pk")
    )
    closed = AuditEntry.objects.filter(
        action=CLOSED_BY_HAND, object_type="refund", object_id=Cast(OuterRef("pk"), TextField())
    )
    rows = Refund.objects.filter(~Exists(again), ~Exists(closed), status=RefundStatus.FAILED)
    return rows.order_by("created_at", "pk")


def failed_payouts(_late: datetime) -> QuerySet[Payout]:
    """Sent back by the merchant's bank, with no later one that went through."""
    later = Payout.objects.filter(
        shop=OuterRef("shop"), created_at__gt=OuterRef("created_at"), status__in=("paid", "in_transit")
    )
    return Payout.objects.filter(~Exists(later), status="failed").order_by("created_at", "pk")


def stuck_effects(late: datetime) -> QuerySet[OutboxMessage]:
    """Given up, failed when last tried, or due for so long that no worker can be running."""
    waiting = OutboxMessage.objects.filter(sent_at=None)
    overdue = Q(not_before__lt=late)
    return waiting.filter(Q(given_up_at__isnull=False) | ~Q(last_error="") | overdue).order_by("pk")


def stuck_events(late: datetime) -> QuerySet[StripeEvent]:
    overdue = Q(received_at__lt=late)
    rows = events_of_the_portal().filter(~Q(last_error="") | overdue, processed_at=None)
    return rows.defer("payload").order_by("pk")


def stuck_checkouts(late: datetime) -> QuerySet[Checkout]:
    """Open past their time, or let go although a payment of theirs succeeded."""
    overdue = Q(status=CheckoutStatus.OPEN, expires_at__lt=late)
    paid = Q(
        status__in=(CheckoutStatus.CANCELED, CheckoutStatus.EXPIRED), payment_intents__status="succeeded"
    )
    return Checkout.objects.filter(overdue | paid).distinct().order_by("pk")
