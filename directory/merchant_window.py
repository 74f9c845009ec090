"""A merchant's page: one window for its three tiers, with the facts of the moment."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest
from django.utils import timezone

from directory import departures
from directory.cards import dressed
from directory.enums import Tier
from directory.hours import ONE_DAY, Schedule, Spans, Vacation, holiday_name, wall_clock, week_of
from directory.models import ImportSource, Merchant, MerchantOrigin, MerchantPage
from directory.schedules import schedule_of, vacation_of
from directory.town import SECONDS_KEPT
from home.dates import date_format
from home.languages import current
from home.pictures import pictures_of
from home.tenancy import current_site_id

SPECIAL_DAYS_SHOWN = 60


@dataclass(frozen=True)
class SpecialDay:
    """A coming date that is not as usual: other hours, closed, or a public holiday about which nothing was said."""

    date: dt.date
    label: str
    spans: Spans
    reason: str
    is_unconfirmed: bool = False

    @property
    def closed(self) -> bool:
        return not self.spans and not self.is_unconfirmed


def merchant_context(page: MerchantPage, request: HttpRequest) -> dict[str, Any]:
    """What ``directory/merchant_page.html`` shows. Raises Http404 for a merchant that shoppers may not see."""
    moment = timezone.now()
    merchant = _shown_merchant(page, moment, is_preview=getattr(request, "is_preview", False))
    page.shown_merchant = merchant
    _read_pictures(page)
    schedule = schedule_of(merchant)
    return {
        "merchant": merchant,
        "week": week_of(schedule, moment),
        "vacation": vacation_to_tell(merchant, wall_clock(moment).date()),
        "special_days": special_days(merchant, schedule, wall_clock(moment).date()),
        "sells_here": merchant.tier == Tier.TRANSACTIONAL,
        "directions_url": directions_url(merchant),
        "has_own_shop": _has_own_shop(merchant),
        "import_source": "" if merchant.is_claimed else import_source(merchant),
    }


def _has_own_shop(merchant: Merchant) -> bool:
    """It left the portal for a shop of its own. Asked of pages that nobody holds, and that lead to a shop."""
    if merchant.is_claimed or not merchant.shop_url:
        return False
    departure = departures.last_of(merchant)
    return departure is not None and departure.is_graduation


def import_source(merchant: Merchant) -> str:
    """From whose list the page came first; empty for one that was made here, unasked where no list ever came."""
    imports = cache.get_or_set(f"imports-{merchant.site_id}", ImportSource.objects.exists, SECONDS_KEPT)
    if not imports:
        return ""
    rows = MerchantOrigin.objects.filter(merchant=merchant).order_by("pk")
    return str(rows.values_list("source__name", flat=True).first() or "")


def _shown_merchant(page: MerchantPage, moment: dt.datetime, *, is_preview: bool) -> Merchant:
    """The page's merchant, dressed, of the portal in scope."""
    merchant = page.merchant
    if merchant.site_id != current_site_id() or (merchant.is_hidden and not is_preview):
        raise Http404("No such merchant in this portal")
    merchant.live_pages = [page]
    return dressed([merchant], moment=moment, days_ahead=SPECIAL_DAYS_SHOWN)[0]


def _read_pictures(page: MerchantPage) -> None:
    """Every picture of the page with its renditions, read together rather than one by one."""
    gallery = list(page.gallery.select_related("image"))
    page.gallery.set(gallery)
    pictures = [page.cover, page.owner_photo, *(photo.image for photo in gallery), *pictures_of(page.body)]
    prefetch_related_objects([picture for picture in pictures if picture], "renditions")


def special_days(merchant: Merchant, schedule: Schedule, today: dt.date) -> list[SpecialDay]:
    """The dates to come that differ from the usual week, soonest first."""
    dates = (today + n * ONE_DAY for n in range(SPECIAL_DAYS_SHOWN))
    return [_special_day(merchant, schedule, date) for date in dates if _is_special(schedule, date)]


def vacation_to_tell(merchant: Merchant, today: dt.date) -> Vacation | None:
    """The vacation that runs, or begins within the days that the page looks ahead; None otherwise."""
    vacation = vacation_of(merchant)
    if vacation is None or vacation.last < today:
        return None
    return vacation if vacation.first <= today + SPECIAL_DAYS_SHOWN * ONE_DAY else None


def _is_special(schedule: Schedule, date: dt.date) -> bool:
    if schedule.is_away(date):
        return False
    return date in schedule.special or (schedule.is_unconfirmed(date) and not schedule.is_unknown(date))


def _special_day(merchant: Merchant, schedule: Schedule, date: dt.date) -> SpecialDay:
    reasons = [row.reason for row in merchant.near_special_hours if row.date == date and row.reason]
    named = not reasons or reasons[0] == holiday_name(date)
    return SpecialDay(
        date=date,
        label=date_format(date, "l j F"),
        spans=schedule.spans_on(date),
        reason=holiday_name(date, current()) if named else reasons[0],
        is_unconfirmed=schedule.is_unconfirmed(date),
    )


def directions_url(merchant: Merchant) -> str:
    """Directions to the shop, asked of OpenStreetMap only when followed; empty for a merchant without a place."""
    if merchant.latitude is None or merchant.longitude is None:
        return ""
    return f"https://www.openstreetmap.org/directions?to={merchant.latitude:.6f},{merchant.longitude:.6f}"
