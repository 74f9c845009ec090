"""Payouts from a merchant's Stripe balance to its bank, as Stripe tells them, and what its balance holds now."""

from datetime import datetime

from home.tenancy import across_portals, portal_scope
from shop.exceptions import GatewayError
from shop.models import Payout, Shop
from shop.payments import patience, readings
from shop.payments.readings import Balance, PayoutState

ON_THEIR_WAY = ("pending", "in_transit")

PAGE_SECONDS = 2
"""A page that shows a balance waits no longer; it shows the rest without it."""


def note(account_id: str, state: PayoutState) -> bool:
    """Our row as Stripe says; True when that is news. An account of no shop has none."""
    with across_portals():
        shop = Shop.objects.filter(stripe_account_id=account_id).first()
    if shop is None:
        return False
    told = {
        "shop": shop,
        "amount_cents": state.amount_cents,
        "status": state.status[:20],
        "arrival_date": state.arrival_date,
        "failure_message": state.failure_message[:300],
        "created_at": state.created_at,
    }
    with portal_scope(shop.site_id):
        known = Payout.objects.filter(payout_id=state.payout_id)
        if known.filter(**told).exists():
            return False
        Payout.objects.update_or_create(payout_id=state.payout_id, defaults=told)
        return True


def sync(payout_id: str, *, account: str) -> bool:
    """One payout, asked of Stripe. Raises GatewayError."""
    return note(account, readings.payout(payout_id, account=account))


def on_their_way(*, before: datetime) -> list[tuple[str, str]]:
    """Payouts made before then that are not at the bank yet as far as we know, each with its account."""
    with across_portals():
        rows = Payout.objects.filter(status__in=ON_THEIR_WAY, created_at__lt=before).order_by("pk")
        return list(rows.values_list("payout_id", "shop__stripe_account_id"))


def balance_of(shop: Shop) -> Balance | None:
    """What the shop's account holds, available and pending; None without an account, or when Stripe is silent."""
    if not shop.stripe_account_id:
        return None
    try:
        with patience.at_most(PAGE_SECONDS):
            return readings.balance(account=shop.stripe_account_id)
    except GatewayError:
        return None
