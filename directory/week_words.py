"""A week in a few lines, as one says it: « Lundi au vendredi », « 9 h à 17 h 30 ».

Days alike that follow each other are one line.
"""

from itertools import groupby

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from directory.enums import Weekday
from directory.hours import Schedule, Spans
from home.clock import clock

Line = tuple[str, str]
"""Which days, and their hours."""


def week_lines(schedule: Schedule) -> list[Line]:
    """From Monday; empty where no hours are stated at all."""
    if not any(schedule.weekly.values()):
        return []
    week = [(day, tuple(sorted(schedule.weekly.get(day.value, ())))) for day in Weekday]
    runs = [(spans, [day for day, _spans in run]) for spans, run in groupby(week, key=lambda row: row[1])]
    return [(capfirst(_days(days)), spans_words(spans)) for spans, days in runs]


def _days(days: list[Weekday]) -> str:
    named = {"first": days[0].label, "last": days[-1].label}
    if len(days) == 1:
        return str(days[0].label)
    return _("%(first)s et %(last)s") % named if len(days) == 2 else _("%(first)s au %(last)s") % named


def spans_words(spans: Spans) -> str:
    """« 9 h à 12 h, 13 h à 17 h 30 »; « fermé » for none."""
    if not spans:
        return _("fermé")
    told = [{"opens": clock(span.opens), "closes": clock(span.closes)} for span in spans]
    return ", ".join(_("%(opens)s à %(closes)s") % words for words in told)
