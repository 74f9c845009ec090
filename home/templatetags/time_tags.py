"""Times of day in templates."""

import datetime as dt

from django import template
from django.utils import timezone

from home.clock import clock as written

register = template.Library()


@register.filter
def clock(moment: dt.time | dt.datetime | None) -> str:
    """``{{ span.opens|clock }}``: 9 h, 17 h 30. A moment is told in local time; nothing prints nothing."""
    if moment is None or moment == "":
        return ""
    if isinstance(moment, dt.datetime):
        moment = (timezone.localtime(moment) if timezone.is_aware(moment) else moment).time()
    return written(moment)
