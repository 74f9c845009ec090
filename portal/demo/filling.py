"""Merchants made from word lists, for benches that want a thousand; and the places where any merchant stands."""

import tomllib
from collections.abc import Iterator, Mapping
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


class Filler:
    """Makes listings from word lists for one town; names occur once, in an order that the seed shuffles."""

    def __init__(
        self, town: dict[str, Any], sectors: Mapping[str, SectorPlan], kinds: dict[str, Any], *, today: date
    ) -> None:
        self.town, self.sectors, self.kinds, self.today = town, tuple(sectors.values()), kinds, today
        self.words = tomllib.loads(WORDS.read_text(encoding="utf-8"))
        self.categories = [row["slug"] for row in town["categories"]]

    def plans(self, count: int, *, seed: int) -> Iterator[MerchantPlan]:
        """`count` listings. Raises ValueError when the words do not suffice."""
        chance = Random(f"{seed}/{self.town['key']}/fillers")
        names = _names(self.words, chance)
        if count > len(names):
            raise ValueError(f"The word lists make {len(names)} merchants, not {count}.")
        for number, (trade, word, name) in enumerate(names[:count]):
            yield self._plan(number, trade, f"{word} {name}", chance.choice(self.sectors))

    def _plan(self, number: int, trade: dict[str, Any], name: str, sector: SectorPlan) -> MerchantPlan:
        slug = slugify(name.replace("’", "-").replace("&", "et"))
        own, kind = Random(f"{self.town['key']}/{slug}"), self.kinds[trade["kind"]]
        place = place_in(sector, own)
        return MerchantPlan(
            slug=slug,
            name=french(name),
            legal_name=f"{french(name)} inc.",
            tier="listing",
            is_filler=True,
            category=trade["category"] if trade["category"] in self.categories else self.categories[0],
            sector=sector.slug,
            street_address=place.street_address,
            city=self.town["postal_city"] or sector.name,
            postal_code=place.postal_code,
            latitude=place.latitude,
            longitude=place.longitude,
            phone=f"+1{('418', '581', '367')[number // 9000 % 3]}555{1000 + number % 9000:04d}",
            intro=french(own.choice(self.words["names"]["pitches"])),
            keywords=french(kind["keywords"]),
            website_url=f"https://{slug}.example/" if own.random() < 0.5 else "",
            weekly=week.weekly(own.choice(kind["hours"])),
            special=week.special("", own, today=self.today) if own.random() < 0.5 else (),
        )


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
