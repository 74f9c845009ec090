"""From the content files to a TownPlan. The same seed gives the same town, whatever the day but for its dates."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from django.utils.text import slugify

from portal.demo import prose, week
from portal.demo.filling import Filler, Place, place_in, tax_number
from portal.demo.pictures.fronts import ROOFS, SEASONS, WALLS, Front
from portal.demo.pictures.portraits import Portrait
from portal.demo.pictures.scenes import Scene
from portal.demo.pictures.still_life import StillLife
from portal.demo.plans import (
    AuthorPlan,
    CategoryPlan,
    MerchantPlan,
    NewsroomPlan,
    PagePlan,
    PersonPlan,
    Picture,
    ProductPlan,
    SectorPlan,
    SeriesPlan,
    ShopPlan,
    StoryPlan,
    TownPlan,
    VariantPlan,
)
from portal.demo.typography import NBSP, french

CONTENT = Path(__file__).parent / "content"
TOWNS = ("levis", "bellechasse")
TIERS = {"fiche": "listing", "lien": "linked_shop"}
WITH_ACCOUNT = ("boutique-chez-ursule", "salon-chez-ti-peigne")
SETTINGS = (
    "brand", "tagline", "town_name", "town_shape", "journal_name", "color_ink", "color_accent", "color_paper",
    "contact_name", "contact_phone", "contact_email", "postal_address", "privacy_officer", "privacy_email",
    "free_until", "commission_bps", "gst_number", "qst_number", "latitude", "longitude", "embed_origins",
)  # fmt: skip


@cache
def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def kinds() -> dict[str, Any]:
    return _toml(CONTENT / "kinds.toml")


def read_town(key: str, *, seed: int, today: date, merchants: int = 0) -> TownPlan:
    """One town. `merchants` more than were written by hand are made from the seed."""
    town = _toml(CONTENT / key / "town.toml")
    sectors = {row["slug"]: _sector(row) for row in town["sectors"]}
    scribe = Scribe(town, sectors, seed=seed, today=today)
    known = (*scribe.sellers(), *scribe.listed())
    filler = Filler(town, sectors, kinds(), today=today)
    return TownPlan(
        key=key,
        host=town["host"],
        settings={
            name: french(town[name]) if isinstance(town[name], str) else town[name] for name in SETTINGS
        },
        home={name: french(words) for name, words in {**town["home"], "headline": town["headline"]}.items()},
        steps=tuple((french(row["title"]), french(row["text"])) for row in town["steps"]),
        partners=tuple((french(row["name"]), french(row["role"]), row["url"]) for row in town["partners"]),
        categories=tuple(CategoryPlan(**{**row, "name": french(row["name"])}) for row in town["categories"]),
        sectors=tuple(sectors.values()),
        merchants=known,
        newsroom=_newsroom(key),
        stories=tuple(_stories(key)),
        pages=tuple(_pages(town)),
        fillers=tuple(filler.plans(max(0, merchants - len(known)), seed=seed)),
    )


def _sector(row: dict[str, Any]) -> SectorPlan:
    lists = {name: tuple(row[name]) for name in ("prefixes", "streets")}
    return SectorPlan(**{**row, **lists, "name": french(row["name"])})


class Scribe:
    """Writes the merchants of one town, each with a chance of its own, so that one more changes no other."""

    def __init__(
        self, town: dict[str, Any], sectors: dict[str, SectorPlan], *, seed: int, today: date
    ) -> None:
        self.key: str = town["key"]
        self.postal_city: str = town["postal_city"]
        self.sectors, self.seed, self.today = sectors, seed, today
        self._phones = _numbers_for_fiction(("367",) if self.key == "bellechasse" else ("418", "581"))

    def chance(self, slug: str) -> Random:
        return Random(f"{self.seed}/{self.key}/{slug}")

    def city(self, sector: SectorPlan) -> str:
        return self.postal_city or sector.name

    def sellers(self) -> Iterator[MerchantPlan]:
        for path in sorted((CONTENT / self.key).glob("shops*.toml")):
            for row in _toml(path)["shops"]:
                yield self._seller(row)

    def _seller(self, row: dict[str, Any]) -> MerchantPlan:
        chance, sector = self.chance(row["slug"]), self.sectors[row["sector"]]
        place = place_in(sector, chance)
        host = f"{row['slug']}.example"
        return MerchantPlan(
            **_identity(row),
            tier="transactional",
            street_address=french(row["address"]),
            **_where(place, self.city(sector)),
            phone=next(self._phones),
            email=row.get("email", f"bonjour@{host}"),
            website_url=f"https://{host}/",
            is_claimed=True,
            weekly=week.weekly(row["hours"]),
            special=week.special("shop", chance, today=self.today),
            story=tuple(f"<p>{french(words)}</p>" for words in row["story"]),
            cover=_front(row["name"], row["slug"], {**row["front"], "seed": chance.randrange(1000)}),
            person=_person(row, chance),
            shop=_shop(row, chance),
        )

    def listed(self) -> Iterator[MerchantPlan]:
        lines = (CONTENT / self.key / "directory.txt").read_text(encoding="utf-8").splitlines()
        for line in lines:
            if line.strip() and not line.startswith("#"):
                yield self._listed(*(cell.strip() for cell in line.split("|")))

    def _listed(
        self, name: str, category: str, kind: str, sector_slug: str, tier: str, intro: str
    ) -> MerchantPlan:
        slug = slugify(name.replace("’", "-"))
        chance, sector, traits = self.chance(slug), self.sectors[sector_slug], kinds()[kind]
        place = place_in(sector, chance)
        is_linked, host = tier == "lien", f"{slug}.example"
        has_site = is_linked or chance.random() < 0.6
        return MerchantPlan(
            slug=slug,
            name=french(name),
            legal_name=_legal_name(french(name), chance),
            tier=TIERS[tier],
            category=category,
            sector=sector_slug,
            street_address=place.street_address,
            **_where(place, self.city(sector)),
            phone=next(self._phones),
            intro=french(intro),
            keywords=french(traits["keywords"]),
            email=f"info@{host}" if has_site else "",
            website_url=f"https://{host}/" if has_site else "",
            shop_url=f"https://boutique.{host}/" if is_linked else "",
            is_claimed=is_linked or slug in WITH_ACCOUNT or chance.random() < 0.35,
            weekly=week.weekly(chance.choice(traits["hours"])),
            special=week.special(kind, chance, today=self.today),
            story=(f"<p>{french(intro)}</p>",) if is_linked else (),
            cover=_front(name, slug, _any_front(traits, chance)) if is_linked else None,
        )


def _identity(row: dict[str, Any]) -> dict[str, Any]:
    names = ("name", "legal_name", "intro", "keywords")
    return {name: french(row[name]) for name in names} | {
        name: row[name] for name in ("slug", "category", "sector")
    }


def _where(place: Place, city: str) -> dict[str, Any]:
    return {
        "city": city,
        "postal_code": place.postal_code,
        "latitude": place.latitude,
        "longitude": place.longitude,
    }


def _numbers_for_fiction(codes: tuple[str, ...]) -> Iterator[str]:
    """The hundred numbers 555-01xx that are nobody's, in each of these codes; the portals keep two of 418."""
    kept = (("418", 0), ("418", 90))
    yield from (f"+1{code}55501{k:02d}" for code in codes for k in range(100) if (code, k) not in kept)


