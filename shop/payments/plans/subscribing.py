"""Subscribing on Stripe's hosted page. Our row comes first: a double click, or a second tab, finds the same page.

What was subscribed comes in through ``sync`` alone.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from directory import tiers
from directory.enums import Tier
from directory.models import Merchant
from shop.exceptions import GatewayRefused, ShopError
from shop.models import StaysFree, Subscription, SubscriptionAttempt
from shop.models.plans import OVER
from shop.payments.keys import Key
from shop.payments.plans import billing, making
from shop.payments.plans.asked import PlanSessionRequest, PlanSessionState
from shop.payments.plans.sync import sync_subscription
from shop.payments.sessions import portal_url

OPEN_FOR = timedelta(minutes=31)
LEAST_TRIAL = timedelta(hours=49)
"""Stripe wants 48 hours; what is left of an hour is spent on the page. With less the first month is paid today."""

NEVER_BEGUN = ("incomplete",)


class NothingToPay(ShopError):
    """That option is free, here or for now without an end: there is nothing to subscribe to."""


class AlreadySubscribed(ShopError):
    """The merchant pays already: it changes its subscription, it does not take a second one."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What subscribing now means. ``first_payment``: when; None: today."""

    tier: Tier
    amount_cents: int
    first_payment: datetime | None


def terms_of(merchant: Merchant, tier: Tier, *, now: datetime) -> Terms:
    """Raises NothingToPay."""
    amount, free_until = tiers.prices().get(tier, 0), tiers.free_until(merchant)
    if tier == Tier.LISTING or not amount or free_until is None:
        raise NothingToPay(tier)
    end = end_of(free_until)
    return Terms(tier, amount, end if end - now >= LEAST_TRIAL else None)


def end_of(day: date) -> datetime:
    """The midnight that ends it, in the portal's time."""
    return datetime.combine(day + timedelta(days=1), time(), timezone.get_default_timezone())


def subscribe(merchant: Merchant, tier: Tier, *, by_id: int, now: datetime) -> str:
    """The address of the page where the merchant subscribes to that option; the same one when asked again.

    Raises NothingToPay, AlreadySubscribed, GatewayUnavailable (ask again: nothing is made twice) or GatewayRefused.
    """
    terms = terms_of(merchant, tier, now=now)
    if SubscriptionAttempt.objects.filter(merchant=merchant, closed_at=None).exists():
        sync_subscription(merchant.pk, now=now)  # Perhaps it was paid a moment ago.
    row, created = _attempt_for(merchant, terms, by_id, now)
    if not row.url:
        row = _open(merchant, row, created=created, now=now)
    return row.url


def _attempt_for(
    merchant: Merchant, terms: Terms, by_id: int, now: datetime
) -> tuple[SubscriptionAttempt, bool]:
    """The open try at these very terms, or a new one; one at other terms is closed first."""
    while True:
        with transaction.atomic():
            other = _same_or_other(merchant, terms)
            if other is None:
                return _new_attempt(merchant, terms, by_id, now), True
            if _is_for(other, terms):
                return other, False
        close(other, now=now)


def _same_or_other(merchant: Merchant, terms: Terms) -> SubscriptionAttempt | None:
    """The open try, whatever it is for. The caller's transaction holds the merchant's row from here on."""
    tiers.lock(merchant)
    if Subscription.objects.filter(merchant=merchant).exclude(status__in=(*OVER, *NEVER_BEGUN)).exists():
        raise AlreadySubscribed(merchant.pk)
    found: SubscriptionAttempt | None = SubscriptionAttempt.objects.filter(
        merchant=merchant, closed_at=None
    ).first()
    return found


def _is_for(row: SubscriptionAttempt, terms: Terms) -> bool:
    return (row.tier, row.amount_cents, row.trial_end) == (
        terms.tier,
        terms.amount_cents,
        terms.first_payment,
    )


def _new_attempt(merchant: Merchant, terms: Terms, by_id: int, now: datetime) -> SubscriptionAttempt:
    StaysFree.objects.filter(merchant=merchant).delete()
    known = SubscriptionAttempt.objects.filter(merchant=merchant).count()
    row: SubscriptionAttempt = SubscriptionAttempt.objects.create(
        site_id=merchant.site_id,
        merchant=merchant,
        attempt=known + 1,
        tier=terms.tier,
        amount_cents=terms.amount_cents,
        trial_end=terms.first_payment,
        started_by_id=by_id,
        created_at=now,
    )
    return row


def _open(
    merchant: Merchant, row: SubscriptionAttempt, *, created: bool, now: datetime
) -> SubscriptionAttempt:
    """Make its page at Stripe; of one that was begun long ago and never made, a new try takes the place."""
    try:
        state = _create(merchant, row, created=created, now=now)
    except GatewayRefused as refusal:
        if refusal.param != "expires_at":
            raise
        _note_closed(row, now)
        terms = Terms(Tier(row.tier), row.amount_cents, row.trial_end)
        row, created = _attempt_for(merchant, terms, row.started_by_id, now)
        state = _create(merchant, row, created=created, now=now)
    SubscriptionAttempt.objects.filter(pk=row.pk).update(session_id=state.session_id, url=state.url)
    row.session_id, row.url = state.session_id, state.url
    return row


def _create(
    merchant: Merchant, row: SubscriptionAttempt, *, created: bool, now: datetime
) -> PlanSessionState:
    base, slug = portal_url(merchant.site), merchant.slug
    customer = making.customer_of(merchant, now=now)
    request = PlanSessionRequest(
        reference=row.idempotency_key,
        customer_id=str(customer.customer_id),
        price_id=making.price_of(merchant.site_id, Tier(row.tier), row.amount_cents, now=now),
        tax_rate_ids=making.tax_rates_of(merchant.site_id, now=now),
        trial_end=row.trial_end,
        success_url=base + reverse("merchant:plan_return", args=[slug]),
        cancel_url=base + reverse("merchant:plan", args=[slug]),
        expires_at=row.created_at + OPEN_FOR,
        metadata={"merchant": str(merchant.pk), "tier": str(row.tier), "attempt": row.idempotency_key},
    )
    key = Key(row.idempotency_key, is_retry=not created)
    return billing.create_session(request, key, since=row.created_at)


def close(row: SubscriptionAttempt, *, now: datetime) -> None:
    """Nobody can subscribe there any more. One where somebody just did is brought in.

    Raises AlreadySubscribed for that one, GatewayError where Stripe does not say.
    """
    state = _closed_state(row, now)
    _note_closed(row, now)
    if state is not None and state.status == "complete":
        sync_subscription(row.merchant_id, now=now)
        raise AlreadySubscribed(row.merchant_id)


def _closed_state(row: SubscriptionAttempt, now: datetime) -> PlanSessionState | None:
    """None: no page was ever made for it, and none can be any more."""
    session_id = row.session_id
    if not session_id:  # Somebody may be making it at this moment: under the same key it is the same one.
        try:
            session_id = _create(row.merchant, row, created=False, now=now).session_id
        except GatewayRefused:
            return None
    return billing.expire_session(session_id)


def _note_closed(row: SubscriptionAttempt, now: datetime) -> None:
    SubscriptionAttempt.objects.filter(pk=row.pk, closed_at=None).update(closed_at=now)
