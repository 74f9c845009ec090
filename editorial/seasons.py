"""The time of the year that the front page wears, as people here live it: sugar season is one."""

import datetime as dt

SEASONS = (
    ((1, 1), "winter"),
    ((3, 10), "sugar"),
    ((4, 20), "spring"),
    ((6, 21), "summer"),
    ((9, 7), "autumn"),
    ((12, 1), "winter"),
)
"""Month and day from which on, in the order of the year."""


def season_of(date: dt.date) -> str:
    """``winter``, ``sugar``, ``spring``, ``summer`` or ``autumn``."""
    return [season for since, season in SEASONS if since <= (date.month, date.day)][-1]
