"""The front page: what the Journal chose for each slot while it stands, and what fills the slot by itself.

A chosen thing leaves on the day after its last, and sooner when it is hidden, sold out or unpublished. What fills a
slot is told by the moment alone: the newest stories and products, merchants in the order of the day's chance.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.cache import cache
from django.db.models import Case, Exists, F, IntegerField, OuterRef, QuerySet, Value, When
from django.http import HttpRequest
from django.utils import timezone

from directory.cards import dressed
from directory.chance import draw_of
from directory.hours import wall_clock
from directory.models import Merchant, MerchantPage
from directory.open_now import open_at
from directory.town import keys_of_the_minute
from editorial.campaigns import Band, bands_of
from editorial.listing import published_stories
from editorial.models import FrontCampaign, FrontLead, FrontMerchant, FrontProduct, FrontStory, StoryPage
from editorial.seasons import season_of
from home import twins
from home.compiled import Compiled, Ints
from home.models import CustomImage, HomePage
from shop.cards import dress_all
from shop.models import Product
from shop.on_shelves import shelf_since

LEAD, STORIES, PRODUCTS, MERCHANTS, CAMPAIGN = "lead", "stories", "products", "merchants", "campaign"
SLOTS: dict[str, tuple[Any, str, str]] = {
    LEAD: (FrontLead, "front_leads", "story_id"),
    STORIES: (FrontStory, "front_stories", "story_id"),
    PRODUCTS: (FrontProduct, "front_products", "product_id"),
    MERCHANTS: (FrontMerchant, "front_merchants", "merchant_id"),
    CAMPAIGN: (FrontCampaign, "front_campaigns", "campaign_id"),
}
"""The rows of a slot, where the page keeps them, and the key of what was chosen."""

STORIES_SHOWN, PRODUCTS_SHOWN, MERCHANTS_SHOWN, OPEN_SHOWN = 4, 8, 4, 6
NEWEST_SEEN = 24
OF_ONE_MERCHANT = 2
"""Whoever puts twenty products in one day does not fill the flyer."""
SECONDS_KEPT = 60

Picks = Mapping[str, Sequence[int]]
Row = TypeVar("Row", StoryPage, Product, Merchant, Band)


@dataclass(frozen=True)
class Front:
    """All that ``home/home_page.html`` shows of the town. ``chosen``: how many of what a slot shows were chosen."""

    today: dt.date
    season: str
    lead: StoryPage | None
    stories: Sequence[StoryPage]
    products: Sequence[Product]
    merchants: Sequence[Merchant]
    open_merchants: Sequence[Merchant]
    campaigns: Sequence[Band]
    chosen: Mapping[str, int]


def front_of(page: HomePage, request: HttpRequest | None) -> Front:
    """The front page of this moment. While it is being edited, what is in hand counts, not what was saved."""
    now = timezone.now()
    today = wall_clock(now).date()
    rows = _in_hand(page) if getattr(request, "is_preview", False) else _saved(page)
    picks = _standing(rows, today)
    lead, stories = _stories(picks)
    merchants, open_merchants = _merchants(picks[MERCHANTS], now)
    covers = [story.lead_image for story in (lead, *stories) if story and story.lead_image]
    products = _products(picks[PRODUCTS], covers, now)
    campaigns = _chosen_first(bands_of(today), picks[CAMPAIGN])
    shown: dict[str, Sequence[Any]] = {
        LEAD: [lead] if lead else [], STORIES: stories, PRODUCTS: products,
        MERCHANTS: merchants, CAMPAIGN: campaigns[:1],
    }  # fmt: skip
    chosen = {slot: sum(row.pk in picks[slot] for row in shown[slot]) for slot in SLOTS}
    return Front(
        today, season_of(today), lead, stories, products, merchants, open_merchants, campaigns, chosen
    )


# ------------------------------------------------------------------------------------------------------------ the picks

Pick = tuple[str, int, int, dt.date | None]
"""Slot, place in it, key, last day."""


def _saved(page: HomePage) -> list[Pick]:
    """What was published: looked up once a minute, and anew after each publication."""
    published = page.last_published_at.isoformat() if page.last_published_at else ""
    return cache.get_or_set(f"front-{page.pk}-{published}", lambda: _read(page.pk), SECONDS_KEPT) or []


def _read(page_id: int) -> list[Pick]:
    """One question for all slots."""
    rows = [
        model._default_manager.filter(page=page_id)
        .order_by()
        .annotate(slot=Value(number, output_field=IntegerField()), key=F(key))
        .values_list("slot", "sort_order", "key", "until")
        for number, (model, _name, key) in enumerate(SLOTS.values())
    ]
    names = list(SLOTS)
    return [
        (names[slot], place or 0, key, until)
        for slot, place, key, until in rows[0].union(*rows[1:], all=True)
    ]


def _in_hand(page: HomePage) -> list[Pick]:
    return [
        (slot, place, getattr(row, key), row.until)
        for slot, (_model, name, key) in SLOTS.items()
        for place, row in enumerate(getattr(page, name).all())
    ]


def _standing(rows: Iterable[Pick], today: dt.date) -> Picks:
    """Keys of what stands on that day, by slot and in its order."""
    picks: dict[str, list[int]] = {slot: [] for slot in SLOTS}
    for slot, _place, key, until in sorted(rows, key=lambda row: row[:2]):
        if key is not None and (until is None or today <= until) and key not in picks[slot]:
            picks[slot].append(key)
    return picks


def _chosen_first(rows: Iterable[Row], keys: Sequence[int]) -> list[Row]:
    """Those of ``keys`` in that order, then the others as they stand."""
    place = {key: number for number, key in enumerate(keys)}
    return sorted(rows, key=lambda row: place.get(row.pk, len(place)))


# ---------------------------------------------------------------------------------------------------------- the stories


def _stories(picks: Picks) -> tuple[StoryPage | None, list[StoryPage]]:
    """The story at the top and those below: the chosen ones that everybody may read, then the newest."""
    keys = [*picks[LEAD], *picks[STORIES]]
    rows = twins.speak(_chosen_and_newest(keys, STORIES_SHOWN + 1))
    leads = _chosen_first([row for row in rows if row.pk not in picks[STORIES]], picks[LEAD]) or rows
    lead = next(iter(leads), None)
    below = [row for row in rows if lead is not None and row.pk != lead.pk]
    return lead, _chosen_first(below, picks[STORIES])[:STORIES_SHOWN]


def _chosen_and_newest(keys: Sequence[int], many: int) -> list[StoryPage]:
    stories = published_stories().prefetch_related(None)
    if keys:
        is_other = Case(When(pk__in=keys, then=Value(0)), default=Value(1))
        stories = stories.order_by(is_other, "-published_on", "-pk")
    return sorted(stories[: many + len(keys)], key=lambda row: (row.published_on, row.pk), reverse=True)


# --------------------------------------------------------------------------------------------------------- the products


def _products(keys: Sequence[int], also: Sequence[CustomImage], now: dt.datetime) -> list[Product]:
    """The chosen ones that one can have now, then the newest, few of each merchant; renditions of ``also`` are read."""
    moment: dict[str, Any] = {"today": wall_clock(now).date(), "since": shelf_since(now)}
    chosen = _chosen_first(_CHOSEN.rows(keys=list(keys), **moment), keys) if keys else []
    newest = [row for row in _NEWEST.rows(**moment) if row.pk not in keys]
    return dress_all([*chosen, *_few_of_each(newest, chosen)][:PRODUCTS_SHOWN], also=also)


def _few_of_each(rows: Iterable[Product], beside: Iterable[Product]) -> list[Product]:
    """A merchant's first ones where they stand; its others behind those of everybody."""
    seen = Counter(row.merchant_id for row in beside)
    first: list[Product] = []
    later: list[Product] = []
    for row in rows:
        (first if seen[row.merchant_id] < OF_ONE_MERCHANT else later).append(row)
        seen[row.merchant_id] += 1
    return first + later


