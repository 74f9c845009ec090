"""A story's blocks name merchants and products in many places: all are read together, before the blocks are.

However many blocks, and of however many kinds, the rows of a story cost the same few queries.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from directory.choosers import MerchantChooserBlock
from editorial.choosers import ProductChooserBlock
from editorial.live_blocks import MOST_ON_A_SHELF
from editorial.models import StoryPage
from home.blocks import rows_at_hand
from shop.on_shelves import shown_on_shelves

MERCHANTS = {"merchant_block": "merchant", "shelf_block": "merchant", "place_block": "merchant"}
PRODUCTS = {"product_block": "product", "shelf_block": "products", "recipe_block": "products"}
"""Under which name a block of that type keeps what it speaks of."""


def keys_in(page: StoryPage, names: Mapping[str, str]) -> list[int]:
    """The primary keys that the page's blocks keep under these names, each once, without reading a row."""
    kept = (
        block["value"].get(names[block["type"]]) for block in page.body.raw_data if block["type"] in names
    )
    return list(dict.fromkeys(key for value in kept for key in _keys(value)))


def _keys(value: Any) -> Iterator[int]:
    """Lists may be kept bare, as Wagtail allows."""
    for item in value if isinstance(value, list) else [value]:
        key = item.get("value") if isinstance(item, Mapping) else item
        if isinstance(key, int) and not isinstance(key, bool):
            yield key


def read_blocks(page: StoryPage) -> None:
    """Read what all blocks of the page show; a shelf's merchant gets its ``newest_products``."""
    newest = _newest(_shelf_merchants(page))
    on_shelves = [key for keys in newest.values() for key in keys]
    products = ProductChooserBlock().read([*keys_in(page, PRODUCTS), *on_shelves])
    merchants = MerchantChooserBlock().read(keys_in(page, MERCHANTS))
    with rows_at_hand({"shop.Product": products, "directory.Merchant": merchants}):
        values = [(block.block_type, block.value) for block in page.body]
    for kind, value in values:
        if kind == "shelf_block" and (merchant := value.get("merchant")):
            merchant.newest_products = [products[key] for key in newest.get(merchant.pk, ())]


def _shelf_merchants(page: StoryPage) -> list[int]:
    return keys_in(page, {"shelf_block": "merchant"})


def _newest(merchants: list[int]) -> dict[int, list[int]]:
    """By merchant, the keys of what it sells now, the newest first: as many as a shelf shows."""
    if not merchants:
        return {}
    place = Window(
        RowNumber(), partition_by=F("merchant_id"), order_by=(F("created_at").desc(), F("pk").desc())
    )
    rows = shown_on_shelves(timezone.now()).filter(merchant__in=merchants).annotate(place=place)
    newest: dict[int, list[int]] = {}
    for merchant, key in (
        rows.filter(place__lte=MOST_ON_A_SHELF).order_by("place").values_list("merchant_id", "pk")
    ):
        newest.setdefault(merchant, []).append(key)
    return newest
