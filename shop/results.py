"""What the sales of a period came to, as the ledger tells it: the one source of such figures.

A sale counts in the period in which it was paid; what is given back debits the period in which it was given back. So
a month that is over never changes, and the months of a year add up to the year.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncDate, TruncMonth
from django.utils import timezone

from directory.enums import Source
from directory.models import Merchant
from home.periods import Period, town_day
from shop.enums import LedgerAccount, LedgerKind
from shop.models import LedgerEntry

GIVEN_BACK = (LedgerKind.REFUND, LedgerKind.DISPUTE)
SOLD_OR_GIVEN_BACK = (LedgerKind.SALE, *GIVEN_BACK)
WITH_MERCHANT = (LedgerAccount.MERCHANT, LedgerAccount.STRIPE)
"""A share that the portal holds for the merchant, or what was charged on the merchant's own account."""


@dataclass(frozen=True, slots=True)
class Sales:
    """``orders``: paid in the period. Amounts in cents, taxes included.

    ``charged_cents``: what shoppers paid. ``given_back_cents``: what they got back, or were promised, by refunds and
    lost disputes. ``reached_cents``: what belongs to merchants of it all, commissions and taxes that the portal remits
    taken off, and the part of what was given back that they bore; negative where more was given back than sold.
    """

    orders: int = 0
    charged_cents: int = 0
    given_back_cents: int = 0
    reached_cents: int = 0

    @property
    def kept_cents(self) -> int:
        """What shoppers paid and did not get back."""
        return self.charged_cents - self.given_back_cents

    def __add__(self, other: Self) -> "Sales":
        return Sales(
            self.orders + other.orders,
            self.charged_cents + other.charged_cents,
            self.given_back_cents + other.given_back_cents,
            self.reached_cents + other.reached_cents,
        )

    @classmethod
    def of_all(cls, parts: Iterable["Sales"]) -> "Sales":
        return sum(parts, Sales())


def sales(period: Period) -> Sales:
    """Of the whole portal in scope. One query."""
    return _sales(entries_of(period).aggregate(**_SUMS))


def sales_of(merchant: Merchant, period: Period | None = None) -> Sales:
    """Of one merchant; without a period, since it is in the portal. One query."""
    return _sales(entries_of(period).filter(merchant=merchant).aggregate(**_SUMS))


def sales_by_merchant(period: Period) -> dict[int, Sales]:
    """By the primary key of each merchant with a sale or a refund in the period. One query."""
    rows = entries_of(period).order_by().values_list("merchant_id").annotate(**_SUMS)
    return {merchant: _sales(dict(zip(_SUMS, sums, strict=True))) for merchant, *sums in rows}


def sales_by_credit(period: Period) -> dict[tuple[Source, int], Sales]:
    """By what led to the orders: a source, and the primary key of its page, 0 for one that has none. One query.

    What is given back of such an order debits the same page, in the period in which it is given back.
    """
    rows = _credited(period).order_by().values_list("order__credit_source", "order__credit_id")
    return {
        (Source(source), page): _sales(dict(zip(_SUMS, sums, strict=True)))
        for source, page, *sums in rows.annotate(**_SUMS)
    }


def sales_of_credit(source: Source, page_id: int, period: Period | None = None) -> Sales:
    """What one page led to; without a period, since it was published. One query."""
    rows = _credited(period).filter(order__credit_source=source, order__credit_id=page_id)
    return _sales(rows.aggregate(**_SUMS))


def _credited(period: Period | None) -> QuerySet[LedgerEntry]:
    return entries_of(period).filter(order__credit_source__in=Source.credited())


def sales_by_day(merchant: Merchant, period: Period) -> dict[dt.date, Sales]:
    """Of one merchant, for each day of the town with a sale or a refund. One query."""
    day = TruncDate("at", tzinfo=timezone.get_default_timezone())
    rows = entries_of(period).filter(merchant=merchant).order_by().annotate(day=day).values_list("day")
    return {day: _sales(dict(zip(_SUMS, sums, strict=True))) for day, *sums in rows.annotate(**_SUMS)}


def sellers(period: Period) -> int:
    """How many merchants had an order paid in the period. One query."""
    sold = entries_of(period).filter(kind=LedgerKind.SALE, account=LedgerAccount.SHOPPER)
    return int(sold.aggregate(merchants=Count("merchant", distinct=True))["merchants"])


def sales_by_month(period: Period) -> dict[Period, dict[tuple[int, str], Sales]]:
    """By month of the calendar, then by merchant and what its orders are credited to (a ``Source``, or empty).

    Only what is in the period, also where it does not hold a month whole. One query.
    """
    months: dict[Period, dict[tuple[int, str], Sales]] = {month: {} for month in period.months}
    rows = entries_of(period).order_by().annotate(month=TruncMonth("at"))
    for first, merchant, source, *sums in rows.values_list(
        "month", "merchant_id", "order__credit_source"
    ).annotate(**_SUMS):
        found = _sales(dict(zip(_SUMS, sums, strict=True)))
        months[Period.month_of(town_day(first))][merchant, source or ""] = found
    return months


def first_day() -> dt.date | None:
    """Of the first sale; None before it. One query."""
    at = entries_of().aggregate(at=Min("at"))["at"]
    return town_day(at) if at else None


def entries_of(period: Period | None = None) -> QuerySet[LedgerEntry]:
    """The moves of money that are sales, or give back what was sold; transfers and settlements are not."""
    entries = LedgerEntry.objects.filter(kind__in=SOLD_OR_GIVEN_BACK)
    return entries.filter(at__gte=period.starts_at, at__lt=period.ends_at) if period else entries


def _sales(sums: Mapping[str, int | None]) -> Sales:
    return Sales(
        orders=sums["orders"] or 0,
        charged_cents=-(sums["charged"] or 0),
        given_back_cents=sums["given_back"] or 0,
        reached_cents=sums["reached"] or 0,
    )


_OF_SHOPPER = Q(account=LedgerAccount.SHOPPER)
_SUMS = {
    "orders": Count("order", filter=_OF_SHOPPER & Q(kind=LedgerKind.SALE)),
    "charged": Sum("amount_cents", filter=_OF_SHOPPER & Q(kind=LedgerKind.SALE)),
    "given_back": Sum("amount_cents", filter=_OF_SHOPPER & Q(kind__in=GIVEN_BACK)),
    "reached": Sum("amount_cents", filter=Q(account__in=WITH_MERCHANT)),
}
