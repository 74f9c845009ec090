"""The merchant's part after the sale: ready at the shop, then handed over. The shopper is told once."""

from datetime import datetime

from django.db import transaction

from shop import orders, outbox
from shop.enums import OrderStatus
from shop.models import Order

MAIL_READY = "mail.order_ready"


@transaction.atomic
def mark_ready(order: Order, *, cause: str, now: datetime) -> bool:
    """The bag waits at the counter: the shopper gets one mail. False when it was ready already.

    Raises ForbiddenMove when the order is past that.
    """
    if not orders.move(order, to=OrderStatus.READY, cause=cause, now=now):
        return False
    outbox.put(
        site_id=order.site_id,
        key=f"mail:ready:{order.pk}",
        kind=MAIL_READY,
        recipient=order.checkout.contact_email,
        payload={"order": order.pk},
        now=now,
    )
    return True


def mark_fulfilled(order: Order, *, cause: str, now: datetime) -> bool:
    """Handed over to the shopper. False when it was already. Raises ForbiddenMove when that cannot be."""
    return orders.move(order, to=OrderStatus.FULFILLED, cause=cause, now=now)
