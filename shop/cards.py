"""Products as lists show them: joined to their merchant, with price range, stock, unit price and first photo.

However many products, a card costs no query of its own: three dress them all, and one more their foods.
"""

from collections.abc import Iterable, Sequence

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.urls import reverse

from home.compiled import Compiled, Ints
from home.models import CustomImage
from home.renditions import prefetch_renditions
from shop.enums import ProductKind
from shop.models import Product, ProductPhoto, Variant
from shop.unit_prices import unit_price_text


def product_cards(queryset: QuerySet[Product]) -> list[Product]:
    """The products of ``queryset`` (a ProductQuerySet), in its order, dressed."""
    return dressed(queryset.for_cards())  # type: ignore[attr-defined]


def dressed(products: Iterable[Product]) -> list[Product]:
    """Add ``url``, ``photo``, ``photo_alt``, price range, ``unit_price``, ``in_stock``, sector and category marks."""
    return dress_all(list(products))


def dress_all(rows: list[Product], *, also: Sequence[CustomImage] = ()) -> list[Product]:
    """The same, with the renditions of ``also`` read by the query that reads those of the photos."""
    prefetch_photos(rows, also=also)
    _read_measures(rows)
    for product in rows:
        _dress(product)
    return rows


def prefetch_photos(products: Iterable[Product], *, also: Sequence[CustomImage] = ()) -> None:
    """The products' photos in their order, with their renditions and those of ``also``: two queries, one if none."""
    rows = list(products)
    _PHOTOS.prefetch(rows, "photos")
    images = [photo.image for product in rows for photo in product.photos.all()]
    prefetch_renditions([*images, *also])


_PHOTOS = Compiled(
    lambda parents: (
        ProductPhoto.objects.filter(product__id__any_of=parents)
        .select_related("image")
        .order_by("sort_order", "pk")
    ),
    parents=Ints,
)


def _read_measures(rows: Sequence[Product]) -> None:
    """Foods show a unit price: their offered variants are read, in one query."""
    foods = [product for product in rows if product.is_food]
    variants = Variant.objects.filter(is_active=True).order_by("price_cents", "pk")
    prefetch_related_objects(foods, Prefetch("variants", variants, to_attr="measured_variants"))


def _dress(product: Product) -> None:
    photos = list(product.photos.all())
    product.photo = photos[0].image if photos else None
    product.photo_alt = photos[0].alt if photos else ""
    product.url = product_url(product)
    product.has_price_range = product.from_price_cents != product.to_price_cents
    product.in_stock = bool(product.units_left) or _has_no_shelf(product)
    product.unit_price = _unit_price(product)
    product.sector_slug = product.merchant.sector.slug
    product.sector_color = product.merchant.sector.color
    product.category_icon = product.merchant.category.icon


def _has_no_shelf(product: Product) -> bool:
    """Made to order or copied: one may have it as long as some variant is offered."""
    return product.kind != ProductKind.STOCKED and product.from_price_cents is not None


def _unit_price(product: Product) -> str:
    """Of the variant whose price the card shows."""
    first = next(iter(product.measured_variants), None) if product.is_food else None
    return unit_price_text(product, first) if first else ""


def product_url(product: Product) -> str:
    return reverse("shop:product", args=[product.merchant.slug, product.slug])
