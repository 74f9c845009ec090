"""The days on which merchants are written to before they have to choose, or before they pay for the first time."""

from datetime import date, datetime

from django.utils import timezone

from directory import tiers
from directory.entitlements import Standing, entitlement
from directory.enums import Tier
from directory.models import Merchant, Plan
from home.tenancy import across_portals, portal_scope
from shop.models import StaysFree
from shop.payments.plans import letters
from shop.plan_facts import subscription_of

BEFORE_THE_END = (30, 14, 7, 3, 0)
BEFORE_PAYING = (30, 14, 7, 3)
"""Of these ``letters.STATED_BEFORE`` carry a value statement: it comes while there is still time to choose."""


def remind_all(*, now: datetime) -> int:
    """Every letter that is due and was not sent; returns how many are new. Late is better than never: one a visit."""
    with across_portals():
        sites = list(
            Plan.objects.filter(monthly_price_cents__gt=0).values_list("site_id", flat=True).distinct()
        )
    return sum(_remind_portal(site_id, now) for site_id in sites)


def _remind_portal(site_id: int, now: datetime) -> int:
    with portal_scope(site_id):
        quiet = set(StaysFree.objects.values_list("merchant_id", flat=True))
        rows = Merchant.objects.exclude(tier=Tier.LISTING, chosen_tier="").filter(
            suspended_at=None, removed_at=None
        )
        return sum(_remind(merchant, quiet, now) for merchant in rows.select_related("site").order_by("pk"))


def _remind(merchant: Merchant, quiet: set[int], now: datetime) -> int:
    facts = tiers.facts_of(merchant)
    holds = entitlement(facts, now=now)
    if holds.standing == Standing.FREE_PERIOD and facts.free_until and merchant.pk not in quiet:
        days = due(facts.free_until, BEFORE_THE_END, now)
        price = facts.prices[facts.chosen]
        return (
            0
            if days is None
            else letters.remind(merchant, facts.free_until, days=days, price_cents=price, now=now)
        )
    if holds.standing == Standing.TRIAL and not holds.is_ending:
        return _remind_of_first_payment(merchant, now)
    return 0


def _remind_of_first_payment(merchant: Merchant, now: datetime) -> int:
    row = subscription_of(merchant.pk)
    if row is None or row.trial_end is None:
        return 0
    days = due(timezone.localdate(row.trial_end), BEFORE_PAYING, now)
    return 0 if days is None else letters.remind_of_first_payment(merchant, row, days=days, now=now)


def due(day: date, before: tuple[int, ...], now: datetime) -> int | None:
    """Which of the reminders is the one for today: the nearest whose time has come. None: too early, or past."""
    left = (day - timezone.localdate(now)).days
    return min((days for days in before if days >= left), default=None) if left >= 0 else None
