"""What a merchant's page brought it, in facts that are counted today. What is not counted is not told."""

from dataclasses import dataclass

from django.db.models import Count, Sum

from directory.models import Merchant
from shop.enums import OrderStatus
from shop.models import Order

KEPT = (OrderStatus.PAID, OrderStatus.READY, OrderStatus.FULFILLED)


@dataclass(frozen=True, slots=True)
class Brought:
    """Orders that were paid and not taken back, and what they came to with taxes, in cents."""

    orders: int
    sales_cents: int


def brought(merchant: Merchant) -> Brought:
    """Since the merchant is in the portal. Contacts join here once they are counted."""
    rows = Order.objects.filter(merchant=merchant, status__in=KEPT)
    sums = rows.aggregate(orders=Count("pk"), total=Sum("total_cents"), back=Sum("refunded_cents"))
    return Brought(sums["orders"], (sums["total"] or 0) - (sums["back"] or 0))
