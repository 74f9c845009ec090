"""Merchants, as the search knows them (``settings.SEARCH_SOURCES``)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from directory.enums import SearchKind
from directory.models import Merchant, MerchantPage, OpeningHours
from directory.searching.entries import LOWERED, SPENT, Entry, words_from_above
from directory.searching.texts import stream_text
from directory.still_true import Standing, periods_of, standing, standing_condition

WORTH_CLAIMED, WORTH_PHOTO, WORTH_HOURS, WORTH_INTRO, WORTH_STORY, WORTH_REACHED = 25, 20, 20, 10, 10, 15
"""What makes a page worth a visit. That it sells here, or what it pays, is no part of it."""


DOUBTS = {Standing.LOWERED: LOWERED, Standing.HIDDEN: SPENT}
"""What nobody confirms comes after its equals, as in the directory's lists; by its name it is found all the same."""


class Merchants:
    """A ``directory.searching.entries.Source``."""

    def keys(self) -> Iterable[int]:
        return Merchant.objects.visible().order_by("pk").values_list("pk", flat=True)

    def entries(self, keys: Sequence[int]) -> Iterable[Entry]:
        rows = Merchant.objects.visible().filter(pk__in=keys).select_related("category", "sector")
        rows = rows.annotate(has_hours=Exists(OpeningHours.objects.filter(merchant=OuterRef("pk"))))
        pages = _pages(keys)
        more = words_from_above(keys)
        return [_entry(row, pages.get(row.pk, []), more.get(row.pk, "")) for row in rows.order_by("pk")]

    def visible(self) -> QuerySet[Any]:
        return Merchant.objects.visible()

    def doubts(self, now: datetime) -> Mapping[int, int]:
        rows = Merchant.objects.visible()
        return {
            key: doubt
            for place, doubt in DOUBTS.items()
            for key in rows.filter(standing_condition(place, now)).values_list("pk", flat=True)
        }


def _pages(keys: Sequence[int]) -> dict[int, list[MerchantPage]]:
    """The live pages of these merchants, one for each language."""
    found: dict[int, list[MerchantPage]] = {}
    for page in MerchantPage.objects.filter(merchant__in=keys, live=True).order_by("pk"):
        found.setdefault(page.merchant_id, []).append(page)
    return found


def _entry(row: Merchant, pages: Sequence[MerchantPage], more: str) -> Entry:
    own = " ".join(f"{page.owner_name} {stream_text(page.body.raw_data)}" for page in pages)
    return Entry(
        SearchKind.MERCHANT,
        row.pk,
        row.site_id,
        row.name,
        also=f"{row.category.name} {row.sector.name} {row.keywords}",
        text=" ".join([row.street_address, row.city, *(page.intro for page in pages)]),
        more=f"{more} {own}",
        worth=_worth(row, pages),
        doubt=DOUBTS.get(standing(row, timezone.now(), periods_of(row.site_id)), 0),
        merchant_id=row.pk,
        category_id=row.category_id,
        sector_id=row.sector_id,
        latitude=row.latitude,
        longitude=row.longitude,
    )


def _worth(row: Any, pages: Sequence[MerchantPage]) -> int:
    told = (
        (WORTH_CLAIMED, row.is_claimed),
        (WORTH_HOURS, row.has_hours),
        (WORTH_REACHED, bool(row.phone or row.website_url)),
        (WORTH_PHOTO, any(page.cover_id for page in pages)),
        (WORTH_INTRO, any(page.intro for page in pages)),
        (WORTH_STORY, any(len(page.body.raw_data) for page in pages)),
    )
    return sum(points for points, is_told in told if is_told)
