"""Which period one asks for: a published month in the public address, months in a row on the City's screen."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from home.periods import Period

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
MOST_MONTHS = 24
"""In one report: what is added up stays worked out in a breath."""


def slug(month: Period) -> str:
    """« 2026-10 »."""
    return f"{month.first:%Y-%m}"


def month_of(text: str) -> Period | None:
    """None for what names no month."""
    found = MONTH.fullmatch(text)
    return Period.month(int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class Choice:
    """A month that one may choose; ``url`` is empty where it is a choice of a form."""

    month: Period
    is_chosen: bool = False
    url: str = ""

    @property
    def value(self) -> str:
        return slug(self.month)


def asked_period(first: str, last: str, offered: Sequence[Period]) -> Period | None:
    """From one of the months offered to another, in whichever order they were named; the latest for nothing asked.

    None where a month is named that is not offered, or too many are asked for at once. ``offered``: newest first.
    """
    if not offered:
        return None
    begin = month_of(first) if first else None
    end = month_of(last) if last else None
    if (first and begin is None) or (last and end is None):
        return None
    ends = sorted([begin or end or offered[0], end or begin or offered[0]])
    if any(each not in offered for each in ends):
        return None
    whole = Period(ends[0].first, ends[1].last)
    return whole if len(list(whole.months)) <= MOST_MONTHS else None


def first_day_after(day: dt.date) -> dt.date:
    """The day on which the month of ``day`` is over."""
    return Period.month_of(day).last + dt.timedelta(days=1)
