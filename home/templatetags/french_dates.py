"""The ``date`` filter of every template (a builtin, in place of Django's): as Django's, in its language's order."""

from typing import Any

from django import template
from django.template.defaultfilters import date as django_date

from home.dates import pattern_for

register = template.Library()


@register.filter(expects_localtime=True, is_safe=False)
def date(value: Any, pattern: str | None = None) -> Any:
    return django_date(value, pattern_for(value, pattern or "DATE_FORMAT"))
