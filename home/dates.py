"""Dates as French writes them: « 1er décembre », « 2 décembre ». Django's formats know no first of the month."""

import datetime as dt
import re

from django.utils import formats, timezone, translation

DAY_BEFORE_MONTH = re.compile(r"(?<!\\)j(?= ?[FMNb])")
"""In one of Django's date patterns: the day of the month, said with its month."""


def date_format(value: dt.date | dt.datetime, pattern: str = "DATE_FORMAT") -> str:
    """As Django's, of a date or of a moment that is local already."""
    return str(formats.date_format(value, first_of_month(value, pattern)))


def first_of_month(value: object, pattern: str) -> str:
    """The pattern that writes this very date: « er » behind the first day, where French is spoken."""
    written = str(formats.get_format(pattern)) if pattern.isupper() and "_" in pattern else pattern
    if not isinstance(value, dt.date) or not str(translation.get_language()).startswith("fr"):
        return written
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return DAY_BEFORE_MONTH.sub(r"j\\e\\r", written) if value.day == 1 else written
