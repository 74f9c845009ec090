"""Merchants as lists and pages show them: joined, with their page's address, photo and hours of the moment.

However many merchants, a card costs no query of its own: four queries dress them all, two where no photo is shown.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils import timezone

from directory.hours import LOOK_AHEAD_DAYS, ONE_DAY, status_at, wall_clock
from directory.models import Merchant, MerchantPage, OpeningHours, SpecialHours
from directory.schedules import schedule_of
from directory.still_true import Periods, periods, standing, told
from home import twins
from home.addresses import address_of
from home.compiled import Compiled, Ints
from home.page_lists import in_french
from home.renditions import prefetch_renditions


def merchant_cards(queryset: QuerySet[Merchant], *, moment: dt.datetime | None = None) -> list[Merchant]:
    """The merchants of ``queryset``, in its order, dressed."""
    return dressed(queryset.select_related("category", "sector"), moment=moment)


def merchant_briefs(queryset: QuerySet[Merchant], *, moment: dt.datetime | None = None) -> list[Merchant]:
    """The merchants of ``queryset``, in its order, dressed without a photo."""
    joined = queryset.select_related("category", "sector").with_page_path()  # type: ignore[attr-defined]
    return _briefs(list(joined), moment or timezone.now())


def visible_briefs(keys: Sequence[int], *, moment: dt.datetime) -> list[Merchant]:
    """Of the merchants with these primary keys those that shoppers may see, in this order, dressed alike."""
    found = {merchant.pk: merchant for merchant in _VISIBLE.rows(keys=list(keys))}
    return _briefs([found[key] for key in keys if key in found], moment)


def _briefs(rows: list[Merchant], moment: dt.datetime) -> list[Merchant]:
    prefetch_hours(rows, moment)
    known = periods() if rows else None
    for merchant in rows:
        _dress(merchant, merchant.page_url_path or "", moment, known)
    return rows


_VISIBLE = Compiled(
    lambda keys: (
        Merchant.objects.visible()
        .filter(id__any_of=keys)
        .select_related("category", "sector")
        .with_page_path()
    ),
    keys=Ints,
)


def dressed(
    merchants: Iterable[Merchant], *, moment: dt.datetime | None = None, days_ahead: int = LOOK_AHEAD_DAYS
) -> list[Merchant]:
    """Add ``page_url``, ``photo``, ``photo_alt``, ``standing``, ``hours_status`` and ``is_visible`` to each merchant.

    Special hours are read from a week before ``moment`` to ``days_ahead`` after it. Pages are read for merchants whose
    ``live_pages`` is not known yet.
    """
    rows = list(merchants)
    moment = moment or timezone.now()
    prefetch_hours(rows, moment, days_ahead)
    waiting = [merchant for merchant in rows if not hasattr(merchant, "live_pages")]
    _LIVE_PAGES.prefetch(waiting, "pages", to_attr="live_pages")
    twins.speak(page for merchant in waiting for page in merchant.live_pages)
    covers = [page.cover for merchant in rows for page in merchant.live_pages if page.cover]
    prefetch_renditions(covers)
    known = periods() if rows else None
    for merchant in rows:
        page = merchant.live_pages[0] if merchant.live_pages else None
        _dress(merchant, page.url_path if page else "", moment, known)
        merchant.photo = page.cover if page else None
        merchant.photo_alt = page.cover_alt if page else ""
    return rows


_LIVE_PAGES = Compiled(
    lambda parents: (
        MerchantPage.objects.filter(in_french(), merchant__id__any_of=parents, live=True)
        .select_related("cover")
        .defer("body")
        .order_by("pk")
    ),
    parents=Ints,
)


def prefetch_hours(rows: Sequence[Merchant], moment: dt.datetime, days_ahead: int = LOOK_AHEAD_DAYS) -> None:
    today = wall_clock(moment).date()
    first, last = today - 7 * ONE_DAY, today + days_ahead * ONE_DAY
    _WEEKS.prefetch(rows, "opening_hours")
    _DATES.prefetch(rows, "special_hours", to_attr="near_special_hours", first=first, last=last)


_WEEKS = Compiled(lambda parents: OpeningHours.objects.filter(merchant__id__any_of=parents), parents=Ints)
_DATES = Compiled(
    lambda parents, first, last: SpecialHours.objects.filter(
        merchant__id__any_of=parents, date__range=(first, last)
    ),
    parents=Ints,
    first=dt.date,
    last=dt.date,
)


def _dress(merchant: Merchant, url_path: str, moment: dt.datetime, known: Periods | None) -> None:
    merchant.page_url = address_of(url_path) if url_path else ""
    merchant.photo, merchant.photo_alt = None, ""
    merchant.standing = standing(merchant, moment, known)
    merchant.hours_status = told(status_at(schedule_of(merchant), moment), merchant, merchant.standing)
    merchant.is_visible = bool(merchant.page_url) and not merchant.is_hidden
