"""What each shop's Stripe account may do now. When a capability leaves « active » the shop pauses; products stay."""

from home.tenancy import across_portals, portal_scope
from shop.exceptions import GatewayRefused
from shop.models import Shop
from shop.payments import readings

NO_ACCESS = "account_invalid"
"""Stripe's word for an account that took its leave of the platform."""


def refresh(account_id: str) -> bool:
    """Ask Stripe, write it down. True when something changed. Raises GatewayError."""
    try:
        found = readings.capabilities(account_id)
    except GatewayRefused as refusal:
        if refusal.code != NO_ACCESS:
            raise
        found = readings.Capabilities(transfers="inactive", charges="inactive")
    with across_portals():
        shops = list(Shop.objects.filter(stripe_account_id=account_id))
    return sum(_note(shop, found) for shop in shops) > 0


def _note(shop: Shop, found: readings.Capabilities) -> bool:
    statuses = {"transfers_status": found.transfers[:20], "charges_status": found.charges[:20]}
    with portal_scope(shop.site_id):
        return bool(Shop.objects.filter(pk=shop.pk).exclude(**statuses).update(**statuses))


def account_ids() -> list[str]:
    """Of every shop that has one."""
    with across_portals():
        rows = Shop.objects.exclude(stripe_account_id="").order_by("stripe_account_id")
        return list(rows.values_list("stripe_account_id", flat=True).distinct())
