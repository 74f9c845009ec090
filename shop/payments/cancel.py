"""A shopper takes an order back, of one merchant: asked and refunded under one lock, the other orders untouched."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from home import audit
from shop.cancellation import why_not_cancelable
from shop.enums import Fulfillment, OrderStatus, RefundSource
from shop.exceptions import ShopError
from shop.models import Order, Refund
from shop.payments import refunds
from shop.payments.locks import lock_order

BY_SHOPPER = gettext_noop("annulée par la personne qui l’a passée")
"""Kept as it stands; each reads it in the language of the page or the mail."""


class NotCancelable(ShopError):
    """``reason`` is for the shopper, in the language in use."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def by_shopper(order: Order, *, now: datetime) -> Refund:
    """Refund all that is left of it. Raises NotCancelable, and nothing was written.

    What is still in the shop goes back on its shelf; what is on its way is written off.
    """
    order = lock_order(order.pk)
    Order.objects.select_for_update().get(pk=order.pk)  # its merchant may be pressing « ready » right now
    order.refresh_from_db()
    if reason := why_not_cancelable(order, now):
        raise NotCancelable(reason)
    before = order.status
    in_the_shop = before == OrderStatus.PAID or order.fulfillment == Fulfillment.PICKUP
    try:
        refund = refunds.request(
            order,
            refunds.Whole(),
            source=RefundSource.SHOPPER,
            reason=BY_SHOPPER,
            restock=in_the_shop,
            now=now,
        )
    except refunds.CannotRefund as refusal:
        raise NotCancelable(refusal.reason) from refusal
    audit.note(
        "order.canceled_by_shopper",
        order,
        actor_id=None,
        merchant_id=order.merchant_id,
        before={"status": before},
        after={"refund": refund.pk, "amount_cents": refund.amount_cents},
    )
    return refund
