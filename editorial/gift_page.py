"""The gift finder's page: what was found, what each menu would leave, and what to loosen where nothing is left."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Min, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.hours import wall_clock
from directory.listing import CountedPaginator
from editorial.gifts import AGES, BUDGETS, Wish, gifts, wish_of
from shop.cards import product_cards

PER_PAGE = 24
PLACES = ("sector", "category")
GROUPED_BY = (
    *(f"merchant__{place}__{name}" for place in PLACES for name in ("slug", "name", "sort_order")),
    "suits",
)

Group = dict[str, Any]


@dataclass(frozen=True)
class Choice:
    """An answer of a menu, and how many gifts it would leave; None where it was not counted."""

    value: str
    label: str
    selected: bool
    count: int | None = None


@dataclass(frozen=True)
class Loosened:
    """What to let go of, and how many gifts that gives."""

    label: str
    url: str
    count: int


def gift_context(request: HttpRequest) -> dict[str, Any]:
    """What ``editorial/gift_finder.html`` shows, in a number of queries that rows do not change."""
    now = timezone.now()
    wish = wish_of(request.GET, wall_clock(now).date())
    groups = _groups(wish, now)
    total = _count(groups, wish)
    found = gifts(wish, now).order_by("-suits", "-created_at", "-pk")
    page = CountedPaginator(found, PER_PAGE, count=total).get_page(request.GET.get("page"))
    page.object_list = product_cards(page.object_list)  # type: ignore[arg-type]
    return {
        "wish": wish,
        "form": form_of(wish, groups),
        "products": page,
        "total": total,
        "suiting": sum(group["count"] for group in groups if group["suits"] and _is_in(group, wish)),
        "loosened": [] if total else loosened(wish, groups, now),
        "query_without_page": wish.querystring,
        "today": wall_clock(now).date(),
    }


def form_of(wish: Wish, groups: Iterable[Group] = ()) -> dict[str, Any]:
    """The answers that one may choose from, in every menu."""
    budgets = sorted({*BUDGETS, *([wish.budget] if wish.budget else [])})
    return {
        "budgets": [Choice(str(value), str(value), value == wish.budget) for value in budgets],
        "ages": [Choice(age.key, str(age.label), age.key == wish.age) for age in AGES],
        "sectors": _menu(groups, wish, "sector"),
        "categories": _menu(groups, wish, "category"),
    }


def _groups(wish: Wish, now: dt.datetime) -> list[Group]:
    """How many gifts each combination of sector and category has, whichever of them was asked for."""
    anywhere = gifts(replace(wish, sector="", category=""), now).order_by().values(*GROUPED_BY)
    return list(anywhere.annotate(count=Count("pk", distinct=True)))


def _is_in(group: Group, wish: Wish) -> bool:
    asked = {place: getattr(wish, place) for place in PLACES}
    return all(not slug or group[f"merchant__{place}__slug"] == slug for place, slug in asked.items())


def _count(groups: Iterable[Group], wish: Wish) -> int:
    return sum(group["count"] for group in groups if _is_in(group, wish))


def _menu(groups: Iterable[Group], wish: Wish, place: str) -> list[Choice]:
    """The sectors or categories that have a gift, in their order, counted as if none of them were chosen yet."""
    groups = list(groups)
    others = wish.without(place)
    counts: Counter[tuple[int, str, str]] = Counter()
    for group in groups:
        if _is_in(group, others):
            order, name, slug = (
                group[f"merchant__{place}__{part}"] for part in ("sort_order", "name", "slug")
            )
            counts[order, name, slug] += group["count"]
    chosen = getattr(wish, place)
    return [
        Choice(slug, name, slug == chosen, counts[order, name, slug]) for order, name, slug in sorted(counts)
    ]


def loosened(wish: Wish, groups: list[Group], now: dt.datetime) -> list[Loosened]:
    """Each thing asked for, let go of alone, where that gives something; else all of them at once."""
    offers = [*_other_places(wish, groups), *_more_money(wish, now)]
    offers += _without(wish, now, "age", _("À tout âge"))
    offers += _without(wish, now, "by", _("Sans date"))
    offers = [offer for offer in offers if offer.count]
    return offers or [offer for offer in _anything(now) if offer.count]


def _other_places(wish: Wish, groups: list[Group]) -> list[Loosened]:
    labels = {"sector": _("Dans toute la ville"), "category": _("Dans toutes les catégories")}
    looser = [(label, wish.without(place)) for place, label in labels.items() if getattr(wish, place)]
    return [Loosened(label, _address(other), _count(groups, other)) for label, other in looser]


def _more_money(wish: Wish, now: dt.datetime) -> list[Loosened]:
    """With as many dollars as the cheapest of the others costs."""
    if wish.budget is None:
        return []
    offered = Q(variants__is_active=True)
    cheapest = gifts(replace(wish, budget=None), now).annotate(
        price=Min("variants__price_cents", filter=offered)
    )
    cents = cheapest.order_by("price").values_list("price", flat=True).first()
    if cents is None:
        return []
    other = replace(wish, budget=max(-(-cents // 100), wish.budget + 1))
    label = _("Pour %(dollars)s\u00a0$ au plus") % {"dollars": other.budget}
    return [Loosened(label, _address(other), gifts(other, now).count())]


def _without(wish: Wish, now: dt.datetime, name: str, label: str) -> list[Loosened]:
    if not getattr(wish, name):
        return []
    other = wish.without(name)
    return [Loosened(label, _address(other), gifts(other, now).count())]


def _anything(now: dt.datetime) -> list[Loosened]:
    return [Loosened(_("Sans rien demander"), _address(Wish()), gifts(Wish(), now).count())]


def _address(wish: Wish) -> str:
    path = reverse("editorial:gifts")
    return f"{path}?{wish.querystring}" if wish.querystring else path
