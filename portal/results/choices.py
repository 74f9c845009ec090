"""Of when a merchant may see its results: the last thirty days, a week, a month since it is here."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from home.dates import date_format
from home.periods import Period

LAST_DAYS = 30
MOST_MONTHS = 24
LATELY = "30-jours"


@dataclass(frozen=True, slots=True)
class Choice:
    """``key``: in the address. ``label``: « La semaine dernière »."""

    key: str
    label: str
    period: Period


def last_days(today: dt.date) -> Period:
    """Thirty whole days, up to yesterday."""
    return Period.ending(today - dt.timedelta(days=1), days=LAST_DAYS)


def choices(today: dt.date, since: dt.date) -> list[Choice]:
    """The first is what one sees without choosing. Months newest first, from the one of ``since``."""
    monday = today - dt.timedelta(days=today.weekday())
    return [
        Choice(LATELY, _("Les 30 derniers jours"), last_days(today)),
        Choice("semaine", _("Cette semaine"), Period(monday, today)),
        Choice("semaine-derniere", _("La semaine dernière"), Period.week_before(today)),
        *_months(today, since),
    ]


def _months(today: dt.date, since: dt.date) -> Iterator[Choice]:
    months = list(Period(min(since, today), today).months)
    for month in list(reversed(months))[:MOST_MONTHS]:
        label = date_format(month.first, "F Y")
        yield Choice(f"{month.first:%Y-%m}", label[:1].upper() + label[1:], month)


def chosen(key: str, among: list[Choice]) -> Choice:
    """That one; the first for a word that is none of them."""
    return next((each for each in among if each.key == key), among[0])
