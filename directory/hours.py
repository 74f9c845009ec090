"""When a merchant is open, reasoned from its stated hours alone: no database, no clock of its own.

A span whose ``closes`` is before its ``opens`` runs past midnight; the same time twice is round the clock. A date with
special hours has those and no others. On a public holiday nothing is assumed: without special hours for that date the
state is ``unconfirmed`` and the merchant does not count as open. On vacation no span begins, whatever else was stated.

Where clocks are turned back, an hour is shown twice: a stated time means its first showing. Where they are turned
forward, a time that is never shown means the moment of the turn.
"""

import datetime as dt
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from django.utils.translation import gettext as _

from home.clock import clock
from home.dates import date_format
from home.languages import ENGLISH, FRENCH, current

ZONE = ZoneInfo("America/Toronto")
CLOSING_SOON = dt.timedelta(minutes=30)
LOOK_AHEAD_DAYS = 14
"""How far ahead the next opening is looked for; special hours further than that need not be read."""

ONE_DAY = dt.timedelta(days=1)

HOLIDAYS_SPEAK = {FRENCH: "fr", ENGLISH: "en_CA"}


class HoursState(StrEnum):
    OPEN = "open"
    CLOSING_SOON = "closing_soon"
    CLOSED = "closed"
    AWAY = "away"
    UNCONFIRMED = "unconfirmed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, order=True)
class Span:
    """From ``opens`` until ``closes``, the latter on the next day when it is not later than the former."""

    opens: dt.time
    closes: dt.time

    @property
    def runs_past_midnight(self) -> bool:
        return self.closes <= self.opens

    def on(self, date: dt.date) -> tuple[dt.datetime, dt.datetime]:
        """Start (included) and end (excluded) on the wall clock, when the span begins on ``date``."""
        last_day = date + ONE_DAY if self.runs_past_midnight else date
        return dt.datetime.combine(date, self.opens), dt.datetime.combine(last_day, self.closes)


Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Vacation:
    """Days on which the merchant is away, both ends included."""

    first: dt.date
    last: dt.date

    def __contains__(self, date: dt.date) -> bool:
        return self.first <= date <= self.last

    @property
    def until(self) -> str:
        """« 12 août »."""
        return date_format(self.last, "j F")


class QuebecHolidays(Container[dt.date]):
    """Public holidays of Québec, Easter Monday among them (the package calls it optional)."""

    def __contains__(self, date: object) -> bool:
        return isinstance(date, dt.date) and date in _holidays_of(date.year, FRENCH)


@lru_cache(maxsize=64)
def _holidays_of(year: int, language: str) -> dict[dt.date, str]:
    days = holidays.country_holidays(
        "CA", subdiv="QC", years=year, categories=("public", "optional"), language=HOLIDAYS_SPEAK[language]
    )
    return {date: str(name).replace("'", "’") for date, name in days.items()}


def holiday_name(date: dt.date, language: str = FRENCH) -> str:
    """What that language calls it; empty on an ordinary day. What is written down is French."""
    return _holidays_of(date.year, language).get(date, "")


QUEBEC_HOLIDAYS = QuebecHolidays()


@dataclass(frozen=True)
class Schedule:
    """``weekly`` by ``date.weekday()``; ``special`` by date, where an empty tuple means closed that day.

    ``vacation`` is stronger than both.
    """

    weekly: Mapping[int, Spans] = field(default_factory=dict)
    special: Mapping[dt.date, Spans] = field(default_factory=dict)
    holidays: Container[dt.date] = QUEBEC_HOLIDAYS
    vacation: Vacation | None = None

    def is_away(self, date: dt.date) -> bool:
        return self.vacation is not None and date in self.vacation

    def is_unknown(self, date: dt.date) -> bool:
        """The merchant has stated no week, and nothing about this date."""
        return not any(self.weekly.values()) and date not in self.special and not self.is_away(date)

    def is_unconfirmed(self, date: dt.date) -> bool:
        """A public holiday about which the merchant has said nothing."""
        return date in self.holidays and date not in self.special and not self.is_away(date)

    def spans_on(self, date: dt.date) -> Spans:
        """The spans that begin on ``date``, in order; none on an unconfirmed holiday, none on vacation."""
        if self.is_away(date):
            return ()
        if date in self.special:
            return tuple(sorted(self.special[date]))
        return () if self.is_unconfirmed(date) else self.usual_spans_on(date)

    def usual_spans_on(self, date: dt.date) -> Spans:
        return tuple(sorted(self.weekly.get(date.weekday(), ())))


