"""What pages of any floor show of the shop."""

from django import template

from directory.models import Merchant
from shop.cards import product_cards
from shop.models import Product

register = template.Library()


@register.simple_tag
def merchant_products(merchant: Merchant, limit: int = 12) -> list[Product]:
    """A merchant's products, newest first; none for a merchant that does not sell here."""
    return product_cards(
        Product.objects.visible().filter(merchant=merchant).order_by("-created_at", "-pk")[:limit]
    )
