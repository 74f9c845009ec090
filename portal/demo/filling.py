"""Merchants made from word lists, for benches that want a thousand; and the places where any merchant stands."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

from django.utils.text import slugify

from portal.demo import week
from portal.demo.plans import MerchantPlan, SectorPlan
from portal.demo.typography import french

WORDS = Path(__file__).parent / "content" / "words.toml"
LETTERS = "ABCEGHJKLMNPRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Place:
    street_address: str
    postal_code: str
    latitude: float
    longitude: float


def place_in(sector: SectorPlan, chance: Random) -> Place:
    """An invented address on a street of the sector, and a point near its middle."""
    street = chance.choice(sector.streets)
    top = 9400 if street.startswith(("boulevard", "route", "chemin")) else 640
    code = f"{chance.choice(sector.prefixes)} {chance.randint(1, 9)}{chance.choice(LETTERS)}{chance.randint(0, 9)}"
    return Place(
        f"{chance.randint(12, top)}, {street}",
        code,
        round(sector.latitude + chance.uniform(-1, 1) * sector.reach, 6),
        round(sector.longitude + chance.uniform(-1, 1) * sector.reach * 1.3, 6),
    )


def tax_number(program: str, chance: Random) -> str:
    """A number of the right shape: `123456789 RT0001` (GST) or `1234567890 TQ0001` (QST)."""
    digits = 9 if program == "RT" else 10
    return f"{chance.randrange(10 ** (digits - 1), 10**digits)} {program}0001"


def fillers(
    count: int,
    town: dict[str, Any],
    sectors: dict[str, SectorPlan],
    kinds: dict[str, Any],
    *,
    seed: int,
    today: date,
) -> Iterator[MerchantPlan]:
    """`count` listings with names that occur once, in an order that the seed shuffles."""
    if not count:
        return
    words = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    chance = Random(f"{seed}/{town['key']}/fillers")
    names = _names(words, chance)
    if count > len(names):
        raise ValueError(f"Words for {len(names)} merchants, not for {count}")
    known = {row["slug"] for row in town["categories"]}
    for number, (trade, word, name) in enumerate(names[:count]):
        category = trade["category"] if trade["category"] in known else town["categories"][0]["slug"]
        kind = kinds[trade["kind"]]
        yield _filler(number, f"{word} {name}", category, kind, chance.choice(list(sectors.values())), words, town, today)


def _names(words: dict[str, Any], chance: Random) -> list[tuple[dict[str, Any], str, str]]:
    """Every trade with every name, once; two families never bear the same name twice."""
    lists = words["names"]
    families = lists["families"]
    pairs = [f"{a} & {b}" for i, a in enumerate(families) for b in families[i + 1 :: 5]]
    single = [*lists["places"], *lists["fancies"], *lists["people"]]
    plain = [(t, w, n) for t in words["trades"] for w, n in product(t["words"], single)]
    paired = [(t, w, n) for t in words["trades"] for w, n in product(t["words"], pairs)]
    chance.shuffle(plain)
    chance.shuffle(paired)
    return plain + paired


def _filler(
    number: int, name: str, category: str, kind: dict[str, Any], sector: SectorPlan, words: dict[str, Any],
    town: dict[str, Any], today: date,
) -> MerchantPlan:  # fmt: skip
    slug = slugify(name.replace("’", "-").replace("&", "et"))
    own = Random(f"{town['key']}/{slug}")
    place = place_in(sector, own)
    return MerchantPlan(
        slug=slug,
        name=french(name),
        legal_name=f"{french(name)} inc.",
        tier="listing",
        category=category,
        sector=sector.slug,
        street_address=place.street_address,
        city=town["postal_city"] or sector.name,
        postal_code=place.postal_code,
        latitude=place.latitude,
        longitude=place.longitude,
        phone=f"+1{('418', '581', '367')[number // 9000 % 3]}555{1000 + number % 9000:04d}",
        intro=french(own.choice(words["names"]["pitches"])),
        keywords=french(kind["keywords"]),
        website_url=f"https://{slug}.example/" if own.random() < 0.5 else "",
        weekly=week.weekly(own.choice(kind["hours"])),
        special=week.special("", own, today=today) if own.random() < 0.5 else (),
    )
