"""« Ouvert maintenant » in SQL: the same answer as ``directory.hours.is_open_at``, for a whole town in one query.

Only of merchants whose hours somebody vouches for (``directory.still_true``): the others are open nowhere.
"""

import datetime as dt

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from directory.hours import ONE_DAY, QUEBEC_HOLIDAYS, wall_clock
from directory.models import Merchant, OpeningHours, SpecialHours
from directory.still_true import vouched

RUNS_PAST_MIDNIGHT = Q(closes__lte=F("opens"))


def open_at(queryset: QuerySet[Merchant], moment: dt.datetime) -> QuerySet[Merchant]:
    """The merchants of ``queryset`` that have said, not too long ago, that they are open at ``moment``."""
    return queryset.filter(is_open_condition(moment))


def is_open_condition(moment: dt.datetime) -> Q:
    """For a Merchant queryset: true of those open at ``moment``."""
    now = wall_clock(moment)
    today, yesterday = now.date(), now.date() - ONE_DAY
    begun_today = Q(opens__lte=now.time()) & (Q(closes__gt=now.time()) | RUNS_PAST_MIDNIGHT)
    since_yesterday = RUNS_PAST_MIDNIGHT & Q(closes__gt=now.time())
    has_said_so = (_is_there(today) & _has_span(today, begun_today)) | (
        _is_there(yesterday) & _has_span(yesterday, since_yesterday)
    )
    return vouched(moment) & has_said_so


def opens_on_condition(date: dt.date, moment: dt.datetime) -> Q:
    """For a Merchant queryset: true of those that say, at ``moment``, that they open at some time of ``date``."""
    return vouched(moment) & _is_there(date) & _has_span(date, Q(opens__isnull=False))


def _is_there(date: dt.date) -> Q:
    """Not on vacation that day: no span begins then."""
    return Q(vacation_from=None) | Q(vacation_from__gt=date) | Q(vacation_until__lt=date)


def _has_span(date: dt.date, condition: Q) -> Q:
    """One of the spans that begin on ``date`` fulfils ``condition``. Special hours replace the weekly ones.

    The plain managers: the merchants outside are scoped, and a second look at their portal would cost a join.
    """
    special = SpecialHours._base_manager.filter(merchant=OuterRef("pk"), date=date)  # noqa: SLF001
    stated = Q(Exists(special.filter(condition)))
    if date in QUEBEC_HOLIDAYS:
        return stated
    usual = OpeningHours._base_manager.filter(  # noqa: SLF001
        condition, merchant=OuterRef("pk"), weekday=date.weekday()
    )
    return stated | Q(Exists(usual), ~Exists(special))
