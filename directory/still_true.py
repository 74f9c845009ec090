"""« Est-ce encore vrai? »: how much a page may claim, by how long ago its people last said that it is true.

What nobody confirms is marked first, comes after the others in lists then, and in the end claims nothing about this
very moment: it is open nowhere, neither in a count nor on the front page. The page itself stays, with a plain sentence.
A page that nobody holds has one period, from the day it came in. Each portal sets the periods (``PortalSettings``); the
option a merchant pays for has no part in this.

``standing`` and ``standing_condition`` are one rule, said once in Python and once in SQL.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.cache import cache
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext as _

from directory.hours import HoursState, HoursStatus, wall_clock
from directory.models import Merchant
from home.dates import date_format
from home.models import PortalSettings
from home.tenancy import current_site_id, unjoined

SECONDS_KEPT = 60
SAME_WORD = dt.timedelta(hours=1)
"""Who says it again within the hour has said it once."""


class Standing(StrEnum):
    """From what may claim most to what may claim least."""

    CURRENT = "current"
    LISTED = "listed"
    """Nobody holds the page, and what the list said is not old yet."""
    MARKED = "marked"
    LOWERED = "lowered"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Periods:
    """Silence after which a page is asked about, marked, lowered, hidden; hidden where nobody holds it.

    ``shelf``: after which a product leaves the shelves.
    """

    ask: dt.timedelta
    mark: dt.timedelta
    lower: dt.timedelta
    hide: dt.timedelta
    listed_hide: dt.timedelta
    shelf: dt.timedelta


NAMES = ("ask", "mark", "lower", "hide", "listed_hide", "shelf")


def periods() -> Periods:
    """Those of the portal in scope, asked once a minute. Raises NoPortal outside a scope."""
    return periods_of(current_site_id())


def periods_of(site_id: int) -> Periods:
    """Those of that portal: also where all portals are in scope."""
    known: Periods | None = cache.get_or_set(
        f"still-true-{site_id}", lambda: _read_periods(site_id), SECONDS_KEPT
    )
    return known or _read_periods(site_id)


def _read_periods(site_id: int) -> Periods:
    fields = [f"{name}_after_days" for name in NAMES]
    row = PortalSettings.objects.filter(site=site_id).values_list(*fields).first()
    days = row or [PortalSettings._meta.get_field(field).get_default() for field in fields]
    return Periods(*(dt.timedelta(days=number) for number in days))


# ------------------------------------------------------------------------------------------------------------ the rule


def standing(merchant: Merchant, now: dt.datetime, known: Periods | None = None) -> Standing:
    """What its page may claim at ``now``. ``known`` saves looking the portal's periods up for each of many."""
    known = known or periods()
    silence = now - merchant.confirmed_at
    if merchant.claimed_at is None:
        return Standing.HIDDEN if silence >= known.listed_hide else Standing.LISTED
    for period, place in (
        (known.hide, Standing.HIDDEN),
        (known.lower, Standing.LOWERED),
        (known.mark, Standing.MARKED),
    ):
        if silence >= period:
            return place
    return Standing.CURRENT


def standing_condition(place: Standing, now: dt.datetime, *, prefix: str = "") -> Q:
    """True of the merchants of that standing. ``prefix``: the way to the merchant, « merchant__ »."""
    known, free = periods(), Q(**{f"{prefix}claimed_at": None})
    within = {
        Standing.CURRENT: (None, known.mark),
        Standing.MARKED: (known.mark, known.lower),
        Standing.LOWERED: (known.lower, known.hide),
        Standing.HIDDEN: (known.hide, None),
    }
    if place is Standing.LISTED:
        return free & _silent(prefix, now, None, known.listed_hide)
    held = ~free & _silent(prefix, now, *within[place])
    if place is Standing.HIDDEN:
        return held | (free & _silent(prefix, now, known.listed_hide, None))
    return held


def _silent(prefix: str, now: dt.datetime, least: dt.timedelta | None, below: dt.timedelta | None) -> Q:
    """Silent for ``least`` (included) and not yet for ``below``."""
    condition = Q()
    if least is not None:
        condition &= Q(**{f"{prefix}confirmed_at__lte": now - least})
    if below is not None:
        condition &= Q(**{f"{prefix}confirmed_at__gt": now - below})
    return condition


def vouched(now: dt.datetime, *, prefix: str = "") -> Q:
    """True of the merchants that may claim something about this very moment: all that are not hidden."""
    return _fresher(now, periods().hide, prefix)


def upright(now: dt.datetime, *, prefix: str = "") -> Q:
    """True of the merchants that stand where their name puts them: neither lowered nor hidden."""
    return _fresher(now, periods().lower, prefix)


def _fresher(now: dt.datetime, period: dt.timedelta, prefix: str) -> Q:
    listed = _silent(prefix, now, None, periods().listed_hide) & Q(**{f"{prefix}claimed_at": None})
    return listed | (_silent(prefix, now, None, period) & Q(**{f"{prefix}claimed_at__isnull": False}))


def lowered(now: dt.datetime, *, prefix: str = "") -> Case:
    """To order by, first of all: 0 for those upright, 1 for the lowered, 2 for the hidden."""
    return Case(
        When(upright(now, prefix=prefix), then=Value(0)),
        When(vouched(now, prefix=prefix), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


# ------------------------------------------------------------------------------------------------------- the one writer


def confirm(merchant: Merchant, *, now: dt.datetime) -> bool:
    """Its people have said so: all that the page claims is true from now on.

    False where they had said it within the hour already, or since.
    """
    rows = unjoined(Merchant).filter(pk=merchant.pk, confirmed_at__lte=now - SAME_WORD)
    if not rows.update(confirmed_at=now):
        return False
    merchant.confirmed_at = now
    return True


def is_to_ask(merchant: Merchant, now: dt.datetime, known: Periods | None = None) -> bool:
    """Whether its people are asked, on their home and by letter: somebody holds the page, and said nothing lately."""
    period = (known or periods()).ask
    return merchant.claimed_at is not None and now - merchant.confirmed_at >= period


# ------------------------------------------------------------------------------------------------------------ the words


def since(merchant: Merchant) -> str:
    """« 3 mai 2026 »: the day it was last said to be true; unclaimed: the day it came in."""
    return date_format(wall_clock(merchant.confirmed_at).date(), "j F Y")


def told(status: HoursStatus, merchant: Merchant, place: Standing) -> HoursStatus:
    """What a shopper is told of the hours: as stated, with a mark, or only that nobody vouches for them any more."""
    if status.state in {HoursState.UNKNOWN, HoursState.AWAY}:
        return status
    day = {"day": since(merchant)}
    if place is Standing.HIDDEN:
        return HoursStatus(HoursState.UNCONFIRMED, _("Heures non confirmées depuis le %(day)s") % day)
    if place in {Standing.MARKED, Standing.LOWERED}:
        note = _("heures à confirmer depuis le %(day)s") % day
        return HoursStatus(status.state, status.label, note)
    return status


def facts(merchant: Merchant) -> dict[str, Any]:
    """For the trace of a confirmation."""
    return {"confirmed_at": merchant.confirmed_at.isoformat()}
