"""When an order can be picked up: the shop's first open moment once it is prepared."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from directory.hours import ZONE, is_open_at, next_opening
from directory.models import Merchant
from directory.schedules import schedule_of
from home.clock import clock
from shop.models import Shop


def ready_from(merchant: Merchant, shop: Shop, *, now: datetime) -> datetime | None:
    """The first quarter of an hour the shop is open after its preparation time; None when its hours do not say."""
    prepared = _next_quarter(now + timedelta(minutes=shop.preparation_minutes))
    schedule = schedule_of(merchant)
    if is_open_at(schedule, prepared):
        return prepared
    opening = next_opening(schedule, prepared)
    return opening.replace(tzinfo=ZONE) if opening else None


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
