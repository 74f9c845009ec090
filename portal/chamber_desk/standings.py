"""``stages`` said in SQL: every row's stage, the place where it is stuck and since when, in one annotated queryset."""

from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from directory.enums import DepartureReason, Tier
from portal.chamber_desk import stages
from portal.chamber_desk.stages import PATIENCE, Place, Stage

CLAIMED = Q(claimed_at__isnull=False)
SEEN = Q(live_since__isnull=False)
SELLS = Q(tier=Tier.TRANSACTIONAL)
CAN_SELL = SEEN & SELLS & Q(has_account=True, products__gt=0)
WANTS_MORE = Q(tier=Tier.LISTING, chosen_tier__in=(Tier.LINKED_SHOP, Tier.TRANSACTIONAL)) | Q(
    tier=Tier.LINKED_SHOP, chosen_tier=Tier.TRANSACTIONAL
)
CHOSEN_AT = Greatest("claimed_at", "tier_moved_at")
"""PostgreSQL's GREATEST passes over what is null."""


class Midnight(Func):
    """The first moment of a date, in the portal's time."""

    template = f"(%(expressions)s::timestamp AT TIME ZONE '{settings.TIME_ZONE}')"
    output_field = models.DateTimeField()


class PipelineQuerySet(models.QuerySet[Any]):
    def standing(self, now: datetime) -> Self:
        """Annotate ``stage``, ``place`` ("" unless stuck or leaving) and ``since``, as ``stages.standing`` says."""
        placed = self.annotate(place=_place(now), since=_since(now))
        leaving = When(place__in=[*stages.LEAVING], then=Value(Stage.LEAVING))
        stuck = When(~Q(place=""), then=Value(Stage.STUCK))
        otherwise = [When(condition, then=Value(stage)) for stage, condition, _since in _stages(now)]
        words = models.CharField()
        return placed.annotate(stage=Case(leaving, stuck, *otherwise, output_field=words))


Placed = tuple[Place, Q, Any]


def _place(now: datetime) -> Case:
    cases = [When(condition, then=Value(place)) for place, condition, _since in _places(now)]
    return Case(*cases, default=Value(""), output_field=models.CharField())


def _since(now: datetime) -> Case:
    places = [When(condition, then=since) for _place, condition, since in _places(now)]
    otherwise = [When(condition, then=since) for _stage, condition, since in _stages(now)]
    return Case(*places, *otherwise, output_field=models.DateTimeField())


def _places(now: datetime) -> list[Placed]:
    """In the order in which they are asked."""
    return [*_gone(now), *_going(now), *_with_the_page(now), *_on_the_way_in(now)]


def _gone(now: datetime) -> list[Placed]:
    nobody_comes_in = Q(waiting_since=None, answered_at=None, proving_since=None)
    gone = ~CLAIMED & nobody_comes_in & Q(left_at__gt=now - stages.LEFT_COUNTS_FOR)
    has_own_shop = Q(left_reason=DepartureReason.GRADUATED)
    return [
        (Place.GRADUATED, gone & has_own_shop, F("left_at")),
        (Place.GONE, gone & ~has_own_shop, F("left_at")),
    ]


def _going(now: datetime) -> list[Placed]:
    lesser = CLAIMED & Q(lowered_at__gt=now - stages.LESSER_CHOICE_COUNTS_FOR)
    return [
        (Place.ENDING, CLAIMED & Q(subscription_ends_at__gt=now), F("subscription_ends_at")),
        (Place.LESS, lesser, F("lowered_at")),
        (Place.AWAY, CLAIMED & _on_a_long_holiday(timezone.localdate(now)), Midnight("vacation_from")),
    ]


def _on_a_long_holiday(today: date) -> Q:
    on_holiday = Q(vacation_from__lte=today, vacation_until__gte=today)
    return on_holiday & Q(vacation_until__gte=F("vacation_from") + Value(stages.LONG_HOLIDAY))


def _with_the_page(now: datetime) -> list[Placed]:
    unseen = ~SEEN & Q(waiting_since=None)
    quiet = Greatest("claimed_at", "acted_at", "last_sale_at")
    places: list[Placed] = [
        (Place.REFUSED, Q(refused_at__gt=now - stages.REFUSAL_COUNTS_FOR), F("refused_at")),
        (Place.ANSWER, Q(), F("waiting_since")),
        (Place.PAGE, unseen, F("claimed_at")),
        (Place.PLAN, WANTS_MORE, CHOSEN_AT),
        (Place.ACCOUNT, SELLS & Q(has_account=False), CHOSEN_AT),
        (Place.PRODUCTS, SELLS & Q(products=0), CHOSEN_AT),
        (Place.PHOTO, Q(has_photo=False), F("live_since")),
        (Place.HOURS, Q(has_hours=False), F("live_since")),
        (Place.FIRST_SALE, CAN_SELL & Q(first_sale_at=None), F("selling_since")),
        (Place.SILENT, Q(), quiet),
    ]
    return [
        (place, CLAIMED & condition & _long(place, since, now), since) for place, condition, since in places
    ]


def _on_the_way_in(now: datetime) -> list[Placed]:
    unanswered = Q(waiting_since=None, answered_at=None, proving_since=None)
    places: list[Placed] = [
        (Place.ANSWER, Q(), F("waiting_since")),
        (Place.QUESTIONS, Q(waiting_since=None), F("answered_at")),
        (Place.PROOF, Q(waiting_since=None, answered_at=None), F("proving_since")),
        (
            Place.REFUSED,
            unanswered & Q(refused_at__gt=now - stages.REFUSAL_COUNTS_FOR),
            F("refused_at"),
        ),
        (Place.INVITATION, unanswered & _invitation_holds(now), F("invited_at")),
    ]
    return [
        (place, ~CLAIMED & condition & _long(place, since, now), since) for place, condition, since in places
    ]


def _long(place: Place, since: Any, now: datetime) -> Q:
    return Q(models.lookups.LessThanOrEqual(since, Value(now - PATIENCE[place], models.DateTimeField())))


def _invitation_holds(now: datetime) -> Q:
    return Q(invitation_ends_at=None) | Q(invitation_ends_at__gt=now)


def _stages(now: datetime) -> list[tuple[Stage, Q, Any]]:
    """Of those who are nowhere stuck, and do not leave; the last takes the rest."""
    refused = Q(refused_at__gt=now - stages.REFUSAL_COUNTS_FOR)
    begun = Q(answered_at__isnull=False) | Q(proving_since__isnull=False)
    waits = Q(waiting_since__isnull=False)
    first = Coalesce("answered_at", "proving_since", "refused_at")
    return [
        (Stage.WAITING, waits & (~CLAIMED | ~SEEN), F("waiting_since")),
        (Stage.REGISTERING, CLAIMED & ~SEEN, F("claimed_at")),
        (Stage.SELLING, CLAIMED & CAN_SELL, Coalesce("selling_since", "live_since")),
        (Stage.LIVE, CLAIMED, F("live_since")),
        (Stage.REGISTERING, begun | refused, first),
        (Stage.INVITED, Q(invited_at__isnull=False) & _invitation_holds(now), F("invited_at")),
        (Stage.UNCLAIMED, Q(pk__isnull=False), F("created_at")),
    ]
