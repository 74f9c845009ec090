"""Where a merchant's links lead: to what stands in its row, and nowhere else."""

from urllib.parse import urlsplit

from directory.enums import Act, Tier
from directory.merchant_window import directions_url
from directory.models import Merchant

ACTS = (Act.SITE, Act.SHOP, Act.DIRECTIONS)


def stored_address(merchant: Merchant, act: Act) -> str:
    """Empty where the merchant has no such link, or one that no browser should follow."""
    address = _address(merchant, act)
    return address if urlsplit(address).scheme in ("http", "https") else ""


def _address(merchant: Merchant, act: Act) -> str:
    if act == Act.SITE:
        return merchant.website_url
    if act == Act.SHOP:  # of a page that nobody holds, it is shown as well: its merchant may have left for it
        is_shown = merchant.tier == Tier.LINKED_SHOP or not merchant.is_claimed
        return merchant.shop_url if is_shown else ""
    return directions_url(merchant)