@dataclass(frozen=True)
class HoursStatus:
    """``note``: what is to be said beside the label, where the hours themselves are in doubt."""

    state: HoursState
    label: str
    note: str = ""

    @property
    def is_open(self) -> bool:
        return self.state in {HoursState.OPEN, HoursState.CLOSING_SOON}


@dataclass(frozen=True)
class DayOfWeek:
    """One line of the week's table."""

    date: dt.date
    label: str
    spans: Spans
    is_today: bool
    is_special: bool
    is_unconfirmed: bool
    is_away: bool = False

    @property
    def closed(self) -> bool:
        return not self.spans and not self.is_unconfirmed


def spans_until(spans: Spans, closes: dt.time) -> Spans:
    """What is left of a day's spans, in order, when the merchant closes at that time, which may be past midnight."""
    return tuple(left for span in sorted(spans) if (left := _until(span, closes)) is not None)


def _until(span: Span, closes: dt.time) -> Span | None:
    """The span as it is where it ends before, shorter where it does not; None where it has not begun by then."""
    length = _minutes_between(span.opens, span.closes) or 24 * 60
    if 0 < _minutes_between(span.opens, closes) < length:
        return Span(span.opens, closes)
    return None if closes <= span.opens else span


def _minutes_between(start: dt.time, end: dt.time) -> int:
    """From 0 to a day less a minute, around midnight where need be."""
    return (end.hour * 60 + end.minute - start.hour * 60 - start.minute) % (24 * 60)


def wall_clock(moment: dt.datetime) -> dt.datetime:
    """The latest time of day that the clock on the wall has shown by ``moment``, without zone.

    It never runs backwards: during the second showing of an hour it stands at the end of the first.
    Raises ValueError for a moment without zone.
    """
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone")
    local = moment.astimezone(ZONE)
    if local.fold:  # clocks are turned back at a full hour, by one hour
        local = local.replace(minute=59, second=59, microsecond=999_999)
    return local.replace(tzinfo=None, fold=0)


def is_open_at(schedule: Schedule, moment: dt.datetime) -> bool:
    """Whether the merchant has said that it is open at ``moment``."""
    return _open_until(schedule, wall_clock(moment)) is not None


def next_opening(schedule: Schedule, moment: dt.datetime) -> dt.datetime | None:
    """When, on the wall clock and after ``moment``, the next stated span begins; None within LOOK_AHEAD_DAYS."""
    now = wall_clock(moment)
    for days in range(LOOK_AHEAD_DAYS + 1):
        date = now.date() + dt.timedelta(days=days)
        for span in schedule.spans_on(date):
            start, _end = span.on(date)
            if start > now:
                return start
    return None


def status_at(schedule: Schedule, moment: dt.datetime) -> HoursStatus:
    """What to tell a shopper at ``moment``."""
    now = wall_clock(moment)
    if (until := _open_until(schedule, now)) is not None:
        return _open_status(until, moment)
    if schedule.vacation is not None and now.date() in schedule.vacation:
        return HoursStatus(HoursState.AWAY, _("En vacances jusqu’au %s") % schedule.vacation.until)
    if schedule.is_unknown(now.date()):
        return HoursStatus(HoursState.UNKNOWN, _("Horaire non fourni"))
    if _is_in_doubt(schedule, now):
        return HoursStatus(HoursState.UNCONFIRMED, _("Jour férié\u00a0: heures non confirmées"))
    return _closed_status(next_opening(schedule, moment), now.date())


