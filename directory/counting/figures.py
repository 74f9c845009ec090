"""How often something was done on a portal's pages: the one source of such figures. Days are days of the town."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from django.db.models import Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth

from directory.enums import Act, Source, Subject
from directory.models import DailyCount, Merchant
from home.periods import Period


@dataclass(frozen=True, slots=True)
class Contacts:
    """What was done for a merchant, or for all: ``seen``: its page; ``products_seen`` and ``baskets``: its products."""

    seen: int = 0
    products_seen: int = 0
    calls: int = 0
    directions: int = 0
    site_visits: int = 0
    shop_visits: int = 0
    baskets: int = 0

    @property
    def contacts(self) -> int:
        """Acts that help a merchant without a sale; to have been seen is none."""
        return self.calls + self.directions + self.site_visits + self.shop_visits

    def __add__(self, other: Self) -> "Contacts":
        return Contacts(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    @classmethod
    def of_all(cls, parts: Iterable["Contacts"]) -> "Contacts":
        return sum(parts, Contacts())


def contacts(period: Period) -> Contacts:
    """Of all merchants of the portal in scope. One query."""
    return Contacts(**counts_of(period).filter(merchant__isnull=False).aggregate(**_SUMS))


def contacts_of(merchant: Merchant, period: Period | None = None) -> Contacts:
    """Of one merchant; without a period, since it is counted. One query."""
    return Contacts(**counts_of(period).filter(merchant=merchant).aggregate(**_SUMS))


def contacts_by_merchant(period: Period) -> dict[int, Contacts]:
    """By the primary key of each merchant for whom anything was counted. One query."""
    rows = counts_of(period).filter(merchant__isnull=False).order_by().values_list("merchant_id")
    return {key: Contacts(*sums) for key, *sums in rows.annotate(**_SUMS)}


def contacts_by_day(merchant: Merchant, period: Period) -> dict[dt.date, Contacts]:
    """Of one merchant, for each day on which anything was counted. One query."""
    rows = counts_of(period).filter(merchant=merchant).order_by().values_list("day")
    return {day: Contacts(*sums) for day, *sums in rows.annotate(**_SUMS)}


def contacts_by_source(period: Period, merchant: Merchant | None = None) -> Mapping[Source, int]:
    """Contacts alone, by what led to them; every source is there. One query."""
    rows = counts_of(period).filter(act__in=Act.contacts())
    if merchant is not None:
        rows = rows.filter(merchant=merchant)
    found = dict(rows.order_by().values_list("source").annotate(times=Sum("times")))
    return {source: int(found.get(source, 0)) for source in Source}


def contacts_by_credit(period: Period) -> dict[tuple[Source, int], Contacts]:
    """By what led to them: a source, and the primary key of its page, 0 for one that has none. One query."""
    rows = _credited(period).order_by().values_list("source", "source_id")
    return {(Source(source), page): Contacts(*sums) for source, page, *sums in rows.annotate(**_SUMS)}


def contacts_of_credit(source: Source, page_id: int, period: Period | None = None) -> Contacts:
    """What one page led to; without a period, since it is counted. One query."""
    return Contacts(**_credited(period).filter(source=source, source_id=page_id).aggregate(**_SUMS))


def _credited(period: Period | None) -> QuerySet[DailyCount]:
    return counts_of(period).filter(source__in=Source.credited(), merchant__isnull=False)


def times_seen(subject: Subject, period: Period | None = None, page_id: int | None = None) -> dict[int, int]:
    """Of each page of that kind, or of one, by its primary key, how often it was seen; what nobody saw is left out."""
    rows = counts_of(period).filter(act=Act.SEEN, subject=subject)
    if page_id is not None:
        rows = rows.filter(subject_id=page_id)
    seen = rows.order_by().values_list("subject_id").annotate(times=Sum("times"))
    return {page: int(times) for page, times in seen}


def contacts_by_month(period: Period) -> dict[Period, dict[int, dict[tuple[Act, Source], int]]]:
    """Contacts alone, by month of the calendar, merchant, and what was done from where. One query.

    Only what is in the period, also where it does not hold a month whole.
    """
    months: dict[Period, dict[int, dict[tuple[Act, Source], int]]] = {month: {} for month in period.months}
    by_first_day = {month.first: merchants for month, merchants in months.items()}
    words = {(act.value, source.value): (act, source) for act in Act.contacts() for source in Source}
    rows = counts_of(period).filter(act__in=Act.contacts(), merchant__isnull=False).order_by()
    for first, merchant, act, source, times in (
        rows.annotate(month=TruncMonth("day"))
        .values_list("month", "merchant_id", "act", "source")
        .annotate(sum=Sum("times"))
    ):
        by_first_day[first].setdefault(merchant, {})[words[act, source]] = int(times)
    return months


def pages_seen_by_month(period: Period) -> dict[Period, int]:
    """How often any page of the portal was seen, by month of the calendar. One query."""
    rows = counts_of(period).filter(act=Act.SEEN).order_by().annotate(month=TruncMonth("day"))
    found = dict(rows.values_list("month").annotate(sum=Sum("times")))
    return {month: int(found.get(month.first, 0)) for month in period.months}


def first_day() -> dt.date | None:
    """The first that anything was counted on; None before it. One query."""
    day: dt.date | None = counts_of().aggregate(day=Min("day"))["day"]
    return day


def counts_of(period: Period | None = None) -> QuerySet[DailyCount]:
    rows = DailyCount.objects.all()
    return rows.filter(day__range=(period.first, period.last)) if period else rows


def _times(act: Act, subject: Subject | None = None) -> Coalesce:
    wanted = Q(act=act) if subject is None else Q(act=act, subject=subject)
    return Coalesce(Sum("times", filter=wanted), 0)


_SUMS = {  # in the order of the fields of Contacts
    "seen": _times(Act.SEEN, Subject.MERCHANT),
    "products_seen": _times(Act.SEEN, Subject.PRODUCT),
    "calls": _times(Act.CALL),
    "directions": _times(Act.DIRECTIONS),
    "site_visits": _times(Act.SITE),
    "shop_visits": _times(Act.SHOP),
    "baskets": _times(Act.BASKET),
}
