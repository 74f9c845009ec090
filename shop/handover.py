"""The merchant's part after the sale: ready, then handed over. The shopper is told of each once, of the last at most.

« Ready » is said per way of delivery: it waits at the counter, leaves with the shop's own delivery, or by post.
"""

from datetime import datetime

from django.db import transaction

from shop import orders, outbox
from shop.enums import Fulfillment, OrderStatus
from shop.exceptions import ForbiddenMove, ShopError
from shop.models import Order, OutboxMessage

MAIL_READY = "mail.order_ready"
MAIL_HANDED_OVER = "mail.handed_over"


class AgeNotChecked(ShopError):
    """Alcohol is handed over to somebody whose age was looked at."""


@transaction.atomic
def mark_ready(order: Order, *, cause: str, now: datetime) -> bool:
    """It waits at the counter, or leaves: the shopper gets one mail. False when it was ready already.

    Raises ForbiddenMove when the order is past that.
    """
    if not orders.move(order, to=OrderStatus.READY, cause=cause, now=now):
        return False
    _put_mail(order, MAIL_READY, _ready_key(order), now)
    return True


@transaction.atomic
def mark_not_ready(order: Order, *, cause: str, now: datetime) -> bool:
    """« Ready » was pressed by mistake. False when the order is to be prepared already.

    A mail that has not left yet does not leave; one that has is not sent a second time when it is ready again.
    Raises ForbiddenMove from any other status.
    """
    # Held until the end: the edge to « paid » is open to payments too, which this is not.
    status = Order.objects.select_for_update().values_list("status", flat=True).get(pk=order.pk)
    if status == OrderStatus.PAID:
        return False
    if status != OrderStatus.READY:
        raise ForbiddenMove(f"{order.number} is {status}, not ready")
    orders.move(order, to=OrderStatus.PAID, cause=cause, now=now)
    _keep_back_that_it_is_ready(order)
    return True


@transaction.atomic
def mark_fulfilled(order: Order, *, cause: str, now: datetime, age_checked_by: int | None = None) -> bool:
    """Handed over to the shopper, who gets one mail of thanks: files alone need none, their payment told it all.

    False when it was already. Raises ForbiddenMove when that cannot be.

    Alcohol: raises AgeNotChecked unless ``age_checked_by`` names who looked at an identity card; that is recorded.
    """
    if order.adult_required and order.adult_checked_at is None:
        if age_checked_by is None:
            raise AgeNotChecked(f"{order.number} holds alcohol")
        _record_the_check(order, by=age_checked_by, now=now)
    if not orders.move(order, to=OrderStatus.FULFILLED, cause=cause, now=now):
        return False
    if order.fulfillment != Fulfillment.DOWNLOAD:
        _keep_back_that_it_is_ready(order)
        _put_mail(order, MAIL_HANDED_OVER, f"mail:handed_over:{order.pk}", now)
    return True


def hand_over_files(order: Order, *, now: datetime) -> bool:
    """An order of files alone is handed over by its payment. False for any other order."""
    if order.fulfillment != Fulfillment.DOWNLOAD:
        return False
    return mark_fulfilled(order, cause="download", now=now)


def _record_the_check(order: Order, *, by: int, now: datetime) -> None:
    open_to_it = Order.objects.filter(pk=order.pk, adult_checked_at=None)
    open_to_it.exclude(status=OrderStatus.FULFILLED).update(adult_checked_at=now, adult_checked_by=by)
    order.refresh_from_db(fields=["adult_checked_at", "adult_checked_by"])


def _put_mail(order: Order, kind: str, key: str, now: datetime) -> None:
    outbox.put(
        site_id=order.site_id,
        key=key,
        kind=kind,
        recipient=order.checkout.contact_email,
        payload={"order": order.pk},
        now=now,
    )


def _keep_back_that_it_is_ready(order: Order) -> None:
    """That mail, if it has not left: it is not so, or the shopper holds it already."""
    OutboxMessage.objects.filter(key=_ready_key(order), attempts=0, sent_at=None).delete()


def _ready_key(order: Order) -> str:
    return f"mail:ready:{order.pk}"
