"""Who left, and how it counts. ``portal.leaving.departing`` writes it: leaving touches every floor.

A departure that was taken back never happened, as far as figures are concerned. « Graduated »: the merchant sells in
its own shop now, and the portal counts that as a success.
"""

from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet

from directory.enums import DepartureReason
from directory.models import Departure, Merchant
from home.periods import Period, town_day

CAN_BE_UNDONE_FOR = timedelta(days=30)


def left_in(period: Period) -> QuerySet[Departure]:
    """The departures of those days, of the portal in scope, that were not taken back."""
    rows: QuerySet[Departure] = Departure.objects.filter(
        left_at__gte=period.starts_at, left_at__lt=period.ends_at, undone_at=None
    )
    return rows.select_related("merchant")


def graduated_in(period: Period) -> QuerySet[Departure]:
    """Of those days, the merchants that sell in their own shop now."""
    return left_in(period).filter(reason=DepartureReason.GRADUATED)


def counts_in(period: Period) -> dict[DepartureReason, int]:
    """How many left in those days for each reason, none included. One query."""
    rows = left_in(period).order_by().values_list("reason").annotate(times=Count("pk"))
    found = {DepartureReason(reason): times for reason, times in rows}
    return {reason: found.get(reason, 0) for reason in DepartureReason}


def standing(merchant: Merchant) -> Departure | None:
    """The departure that can still be taken back; None for a merchant that is here, or is gone for good."""
    rows = Departure.objects.filter(merchant=merchant, undone_at=None, closed_at=None)
    found: Departure | None = rows.first()
    return found


def last_of(merchant: Merchant) -> Departure | None:
    """How it left last, as far as it did not come back."""
    found: Departure | None = Departure.objects.filter(merchant=merchant, undone_at=None).first()
    return found


def last_day_to_undo(departure: Departure) -> date:
    """A day of the town, included."""
    return town_day(departure.left_at) + CAN_BE_UNDONE_FOR


def can_be_undone(departure: Departure, *, now: datetime) -> bool:
    stands = departure.undone_at is None and departure.closed_at is None
    return stands and town_day(now) <= last_day_to_undo(departure)


def holds_back(merchant: Merchant, user_id: int | None) -> bool:
    """The page of one that left may not be given to that person by a claim.

    As long as its people may come back; and for ever where its goods, orders or account would be given along: then to
    nobody but who left.
    """
    departure = last_of(merchant)
    if departure is None:
        return False
    if departure.closed_at is None:
        return True
    return departure.has_books and departure.left_by_id != user_id
