"""Billing periods, counted in UTC from an anchor: a month from the 31st ends on the last day of a shorter month."""

import calendar
from datetime import UTC, datetime

from shop.sandbox.errors import Json

DAY = 86400
SECONDS = {"day": DAY, "week": 7 * DAY}
MONTHS = {"month": 1, "year": 12}


def period_end(anchor: int, recurring: Json, start: int) -> int:
    """The first end of a period after `start`; periods are counted from `anchor`, in both directions."""
    interval, count = str(recurring["interval"]), int(recurring["interval_count"])
    if interval in SECONDS:
        step = SECONDS[interval] * count
        return anchor + ((start - anchor) // step + 1) * step
    step = MONTHS[interval] * count
    passed = (_month_number(start) - _month_number(anchor)) // step
    ends = (_months_after(anchor, (passed + more) * step) for more in range(3))
    return next(end for end in ends if end > start)


def _month_number(instant: int) -> int:
    moment = datetime.fromtimestamp(instant, UTC)
    return moment.year * 12 + moment.month


def _months_after(anchor: int, months: int) -> int:
    moment = datetime.fromtimestamp(anchor, UTC)
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return int(moment.replace(year=year, month=month + 1, day=day).timestamp())
