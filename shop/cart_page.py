"""What the cart and the checkout's steps show of a basket."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from directory.cards import dressed as dressed_merchants
from shop.cards import product_url
from shop.carts import MOST_OF_ONE, Basket, BasketGroup, BasketLine
from shop.models import ProductPhoto


def cart_context(basket: Basket) -> dict[str, Any]:
    """``cart_groups`` and ``totals`` for the templates, in a number of queries that rows do not change."""
    _prefetch_photos(basket.lines)
    merchants = {m.pk: m for m in dressed_merchants([group.merchant for group in basket.groups])}
    return {
        "basket": basket,
        "cart_groups": [_shown_group(group, merchants[group.merchant.pk]) for group in basket.groups],
        "totals": {
            "items_cents": basket.items_cents,
            "gst_cents": basket.gst_cents,
            "qst_cents": basket.qst_cents,
            "total_cents": basket.total_cents,
        },
        "problems": basket.problems,
        "is_empty": basket.is_empty,
    }


def _prefetch_photos(lines: Iterable[BasketLine]) -> None:
    products = [line.variant.product for line in lines]
    photos = ProductPhoto.objects.select_related("image").prefetch_related("image__renditions")
    prefetch_related_objects(products, Prefetch("photos", photos.order_by("sort_order", "pk")))


def _shown_group(group: BasketGroup, merchant: Any) -> dict[str, Any]:
    return {
        "merchant": merchant,
        "items": [_shown_line(line) for line in group.lines],
        "order": group.order,
        "taxes": group.taxes,
        "shop": group.shop,
    }


def _shown_line(line: BasketLine) -> dict[str, Any]:
    product = line.variant.product
    photos = list(product.photos.all())
    return {
        "item": line.item,
        "product_title": product.title,
        "variant_title": line.variant.title,
        "product_url": product_url(product),
        "photo": photos[0].image if photos else None,
        "unit_price_cents": line.variant.price_cents,
        "quantity": line.item.quantity,
        "line_total_cents": line.amount_cents,
        "max_quantity": max(1, min(line.units_free, MOST_OF_ONE)),
        "problem": line.problem,
    }
