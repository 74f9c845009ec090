"""How the Journal's letter writes plain values: a day, a price, a rule of text."""

import datetime as dt

from django import template

from editorial.newsletter import prose
from home.dates import date_format

register = template.Library()

LINE = 48


@register.filter
def day_of(iso: str) -> str:
    """« 2026-11-23 » as « 23 novembre 2026 »."""
    return date_format(dt.date.fromisoformat(iso), "DATE_FORMAT")


@register.filter
def line(mark: str) -> str:
    """A rule, as text has them."""
    return mark * LINE


@register.filter
def without_tags(html: str) -> str:
    return prose.plain(html)


@register.filter
def height_at(ratio: float, width: int) -> int:
    """Of a picture shown that wide."""
    return round(ratio * width)
