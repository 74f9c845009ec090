"""What a merchant is asked: whether its page is still true, and whether it opens on the holidays to come.

The letter, the page behind its link and the merchant's home ask the same things in the same words.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from directory import still_true
from directory.hours import ONE_DAY, Schedule, holidays_to_confirm, wall_clock
from directory.models import Merchant
from directory.schedules import schedule_of
from directory.still_true import Standing
from directory.week_words import Line, spans_words, week_lines
from home.dates import date_format
from shop import on_shelves

HOLIDAYS_ASKED_AHEAD = 21
"""Days."""
NAMED = 5
"""Products by their titles."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday about which the merchant has said nothing. ``usual``: the hours of such a weekday, in words."""

    date: dt.date
    name: str
    label: str
    usual: str

    @property
    def question(self) -> str:
        """« Le mercredi 24 juin, êtes-vous ouvert? »"""
        return _("Le %(day)s, êtes-vous ouvert?") % {"day": self.label}


@dataclass(frozen=True, slots=True)
class Questions:
    """``is_to_confirm``: nothing was said lately. ``since``: the day of the last word. ``warning``: what comes next.

    ``goods``: products that leave the shelves soon, by their titles; "" for none. ``goods_leave``: the first day.
    """

    is_to_confirm: bool
    since: str
    week: tuple[Line, ...]
    holidays: tuple[Holiday, ...]
    warning: str
    goods: str = ""
    goods_leave: str = ""

    def __bool__(self) -> bool:
        return self.is_to_confirm or bool(self.holidays) or bool(self.goods)


def questions_to(merchant: Merchant, now: dt.datetime) -> Questions:
    """Its special hours are read as far as HOLIDAYS_ASKED_AHEAD, or not at all yet."""
    schedule, today = schedule_of(merchant), wall_clock(now).date()
    return Questions(
        is_to_confirm=still_true.is_to_ask(merchant, now),
        since=still_true.since(merchant),
        week=tuple(week_lines(schedule)),
        holidays=tuple(holidays_of(schedule, today)),
        warning=warning_to(merchant, now),
        **_goods_of(merchant, now),
    )


def _goods_of(merchant: Merchant, now: dt.datetime) -> dict[str, str]:
    """Few by their titles; that there are others is said, too."""
    rows = list(on_shelves.leaving(now).filter(merchant=merchant).order_by("confirmed_at", "pk")[: NAMED + 1])
    if not rows:
        return {}
    names = ", ".join(row.title for row in rows[:NAMED])
    goods = _("%(names)s et d’autres") % {"names": names} if len(rows) > NAMED else names
    return {"goods": goods, "goods_leave": date_format(on_shelves.leaves_on(rows[0]), "j F")}


def holidays_of(schedule: Schedule, today: dt.date, *, days: int = HOLIDAYS_ASKED_AHEAD) -> list[Holiday]:
    """None of a merchant that has stated no hours at all: that is asked first."""
    if not any(schedule.weekly.values()):
        return []
    found = holidays_to_confirm(schedule, today, days=days)
    return [Holiday(date, name, date_format(date, "l j F"), _usual(schedule, date)) for date, name in found]


def _usual(schedule: Schedule, date: dt.date) -> str:
    """Empty where such a weekday is closed as a rule: then nobody says « as usual »."""
    spans = schedule.usual_spans_on(date)
    return spans_words(spans) if spans else ""


def warning_to(merchant: Merchant, now: dt.datetime) -> str:
    """Where the page stands by now, or what becomes of it if nobody says a word."""
    known = still_true.periods()
    place = still_true.standing(merchant, now, known)
    if place is Standing.HIDDEN:
        return _("Votre page n’est plus comptée parmi les commerces ouverts, tant que rien n’est confirmé.")
    if place is Standing.LOWERED:
        return _("Votre page vient maintenant après les autres dans les listes.")
    if place is Standing.MARKED:
        return _("Votre page dit maintenant aux gens que ses heures sont à confirmer.")
    marked_on = wall_clock(merchant.confirmed_at + known.mark).date()
    day = {"day": date_format(max(marked_on, wall_clock(now).date() + ONE_DAY), "j F")}
    return _("Sans un mot de vous, votre page dira le %(day)s que ses heures sont à confirmer.") % day
