"""Dates as each language writes them. Patterns are written once, as French orders them.

French says « 1er décembre », « 2 décembre », and Django's formats know no first of the month. English says
« Saturday, December 2, 2026 » where the pattern says « l j F Y ».
"""

import datetime as dt
import re

from django.utils import formats, timezone

from home.languages import is_english

DAY_BEFORE_MONTH = re.compile(r"(?<!\\)j(?= ?[FMNb])")
"""In one of Django's date patterns: the day of the month, said with its month."""
FRENCH_ORDER = re.compile(r"(?<!\\)(?:(?P<weekday>[lD]) )?j (?P<month>[FMNb])(?: (?P<year>[Yy]))?")
FRENCH_HOURS = re.compile(r"[GH]\W*\\h\W*i|[GH]:i")


def date_format(value: dt.date | dt.datetime, pattern: str = "DATE_FORMAT") -> str:
    """As Django's, of a date or of a moment that is local already."""
    return str(formats.date_format(value, pattern_for(value, pattern)))


def pattern_for(value: object, pattern: str) -> str:
    """The pattern that writes this very date in the language in use."""
    written = str(formats.get_format(pattern)) if pattern.isupper() and "_" in pattern else pattern
    return _in_english(written) if is_english() else _first_of_month(value, written)


def _first_of_month(value: object, pattern: str) -> str:
    """« er » behind the first day."""
    if not isinstance(value, dt.date):
        return pattern
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return DAY_BEFORE_MONTH.sub(r"j\\e\\r", pattern) if value.day == 1 else pattern


def _in_english(pattern: str) -> str:
    """« l j F Y, H \\h i » gives « l, F j, Y, P »."""
    return FRENCH_HOURS.sub("P", FRENCH_ORDER.sub(_month_first, pattern))


def _month_first(found: re.Match[str]) -> str:
    weekday = f"{found['weekday']}, " if found["weekday"] else ""
    year = f", {found['year']}" if found["year"] else ""
    return f"{weekday}{found['month']} j{year}"
