"""Who gets the money of a purchase: computed from the portal's own commission, never written by hand."""

from typing import Any

from django import template

from home.models import PortalSettings
from home.money import cad

register = template.Library()

PURCHASE_CENTS = 100_00


@register.simple_tag
def share_of_a_purchase(portal: PortalSettings | None) -> dict[str, Any]:
    """Of 100 $ before taxes: what the merchant and the portal get, in words, and as widths of a bar in per cent.

    A merchant with a commission of its own, agreed with the portal, is not told of here.
    """
    bps = 0 if portal is None or portal.merchants_charge_themselves else portal.commission_bps
    kept = PURCHASE_CENTS * bps // 10_000
    return {
        "merchant": cad(PURCHASE_CENTS - kept),
        "portal": cad(kept),
        "percent": f"{(PURCHASE_CENTS - kept) / 100:g}",
        "rest": f"{kept / 100:g}",
    }
