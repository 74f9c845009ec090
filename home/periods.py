"""Periods of whole days of the town: a day, a week, a month, « the last thirty days », and the one before each.

A day is one of America/Toronto: 25 hours long when clocks are turned back, 23 when they are turned ahead.
"""

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from django.utils import timezone

__all__ = ["Period", "town_day"]


def town_day(moment: dt.datetime) -> dt.date:
    """The day that the town's calendars show at that moment. Raises ValueError for a moment without zone."""
    if timezone.is_naive(moment):
        raise ValueError("A moment needs a time zone")
    return moment.astimezone(timezone.get_default_timezone()).date()


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From ``first`` to ``last``, both included. Raises ValueError where it ends before it begins."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"A period ends before it begins: {self.first} to {self.last}")

    @classmethod
    def month(cls, year: int, month: int) -> Self:
        """Raises ValueError for no month of the calendar."""
        last = calendar.monthrange(year, month)[1]
        return cls(dt.date(year, month, 1), dt.date(year, month, last))

    @classmethod
    def month_of(cls, day: dt.date) -> Self:
        return cls.month(day.year, day.month)

    @classmethod
    def ending(cls, last: dt.date, *, days: int) -> Self:
        """So many days up to ``last``, which is one of them."""
        return cls(last - dt.timedelta(days=days - 1), last)

    @classmethod
    def week_before(cls, day: dt.date) -> Self:
        """The last whole week, from Monday to Sunday, that is over on ``day``."""
        return cls.ending(day - dt.timedelta(days=day.weekday() + 1), days=7)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def starts_at(self) -> dt.datetime:
        """The first moment that is in it."""
        return _midnight(self.first)

    @property
    def ends_at(self) -> dt.datetime:
        """The first moment that is no longer in it."""
        return _midnight(self.last + dt.timedelta(days=1))

    @property
    def is_whole_months(self) -> bool:
        return self.first.day == 1 and (self.last + dt.timedelta(days=1)).day == 1

    @property
    def before(self) -> "Period":
        """What it is compared with: as many whole months for whole months, else as many days, just before it."""
        last = self.first - dt.timedelta(days=1)
        if not self.is_whole_months:
            return Period.ending(last, days=self.days)
        months = _month_number(self.last) - _month_number(self.first) + 1
        year, month = divmod(_month_number(self.first) - months, 12)
        return Period(dt.date(year, month + 1, 1), last)

    @property
    def months(self) -> Iterator["Period"]:
        """Every month of the calendar that has a day in it, whole."""
        for number in range(_month_number(self.first), _month_number(self.last) + 1):
            year, month = divmod(number, 12)
            yield Period.month(year, month + 1)

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    def is_over_on(self, day: dt.date) -> bool:
        return self.last < day


def _month_number(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), timezone.get_default_timezone())