def week_of(schedule: Schedule, moment: dt.datetime) -> list[DayOfWeek]:
    """The seven days of the week of ``moment``, from Monday, with what holds on each date."""
    today = wall_clock(moment).date()
    monday = today - dt.timedelta(days=today.weekday())
    return [_day(schedule, monday + dt.timedelta(days=n), today) for n in range(7)]


def holidays_to_confirm(schedule: Schedule, today: dt.date, *, days: int = 60) -> list[tuple[dt.date, str]]:
    """The coming public holidays, with their names, about which the merchant has said nothing."""
    dates = (today + dt.timedelta(days=n) for n in range(days))
    return [(date, holiday_name(date, current())) for date in dates if schedule.is_unconfirmed(date)]


def _day(schedule: Schedule, date: dt.date, today: dt.date) -> DayOfWeek:
    return DayOfWeek(
        date=date,
        label=date_format(date, "l"),
        spans=schedule.spans_on(date),
        is_today=date == today,
        is_special=date in schedule.special,
        is_unconfirmed=schedule.is_unconfirmed(date),
        is_away=schedule.is_away(date),
    )


def _intervals_around(schedule: Schedule, date: dt.date) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """The spans that begin on the day before ``date`` and on the days after, in order of their start."""
    for days in range(-1, 8):
        day = date + dt.timedelta(days=days)
        for span in schedule.spans_on(day):
            yield span.on(day)


def _open_until(schedule: Schedule, now: dt.datetime) -> dt.datetime | None:
    """When the merchant closes next; None when it is not open. Spans that touch or overlap are one."""
    until: dt.datetime | None = None
    for start, end in _intervals_around(schedule, now.date()):
        if start <= now < end or (until is not None and start <= until):
            until = max(end, until or end)
    return until


def _is_in_doubt(schedule: Schedule, now: dt.datetime) -> bool:
    """Today is an unconfirmed holiday, or yesterday was and would usually run until now."""
    today, yesterday = now.date(), now.date() - ONE_DAY
    if schedule.is_unconfirmed(today):
        return True
    usual = schedule.usual_spans_on(yesterday) if schedule.is_unconfirmed(yesterday) else ()
    return any(now < span.on(yesterday)[1] for span in usual)


def _open_status(until: dt.datetime, moment: dt.datetime) -> HoursStatus:
    left = dt.timedelta(seconds=until.replace(tzinfo=ZONE).timestamp() - moment.timestamp())
    if left > dt.timedelta(days=7):
        return HoursStatus(HoursState.OPEN, _("Ouvert jour et nuit"))
    if left <= CLOSING_SOON:
        minutes = max(1, round(left.total_seconds() / 60))
        label = _("Ferme dans %(minutes)s\u00a0min") % {"minutes": minutes}
        return HoursStatus(HoursState.CLOSING_SOON, label)
    return HoursStatus(HoursState.OPEN, _open_label(until, wall_clock(moment).date()))


def _open_label(until: dt.datetime, today: dt.date) -> str:
    if until == dt.datetime.combine(today + ONE_DAY, dt.time.min):
        return _("Ouvert jusqu’à minuit")
    if until >= dt.datetime.combine(today + 2 * ONE_DAY, dt.time.min):
        return _("Ouvert jusqu’à %(day)s %(time)s") % {
            "day": date_format(until, "l"),
            "time": clock(until.time()),
        }
    return _("Ouvert jusqu’à %(time)s") % {"time": clock(until.time())}


def _closed_status(opening: dt.datetime | None, today: dt.date) -> HoursStatus:
    return HoursStatus(HoursState.CLOSED, _closed_label(opening, today))


def _closed_label(opening: dt.datetime | None, today: dt.date) -> str:
    if opening is None:
        return _("Fermé")
    words = {"time": clock(opening.time()), "day": date_format(opening, "l")}
    days = (opening.date() - today).days
    if days == 0:
        return _("Fermé, ouvre à %(time)s") % words
    if days == 1:
        return _("Fermé, ouvre demain à %(time)s") % words
    if days < 7:
        return _("Fermé, ouvre %(day)s à %(time)s") % words
    return _("Fermé, ouvre le %(date)s à %(time)s") % {**words, "date": date_format(opening, "j F")}
