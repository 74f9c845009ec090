"""From rows to the pure ``Schedule`` that ``directory.hours`` reasons about."""

import datetime as dt
from collections.abc import Iterable

from directory.hours import Schedule, Span, Spans, Vacation
from directory.models import Merchant, OpeningHours, SpecialHours


def schedule_of(merchant: Merchant) -> Schedule:
    """Its weekly hours, its special hours (those that a card has read, else all of them) and its vacation."""
    known = hasattr(merchant, "near_special_hours")
    special = merchant.near_special_hours if known else merchant.special_hours.all()
    return schedule_from_rows(merchant.opening_hours.all(), special, vacation=vacation_of(merchant))


def vacation_of(merchant: Merchant) -> Vacation | None:
    """The days it said it is away: past, present or to come."""
    if merchant.vacation_from is None or merchant.vacation_until is None:
        return None
    return Vacation(merchant.vacation_from, merchant.vacation_until)


def schedule_from_rows(
    weekly: Iterable[OpeningHours], special: Iterable[SpecialHours], *, vacation: Vacation | None = None
) -> Schedule:
    """A special row without times closes its date, unless another row of that date opens it."""
    week: dict[int, Spans] = {}
    for row in weekly:
        week[row.weekday] = (*week.get(row.weekday, ()), Span(row.opens, row.closes))
    dates: dict[dt.date, Spans] = {}
    for exception in special:
        dates[exception.date] = (*dates.get(exception.date, ()), *_spans(exception))
    return Schedule(weekly=week, special=dates, vacation=vacation)


def _spans(row: SpecialHours) -> Spans:
    if row.opens is None or row.closes is None:
        return ()
    return (Span(row.opens, row.closes),)
