"""Which period one asks for: a published month in the public address, months in a row on the City's screen."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from home.periods import Period
from portal.impact import words

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
    """A published month, and where it is read."""

    month: Period
    url: str
    is_chosen: bool

    @property
    def label(self) -> str:
        return words.period(self.month)


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