def _newest(today: dt.date, since: dt.datetime) -> QuerySet[Product]:
    rows: QuerySet[Product] = Product.objects.visible().on_shelves(today, since)
    return rows.order_by("-created_at", "-pk")[:NEWEST_SEEN].for_cards()  # type: ignore[attr-defined]


_NEWEST = Compiled(_newest, today=dt.date, since=dt.datetime)
_CHOSEN = Compiled(
    lambda keys, today, since: (
        Product.objects.visible().on_shelves(today, since).filter(id__any_of=keys).for_cards()
    ),
    keys=Ints,
    today=dt.date,
    since=dt.datetime,
)


# -------------------------------------------------------------------------------------------------------- the merchants


def _merchants(keys: Sequence[int], now: dt.datetime) -> tuple[list[Merchant], list[Merchant]]:
    """Those to discover and those open now, read together: the chosen ones, then as the day's chance has it."""
    date = wall_clock(now).date()
    lots = keys_of_the_minute("to-discover", lambda: _to_discover(date))
    open_keys = keys_of_the_minute("drawn-open", lambda: _open(now))
    rows = {row.pk: row for row in dressed(_SEEN.rows(keys=[*keys, *lots, *open_keys]), moment=now)}
    order = list(dict.fromkeys([*keys, *lots]))
    discover = [rows[key] for key in order if key in rows and rows[key].is_visible]
    still_open = [rows[key] for key in open_keys if key in rows and rows[key].hours_status.is_open]
    return discover[:MERCHANTS_SHOWN], [row for row in still_open if row.is_visible][:OPEN_SHOWN]


def _to_discover(date: dt.date) -> QuerySet[Merchant]:
    """Those with a photo first."""
    photo = MerchantPage.objects.filter(merchant=OuterRef("pk"), live=True, cover__isnull=False)
    rows: QuerySet[Any] = Merchant.objects.visible().annotate(has_photo=Exists(photo))
    return rows.order_by("-has_photo", draw_of(date), "pk")[: 2 * MERCHANTS_SHOWN]


def _open(now: dt.datetime) -> QuerySet[Merchant]:
    rows: QuerySet[Merchant] = open_at(Merchant.objects.visible(), now)
    return rows.order_by(draw_of(wall_clock(now).date()), "pk")[: 2 * OPEN_SHOWN]


_SEEN = Compiled(
    lambda keys: Merchant.objects.visible().filter(id__any_of=keys).select_related("category", "sector"),
    keys=Ints,
)
