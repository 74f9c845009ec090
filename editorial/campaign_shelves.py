"""What a campaign's shelves hold at this moment: all of them are filled together, in a few queries.

Only what can be had now is on them: products on sale and in stock, merchants whom shoppers may see, public stories.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, QuerySet, Value

from directory.cards import dressed
from directory.chance import draw_of, lot_of
from directory.hours import wall_clock
from directory.models import Merchant
from editorial.listing import published_stories
from editorial.models import CampaignPage
from home import twins
from home.models import CustomImage
from home.pictures import pictures_of
from home.renditions import prefetch_renditions
from shop.cards import dress_all
from shop.models import Product
from shop.on_shelves import shown_on_shelves

PRODUCTS, MERCHANTS, STORIES, AGENDA = "product_shelf", "merchant_shelf", "story_shelf", "agenda"
CHOSEN = {PRODUCTS: "products", MERCHANTS: "merchants", STORIES: "stories"}
"""Under which name a shelf keeps what was chosen for it."""
STORIES_SHOWN = 3
SPARE = 2
"""A rule looks for so many times as many as it shows: some may stand on another shelf already."""


@dataclass(frozen=True)
class Part:
    """One block of the page as its template shows it. The ``rows`` of a shelf are never empty."""

    kind: str
    title: str = ""
    rows: Sequence[Any] = ()
    block: Any = None


@dataclass(frozen=True)
class Ask:
    """What one shelf asks for: rows by their keys, then as many as are missing by a rule."""

    number: int
    kind: str
    chosen: tuple[int, ...]
    size: int
    rule: Mapping[str, Any]


Found = Mapping[int, Sequence[Any]]
"""By the number of a shelf."""


def parts_of(page: CampaignPage, now: dt.datetime) -> list[Part]:
    """The page's blocks in their order. A shelf with nothing on it is left out, and so is an agenda that is past."""
    blocks = list(enumerate(page.body.raw_data))
    asks = [_ask(number, raw) for number, raw in blocks if raw["type"] in CHOSEN]
    shelves = _filled(asks, wall_clock(now).date(), now, [page.lead_image] if page.lead_image else [])
    parts = [_part(page, number, raw, shelves, wall_clock(now).date()) for number, raw in blocks]
    shown = [part for part in parts if part]
    prefetch_renditions(image for part in shown if part.block for image in pictures_of(part.block.value))
    return shown


def _ask(number: int, raw: Mapping[str, Any]) -> Ask:
    """From what the block keeps, so that no row is read for it twice. Lists may be kept bare, as Wagtail allows."""
    kind, value = raw["type"], raw["value"]
    kept = value.get(CHOSEN[kind]) or ()
    keys = (item["value"] if isinstance(item, Mapping) else item for item in kept)
    chosen = tuple(dict.fromkeys(key for key in keys if isinstance(key, int)))
    return Ask(number, kind, chosen, int(value.get("size") or STORIES_SHOWN), value)


def _part(
    page: CampaignPage, number: int, raw: Mapping[str, Any], shelves: Found, today: dt.date
) -> Part | None:
    kind = raw["type"]
    if kind in CHOSEN:
        return Part(kind, raw["value"]["title"], shelves[number]) if shelves.get(number) else None
    block = page.body[number]
    if kind == AGENDA:
        coming = still_to_come(block.value, today)
        return Part(kind, block.value["title"], coming) if coming else None
    return Part(kind, block=block)


def still_to_come(agenda: Mapping[str, Any], today: dt.date) -> list[Any]:
    """Its occasions from that day on, the nearest first."""
    coming = [occasion for occasion in agenda["occasions"] if occasion["day"] >= today]
    return sorted(coming, key=lambda occasion: (occasion["day"], occasion["begins"] or dt.time.min))


def _filled(
    asks: Sequence[Ask], today: dt.date, now: dt.datetime, pictures: Iterable[CustomImage]
) -> dict[int, Sequence[Any]]:
    """The rows of every shelf: one question for all rules, then a few for all rows."""
    found = _found_by_rules(asks, now)
    of = {kind: [ask for ask in asks if ask.kind == kind] for kind in CHOSEN}
    stories = _stories(of[STORIES])
    also = [*pictures, *(story.lead_image for rows in stories.values() for story in rows if story.lead_image)]
    merchants, products = (
        _merchants(_keys(of[MERCHANTS], found), now),
        _products(_keys(of[PRODUCTS], found), also, now),
    )
    lots = {key: lot_of(key, today) for key in merchants}
    ages = {key: -product.created_at.timestamp() for key, product in products.items()}
    return {
        **stories,
        **_shelved(of[MERCHANTS], merchants, found, lots),
        **_shelved(of[PRODUCTS], products, found, ages),
    }


