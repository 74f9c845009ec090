"""What a product's page shows: price, measure, deposit and tax, the shop and its hours, when one can have it."""

from datetime import datetime
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.cards import dressed as dressed_merchants
from directory.models import Merchant
from home.compiled import Compiled
from home.models import PortalSettings
from shop.cards import dress_all
from shop.choices import Choice, choices_of, gallery, grouped, offered_rows
from shop.delivery import fees_in_words, prefetch_fees
from shop.deposits import deposits_on
from shop.enums import ProductKind, Tax, TaxClass
from shop.models import Product, Shop
from shop.on_shelves import word_to_shopper
from shop.pickup import pickup_sentence, ready_from
from shop.pricing import Collectors, TaxRates, applied_rate
from shop.selling import why_not_sold
from shop.taxes import rates_on, standing_of

MORE_FROM_SHOP = 4


def find(merchant_slug: str, product_slug: str) -> list[Product] | None:
    """A visible product, then the newest others of its shop, in one query; None when shoppers do not see it."""
    found = _OF_SHOP.rows(merchant=merchant_slug, product=product_slug)
    return found if found and found[0].slug == product_slug else None


def _of_shop(merchant: str, product: str) -> QuerySet[Product]:
    wanted = Case(When(slug=product, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows: QuerySet[Product] = Product.objects.visible().filter(merchant__slug=merchant).for_cards()
    return rows.select_related("merchant__shop").order_by(wanted, "-created_at", "-pk")[: 1 + MORE_FROM_SHOP]


_OF_SHOP = Compiled(_of_shop, merchant=str, product=str)


def product_context(
    product: Product, *, settings: PortalSettings, now: datetime, others: list[Product] | None = None
) -> dict[str, Any]:
    """The context of ``shop/product.html`` for a product read with ``for_cards()``; ``others``: as ``find`` found."""
    today = timezone.localdate(now)
    others = _others(product) if others is None else others
    variants = offered_rows(product)
    dress_all([product, *others], also=[v.image for v in variants if v.image])
    merchant = dressed_merchants([product.merchant], moment=now)[0]
    shop = shop_of(merchant)
    deposits = deposits_on(today) if any(variant.container for variant in variants) else {}
    choices = choices_of(product, variants, deposits)
    product.in_stock = any(choice.is_free for choice in choices)
    reason = why_not_sold(product, shop, settings=settings, today=today)
    reason = reason or ("" if product.in_stock else _("Épuisé pour le moment."))
    collectors = standing_of(merchant, today, settings=settings).collectors
    return {
        "product": product,
        "merchant": merchant,
        "photos": gallery(product, choices),
        "choices": choices,
        "choice_groups": grouped(choices),
        "only_choice": choices[0] if len(choices) == 1 else None,
        "tax_note": tax_note(product, collectors, rates_on(today)),
        "made_note": made_note(product),
        "pickup_note": _pickup_note(product, merchant, shop, now),
        "fees_note": _fees_note(product, shop),
        "return_policy": shop.return_policy,
        "shop": shop,
        "can_buy": not reason,
        "cannot_buy_reason": reason,
        "unconfirmed_note": word_to_shopper(product, now),
        "more": others,
    }


def _others(product: Product) -> list[Product]:
    rows = Product.objects.visible().filter(merchant=product.merchant).exclude(pk=product.pk).for_cards()
    return list(rows.order_by("-created_at", "-pk")[:MORE_FROM_SHOP])


def shop_of(merchant: Merchant) -> Shop:
    """The merchant's shop, that knows its merchant; an empty one for who has none yet."""
    shop = getattr(merchant, "shop", None) or Shop(site_id=merchant.site_id)
    shop.merchant = merchant
    return shop


def tax_note(product: Product, collectors: Collectors, rates: TaxRates) -> str:
    """What is added to the shown price on the day of the rates: « plus TPS et TVQ », one of them, or nothing."""
    gst, qst = (
        bool(applied_rate(tax, TaxClass(product.tax_class), rates=rates, collectors=collectors))
        for tax in Tax
    )
    return {
        (True, True): _("plus TPS et TVQ"),
        (True, False): _("plus TPS"),
        (False, True): _("plus TVQ"),
        (False, False): _("sans taxe"),
    }[(gst, qst)]


def made_note(product: Product) -> str:
    """« Fait pour vous en 7 jours », for what is made to order; "" for the rest."""
    if product.kind != ProductKind.MADE_TO_ORDER or not product.made_in_days:
        return ""
    return ngettext(
        "Fait pour vous en %(days)d jour", "Fait pour vous en %(days)d jours", product.made_in_days
    ) % {"days": product.made_in_days}


def _pickup_note(product: Product, merchant: Merchant, shop: Shop, now: datetime) -> str:
    """When one can have it at the shop, told before the basket."""
    if product.kind == ProductKind.DIGITAL:
        return _(
            "À télécharger dès que c’est payé\u00a0: le lien est sur la page de la commande et dans le courriel"
        )
    if not shop.pickup_enabled:
        return ""
    moment = ready_from(merchant, shop, now=now, made_in_days=_days(product), has_alcohol=product.is_alcohol)
    return pickup_sentence(moment, now=now)


def _fees_note(product: Product, shop: Shop) -> str:
    """What having it costs, told before the basket; a file's own sentence says it all."""
    if product.kind == ProductKind.DIGITAL:
        return ""
    prefetch_fees([shop], is_mailed=not product.is_alcohol)
    return fees_in_words(shop, has_alcohol=product.is_alcohol)


def _days(product: Product) -> int:
    return (product.made_in_days or 0) if product.kind == ProductKind.MADE_TO_ORDER else 0


def most_at_once(choices: list[Choice], most: int) -> int:
    """What a browser that checks forms itself lets one ask for; the cart has the last word."""
    return max(1, min(max((choice.units_free for choice in choices), default=0), most))
