"""The order in which chance puts merchants on a day: another each day, the same all day, and in favour of nobody."""

import datetime as dt
import hashlib

from django.db.models import CharField, F, Value
from django.db.models.functions import MD5, Cast, Concat


def draw_of(date: dt.date) -> MD5:
    """What a queryset of merchants is ordered by."""
    return MD5(Concat(Value(date.isoformat()), Cast(F("pk"), CharField())))


def lot_of(pk: int, date: dt.date) -> str:
    """The same of one merchant, for rows that have been read."""
    return hashlib.md5(f"{date.isoformat()}{pk}".encode(), usedforsecurity=False).hexdigest()
