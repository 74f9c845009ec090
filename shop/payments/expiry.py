"""Giving back what nobody paid for: only after Stripe said that the session can no longer be paid."""

import logging
from datetime import datetime

from django.db import DatabaseError

from home.tenancy import across_portals
from shop.enums import CheckoutStatus
from shop.exceptions import ShopError
from shop.models import Checkout
from shop.payments.sync import close_checkout

logger = logging.getLogger(__name__)


def expire_overdue(*, now: datetime) -> int:
    """Close every open checkout past its time; returns how many changed. One that fails waits for the next run."""
    with across_portals():
        overdue = Checkout.objects.filter(status=CheckoutStatus.OPEN, expires_at__lte=now).order_by("pk")
        keys = list(overdue.values_list("pk", flat=True))
    return sum(_expire(pk, now) for pk in keys)


def _expire(pk: int, now: datetime) -> bool:
    try:
        return close_checkout(pk, to=CheckoutStatus.EXPIRED, cause="not paid in time", now=now)
    except (ShopError, DatabaseError) as error:
        logger.warning("checkout %s could not be closed: %s", pk, error)
        return False
