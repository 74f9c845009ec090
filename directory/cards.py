"""Merchants as lists and pages show them: joined, with their page's address, photo and hours of the moment.

However many merchants, a card costs no query of its own: four queries dress them all.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils import timezone

from directory.hours import LOOK_AHEAD_DAYS, ONE_DAY, status_at, wall_clock
from directory.models import Merchant, MerchantPage, SpecialHours
from directory.schedules import schedule_of
from home.addresses import address_of


def merchant_cards(queryset: QuerySet[Merchant], *, moment: dt.datetime | None = None) -> list[Merchant]:
    """The merchants of ``queryset``, in its order, dressed."""
    return dressed(queryset.select_related("category", "sector"), moment=moment)


def cards_by_key(pks: Iterable[int]) -> dict[int, Merchant]:
    """Merchants of the portal in scope by primary key, those that shoppers may not see included (``is_visible``)."""
    return {merchant.pk: merchant for merchant in merchant_cards(Merchant.objects.filter(pk__in=list(pks)))}


def dressed(
    merchants: Iterable[Merchant], *, moment: dt.datetime | None = None, days_ahead: int = LOOK_AHEAD_DAYS
) -> list[Merchant]:
    """Add ``page_url``, ``photo``, ``photo_alt``, ``hours_status`` and ``is_visible`` to each merchant.

    Special hours are read from a week before ``moment`` to ``days_ahead`` after it.
    """
    rows = list(merchants)
    moment = moment or timezone.now()
    _prefetch(rows, wall_clock(moment).date(), days_ahead)
    for merchant in rows:
        _dress(merchant, moment)
    return rows


def _prefetch(rows: Sequence[Merchant], today: dt.date, days_ahead: int) -> None:
    days = (today - 7 * ONE_DAY, today + days_ahead * ONE_DAY)
    pages = MerchantPage.objects.filter(live=True).select_related("cover").defer("body").order_by("pk")
    prefetch_related_objects(
        rows,
        "opening_hours",
        Prefetch(
            "special_hours", SpecialHours.objects.filter(date__range=days), to_attr="near_special_hours"
        ),
        Prefetch("pages", pages.prefetch_related("cover__renditions"), to_attr="live_pages"),
    )


def _dress(merchant: Merchant, moment: dt.datetime) -> None:
    page = merchant.live_pages[0] if merchant.live_pages else None
    merchant.page_url = address_of(page.url_path) if page else ""
    merchant.photo = page.cover if page else None
    merchant.photo_alt = page.cover_alt if page else ""
    merchant.hours_status = status_at(schedule_of(merchant), moment)
    merchant.is_visible = bool(merchant.page_url) and not merchant.is_hidden
