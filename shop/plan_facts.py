"""What the shop knows of a merchant's plan, for ``directory.tiers`` (``settings.PLAN_FACTS``)."""

from directory.tiers import Paid
from shop.models import Shop


def paid_of(merchant_id: int) -> Paid:
    """Of the merchant with that primary key, its portal in scope."""
    shop = Shop.objects.filter(merchant=merchant_id).first()
    return Paid(may_be_paid=bool(shop and (shop.can_be_paid or shop.can_charge)))
