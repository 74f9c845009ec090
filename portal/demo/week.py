"""Opening hours as a person writes them ("mar-ven 9-12 13-17:30; sam 9-16"), and the days that differ."""

import re
from datetime import date, time, timedelta
from random import Random

from portal.demo.plans import SpanPlan, SpecialPlan

DAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
_SPAN = re.compile(r"^(\d{1,2})(?::(\d\d))?-(\d{1,2})(?::(\d\d))?$")


def weekly(words: str) -> tuple[SpanPlan, ...]:
    """Spans in the order of the week. Raises ValueError for words it does not understand."""
    spans: list[SpanPlan] = []
    for part in words.split(";"):
        days, *hours = part.split()
        spans += [_span(day, hour) for day in _days(days) for hour in hours]
    return tuple(sorted(spans, key=lambda span: (span.weekday, span.opens)))


def _days(words: str) -> range:
    first, _, last = words.partition("-")
    return range(DAYS.index(first), DAYS.index(last or first) + 1)


def _span(weekday: int, words: str) -> SpanPlan:
    found = _SPAN.match(words)
    if found is None:
        raise ValueError(f"« {words} » is no span like 9-17:30")
    opens_h, opens_m, closes_h, closes_m = (int(part or 0) for part in found.groups())
    return SpanPlan(weekday, time(opens_h, opens_m), time(closes_h % 24, closes_m))


def special(kind: str, chance: Random, *, today: date) -> tuple[SpecialPlan, ...]:
    """The coming year's exceptions: holidays for those who close, a short eve, a week off for some."""
    if kind in ("inn", "nightservice", "icecream"):
        return ()
    days = [_next(today, month, day, reason) for month, day, reason in HOLIDAYS]
    if kind not in ("restaurant", "bar", "snack", "pizzeria"):
        eve = _next(today, 12, 24, "Veille de Noël")
        days.append(SpecialPlan(eve.day, eve.reason, time(9), time(15)))
    if chance.random() < 0.25:
        days += _week_off(chance, today)
    return tuple({plan.day: plan for plan in days}.values())


HOLIDAYS = (
    (6, 24, "Fête nationale"),
    (12, 25, "Noël"),
    (12, 26, "Lendemain de Noël"),
    (1, 1, "Jour de l’An"),
)
WEEKS_OFF = ((1, 4), (3, 1), (7, 19), (7, 26), (8, 2), (2, 8))


def _next(today: date, month: int, day: int, reason: str) -> SpecialPlan:
    this_year = date(today.year, month, day)
    return SpecialPlan(this_year if this_year >= today else date(today.year + 1, month, day), reason)


def _week_off(chance: Random, today: date) -> list[SpecialPlan]:
    """Seven days in January, March or at the construction holiday."""
    month, day = chance.choice(WEEKS_OFF)
    first = _next(today, month, day, "").day
    return [SpecialPlan(first + timedelta(days=k), "Congé annuel") for k in range(7)]
