"""Which merchants a story speaks of: those of its merchant blocks, and those who sell what its product blocks show."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from directory.models import Merchant
from editorial.models import StoryMerchant, StoryPage
from home.tenancy import portal_scope
from shop.models import Product


def sync_mentions(page: StoryPage) -> set[int]:
    """Make the story's StoryMerchant rows say what its blocks say; primary keys of the merchants are returned.

    Twice is normal. A merchant of another portal is left out. A story outside every portal mentions nobody.
    """
    site = page.get_site()
    if site is None:
        return set()
    with portal_scope(site), transaction.atomic():
        mentioned = mentioned_merchants(page)
        StoryMerchant.objects.filter(page=page).exclude(merchant__in=mentioned).delete()
        rows = [StoryMerchant(page=page, merchant_id=pk) for pk in sorted(mentioned)]
        StoryMerchant.objects.bulk_create(rows, ignore_conflicts=True)
    return mentioned


def mentioned_merchants(page: StoryPage) -> set[int]:
    """Primary keys of the merchants of the portal in scope that the story's blocks name."""
    keys = set(_chosen(page, "merchant_block", "merchant"))
    products = Product.objects.filter(pk__in=set(_chosen(page, "product_block", "product")))
    keys.update(products.values_list("merchant_id", flat=True))
    return set(Merchant.objects.filter(pk__in=keys).values_list("pk", flat=True))


def _chosen(page: StoryPage, block_type: str, name: str) -> Iterator[int]:
    """The keys stored in blocks of one type, without reading the rows."""
    for block in page.body.raw_data:
        value: Any = block["value"].get(name) if block["type"] == block_type else None
        if isinstance(value, int):
            yield value
