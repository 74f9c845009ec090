"""« Ouvert dimanche », « ouverte ce soir »: the part of what is typed that asks for a time, not for a thing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from directory.enums import Weekday
from directory.hours import ONE_DAY, ZONE, wall_clock
from directory.open_now import is_open_condition, opens_on_condition

_OPEN = frozenset({"ouvert", "ouverte", "ouverts", "ouvertes", "ouvre", "ouvrent", "open"})
_BETWEEN = frozenset(
    {"le", "la", "les", "l", "ce", "cette", "en", "a", "aujourd", "de", "jour", "toujours", "encore"}
)
_FRENCH_DAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche"
_ENGLISH_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_DAYS = {day: number for days in (_FRENCH_DAYS, _ENGLISH_DAYS) for number, day in enumerate(days.split())}
_HOURS = {"matin": 8, "midi": 12, "soir": 19, "soiree": 19, "tard": 21, "nuit": 23}
_NOW = frozenset({"maintenant", "now", "actuellement", "presentement"})


@dataclass(frozen=True)
class When:
    """A day (as ``date.weekday()`` counts), an hour of today, or now where both are None."""

    weekday: int | None = None
    days_ahead: int = 0
    hour: int | None = None

    @property
    def label(self) -> str:
        """As the rest of « commerces … »: « ouverts le dimanche »."""
        if self.weekday is not None:
            return _("ouverts le %(day)s") % {"day": Weekday(self.weekday).label}
        if self.days_ahead:
            return _("ouverts demain")
        if self.hour is not None:
            return _("ouverts aujourd’hui à %(hour)s\u00a0h") % {"hour": self.hour}
        return _("ouverts maintenant")

    def condition(self, moment: dt.datetime) -> Q:
        """For a Merchant queryset. A day is its next one, today included; an hour that has passed is now."""
        now = wall_clock(moment)
        if self.weekday is not None:
            return opens_on_condition(now.date() + (self.weekday - now.weekday()) % 7 * ONE_DAY, moment)
        if self.days_ahead:
            return opens_on_condition(now.date() + self.days_ahead * ONE_DAY, moment)
        if self.hour is not None and now.hour < self.hour:
            return is_open_condition(now.replace(hour=self.hour, minute=0, tzinfo=ZONE))
        return is_open_condition(moment)


def when_of(words: Sequence[str]) -> tuple[When | None, list[str]]:
    """What folded ``words`` ask of opening hours, if anything, and the words that are left.

    A day without « ouvert » is one where it ends something longer: « boulangerie dimanche ».
    """
    begun = next((place for place, word in enumerate(words) if word in _OPEN), None)
    if begun is None:
        if len(words) > 1 and words[-1] in _DAYS:
            return When(weekday=_DAYS[words[-1]]), list(words[:-1])
        return None, list(words)
    end = begun + 1
    while end < len(words) and words[end] in _BETWEEN:
        end += 1
    when, taken = _said(words[end:])
    return when, [*words[:begun], *words[end + taken if taken else begun + 1 :]]


def _said(words: Sequence[str]) -> tuple[When, int]:
    """The time that ``words`` begin with, and how many of them say it; now where none does."""
    first = words[0] if words else ""
    if first in _DAYS:
        return When(weekday=_DAYS[first]), 1
    if first in _HOURS:
        return When(hour=_HOURS[first]), 1
    if first in {"demain", "tomorrow"}:
        return When(days_ahead=1), 1
    if list(words[:3]) == ["fin", "de", "semaine"]:
        return When(weekday=Weekday.SATURDAY), 3
    if first in {"weekend", "week"}:
        return When(weekday=Weekday.SATURDAY), 2 if list(words[1:2]) == ["end"] else 1
    return When(), 1 if first in _NOW or first == "hui" else 0
