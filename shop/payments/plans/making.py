"""What Stripe must hold before a merchant can subscribe: itself as a customer, a price, the portal's taxes.

Each is made when it is first needed, from a row of ours that gives it its key, and kept.
"""

from datetime import datetime

from django.utils import timezone

from directory.enums import MembershipRole, Tier
from directory.models import Membership, Merchant
from home.models import PortalSettings
from home.tenancy import unjoined
from shop.enums import Tax, TaxClass
from shop.models import BillingCustomer, PlanPrice, PlanTaxRate
from shop.payments.keys import Key
from shop.payments.plans import billing
from shop.payments.plans.asked import Payer
from shop.taxes import rates_on

LONGEST_NAME, LONGEST_FOOTER = 256, 500
PRODUCT_WORDS = {
    Tier.LINKED_SHOP: "Lien vers votre boutique en ligne",
    Tier.TRANSACTIONAL: "Vente en ligne sur le portail",
}
"""What stands on an invoice: it is kept as it was, in the language of the portal's books."""


def customer_of(merchant: Merchant, *, now: datetime) -> BillingCustomer:
    """The merchant as Stripe's customer, told anew who it is. Raises GatewayError; asked again, it is the same one."""
    row, created = BillingCustomer.objects.get_or_create(
        merchant=merchant, defaults={"site_id": merchant.site_id, "created_at": now}
    )
    payer = payer_of(merchant)
    if row.customer_id:
        billing.update_customer(row.customer_id, payer)
        return row
    key = Key(f"cus:{row.pk}:{int(row.created_at.timestamp())}", is_retry=not created)
    customer_id = billing.create_customer(payer, key, since=row.created_at)
    unjoined(BillingCustomer).filter(pk=row.pk, customer_id=None).update(customer_id=customer_id)
    row.customer_id = customer_id
    return row


def payer_of(merchant: Merchant) -> Payer:
    """Who pays; with the portal's name, address and tax numbers, which each invoice must show."""
    portal = PortalSettings.objects.get(site=merchant.site_id)
    numbers = (("TPS/TVH", portal.gst_number), ("TVQ", portal.qst_number))
    return Payer(
        name=(merchant.legal_name or merchant.name)[:LONGEST_NAME],
        email=merchant.email or next(iter(owner_addresses(merchant)), ""),
        street=merchant.street_address,
        city=merchant.city,
        postal_code=merchant.postal_code,
        notices=tuple((name, number) for name, number in numbers if number),
        footer=" – ".join(filter(None, (portal.brand, portal.postal_address)))[:LONGEST_FOOTER],
        metadata={"merchant": str(merchant.pk), "portal": merchant.site.hostname},
    )


def owner_addresses(merchant: Merchant) -> list[str]:
    """Of the people who decide about its plan."""
    owners = Membership.objects.filter(merchant=merchant, role=MembershipRole.OWNER, user__is_active=True)
    return list(owners.order_by("pk").values_list("user__email", flat=True))


def price_of(site_id: int, tier: Tier, amount_cents: int, *, now: datetime) -> str:
    """The id of Stripe's price of that amount. Raises GatewayError."""
    row, created = PlanPrice.objects.get_or_create(
        tier=tier, amount_cents=amount_cents, site_id=site_id, defaults={"created_at": now}
    )
    if not row.price_id:
        brand = PortalSettings.objects.values_list("brand", flat=True).get(site=site_id)
        row.price_id = billing.create_price(
            f"{PRODUCT_WORDS[tier]} – {brand}",
            amount_cents,
            _key("price", row, created),
            since=row.created_at,
        )
        unjoined(PlanPrice).filter(pk=row.pk, price_id=None).update(price_id=row.price_id)
    return str(row.price_id)


def tax_rates_of(site_id: int, *, now: datetime) -> tuple[str, ...]:
    """The ids of the taxes that the portal charges its merchants today: none for which it has no number."""
    portal = PortalSettings.objects.get(site=site_id)
    rates = rates_on(timezone.localdate(now))
    charged = ((Tax.GST, portal.gst_number), (Tax.QST, portal.qst_number))
    return tuple(
        _tax_rate(site_id, tax, rates[tax, TaxClass.STANDARD], now) for tax, number in charged if number
    )


def _tax_rate(site_id: int, tax: Tax, rate_ppm: int, now: datetime) -> str:
    row, created = PlanTaxRate.objects.get_or_create(
        tax=tax, rate_ppm=rate_ppm, site_id=site_id, defaults={"created_at": now}
    )
    if not row.rate_id:
        row.rate_id = billing.create_tax_rate(tax, rate_ppm, _key("tax", row, created), since=row.created_at)
        unjoined(PlanTaxRate).filter(pk=row.pk, rate_id=None).update(rate_id=row.rate_id)
    return str(row.rate_id)


def _key(kind: str, row: PlanPrice | PlanTaxRate, created: bool) -> Key:  # noqa: FBT001
    """Its time keeps it apart from a row of the same number in another life of the database."""
    return Key(f"{kind}:{row.pk}:{int(row.created_at.timestamp())}", is_retry=not created)
