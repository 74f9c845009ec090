"""Closing months: some days after its end a month is published, once, for ever. The worker does it for every portal."""

import datetime as dt

from django.conf import settings
from django.utils import timezone
from wagtail.models import Site

from home.periods import Period, town_day
from home.tenancy import portal_scope
from portal.impact import assumptions, months
from portal.impact.facts import facts, first_month
from portal.impact.publishing import month_figures
from shop import checks
from shop.enums import CheckKind

LOOKED_AT_EVERY = dt.timedelta(minutes=10)


def close_what_is_due(now: dt.datetime) -> int:
    """Every ten minutes, whichever worker comes first: how many months were closed, of all portals."""
    if not checks.claim(CheckKind.MONTHS, every=LOOKED_AT_EVERY, now=now):
        return 0
    done = 0
    for site in Site.objects.order_by("pk"):
        with portal_scope(site):
            done += close_months(now=now)
    checks.note(CheckKind.MONTHS, [], now=now)
    return done


def close_months(*, now: dt.datetime) -> int:
    """Of the portal in scope, every month that is due and was not closed; how many were. Twice is normal: 0."""
    due = due_months(now=now)
    if not due:
        return 0
    written = assumptions.written()
    span = Period(due[0].first, due[-1].last)
    worked_out = {each.month: each for each in facts(span, now=now)}
    done = 0
    for month in due:
        assumed = written.of(month)
        figures = month_figures(worked_out[month], assumed, is_provisional=False)
        done += months.keep(figures, assumed, now=now)
    return done


def due_months(*, now: dt.datetime) -> list[Period]:
    """Oldest first, from the first month in which anything happened."""
    first = first_month()
    if first is None:
        return []
    known = set(months.all_closed())
    every = Period(first.first, max(first.first, town_day(now))).months
    return [month for month in every if month not in known and closes_at(month) <= now]


def closes_at(month: Period) -> dt.datetime:
    """On the day and at the hour of the town that ``IMPACT_CLOSES`` names, of the month after."""
    day, hour = settings.IMPACT_CLOSES
    after = month.last + dt.timedelta(days=day)
    return dt.datetime.combine(after, dt.time(hour), timezone.get_default_timezone())
