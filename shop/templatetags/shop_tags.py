"""What pages of any floor show of the shop."""

from functools import lru_cache

from django import template
from django.db.models import QuerySet

from directory.models import Merchant
from home.compiled import Compiled
from shop.cards import dressed, product_cards
from shop.models import Product

register = template.Library()


@register.simple_tag
def front_products(limit: int = 8) -> list[Product]:
    """The newest products of the portal that one can have now."""
    return dressed(_newest_in_stock(limit).rows())


@lru_cache(maxsize=8)
def _newest_in_stock(limit: int) -> Compiled[Product]:
    def build() -> QuerySet[Product]:
        newest = Product.objects.visible().in_stock().order_by("-created_at", "-pk")[:limit]
        return newest.for_cards()

    return Compiled(build)


@register.simple_tag
def merchant_products(merchant: Merchant, limit: int = 12) -> list[Product]:
    """A merchant's products, newest first; none for a merchant that does not sell here."""
    return product_cards(
        Product.objects.visible().filter(merchant=merchant).order_by("-created_at", "-pk")[:limit]
    )