def _legal_name(name: str, chance: Random) -> str:
    form = chance.choice(("inc.", "enr.", "ltée", "inc.", ""))
    return (
        f"{name} {form}"
        if form
        else f"95{chance.randrange(10, 99)}-{chance.randrange(1000, 9999)} Québec inc."
    )


def _front(name: str, slug: str, look: dict[str, Any]) -> Picture:
    drawing = Front(name=name, **{**look, "wares": tuple(look["wares"])})
    return Picture(
        f"Façade{NBSP}: {french(name)}", f"facade-{slug}.jpg", f"Façade de {french(name)}", drawing
    )


PAIRS = (
    ("straw", "tomato"), ("mint", "pine"), ("rose", "plum"), ("sky", "night"), ("brick", "ink"), ("cream", "river"),
    ("lilac", "plum"), ("ice", "cherry"), ("sun", "bark"), ("fog", "tomato"), ("peach", "leaf"), ("wood", "pine"),
    ("steel", "cherry"), ("lime", "night"), ("tomato", "night"), ("river", "sun"),
)  # fmt: skip
FACES = ("display", "fat", "slab", "brush", "geo", "italic", "tall", "serif")


def _any_front(traits: dict[str, Any], chance: Random) -> dict[str, Any]:
    tint, second = chance.choice(PAIRS)
    season = chance.choice([name for name in SEASONS if name != "dusk"] + ["summer", "dusk"])
    return {
        "tint": tint, "second": second, "face": chance.choice(FACES), "wall": chance.choice(WALLS),
        "roof": chance.choice(ROOFS), "season": season, "wares": tuple(traits["wares"]), "seed": chance.randrange(1000),
    }  # fmt: skip


