"""A merchant that leaves pays no more: its plan ends with what is paid; what is late ends at once. Nothing is charged.

An effect of the outbox, for Stripe must be asked. It looks at how the departure stands when it is done, so that one
that was taken back meanwhile ends nothing, in whichever order the two are done.
"""

from datetime import datetime

from directory.entitlements import IN_ORDER, LATE
from directory.models import Departure, Merchant
from shop import outbox
from shop.models import OutboxMessage, Subscription, SubscriptionAttempt
from shop.payments.plans import billing
from shop.payments.plans.sync import sync_subscription
from shop.plan_facts import subscription_of

KIND = "plan.departure"
WAS_ENDING = "plan_was_ending"
"""Whether it had asked for an end by itself: coming back does not take that back."""


def facts_before(merchant: Merchant) -> dict[str, bool]:
    """What ``Departure.before`` keeps of the plan."""
    row = subscription_of(merchant.pk)
    return {WAS_ENDING: row is not None and row.cancel_at is not None}


def put(departure: Departure, *, now: datetime) -> None:
    """The plan follows the departure, or its being taken back; in that one's transaction."""
    word = "back" if departure.undone_at else "left"
    outbox.put(
        site_id=departure.site_id, key=f"{KIND}:{departure.pk}:{word}", kind=KIND, now=now,
        payload={"departure": departure.pk},
    )  # fmt: skip


def send(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler. Raises GatewayError to be tried again."""
    departure = Departure.objects.select_related("merchant").get(pk=message.payload["departure"])
    merchant = departure.merchant
    row = subscription_of(merchant.pk)
    if departure.undone_at is None:
        _close_pages(merchant)
        _end(row)
    elif row is not None and row.status in IN_ORDER and not departure.before.get(WAS_ENDING):
        billing.end_with_its_period(row.subscription_id, ends=False)
    sync_subscription(merchant.pk, now=now)


def _end(row: Subscription | None) -> None:
    if row is not None and row.status in IN_ORDER:
        billing.end_with_its_period(row.subscription_id, ends=True)
    elif row is not None and row.status in LATE:
        billing.end_at_once(row.subscription_id)


def _close_pages(merchant: Merchant) -> None:
    """Nobody subscribes any more on a page that was opened before."""
    open_pages = SubscriptionAttempt.objects.filter(merchant=merchant, closed_at=None)
    for attempt in open_pages.exclude(session_id=None):
        billing.expire_session(str(attempt.session_id))
