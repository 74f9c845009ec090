"""When an order can be picked up: the shop's first open moment once it is prepared."""

from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from directory.hours import LOOK_AHEAD_DAYS, ZONE, Schedule, is_open_at, next_opening
from directory.models import Merchant
from directory.schedules import schedule_of
from home.clock import clock
from home.dates import date_format
from shop import alcohol
from shop.models import Shop


def prepared_at(shop: Shop, *, now: datetime, made_in_days: int = 0) -> datetime:
    """When the shop is done preparing, open or not, to the next quarter of an hour.

    What is made to order is done as the day begins, so many days after today.
    """
    prepared = _next_quarter(now + timedelta(minutes=shop.preparation_minutes))
    if not made_in_days:
        return prepared
    day = timezone.localdate(now) + timedelta(days=made_in_days)
    return max(prepared, datetime.combine(day, time.min, ZONE))


def ready_from(
    merchant: Merchant, shop: Shop, *, now: datetime, made_in_days: int = 0, has_alcohol: bool = False
) -> datetime | None:
    """The first quarter of an hour the shop is open after its preparation; None when its hours do not say.

    Alcohol waits for the hours in which it may change hands.
    """
    prepared = prepared_at(shop, now=now, made_in_days=made_in_days)
    return first_hand_over(schedule_of(merchant), prepared, has_alcohol=has_alcohol)


def first_hand_over(schedule: Schedule, moment: datetime, *, has_alcohol: bool = False) -> datetime | None:
    """This moment if the shop is open at it (and the law lets it hand over), else the first later one that is."""
    for _try in range(2 * LOOK_AHEAD_DAYS):
        if has_alcohol:
            moment = alcohol.first_hand_over(moment)
        if is_open_at(schedule, moment):
            return moment
        opening = next_opening(schedule, moment)
        if opening is None:
            return None
        moment = opening.replace(tzinfo=ZONE)
        if not has_alcohol:
            return moment
    return None


def pickup_sentence(moment: datetime | None, *, now: datetime) -> str:
    """Like « Prête aujourd’hui à 15 h si commandée maintenant »."""
    if moment is None:
        return _("La boutique vous dira quand passer")
    local = timezone.localtime(moment)
    days = (local.date() - timezone.localdate(now)).days
    at = clock(local.time())
    if days == 0:
        return _("Prêt aujourd’hui à %(clock)s si vous commandez maintenant") % {"clock": at}
    if days == 1:
        return _("Prêt demain à %(clock)s") % {"clock": at}
    return _("Prêt le %(day)s à %(clock)s") % {"day": date_format(local, "l j F"), "clock": at}


def _next_quarter(moment: datetime) -> datetime:
    behind = (-moment.minute) % 15
    if behind == 0 and (moment.second or moment.microsecond):
        behind = 15
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=behind)
