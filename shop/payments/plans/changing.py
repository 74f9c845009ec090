"""Changing what is paid for: another option, no more, or on after all. Nothing is charged or given back for it.

The option changes at once; its price from the next payment on, which is told before. What was changed comes in through
``sync`` alone.
"""

from dataclasses import dataclass
from datetime import datetime

from directory import tiers
from directory.entitlements import IN_ORDER
from directory.enums import Tier
from directory.models import Merchant
from home import audit
from shop.exceptions import ShopError
from shop.models import BillingCustomer, StaysFree, Subscription
from shop.payments.plans import billing, making
from shop.payments.plans.subscribing import NothingToPay
from shop.payments.plans.sync import sync_subscription
from shop.plan_facts import subscription_of

CHANGED, ENDS, GOES_ON, STAYS_FREE = "plan.changed", "plan.ends", "plan.goes_on", "plan.stays_free"


class NotSubscribed(ShopError):
    """There is no subscription that is paid for: nothing to change. What is late is paid first."""


@dataclass(frozen=True, slots=True)
class Change:
    """What changing would mean: from ``next_payment`` on, so many cents a month before taxes."""

    tier: Tier
    before_cents: int
    after_cents: int
    next_payment: datetime | None


def change_to(merchant: Merchant, tier: Tier) -> Change:
    """What a change would mean, before it is made. Raises NotSubscribed, or NothingToPay for an option that is free."""
    row, amount = _in_order(merchant), tiers.prices().get(tier, 0)
    if tier == Tier.LISTING or not amount:
        raise NothingToPay(tier)
    return Change(tier, row.amount_cents, amount, row.current_period_end)


def change(merchant: Merchant, tier: Tier, *, by_id: int, now: datetime) -> None:
    """Pay for that option from the next payment on. Raises as ``change_to`` does, and GatewayError."""
    wish, row = change_to(merchant, tier), _in_order(merchant)
    price = making.price_of(merchant.site_id, tier, wish.after_cents, now=now)
    billing.change_price(row.subscription_id, row.item_id, price, {"tier": str(tier)})
    after = {"option": str(tier), "amount_cents": wish.after_cents}
    before = {"option": row.tier, "amount_cents": row.amount_cents}
    audit.note(CHANGED, merchant, actor_id=by_id, merchant_id=merchant.pk, before=before, after=after)
    sync_subscription(merchant.pk, now=now)


def end(merchant: Merchant, *, by_id: int, now: datetime) -> None:
    """Stop when what is paid is used up. Raises NotSubscribed, GatewayError."""
    _turn(merchant, by_id, now, ends=True)


def go_on(merchant: Merchant, *, by_id: int, now: datetime) -> None:
    """Do not stop after all. Raises NotSubscribed, GatewayError."""
    _turn(merchant, by_id, now, ends=False)


def _turn(merchant: Merchant, by_id: int, now: datetime, *, ends: bool) -> None:
    row = _in_order(merchant)
    billing.end_with_its_period(row.subscription_id, ends=ends)
    audit.note(ENDS if ends else GOES_ON, merchant, actor_id=by_id, merchant_id=merchant.pk)
    sync_subscription(merchant.pk, now=now)


def _in_order(merchant: Merchant) -> Subscription:
    row = subscription_of(merchant.pk)
    if row is None or row.status not in IN_ORDER:
        raise NotSubscribed(merchant.pk)
    return row


def stay_free(merchant: Merchant, *, by_id: int, now: datetime) -> bool:
    """Once the free period is over, be a listing: it is not asked again. False when that was said before."""
    _row, created = StaysFree.objects.get_or_create(
        merchant=merchant, defaults={"site_id": merchant.site_id, "said_by_id": by_id, "said_at": now}
    )
    if created:
        audit.note(STAYS_FREE, merchant, actor_id=by_id, merchant_id=merchant.pk)
    return created


def portal_address(merchant: Merchant, *, return_url: str) -> str:
    """Stripe's page for its card and invoices, made anew each time. Raises NotSubscribed for one that never paid."""
    customer = BillingCustomer.objects.filter(merchant=merchant).exclude(customer_id=None).first()
    if customer is None:
        raise NotSubscribed(merchant.pk)
    site_key = f"{merchant.site_id}:{merchant.site.hostname}"
    return billing.portal_address(str(customer.customer_id), site_key, return_url=return_url)
