"""What a product's page shows: price and tax, the shop and its hours, when one can have it."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from directory.cards import dressed as dressed_merchants
from home.models import PortalSettings
from shop.cards import dressed, product_cards
from shop.enums import TaxClass, TaxCollector
from shop.models import Product, Shop
from shop.pickup import pickup_sentence, ready_from
from shop.pricing import Collectors
from shop.selling import why_not_sold
from shop.taxes import sellers_on

MORE_FROM_SHOP = 4


def product_context(product: Product, *, settings: PortalSettings, now: datetime) -> dict[str, Any]:
    """The context of ``shop/product.html`` for a product read with ``for_cards()``."""
    dressed([product])
    merchant = dressed_merchants([product.merchant], moment=now)[0]
    shop = Shop.objects.filter(merchant=merchant).first() or Shop(site_id=product.site_id, merchant=merchant)
    variants = list(product.variants.all())
    reason = why_not_sold(product, shop) or ("" if product.in_stock else _("Épuisé pour le moment."))
    return {
        "product": product,
        "merchant": merchant,
        "photos": list(product.photos.all()),
        "variants": variants,
        "first_variant": next((v.pk for v in variants if v.in_stock), None),
        "tax_note": tax_note(product, _collectors(product, settings, now)),
        "pickup_note": pickup_sentence(ready_from(merchant, shop, now=now), now=now),
        "return_policy": shop.return_policy,
        "can_buy": not reason,
        "cannot_buy_reason": reason,
        "more": _more_from_shop(product),
    }


def _collectors(product: Product, settings: PortalSettings, now: datetime) -> Collectors:
    sellers = sellers_on(timezone.localdate(now), [product.merchant_id], settings=settings)
    return sellers[product.merchant_id].collectors


def tax_note(product: Product, collectors: Collectors) -> str:
    """What is added to the shown price: « plus TPS et TVQ », one of them, or nothing."""
    gst = collectors.gst is not TaxCollector.NONE and product.tax_class != TaxClass.ZERO_RATED
    qst = collectors.qst is not TaxCollector.NONE and product.tax_class == TaxClass.STANDARD
    return {
        (True, True): _("plus TPS et TVQ"),
        (True, False): _("plus TPS"),
        (False, True): _("plus TVQ"),
        (False, False): _("sans taxe"),
    }[(gst, qst)]


def _more_from_shop(product: Product) -> list[Product]:
    others = Product.objects.visible().filter(merchant=product.merchant).exclude(pk=product.pk)
    return product_cards(others.order_by("-created_at", "-pk")[:MORE_FROM_SHOP])
