"""Who bought what, when, and what became of it, over the last ninety days: a plan made from the seed."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from portal.demo.plans import MerchantPlan, ProductPlan, TownPlan

ZONE = ZoneInfo("America/Toronto")
NAMESPACE = uuid.UUID("6f5f1d6e-3a0c-5f0e-9c1b-8f2f0d2c4a11")
SHOPPERS = (
    ("Éloïse Tardif-Mbeki", "cliente@demo.test", "+14185550198"),
    ("Normand Bouffard-Ly", "normand.bouffard@courriel.example", "+14185550197"),
    ("Sabrina Cloutier-Haddad", "sabrina.c@courriel.example", ""),
    ("Gilles-André Poitras", "ga.poitras@courriel.example", "+15815550197"),
    ("Mei-Lin Fournier-Zhao", "meilin@courriel.example", "+15815550198"),
    ("Raymonde Lessard-Caron", "raymonde.lessard@courriel.example", "+14185550196"),
    ("Kevin Ouellette-Brun", "kevin.ob@courriel.example", ""),
    ("Aïcha Benali-Roy", "aicha.benali@courriel.example", "+15815550196"),
    ("Père Anselme Vachon", "anselme@courriel.example", ""),
    ("Marie-Soleil Gagnon-Ruiz", "msoleil@courriel.example", "+14185550195"),
)
FATES = ("fulfilled",) * 11 + ("refunded", "canceled", "fulfilled", "expired")


@dataclass(frozen=True, slots=True)
class Choice:
    """So many units of one product's variant."""

    shop: str
    product: str
    variant: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Purchase:
    """One checkout. `token` is its form's token, the natural key; `fate` the state its orders end in."""

    token: uuid.UUID
    placed_at: datetime
    name: str
    email: str
    phone: str
    choices: tuple[Choice, ...]
    fate: str


def purchases(town: TownPlan, *, seed: int, now: datetime, count: int) -> list[Purchase]:
    """`count` purchases, oldest first: one in seven hands over to today's work, the rest is history."""
    chance = Random(f"{seed}/{town.key}/purchases")
    made = [_purchase(town, number, count, chance, now) for number in range(count)]
    return sorted(made, key=lambda purchase: purchase.placed_at)


def _purchase(town: TownPlan, number: int, count: int, chance: Random, now: datetime) -> Purchase:
    fate, age = _fate_and_age(number, count, chance)
    shopper = SHOPPERS[0] if number % 8 == 0 else chance.choice(SHOPPERS[1:])
    return Purchase(
        token=uuid.uuid5(NAMESPACE, f"{town.key}/{number}"),
        placed_at=_moment(now, age, chance),
        name=shopper[0],
        email=shopper[1],
        phone=shopper[2],
        choices=tuple(_choices(town.sellers, chance)),
        fate=fate,
    )


def _fate_and_age(number: int, count: int, chance: Random) -> tuple[str, timedelta]:
    """The newest are in hand: pending, to prepare, ready. Older ones are over, one way or another."""
    recent = ("pending", "pending", "paid", "paid", "paid", "paid", "ready", "ready", "ready")
    from_end = count - 1 - number
    if from_end < min(len(recent), max(3, count // 5)):
        fate = recent[from_end % len(recent)] if count > 20 else ("pending", "paid", "ready")[from_end % 3]
        spread = {"pending": 3, "paid": 150, "ready": 2000}[fate]
        return fate, timedelta(minutes=2 + chance.random() * spread + (300 if fate == "ready" else 0))
    days = 3 + 86 * (1 - number / count) ** 1.25 + chance.random()
    return FATES[number % len(FATES)], timedelta(days=min(89.5, days))


def _moment(now: datetime, age: timedelta, chance: Random) -> datetime:
    """Old purchases fall between eight in the morning and ten at night, as purchases do."""
    if age < timedelta(days=2):
        return now - age
    day = (now - age).astimezone(ZONE).date()
    return datetime.combine(day, time(chance.randint(8, 21), chance.randint(0, 59)), ZONE)


def _choices(sellers: Sequence[MerchantPlan], chance: Random) -> list[Choice]:
    """One to three shops, one to three things in each, all from a shelf and without a deposit."""
    shops = chance.sample(sellers, k=min(len(sellers), chance.choice((1, 1, 2, 2, 3))))
    return [choice for shop in shops for choice in _from_shop(shop, chance)]


def _from_shop(plan: MerchantPlan, chance: Random) -> list[Choice]:
    products = [item for item in plan.shop.products if item.is_plain] if plan.shop else []
    picked = chance.sample(products, k=min(len(products), chance.choice((1, 1, 2, 3))))
    return [_one(plan.slug, item, chance) for item in picked]


def _one(shop: str, item: ProductPlan, chance: Random) -> Choice:
    variant = chance.choice([variant for variant in item.variants if variant.stock > 10] or item.variants)
    most = 1 if variant.stock < 12 or variant.price_cents > 4000 else 3
    return Choice(shop, item.slug, variant.title, chance.choice((1, 1, most)))
