"""Opening a merchant's Stripe account: made once; its owner tells Stripe who they are; what it may do is noted.

Stripe asks for papers and the bank on its own pages; nothing of that is kept here.
"""

from typing import Any

from django.utils import timezone

from directory.models import Merchant
from home.models import PortalSettings
from home.tenancy import unjoined
from shop.models import AlcoholPermit, Shop
from shop.payments import accounts, gateway
from shop.payments.keys import Key
from shop.selling import is_charged_direct

RECENT = 100
"""A retry looks among the newest accounts: its own was made moments ago."""

TRANSFERS = {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}
CARDS = {"capabilities": {"card_payments": {"requested": True}}}


def begin(merchant: Merchant, *, email: str, return_url: str, refresh_url: str) -> str:
    """The address where the owner tells Stripe what it wants to know; good once, for some minutes.

    Raises GatewayUnavailable (ask again: the account is made once) or GatewayRefused.
    """
    shop, _made = Shop.objects.get_or_create(merchant=merchant, defaults={"site_id": merchant.site_id})
    account_id = shop.stripe_account_id or _open_account(merchant, shop, email)
    if shop.stripe_account_id and _charges_itself(merchant, shop) and not shop.can_charge:
        _ask_to_charge(account_id)
    return _link(account_id, return_url=return_url, refresh_url=refresh_url)


def _open_account(merchant: Merchant, shop: Shop, email: str) -> str:
    key = Key(f"acct:{shop.pk}:{merchant.site.hostname}", is_retry=True)
    configuration: dict[str, Any] = {"recipient": TRANSFERS}
    if _charges_itself(merchant, shop):
        configuration["merchant"] = CARDS
    wish: Any = {
        "display_name": merchant.name,
        "contact_email": email,
        "dashboard": "express",
        "identity": {"country": "ca"},
        "configuration": configuration,
        "defaults": {
            "currency": gateway.CURRENCY,
            "locales": ["fr-CA"],
            "responsibilities": {"fees_collector": "application", "losses_collector": "application"},
        },
        "metadata": {"key": key.name, "merchant": str(merchant.pk)},
    }
    made = gateway.made_once(
        lambda name: gateway.client().v2.core.accounts.create(wish, {"idempotency_key": name}),
        lambda: gateway.client().v2.core.accounts.list({"limit": RECENT}).data,
        key,
    )
    unjoined(Shop).filter(pk=shop.pk, stripe_account_id="").update(stripe_account_id=made.id)
    return str(made.id)


def _charges_itself(merchant: Merchant, shop: Shop) -> bool:
    """Its choice, its portal's, or the law's: who may sell alcohol carries out the sale."""
    settings = PortalSettings.objects.filter(site=merchant.site_id).first()
    today = timezone.localdate()
    has_alcohol = AlcoholPermit.objects.filter(merchant=merchant, expires_on__gte=today).exists()
    return is_charged_direct(shop, settings, has_alcohol=has_alcohol)


def _ask_to_charge(account_id: str) -> None:
    """Asked for again it stays as it is."""
    wish: Any = {"configuration": {"merchant": CARDS}}
    with gateway.translated_errors():
        gateway.client().v2.core.accounts.update(account_id, wish)


def _link(account_id: str, *, return_url: str, refresh_url: str) -> str:
    addresses = {"return_url": return_url, "refresh_url": refresh_url}
    wish: Any = {
        "account": account_id,
        "use_case": {"type": "account_onboarding", "account_onboarding": addresses},
    }
    with gateway.translated_errors():
        return str(gateway.client().v2.core.account_links.create(wish).url)


def come_back(merchant: Merchant) -> Shop | None:
    """What the account may do now, as Stripe says. None for a merchant without one. Raises GatewayError."""
    shop = Shop.objects.filter(merchant=merchant).exclude(stripe_account_id="").first()
    if shop is not None:
        accounts.refresh(shop.stripe_account_id)
        shop.refresh_from_db()
    return shop