# ------------------------------------------------------------------------------------------------------------ the rules


def _found_by_rules(asks: Iterable[Ask], now: dt.datetime) -> dict[int, list[int]]:
    """Keys of what the rules find, by shelf: what was chosen may be sold out by now."""
    rules = [_rule(ask, now) for ask in asks if ask.kind != STORIES]
    if not rules:
        return {}
    found: dict[int, list[int]] = {}
    for number, key in rules[0].union(*rules[1:], all=True):
        found.setdefault(number, []).append(key)
    return found


def _rule(ask: Ask, now: dt.datetime) -> QuerySet[Any, tuple[int, int]]:
    by_rule = _by_product_rule if ask.kind == PRODUCTS else _by_merchant_rule
    rows = by_rule(ask.rule, now)
    numbered = rows.annotate(shelf=Value(ask.number, output_field=IntegerField()))
    return numbered.values_list("shelf", "pk")[: SPARE * ask.size]


def _by_product_rule(rule: Mapping[str, Any], now: dt.datetime) -> QuerySet[Any]:
    """The newest to be had of the tag, of the category, and that cost no more."""
    rows: QuerySet[Any] = shown_on_shelves(now).order_by("-created_at", "-pk")
    if words := (rule.get("tag") or "").strip():
        rows = rows.filter(tags__name__iexact=words)
    if category := rule.get("category"):
        rows = rows.filter(merchant__category=category)
    if dollars := rule.get("under_dollars"):
        rows = rows.to_be_had_for(100 * int(dollars))  # type: ignore[attr-defined]
    return rows


def _by_merchant_rule(rule: Mapping[str, Any], now: dt.datetime) -> QuerySet[Any]:
    """Of the category and of the sector, in the order of the day's chance."""
    asked = {name: rule[name] for name in ("category", "sector") if rule.get(name)}
    return Merchant.objects.visible().filter(**asked).order_by(draw_of(wall_clock(now).date()), "pk")


# ------------------------------------------------------------------------------------------------------------- the rows


def _keys(asks: Iterable[Ask], found: Found) -> list[int]:
    return sorted({key for ask in asks for key in (*ask.chosen, *found.get(ask.number, ()))})


def _products(keys: Sequence[int], also: Sequence[CustomImage], now: dt.datetime) -> dict[int, Product]:
    """Those of ``keys`` that one can have now, dressed; the renditions of ``also`` are read with theirs."""
    rows = shown_on_shelves(now).filter(pk__in=keys).for_cards() if keys else ()  # type: ignore[attr-defined]
    return {product.pk: product for product in dress_all(list(rows), also=also)}


def _merchants(keys: Sequence[int], now: dt.datetime) -> dict[int, Merchant]:
    rows = Merchant.objects.visible().filter(pk__in=keys).select_related("category", "sector") if keys else ()
    return {merchant.pk: merchant for merchant in dressed(rows, moment=now) if merchant.is_visible}


def _stories(asks: Sequence[Ask]) -> dict[int, Sequence[Any]]:
    """The chosen ones that everybody may read; where none was chosen, the newest."""
    if not asks:
        return {}
    stories = published_stories().prefetch_related(None)
    keys = {key for ask in asks for key in ask.chosen}
    chosen = {story.pk: story for story in twins.speak(stories.filter(pk__in=keys))} if keys else {}
    newest = twins.speak(stories[:STORIES_SHOWN]) if not all(ask.chosen for ask in asks) else []
    return {
        ask.number: [chosen[key] for key in ask.chosen if key in chosen] if ask.chosen else newest
        for ask in asks
    }


def _shelved(
    asks: Iterable[Ask], rows: Mapping[int, Any], found: Found, order: Mapping[int, Any]
) -> dict[int, Sequence[Any]]:
    """The chosen ones as they were ordered; then those found, each of which stands on one shelf only."""
    asks = list(asks)
    taken = {key for ask in asks for key in ask.chosen}
    shelved: dict[int, Sequence[Any]] = {}
    for ask in asks:
        chosen = [key for key in ask.chosen if key in rows]
        others = [key for key in found.get(ask.number, ()) if key in rows and key not in taken]
        shown = [*chosen, *sorted(others, key=order.__getitem__)][: max(ask.size, len(chosen))]
        taken.update(shown)
        shelved[ask.number] = [rows[key] for key in shown]
    return shelved
