"""Products as lists show them: joined to their merchant, with price range, stock and first photo.

However many products, a card costs no query of its own: three queries dress them all.
"""

from collections.abc import Iterable, Sequence

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.urls import reverse

from shop.models import Product, ProductPhoto


def product_cards(queryset: QuerySet[Product]) -> list[Product]:
    """The products of ``queryset`` (a ProductQuerySet), in its order, dressed."""
    return dressed(queryset.for_cards())  # type: ignore[attr-defined]


def dressed(products: Iterable[Product]) -> list[Product]:
    """Add ``url``, ``photo``, ``photo_alt``, ``has_price_range``, ``in_stock``, sector and category marks."""
    rows = list(products)
    _prefetch_photos(rows)
    for product in rows:
        _dress(product)
    return rows


def _prefetch_photos(rows: Sequence[Product]) -> None:
    photos = ProductPhoto.objects.select_related("image").prefetch_related("image__renditions")
    prefetch_related_objects(rows, Prefetch("photos", photos.order_by("sort_order", "pk")))


def _dress(product: Product) -> None:
    photos = list(product.photos.all())
    product.photo = photos[0].image if photos else None
    product.photo_alt = photos[0].alt if photos else ""
    product.url = product_url(product)
    product.has_price_range = product.from_price_cents != product.to_price_cents
    product.in_stock = bool(product.units_left)
    product.sector_slug = product.merchant.sector.slug
    product.sector_color = product.merchant.sector.color
    product.category_icon = product.merchant.category.icon


def product_url(product: Product) -> str:
    return reverse("shop:product", args=[product.merchant.slug, product.slug])
