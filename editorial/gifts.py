"""« Trouver un cadeau »: products that one can have now, by what one may spend, for what age, where, and by when.

The address is the state. What is nonsense in it is said beside its field and asked for nothing; a word that the town
does not know finds nothing, like anywhere else. Nobody pays to be found, and no merchant stands before another.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.cards import prefetch_hours
from directory.hours import wall_clock
from shop.models import Shop
from shop.on_shelves import shown_on_shelves
from shop.pickup import ready_from

BUDGETS = (15, 25, 40, 60, 100)
MOST_DOLLARS = 10_000
ADULT = 18


class Age(NamedTuple):
    """An answer to « what age? »: those who are at least ``lowest`` and at most ``highest`` years old."""

    key: str
    label: Any
    lowest: int
    highest: int

    @property
    def is_minor(self) -> bool:
        return self.highest < ADULT


AGES = (
    Age("0-2", gettext_lazy("Bébé, 0 à 2 ans"), 0, 2),
    Age("3-5", gettext_lazy("3 à 5 ans"), 3, 5),
    Age("6-8", gettext_lazy("6 à 8 ans"), 6, 8),
    Age("9-12", gettext_lazy("9 à 12 ans"), 9, 12),
    Age("13-17", gettext_lazy("13 à 17 ans"), 13, 17),
    Age("18", gettext_lazy("Adulte"), ADULT, 120),
)


def ages_within(lowest: int | None, highest: int | None) -> list[str]:
    """Keys of the groups that these bounds leave some of; none where nothing was said."""
    if lowest is None and highest is None:
        return []
    youngest, oldest = lowest or 0, AGES[-1].highest if highest is None else highest
    return [age.key for age in AGES if age.lowest <= oldest and youngest <= age.highest]


def bounds_of(keys: Iterable[str]) -> tuple[int | None, int | None]:
    """The bounds that hold these groups and what lies between; of adults there is no oldest. None said: no bounds."""
    chosen = [age for age in AGES if age.key in set(keys)]
    if not chosen:
        return None, None
    oldest = chosen[-1]
    return chosen[0].lowest, oldest.highest if oldest.is_minor else None


@dataclass(frozen=True)
class Wish:
    """What is looked for. Empty: whatever it is. ``budget`` is in dollars."""

    budget: int | None = None
    age: str = ""
    sector: str = ""
    category: str = ""
    by: dt.date | None = None
    problems: Mapping[str, str] = field(default_factory=dict, compare=False)
    said: Mapping[str, str] = field(default_factory=dict, compare=False)
    """What was typed, to be shown again where it made no sense."""

    @property
    def age_group(self) -> Age | None:
        return next((age for age in AGES if age.key == self.age), None)

    def without(self, name: str) -> "Wish":
        """The same, whatever the answer to one of the questions."""
        nothing: dict[str, Any] = {name: None if name in ("budget", "by") else ""}
        return replace(self, **nothing)

    @property
    def querystring(self) -> str:
        values = {name: getattr(self, attribute) for name, attribute in PARAMETERS.items()}
        return urlencode({name: value for name, value in values.items() if value})


PARAMETERS = {"budget": "budget", "age": "age", "secteur": "sector", "categorie": "category", "avant": "by"}


def wish_of(query: QueryDict, today: dt.date) -> Wish:
    """What the address asks for."""
    said = {name: " ".join((query.get(name) or "").replace("\x00", " ").split())[:60] for name in PARAMETERS}
    problems: dict[str, str] = {}
    budget = _budget(said["budget"], problems)
    by = _day(said["avant"], today, problems)
    age = said["age"] if said["age"] in {age.key for age in AGES} else ""
    return Wish(budget, age, said["secteur"], said["categorie"], by, problems, said)


def _budget(text: str, problems: dict[str, str]) -> int | None:
    """Whole dollars, however they are written: « 40 », « 40 $ », « 39,99 » is 39."""
    digits = text.replace("$", "").replace("\u00a0", "").replace(" ", "").replace(",", ".")
    if not digits:
        return None
    try:
        dollars = int(float(digits))
    except (ValueError, OverflowError):
        dollars = -1
    if not 1 <= dollars <= MOST_DOLLARS:
        problems["budget"] = _("Écrivez un montant en dollars, comme 40.")
        return None
    return dollars


def _day(text: str, today: dt.date, problems: dict[str, str]) -> dt.date | None:
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        problems["avant"] = _("Écrivez le jour comme 2026-12-24.")
        return None
    if day < today:
        problems["avant"] = _("Ce jour est passé. Choisissez aujourd’hui ou un jour à venir.")
        return None
    return day


# ------------------------------------------------------------------------------------------------------------ the gifts


def gifts(wish: Wish, now: dt.datetime) -> QuerySet[Any]:
    """Products one can buy now that fulfil the wish. ``suits``: its merchant says that it is for the age asked.

    A product of which the merchant says no age is found by everything else; alcohol is no gift for a minor.
    """
    found: QuerySet[Any] = shown_on_shelves(now)
    if wish.budget is not None:
        found = found.to_be_had_for(100 * wish.budget)  # type: ignore[attr-defined]
    if wish.sector:
        found = found.filter(merchant__sector__slug=wish.sector)
    if wish.category:
        found = found.filter(merchant__category__slug=wish.category)
    found = _for_age(found, wish.age_group)
    return found if wish.by is None else found.filter(_picked_up_by(wish.by, found, now))


def _for_age(found: QuerySet[Any], age: Age | None) -> QuerySet[Any]:
    if age is None:
        return found.annotate(suits=NO)
    unsaid = Q(suggested_min_age=None, suggested_max_age=None)
    low = Q(suggested_min_age=None) | Q(suggested_min_age__lte=age.highest)
    high = Q(suggested_max_age=None) | Q(suggested_max_age__gte=age.lowest)
    found = found.filter(unsaid | (low & high))
    if age.is_minor:
        found = found.filter(is_alcohol=False)
    return found.annotate(suits=Case(When(unsaid, then=NO), default=YES))


YES = Value(True, output_field=BooleanField())  # noqa: FBT003 - Django's
NO = Value(False, output_field=BooleanField())  # noqa: FBT003

Making = tuple[int, int | None, bool]
"""Merchant, days to make it, whether it is alcohol: what the first pick-up depends on."""


def _picked_up_by(day: dt.date, found: QuerySet[Any], now: dt.datetime) -> Q:
    """Of what ``found`` finds: what its shop hands over on that day at the latest, by its own hours."""
    ways = set(found.order_by().values_list("merchant", "made_in_days", "is_alcohol"))
    in_time = Q(pk=None)
    for merchant, made_in_days, is_alcohol in sorted(_in_time(ways, day, now), key=repr):
        in_time |= Q(merchant=merchant, made_in_days=made_in_days, is_alcohol=is_alcohol)
    return in_time


def _in_time(ways: Iterable[Making], day: dt.date, now: dt.datetime) -> set[Making]:
    ways = set(ways)
    shops = Shop.objects.filter(merchant__in={way[0] for way in ways}, pickup_enabled=True)
    by_merchant = {shop.merchant_id: shop for shop in shops.select_related("merchant")}
    prefetch_hours([shop.merchant for shop in by_merchant.values()], now)
    return {way for way in ways if way[0] in by_merchant and _is_in_time(way, by_merchant[way[0]], day, now)}


def _is_in_time(way: Making, shop: Shop, day: dt.date, now: dt.datetime) -> bool:
    _merchant, made_in_days, is_alcohol = way
    ready = ready_from(shop.merchant, shop, now=now, made_in_days=made_in_days or 0, has_alcohol=is_alcohol)
    return ready is not None and wall_clock(ready).date() <= day
