"""The ``date`` filter of every template (a builtin, in place of Django's): as Django's, and « 1er décembre »."""

from typing import Any

from django import template
from django.template.defaultfilters import date as django_date

from home.dates import first_of_month

register = template.Library()


@register.filter(expects_localtime=True, is_safe=False)
def date(value: Any, pattern: str | None = None) -> Any:
    return django_date(value, first_of_month(value, pattern or "DATE_FORMAT"))
