"""What was so in each month, merchant by merchant, before anything is hidden. It never leaves ``portal.impact``.

What was sold and counted is read from ``shop.results`` and ``directory.counting.figures``: it happened on a day, and
stays. What a merchant was is kept less well:

- live: its French page was published once before the month's end, and was not taken down by then. A merchant that is
  gone counts until the first of: suspended, removed, page unpublished (Wagtail's log). One that was down for a while
  and is back counts throughout.
- held: since ``claimed_at``; of one that left, until its departure.
- its option, sector and category: only today's are known. The closing of a month, three days after its end, keeps them.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Min, QuerySet
from wagtail.models import PageLogEntry

from directory import departures
from directory.counting import figures
from directory.enums import Act, Source, Tier
from directory.models import Category, Departure, Merchant, MerchantPage, Sector
from editorial.models import StoryPage
from home.page_lists import in_french
from home.periods import Period, town_day
from home.tenancy import current_site
from shop import results
from shop.results import Sales

Touches = Mapping[tuple[Act, Source], int]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a merchant was when the month ended; ``is_new``: it became live and held in that month."""

    sector: int
    category: int
    is_live: bool
    is_held: bool
    is_selling: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """By the merchants' primary keys. ``of_stories``: the part of ``sales`` that stories are credited for."""

    month: Period
    standings: Mapping[int, Standing]
    sales: Mapping[int, Sales]
    of_stories: Mapping[int, Sales]
    touches: Mapping[int, Touches]
    pages_seen: int
    stories: int
    graduated: int
    left: int
    sectors: Mapping[int, str]
    categories: Mapping[int, str]


def first_month() -> Period | None:
    """Of the first sale, count or page of a merchant; None for a portal in which nothing happened. Three queries."""
    published = _pages().aggregate(at=Min("first_published_at"))["at"]
    days = (results.first_day(), figures.first_day(), town_day(published) if published else None)
    known = [day for day in days if day]
    return Period.month_of(min(known)) if known else None


def facts(months: Period, *, now: dt.datetime) -> list[MonthFacts]:
    """Of each of these months, all of which are over. As many queries for a year as for a month."""
    sales, touches = results.sales_by_month(months), figures.contacts_by_month(months)
    seen, stories = figures.pages_seen_by_month(months), _stories(months)
    since = Period(months.first, max(months.last, town_day(now)))
    gone = list(departures.left_in(since))
    past = _pasts(gone)
    sectors = dict(Sector.objects.values_list("pk", "name"))
    categories = dict(Category.objects.values_list("pk", "name"))
    return [
        MonthFacts(
            month=month,
            standings={key: each.standing(month) for key, each in past.items()},
            sales=_together(sales[month]),
            of_stories=_together({key: sum_ for key, sum_ in sales[month].items() if key[1] == Source.STORY}),
            touches=touches[month],
            pages_seen=seen[month],
            stories=stories[month],
            graduated=sum(1 for row in gone if row.is_graduation and town_day(row.left_at) in month),
            left=sum(1 for row in gone if not row.is_graduation and town_day(row.left_at) in month),
            sectors=sectors,
            categories=categories,
        )
        for month in months.months
    ]


def _together(sales: Mapping[tuple[int, str], Sales]) -> dict[int, Sales]:
    merchants: dict[int, Sales] = defaultdict(Sales)
    for (merchant, _source), each in sales.items():
        merchants[merchant] += each
    return dict(merchants)


# -------------------------------------------------------------------------------------------------- what merchants were


@dataclass(slots=True)
class _Past:
    sector: int
    category: int
    tier: str
    is_hidden: bool
    created_at: dt.datetime
    held_from: dt.datetime | None
    held_until: dt.datetime | None = None
    seen_from: dt.datetime | None = None
    has_live_page: bool = False
    downs: list[dt.datetime] = field(default_factory=list)

    def standing(self, month: Period) -> Standing:
        end, seen, held = month.ends_at, self.seen_from, self.held_from
        is_live = seen is not None and seen < end and not self._is_gone(end)
        is_held = (
            is_live and held is not None and held < end and (not self.held_until or self.held_until >= end)
        )
        came = max(seen, held) if seen and held else None
        return Standing(
            sector=self.sector,
            category=self.category,
            is_live=is_live,
            is_held=is_held,
            is_selling=is_live and self.tier == Tier.TRANSACTIONAL,
            is_new=came is not None and town_day(came) in month,
        )

    def _is_gone(self, moment: dt.datetime) -> bool:
        if self.has_live_page and not self.is_hidden:
            return False
        return not self.downs or min(self.downs) < moment


def _pasts(gone: list[Departure]) -> dict[int, _Past]:
    rows = Merchant.objects.order_by().values_list(
        "pk", "sector_id", "category_id", "tier", "suspended_at", "removed_at", "created_at", "claimed_at"
    )
    past = {
        key: _Past(
            sector,
            category,
            tier,
            is_hidden=bool(suspended or removed),
            created_at=created,
            held_from=claimed,
            downs=[moment for moment in (suspended, removed) if moment],
        )
        for key, sector, category, tier, suspended, removed, created, claimed in rows
    }
    _add_pages(past)
    for row in gone:
        if row.merchant_id in past and past[row.merchant_id].held_from is None:
            past[row.merchant_id].held_from, past[row.merchant_id].held_until = row.claimed_at, row.left_at
    return past


def _add_pages(past: Mapping[int, _Past]) -> None:
    """When each merchant's page was first public, and, of those that are no more, when they were taken down last."""
    down: dict[int, int] = {}
    for page, merchant, is_live, published in _pages().values_list(
        "pk", "merchant_id", "live", "first_published_at"
    ):
        each = past[merchant]
        each.seen_from = published or (each.created_at if is_live else None)
        each.has_live_page = is_live
        if not is_live:
            down[page] = merchant
    log = PageLogEntry.objects.filter(page__in=down, action="wagtail.unpublish").order_by()
    last: dict[int, dt.datetime] = {}
    for page, moment in log.values_list("page_id", "timestamp"):
        last[page] = max(moment, last.get(page, moment))
    for page, moment in last.items():
        past[down[page]].downs.append(moment)


def _pages() -> QuerySet[MerchantPage]:
    rows: QuerySet[MerchantPage] = MerchantPage.objects.filter(in_french(), merchant__site=current_site().pk)
    return rows.order_by()


def _stories(months: Period) -> dict[Period, int]:
    """Stories in French that appeared in each month, and are still there."""
    found = dict.fromkeys(months.months, 0)
    stories = StoryPage.objects.live().descendant_of(current_site().root_page)
    wanted = stories.filter(first_published_at__gte=months.starts_at, first_published_at__lt=months.ends_at)
    for moment in wanted.order_by().values_list("first_published_at", flat=True):
        found[Period.month_of(town_day(moment))] += 1
    return found
