"""A shop's open orders in the order in which they are due, by day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from directory.models import Merchant
from home.dates import date_format
from shop.enums import OrderStatus
from shop.models import Order

OPEN = (OrderStatus.PAID, OrderStatus.READY)


@dataclass(frozen=True, slots=True)
class Day:
    """Orders due on one day, the earliest first."""

    on: date
    label: str
    orders: Sequence[Order]


def open_orders(merchant: Merchant) -> QuerySet[Order]:
    """Paid and not handed over, with all that a desk shows of them."""
    rows = Order.objects.filter(merchant=merchant, status__in=OPEN)
    return rows.select_related("checkout", "slot").prefetch_related("lines")


def due_at(order: Order) -> datetime:
    """When its shopper counts on it: the slot, the pick-up time, the promised date, else at once."""
    if order.slot is not None:
        return order.slot.starts_at
    return order.pickup_from or order.promised_at or order.placed_at


def by_day(orders: Iterable[Order], *, now: datetime) -> list[Day]:
    """What was due earlier comes first, under its own day."""

    def day_of(order: Order) -> date:
        return timezone.localdate(due_at(order))

    ranked = sorted(orders, key=lambda order: (due_at(order), order.pk))
    return [Day(day, day_label(day, now=now), list(rows)) for day, rows in groupby(ranked, key=day_of)]


def day_label(day: date, *, now: datetime) -> str:
    today = timezone.localdate(now)
    written = date_format(day, "l j F")
    if day == today:
        return _("Aujourd’hui, %(day)s") % {"day": written}
    if day == today + timedelta(days=1):
        return _("Demain, %(day)s") % {"day": written}
    if day < today:
        return _("En retard depuis le %(day)s") % {"day": written}
    return str(capfirst(written))
