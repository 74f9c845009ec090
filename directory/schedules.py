"""From rows to the pure ``Schedule`` that ``directory.hours`` reasons about."""

import datetime as dt
from collections.abc import Iterable

from directory.hours import Schedule, Span, Spans
from directory.models import Merchant, OpeningHours, SpecialHours


def schedule_of(merchant: Merchant) -> Schedule:
    """Its weekly hours and its special hours (those that a card has read, else all of them)."""
    if hasattr(merchant, "near_special_hours"):
        return schedule_from_rows(merchant.opening_hours.all(), merchant.near_special_hours)
    return schedule_from_rows(merchant.opening_hours.all(), merchant.special_hours.all())


def schedule_from_rows(weekly: Iterable[OpeningHours], special: Iterable[SpecialHours]) -> Schedule:
    """A special row without times closes its date, unless another row of that date opens it."""
    week: dict[int, Spans] = {}
    for row in weekly:
        week[row.weekday] = (*week.get(row.weekday, ()), Span(row.opens, row.closes))
    dates: dict[dt.date, Spans] = {}
    for exception in special:
        dates[exception.date] = (*dates.get(exception.date, ()), *_spans(exception))
    return Schedule(weekly=week, special=dates)


def _spans(row: SpecialHours) -> Spans:
    if row.opens is None or row.closes is None:
        return ()
    return (Span(row.opens, row.closes),)
