"""Which merchants a story speaks of: those its blocks name, and those who sell what they show."""

from django.db import transaction

from directory.models import Merchant
from editorial.models import StoryMerchant, StoryPage
from editorial.read_ahead import MERCHANTS, PRODUCTS, keys_in
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
    keys = set(keys_in(page, MERCHANTS))
    products = Product.objects.filter(pk__in=keys_in(page, PRODUCTS))
    keys.update(products.values_list("merchant_id", flat=True))
    return set(Merchant.objects.filter(pk__in=keys).values_list("pk", flat=True))