def _person(row: dict[str, Any], chance: Random) -> PersonPlan:
    look = {
        **row["portrait"],
        "extras": tuple(row["portrait"].get("extras", ())),
        "seed": chance.randrange(1000),
    }
    alt = f"Portrait de {row['owner']}, {french(row['owner_role'])}"
    title = f"Portrait{NBSP}: {row['owner']}, {french(row['name'])}"
    portrait = Picture(title, f"portrait-{row['slug']}.jpg", alt[:160], Portrait(**look))
    words, who = row["quote"]
    return PersonPlan(row["owner"], french(row["owner_role"]), portrait, french(words), french(who))


def _shop(row: dict[str, Any], chance: Random) -> ShopPlan:
    return ShopPlan(
        gst_number=tax_number("RT", chance) if row.get("gst", True) else "",
        qst_number=tax_number("TQ", chance) if row.get("qst", True) else "",
        preparation_minutes=row["preparation"],
        pickup=french(row["pickup"]),
        returns=french(row["returns"]),
        products=tuple(_product(item, row["slug"], chance) for item in row["stock"]),
        permit=tuple(row["permit"]) if "permit" in row else None,
    )


def _product(row: dict[str, Any], shop: str, chance: Random) -> ProductPlan:
    drawing = StillLife(**row["picture"], seed=chance.randrange(1000))
    title = french(row["title"])
    container, count = row.get("containers", ("", 0))
    return ProductPlan(
        title=title,
        slug=row["slug"],
        description=french(row["text"]),
        tax_class=row.get("tax", "standard"),
        variants=tuple(_variants(row, shop, drawing)),
        picture=Picture(
            f"Produit{NBSP}: {title}", f"produit-{shop[:24]}-{row['slug']}.jpg", french(row["alt"]), drawing
        ),
        tags=tuple(row.get("tags", ())),
        isbn=row.get("isbn", ""),
        is_alcohol=row.get("alcohol", False),
        kind=row.get("kind", "stocked"),
        made_in_days=row.get("days"),
        leaflet=tuple(french(line) for line in row.get("leaflet", ())),
        options=tuple(french(name) for name in row.get("options", ())),
        container=container,
        container_count=count,
        maintenance=french(row.get("maintenance", "")),
    )


UNITS = {"g": "g", "ml": "ml", "unité": "piece", "unités": "piece"}


