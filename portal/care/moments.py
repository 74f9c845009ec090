"""Moments as one says them: « aujourd’hui à 10 h 12 », « hier à 9 h 05 », « le 21 novembre à 10 h 12 »."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from home.dates import date_format


def told(moment: datetime, *, now: datetime) -> str:
    """In the town's time; the year is told where it is another."""
    local, today = timezone.localtime(moment), timezone.localdate(now)
    time = date_format(local, "TIME_FORMAT")
    if local.date() == today:
        return _("aujourd’hui à %(time)s") % {"time": time}
    if local.date() == today - timedelta(days=1):
        return _("hier à %(time)s") % {"time": time}
    pattern = "j F" if local.year == today.year else "j F Y"
    return _("le %(day)s à %(time)s") % {"day": date_format(local, pattern), "time": time}


def asked(moment: datetime) -> str:
    """« Demandé aujourd’hui à 10 h 12; la Chambre vous rappelle. »"""
    when = told(moment, now=timezone.now())
    return _("Demandé %(moment)s; la Chambre vous rappelle.") % {"moment": when}
