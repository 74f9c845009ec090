"""Whom to call today, and why: one readable rule about one merchant's facts, and an order for those it names.

Who asked for a call comes first, then what was promised for today. Then what is rare and does not keep: a first sale
to be glad of, a free period that runs out without a choice, somebody who is going. Then who is stuck, the nearest to
the end first, for little is missing there. Then who has come in and was never called.

The order holds for the whole day: it goes by dates, never by hours, and by the key where dates are the same. Whoever
was heard lately, or has its next act on a later day, is left in peace, unless it asked.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.entitlements import RANK
from directory.enums import Tier
from home.dates import date_format
from portal.chamber_desk import words
from portal.chamber_desk.stages import Place, Stage
from portal.chamber_desk.standings import PipelineQuerySet

CALLS_A_DAY = 5
LEFT_IN_PEACE = timedelta(days=7)
"""After a call, unless something was agreed for sooner."""
THANKS_FOR = timedelta(days=14)
"""A first sale is news for so long."""
ENDS_SOON = timedelta(days=30)


class Why(IntEnum):
    """In the order of the day."""

    ASKED = 1
    DUE = 2
    FIRST_SALE = 3
    FREE_PERIOD_ENDS = 4
    LEAVING = 5
    STUCK = 6
    NEVER_CALLED = 7


NEARNESS: dict[str, int] = {
    place: order
    for order, place in enumerate(
        (
            Place.PRODUCTS, Place.ACCOUNT, Place.PLAN, Place.PHOTO, Place.HOURS, Place.REFUSED, Place.PAGE,
            Place.ANSWER, Place.FIRST_SALE, Place.QUESTIONS, Place.PROOF, Place.INVITATION,
        )
    )
}  # fmt: skip
"""How little is missing, from the least."""


@dataclass(frozen=True, slots=True)
class Call:
    """``order`` sorts the day's calls; ``reason`` is what the adviser reads."""

    row: Any
    why: Why
    reason: str
    order: tuple[int, int, date, int]


@dataclass(frozen=True, slots=True)
class Day:
    """``free_until``: the portal's last free day; ``paid_tiers``: the options that cost something after it."""

    now: datetime
    free_until: date | None = None
    paid_tiers: frozenset[str] = frozenset()

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)


def call_for(row: Any, day: Day) -> Call | None:
    """Whether, and why, this merchant is called today. ``row``: of the pipeline, its standing annotated."""
    if row.callback_asked_at is not None:
        asked = words.since(row.callback_asked_at, day.now)
        return _call(
            row, Why.ASKED, _("demande un appel %(since)s") % {"since": asked}, row.callback_asked_at
        )
    if row.merchant_id is None or _is_left_in_peace(row, day):
        return None
    if row.next_act and row.next_act_on is not None and row.next_act_on <= day.today:
        told = {"act": row.next_act, "day": date_format(row.next_act_on, "j F")}
        reason = _("«\u00a0%(act)s\u00a0», prévu le %(day)s") % told
        return Call(row, Why.DUE, reason, (Why.DUE, 0, row.next_act_on, row.pk))
    return _by_its_standing(row, day)


def _is_left_in_peace(row: Any, day: Day) -> bool:
    if row.next_act_on is not None:
        return bool(row.next_act_on > day.today)
    return row.heard_at is not None and words.days_since(row.heard_at, day.now) < LEFT_IN_PEACE.days


def _by_its_standing(row: Any, day: Day) -> Call | None:
    if row.first_sale_at and _is_news(row, day):
        sold = {"day": words.day(row.first_sale_at)}
        return _call(
            row, Why.FIRST_SALE, _("première vente le %(day)s\u00a0: dites bravo") % sold, row.first_sale_at
        )
    if ends := free_period_ends(row, day):
        reason = _("sa période gratuite prend fin le %(day)s, sans choix") % {"day": date_format(ends, "j F")}
        return Call(row, Why.FREE_PERIOD_ENDS, reason, (Why.FREE_PERIOD_ENDS, 0, ends, row.pk))
    if row.stage == Stage.LEAVING:
        return _call(row, Why.LEAVING, words.where(row, day.now), row.since)
    if row.stage == Stage.STUCK:
        said = words.sentence(row, day.now)
        return _call(row, Why.STUCK, said[:1].lower() + said[1:], row.since, NEARNESS[row.place])
    if row.claimed_at and row.heard_at is None:
        reason = _("des nôtres depuis le %(day)s, jamais appelé") % {"day": words.day(row.claimed_at)}
        return _call(row, Why.NEVER_CALLED, reason, row.claimed_at)
    return None


def _call(row: Any, why: Why, reason: str, since: datetime, nearness: int = 0) -> Call:
    """The longest first, among those of one kind."""
    return Call(row, why, reason, (why, nearness, timezone.localdate(since), row.pk))


def _is_news(row: Any, day: Day) -> bool:
    is_recent = words.days_since(row.first_sale_at, day.now) < THANKS_FOR.days
    return is_recent and (row.heard_at is None or row.heard_at < row.first_sale_at)


def free_period_ends(row: Any, day: Day) -> date | None:
    """The last free day of an option that will cost something, where it comes soon and nothing was subscribed to."""
    wanted = row.chosen_tier or row.tier
    ends: date | None = row.free_until or day.free_until
    is_soon = ends is not None and day.today <= ends <= day.today + ENDS_SOON
    pays_later = wanted in day.paid_tiers and RANK[Tier(wanted)] > 0
    return ends if is_soon and pays_later and row.claimed_at and not row.is_subscribed else None


def of_the_day(rows: list[Any], day: Day) -> list[Call]:
    """Every call that these rows give reason for, in the day's order."""
    calls = (call_for(row, day) for row in rows)
    return sorted((call for call in calls if call is not None), key=lambda call: call.order)


def worth_a_look(rows: PipelineQuerySet, day: Day) -> PipelineQuerySet:
    """Those that ``call_for`` may have something to say about: most of a directory falls out."""
    later = Q(callback_asked_at=None, next_act_on__gt=day.today)
    return rows.exclude(later).filter(
        Q(callback_asked_at__isnull=False)
        | Q(next_act_on__lte=day.today)
        | Q(stage__in=[Stage.STUCK, Stage.LEAVING])
        | Q(claimed_at__isnull=False) & (Q(heard_at=None) | Q(first_sale_at__isnull=False) | _may_end(day))
    )


def _may_end(day: Day) -> Q:
    """Its own free period ends soon, or it has none of its own and the portal's does."""
    soon = (day.today, day.today + ENDS_SOON)
    is_portals = day.free_until is not None and soon[0] <= day.free_until <= soon[1]
    return Q(free_until__range=soon) | (Q(free_until=None) if is_portals else Q(pk=None))
