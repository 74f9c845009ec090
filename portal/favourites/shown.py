"""Favourites as pages show them: hours, prices and stock of this moment, and what is not here any more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from directory.cards import merchant_cards
from directory.models import Merchant
from portal.favourites.models import Favourite
from shop.cards import product_cards
from shop.models import Product


@dataclass(frozen=True, slots=True)
class KeptShop:
    favourite: Favourite
    merchant: Merchant


@dataclass(frozen=True, slots=True)
class KeptProduct:
    """``is_offered``: one may have it today; else it is sold out, or its shop is away."""

    favourite: Favourite
    product: Product
    is_offered: bool


@dataclass(frozen=True, slots=True)
class Shown:
    shops: tuple[KeptShop, ...]
    products: tuple[KeptProduct, ...]
    gone: tuple[Favourite, ...]
    """What shoppers may not see now: named to whoever kept it, and to nobody else."""

    def __bool__(self) -> bool:
        return bool(self.shops or self.products or self.gone)


def shown(favourites: Iterable[Favourite], *, now: datetime) -> Shown:
    """In their order, however many, in a constant number of queries."""
    rows = list(favourites)
    shops = _shops({row.merchant_id for row in rows if row.merchant_id}, now)
    products = _products({row.product_id for row in rows if row.product_id})
    offered = _offered(products, now)
    return Shown(
        tuple(KeptShop(row, shops[key]) for row in rows if (key := row.merchant_id) and key in shops),
        tuple(
            KeptProduct(row, products[key], key in offered)
            for row in rows
            if (key := row.product_id) and key in products
        ),
        tuple(row for row in rows if row.merchant_id not in shops and row.product_id not in products),
    )


def _shops(keys: set[int], now: datetime) -> dict[int, Merchant]:
    rows = merchant_cards(Merchant.objects.visible().filter(pk__in=keys), moment=now) if keys else []
    return {row.pk: row for row in rows}


def _products(keys: set[int]) -> dict[int, Product]:
    rows = product_cards(Product.objects.visible().filter(pk__in=keys)) if keys else []
    return {row.pk: row for row in rows}


def _offered(products: dict[int, Product], now: datetime) -> set[int]:
    if not products:
        return set()
    rows = Product.objects.filter(pk__in=products).buyable(localdate(now))
    return set(rows.values_list("pk", flat=True))


def visible_thing(kind: str, key: int) -> Merchant | Product | None:
    """What a heart names (« commerce » or « produit »), if shoppers may see it."""
    kinds: dict[str, QuerySet[Merchant] | QuerySet[Product]] = {
        "commerce": Merchant.objects.visible(),
        "produit": Product.objects.visible(),
    }
    return kinds[kind].filter(pk=key).first() if kind in kinds else None


def named(kind: str, key: int) -> Q | None:
    """The favourite that a heart or a row names: a shop's, a product's, or the favourite itself."""
    field = {"commerce": "merchant", "produit": "product", "favori": "pk"}.get(kind)
    return Q(**{field: key}) if field else None