def _variants(row: dict[str, Any], shop: str, drawing: StillLife) -> Iterator[VariantPlan]:
    """Rows like `["Rouge / Petite", 2800, 14, "200 g"]`: values of the options, cents, units, what it holds."""
    rows = row.get("variants") or [["", row["price"], row.get("stock", 0), row.get("net", "")]]
    for name, cents, stock, *net in rows:
        amount, _space, unit = (net[0] if net else row.get("net", "")).partition(" ")
        values = tuple(french(value) for value in name.split(" / ")) if row.get("options") else ()
        title = ", ".join(values) if values else french(name)
        look = row.get("looks", {}).get(name.partition(" / ")[0])
        picture = _another_look(row, shop, drawing, look, values[0]) if look else None
        yield VariantPlan(title, cents, stock, values, amount, UNITS.get(unit, ""), picture)


def _another_look(row: dict[str, Any], shop: str, drawing: StillLife, look: list[str], value: str) -> Picture:
    """The product's own picture in other inks."""
    tint, second = look
    return Picture(
        f"Produit{NBSP}: {french(row['title'])}, {value}",
        f"produit-{shop[:24]}-{row['slug']}-{slugify(value)}.jpg",
        f"{french(row['title'])}, {value}",
        replace(drawing, tint=tint, second=second),
    )


def _newsroom(key: str) -> NewsroomPlan:
    told = _toml(CONTENT / key / "newsroom.toml")
    return NewsroomPlan(
        authors=tuple(_author(row) for row in told["authors"]),
        sections=tuple((french(row["name"]), french(row["intro"])) for row in told["sections"]),
        series=tuple(
            SeriesPlan(french(row["title"]), row["slug"], french(row["intro"]), row["planned"])
            for row in told.get("series", ())
        ),
    )


def _author(row: dict[str, Any]) -> AuthorPlan:
    name = french(row["name"])
    drawing = Portrait(**{**row["portrait"], "extras": tuple(row["portrait"].get("extras", ()))})
    portrait = Picture(
        f"Portrait{NBSP}: {name}", f"signature-{slugify(name)}.jpg", f"Portrait de {name}", drawing
    )
    return AuthorPlan(name, french(row["role"]), french(row["bio"]), portrait)


def _stories(key: str) -> Iterator[StoryPlan]:
    for number, path in enumerate(sorted((CONTENT / key / "stories").glob("*.md"))):
        front, body = prose.read(path)
        scene = Scene(front["lead"].removeprefix("scene:"), seed=number)
        words = {
            name: french(front[name]) for name in ("title", "kicker", "deck", "byline", "section", "seo")
        }
        yield StoryPlan(
            **words,
            slug=front["slug"],
            days_ago=front["days_ago"],
            lead=Picture(
                f"Histoire{NBSP}: {words['title']}",
                f"histoire-{front['slug']}.jpg",
                french(front["lead_alt"]),
                scene,
            ),
            sponsor=french(front.get("sponsor", "")),
            body=prose.blocks(body),
            series=front.get("series", ""),
            part=front.get("part"),
            tags=tuple(front.get("tags", ())),
        )


def _pages(town: dict[str, Any]) -> Iterator[PagePlan]:
    facts = _facts(town)
    for name in ("a-propos", "confidentialite", "conditions"):
        front, body = prose.read(CONTENT / "pages" / f"{name}.md")
        yield PagePlan(
            slug=front["slug"],
            title=french(front["title"]),
            seo=french(front["seo"].format_map(facts)),
            body=prose.blocks(body.format_map(facts)),
        )


MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip


def _facts(town: dict[str, Any]) -> dict[str, str]:
    """What the plain pages say of their portal."""
    until: date = town["free_until"]
    phone = town["contact_phone"]
    return {
        **{name: value for name, value in town.items() if isinstance(value, str)},
        "commission": f"{town['commission_bps'] / 100:g}".replace(".", ","),
        "free_until": f"{until.day} {MONTHS[until.month - 1]} {until.year}",
        "contact_phone": f"{phone[2:5]}{NBSP}{phone[5:8]}-{phone[8:]}",
    }
