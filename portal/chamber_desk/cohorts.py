"""Those who came in one month, followed to where they are now: month by month, the newest first."""

from dataclasses import dataclass
from datetime import datetime

from home.periods import Period, town_day
from portal.chamber_desk.journeys import Figures
from portal.chamber_desk.models import Journey

MOST_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Cohort:
    """Those who entered in ``period``: one month, or all those of the table."""

    period: Period
    figures: Figures


@dataclass(frozen=True, slots=True)
class Cohorts:
    """``months``: none left out between the first and this one. ``total``: of all of them together."""

    months: list[Cohort]
    total: Cohort


def cohorts(now: datetime) -> Cohorts | None:
    """Of the portal in scope, at most MOST_MONTHS of them; None where nobody came. Two queries."""
    whole = latest_months(now)
    rows = Journey.objects.entered(whole)
    found = rows.figures_by_month(now)
    if not found:
        return None
    months = [month for month in whole.months if month.first >= min(found)]
    told = [Cohort(month, found.get(month.first, Figures())) for month in reversed(months)]
    return Cohorts(told, Cohort(Period(months[0].first, whole.last), rows.figures(now)))


def latest_months(now: datetime) -> Period:
    """MOST_MONTHS months of the calendar, this one included."""
    months, last = [Period.month_of(town_day(now))], Period.month_of(town_day(now)).last
    while len(months) < MOST_MONTHS:
        months.append(months[-1].before)
    return Period(months[-1].first, last)
