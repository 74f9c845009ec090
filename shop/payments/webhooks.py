"""The inbox: Stripe's events are stored once, answered fast, and applied by the worker, at most once each.

An event is a trigger, never a fact: applying it means asking Stripe about the object it names. One whose order
is not known yet waits for it.
"""

import logging
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from home.tenancy import across_portals
from shop.exceptions import BadSignature, GatewayUnavailable
from shop.models import Checkout, CheckoutSession, PaymentIntent, Shop, StripeEvent
from shop.payments import accounts, disputes, gateway, payouts
from shop.payments.plans import healing as plans
from shop.payments.stripe_refunds import MoreThanIsLeft, payment_named, sync_refunds
from shop.payments.sync import sync_checkout

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)


class UnknownObject(LookupError):
    """The event is about something we do not know, or not yet."""


def receive(payload: bytes, signature: str, *, now: datetime) -> bool:
    """Store a signed event. False when it was known already. Raises BadSignature."""
    event = gateway.verified_event(payload, signature, now=now)
    if bool(event.get("livemode")) != settings.STRIPE_LIVE_MODE:
        raise BadSignature("an event of the other mode")
    if not _is_ours(event.get("account") or ""):
        raise BadSignature("an event of an account that is not ours")
    before = StripeEvent.objects.filter(event_id=event["id"]).exists()
    StripeEvent.objects.bulk_create([_row(event, now)], ignore_conflicts=True)
    return not before


def _is_ours(account: str) -> bool:
    """The portal's own, or a merchant's. Of one that we are just opening Stripe tells us again."""
    with across_portals():
        return not account or Shop.objects.filter(stripe_account_id=account).exists()


def _row(event: dict[str, Any], now: datetime) -> StripeEvent:
    about = (event.get("data") or {}).get("object") or {}
    return StripeEvent(
        event_id=event["id"],
        type=event["type"],
        account=event.get("account") or "",
        object_id=str(about.get("id") or ""),
        payload=event,
        received_at=now,
        not_before=now,
    )


def process(*, now: datetime, limit: int = 100) -> int:
    """Apply the events that are due, oldest first; returns how many were applied. Several workers may run it."""
    due = StripeEvent.objects.filter(processed_at=None, not_before__lte=now).order_by("pk")
    return sum(_process_one(pk, now) for pk in list(due.values_list("pk", flat=True)[:limit]))


def _process_one(pk: int, now: datetime) -> bool:
    event = _claim(pk, now)
    if event is None:
        return False
    try:
        _apply(event, now)
    except (UnknownObject, GatewayUnavailable, MoreThanIsLeft) as error:
        _wait(event, error, now)
        return False
    except Exception as error:  # One event that cannot be applied must not hold up those behind it.
        logger.exception("event %s cannot be applied", event.event_id)
        _wait(event, error, now)
        return False
    return bool(StripeEvent.objects.filter(pk=pk, processed_at=None).update(processed_at=now, last_error=""))


@transaction.atomic
def _claim(pk: int, now: datetime) -> StripeEvent | None:
    """One worker gets it; no lock is held while Stripe is asked, and the lease ends by itself if that worker dies."""
    due = StripeEvent.objects.select_for_update(skip_locked=True).filter(
        processed_at=None, not_before__lte=now
    )
    event = due.filter(pk=pk).first()
    if event:
        event.not_before, event.attempts = now + LEASE, event.attempts + 1
        event.save(update_fields=["not_before", "attempts"])
    return event


def _apply(event: StripeEvent, now: datetime) -> None:
    """Types that move nothing of ours are simply done."""
    if _is_of_a_plan(event):
        _sync_plan(event, now)
    elif event.type.startswith("checkout.session."):
        sync_checkout(_checkout_of(event), now=now)
    elif event.type.startswith("charge.dispute."):
        disputes.sync_dispute(_payment_of(event), event.object_id, now=now)
    elif event.type.startswith(("refund.", "charge.refund")):
        sync_refunds(_payment_of(event), now=now)
    elif event.type.startswith(("account.", "capability.", "v2.core.account")):
        if account := _account_of(event):
            accounts.refresh(account)
    elif event.type.startswith("payout.") and event.account:
        payouts.sync(event.object_id, account=event.account)


def _is_of_a_plan(event: StripeEvent) -> bool:
    """About what merchants pay the portal: subscriptions, their invoices, the pages where they begin."""
    is_page = event.type.startswith("checkout.session.") and _about(event).get("mode") == "subscription"
    return is_page or event.type.startswith(("customer.subscription.", "invoice."))


def _sync_plan(event: StripeEvent, now: datetime) -> None:
    """Found by the customer; on the portal's own account, and no other."""
    customer = _about(event).get("customer")
    if event.account or plans.sync_of_customer(str(customer or ""), now=now) is None:
        raise UnknownObject(f"{event.type} {event.object_id}")


def _about(event: StripeEvent) -> dict[str, Any]:
    about: dict[str, Any] = (event.payload.get("data") or {}).get("object") or {}
    return about


def _checkout_of(event: StripeEvent) -> int:
    """Found by the session, else by the reference it carries; on the account that charges it, and no other."""
    with across_portals():
        session = (
            CheckoutSession.objects.filter(session_id=event.object_id).select_related("checkout").first()
        )
        reference = _reference(event)
        checkout = Checkout.objects.filter(public_id=reference).first() if reference else None
    found = session.checkout if session else checkout
    if found is None or found.account != event.account:
        raise UnknownObject(f"{event.type} {event.object_id}")
    return int(found.pk)


def _payment_of(event: StripeEvent) -> PaymentIntent:
    """Of a charge, a refund or a dispute; on the account that charged it, and no other."""
    about = event.payload["data"]["object"]
    names = [str(about.get(name) or "") for name in ("payment_intent", "charge", "id")]
    payment = payment_named(names[0], names[1] or names[2], account=event.account)
    if payment is None:
        raise UnknownObject(f"{event.type} {event.object_id}")
    return payment


def _account_of(event: StripeEvent) -> str:
    """The shop's account that an event is about; "" when it is none of ours."""
    related = event.payload.get("related_object") or {}
    about = (event.payload.get("data") or {}).get("object") or {}
    named = (event.account, related.get("id"), about.get("account"), about.get("id"))
    ours = set(accounts.account_ids())
    return next((name for name in named if isinstance(name, str) and name in ours), "")


def _reference(event: StripeEvent) -> uuid.UUID | None:
    """None for a session that another program of the same Stripe account made."""
    try:
        return uuid.UUID(event.payload["data"]["object"].get("client_reference_id") or "")
    except ValueError:
        return None


def _wait(event: StripeEvent, error: Exception, now: datetime) -> None:
    wait = min(FIRST_WAIT * 2 ** min(event.attempts, 12), LONGEST_WAIT)
    StripeEvent.objects.filter(pk=event.pk).update(
        not_before=now + wait,
        last_error=f"{type(error).__name__}: {error}"[:300],
    )
