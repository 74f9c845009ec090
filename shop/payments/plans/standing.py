"""Bringing tiers to what their merchants may have, and telling them by letter when theirs falls or comes back."""

import logging
from datetime import datetime

from django.db import transaction

from directory import tiers
from directory.entitlements import entitlement
from directory.enums import Tier
from directory.models import Merchant, Plan
from directory.tiers import Move
from home.tenancy import across_portals, portal_scope
from shop.payments.plans import letters

logger = logging.getLogger(__name__)


@transaction.atomic
def settle(merchant: Merchant, *, now: datetime) -> Move | None:
    """Bring the tier to what holds, and post the letter that says so. None when it stands there already."""
    move = tiers.settle(merchant, now=now)
    if move:
        letters.tell_moved(merchant, move, now=now)
    return move


def settle_all(*, now: datetime) -> int:
    """Every merchant of every portal whose tier is not what holds now; returns how many moved."""
    return sum(_settle_portal(site_id, now) for site_id in _portals_that_charge())


def _portals_that_charge() -> list[int]:
    """Where some option has a price: elsewhere everything is free."""
    with across_portals():
        rows = Plan.objects.filter(monthly_price_cents__gt=0).order_by("site")
        return list(rows.values_list("site_id", flat=True).distinct())


def _settle_portal(site_id: int, now: datetime) -> int:
    with portal_scope(site_id):
        moved = 0
        for merchant in Merchant.objects.exclude(tier=Tier.LISTING, chosen_tier="").order_by("pk"):
            holds = entitlement(tiers.facts_of(merchant), now=now)
            if holds.tier != merchant.tier:
                moved += settle(merchant, now=now) is not None
        return moved
