"""Products, as the search knows them (``settings.SEARCH_SOURCES``), and what they tell of who sells them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, override

from directory.enums import SearchKind
from directory.searching.entries import LOWERED, Entry
from directory.still_true import periods_of
from shop import on_shelves
from shop.enums import ProductKind, ProductStatus
from shop.models import DeliveryZone, Product, ProductPhoto, ShippingRate

WORTH_IN_STOCK, WORTH_PHOTO, WORTH_DESCRIBED, WORTH_ANY = 40, 30, 15, 15
MOST_TITLES = 200
"""Of one merchant's products: who has more is not found by each of them."""


class Products:
    """A ``directory.searching.entries.Source``."""

    def keys(self) -> Iterable[int]:
        return Product.objects.visible().order_by("pk").values_list("pk", flat=True).iterator()

    def entries(self, keys: Sequence[int]) -> Iterable[Entry]:
        rows = Product.objects.visible().filter(pk__in=keys).prefetch_related("tags")
        rows = rows.select_related("merchant__category", "merchant__sector").annotate(
            has_photo=Exists(ProductPhoto.objects.filter(product=OuterRef("pk"))),
            can_be_had=Exists(Product.objects.in_stock().filter(pk=OuterRef("pk"))),
        )
        return [_entry(row) for row in rows.order_by("pk")]

    def visible(self) -> QuerySet[Any]:
        return Product.objects.visible()

    def doubts(self, now: datetime) -> Mapping[int, int]:
        silent = Product.objects.visible().filter(confirmed_at__lte=on_shelves.shelf_since(now))
        return dict.fromkeys(silent.values_list("pk", flat=True), LOWERED)


def _entry(row: Any) -> Entry:
    seller = row.merchant
    tags = " ".join(tag.name for tag in row.tags.all())
    return Entry(
        SearchKind.PRODUCT,
        row.pk,
        row.site_id,
        row.title,
        also=f"{tags} {_kind_words(row)}",
        text=row.description,
        more=f"{seller.name} {seller.category.name} {seller.sector.name}",
        worth=_worth(row),
        doubt=0 if on_shelves.is_vouched(row, timezone.now(), periods_of(row.site_id)) else LOWERED,
        merchant_id=seller.pk,
        category_id=seller.category_id,
        sector_id=seller.sector_id,
        latitude=seller.latitude,
        longitude=seller.longitude,
    )


def _kind_words(row: Any) -> str:
    """French alone is searched: what somebody types in English comes through the synonyms."""
    with override("fr-ca"):
        made = gettext("sur commande, sur mesure") if row.kind == ProductKind.MADE_TO_ORDER else ""
        copied = gettext("à télécharger, numérique") if row.kind == ProductKind.DIGITAL else ""
        alcohol = gettext("alcool") if row.is_alcohol else ""
    return f"{made} {copied} {alcohol} {row.isbn.replace('-', '')}"


def _worth(row: Any) -> int:
    told = (
        (WORTH_IN_STOCK, row.can_be_had),
        (WORTH_PHOTO, row.has_photo),
        (WORTH_DESCRIBED, bool(row.description)),
        (WORTH_ANY, True),
    )
    return sum(points for points, is_told in told if is_told)


def words_of_merchants(keys: Sequence[int]) -> Mapping[int, str]:
    """What these merchants have on their shelves, and whether they bring it (``settings.SEARCH_MERCHANT_WORDS``)."""
    words: dict[int, list[str]] = {}
    titles = Product.objects.visible().filter(merchant__in=keys, status=ProductStatus.PUBLISHED)
    for merchant_id, title in titles.order_by("-created_at", "-pk").values_list("merchant_id", "title"):
        if len(words.setdefault(merchant_id, [])) < MOST_TITLES:
            words[merchant_id].append(title)
    with override("fr-ca"):
        for merchant_id in _who_delivers(keys):
            words.setdefault(merchant_id, []).append(gettext("livraison, livre à domicile"))
    return {merchant_id: " ".join(said) for merchant_id, said in words.items()}


def _who_delivers(keys: Sequence[int]) -> set[int]:
    zones = DeliveryZone.objects.filter(shop__merchant__in=keys, is_active=True)
    rates = ShippingRate.objects.filter(shop__merchant__in=keys)
    return {key for rows in (zones, rates) for key in rows.values_list("shop__merchant_id", flat=True)}
