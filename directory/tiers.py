"""The one writer of ``Merchant.tier`` (what holds) and ``Merchant.chosen_tier`` (what is wanted).

A merchant changes its mind at will, up and down, and loses nothing by it: what a lower option does not show is hidden,
orders and refunds go on, its Stripe account stays. What holds then follows from the facts (``directory.entitlements``):
``settle`` brings the row there, whoever noticed that something changed.

Both take the merchant's row first (``lock``), and read everything else after that: of two at work at once the second
sees what the first one did. What the shop knows of payments comes through ``settings.PLAN_FACTS``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from directory.entitlements import RANK, Entitlement, Facts, Subscribed, entitlement
from directory.enums import Tier
from directory.models import Merchant, Plan
from home import audit
from home.models import PortalSettings
from home.tenancy import unjoined

CHOSEN, ROSE, FELL = "plan.chosen", "plan.rose", "plan.fell"


@dataclass(frozen=True, slots=True)
class Paid:
    """What the shop knows of a merchant: its subscription, and whether its account may be paid."""

    subscription: Subscribed | None = None
    may_be_paid: bool = False


PaidOf = Callable[[int], Paid]
"""By the merchant's primary key, its portal in scope."""


@dataclass(frozen=True, slots=True)
class Move:
    """The tier that held, and what holds now, and why."""

    before: Tier
    now: Entitlement

    @property
    def is_fall(self) -> bool:
        return RANK[self.now.tier] < RANK[self.before]


@transaction.atomic
def choose(merchant: Merchant, tier: Tier, *, by_id: int | None, now: datetime) -> Move | None:
    """The merchant wants that option from now on; what it may have of it holds at once.

    None when the tier that holds stays as it was. The instance in hand is brought up to date.
    """
    lock(merchant)
    if tier != wanted(merchant):
        _note(CHOSEN, merchant, by_id, {"chosen": wanted(merchant)}, {"chosen": str(tier)})
    return _bring(merchant, tier, by_id, now)


@transaction.atomic
def settle(merchant: Merchant, *, now: datetime, by_id: int | None = None) -> Move | None:
    """Bring the tier to what the facts give; None when it stands there already. What is wanted stays."""
    lock(merchant)
    return _bring(merchant, wanted(merchant), by_id, now)


def lock(merchant: Merchant) -> None:
    """Wait for the merchant's row, and read it anew. Orders may be placed meanwhile. Must run in a transaction."""
    row = Merchant.objects.select_for_update(of=("self",), no_key=True).get(pk=merchant.pk)
    for name in ("tier", "chosen_tier", "free_until", "suspended_at", "removed_at"):
        setattr(merchant, name, getattr(row, name))


def wanted(merchant: Merchant) -> Tier:
    return Tier(merchant.chosen_tier or merchant.tier)


def entitlement_of(merchant: Merchant, *, now: datetime) -> Entitlement:
    """What the merchant may do now, whatever its row says."""
    return entitlement(facts_of(merchant), now=now)


def facts_of(merchant: Merchant, *, chosen: Tier | None = None) -> Facts:
    paid_of: PaidOf = import_string(settings.PLAN_FACTS)
    paid = paid_of(merchant.pk)
    return Facts(
        chosen=chosen or wanted(merchant),
        prices=prices(),
        free_until=free_until(merchant),
        subscription=paid.subscription,
        may_be_paid=paid.may_be_paid,
        is_suspended=merchant.is_hidden,
    )


def prices() -> dict[Tier, int]:
    """Cents a month, before taxes, by option, in the portal in scope; one that is not named is free."""
    rows = Plan.objects.values_list("tier", "monthly_price_cents")
    return {Tier(tier): cents for tier, cents in rows}


def free_until(merchant: Merchant) -> date | None:
    """The last free day: the merchant's own, else its portal's. None: no end was set."""
    if merchant.free_until:
        return merchant.free_until
    rows = PortalSettings.objects.filter(site=merchant.site_id)
    found: date | None = rows.values_list("free_until", flat=True).first()
    return found


def _bring(merchant: Merchant, chosen: Tier, by_id: int | None, now: datetime) -> Move | None:
    """The caller holds the row's lock."""
    before, found = Tier(merchant.tier), entitlement(facts_of(merchant, chosen=chosen), now=now)
    kept = {"tier": str(found.tier), "chosen_tier": "" if found.tier == chosen else str(chosen)}
    if kept == {"tier": str(before), "chosen_tier": merchant.chosen_tier}:
        return None
    unjoined(Merchant).filter(pk=merchant.pk).update(**kept)
    merchant.tier, merchant.chosen_tier = kept["tier"], kept["chosen_tier"]
    if found.tier == before:
        return None
    move = Move(before, found)
    after = {"tier": str(found.tier), "why": str(found.standing)}
    _note(FELL if move.is_fall else ROSE, merchant, by_id, {"tier": str(before)}, after)
    return move


def _note(
    action: str, merchant: Merchant, by_id: int | None, before: audit.Facts, after: audit.Facts
) -> None:
    audit.note(action, merchant, actor_id=by_id, merchant_id=merchant.pk, before=before, after=after)
