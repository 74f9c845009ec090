"""What a town will be, before it is rows: plain values read from the content files or made by the seed."""

from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from portal.demo.pictures.fronts import Front
from portal.demo.pictures.portraits import Portrait
from portal.demo.pictures.scenes import Scene
from portal.demo.pictures.still_life import StillLife

Drawing = Front | Portrait | Scene | StillLife


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing and what is said about it. `title` is its name in the portal's library, used once."""

    title: str
    filename: str
    alt: str
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class SpanPlan:
    """One opening span of a weekday (Monday is 0); `closes` before `opens` is past midnight."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class SpecialPlan:
    """One exception; without times the shop is closed that day."""

    day: date
    reason: str
    opens: time | None = None
    closes: time | None = None


@dataclass(frozen=True, slots=True)
class CategoryPlan:
    name: str
    slug: str
    icon: str


@dataclass(frozen=True, slots=True)
class SectorPlan:
    """A part of town. `reach` is how far from its middle shops stand, in degrees of latitude."""

    name: str
    slug: str
    district: str
    prefixes: tuple[str, ...]
    color: str
    latitude: float
    longitude: float
    reach: float
    streets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VariantPlan:
    """One variant. `values` are its options', `net` and `unit` what a food's holds, `picture` its own if it has one."""

    title: str
    price_cents: int
    stock: int
    values: tuple[str, ...] = ()
    net: str = ""
    unit: str = ""
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class ProductPlan:
    title: str
    slug: str
    description: str
    tax_class: str
    variants: tuple[VariantPlan, ...]
    picture: Picture | None
    tags: tuple[str, ...] = ()
    isbn: str = ""
    is_alcohol: bool = False
    kind: str = "stocked"
    made_in_days: int | None = None
    leaflet: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    container: str = ""
    container_count: int = 0
    maintenance: str = ""

    @property
    def is_food(self) -> bool:
        return any(variant.net for variant in self.variants)

    @property
    def is_plain(self) -> bool:
        """On a shelf and without a deposit: what the towns have sold so far."""
        return self.kind == "stocked" and not self.container and not self.is_alcohol


@dataclass(frozen=True, slots=True)
class ShopPlan:
    """What makes a merchant a seller here. Tax numbers are empty for who is not registered.

    `permit` is the kind and the number of who makes alcohol, who charges cards itself.
    """

    gst_number: str
    qst_number: str
    preparation_minutes: int
    pickup: str
    returns: str
    products: tuple[ProductPlan, ...]
    permit: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """The face of a shop: a first name, a role, a portrait, and what they say."""

    name: str
    role: str
    portrait: Picture
    quote: str
    attribution: str


@dataclass(frozen=True, slots=True)
class MerchantPlan:
    slug: str
    name: str
    legal_name: str
    tier: str
    category: str
    sector: str
    street_address: str
    city: str
    postal_code: str
    latitude: float
    longitude: float
    phone: str
    intro: str
    keywords: str
    email: str = ""
    website_url: str = ""
    shop_url: str = ""
    is_claimed: bool = False
    is_filler: bool = False
    weekly: tuple[SpanPlan, ...] = ()
    special: tuple[SpecialPlan, ...] = ()
    story: tuple[str, ...] = ()
    cover: Picture | None = None
    person: PersonPlan | None = None
    shop: ShopPlan | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One block of a story or page: its type, and its words or what it points at."""

    kind: str
    words: str = ""
    extra: str = ""
    pictures: tuple["Shown", ...] = ()
    fields: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture inside a text: `target` names it, like `product:shop/slug`."""

    target: str
    alt: str
    caption: str


@dataclass(frozen=True, slots=True)
class StoryPlan:
    slug: str
    title: str
    kicker: str
    deck: str
    byline: str
    section: str
    days_ago: int
    lead: Picture
    sponsor: str
    seo: str
    body: tuple[Said, ...]
    series: str = ""
    part: int | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorPlan:
    name: str
    role: str
    bio: str
    portrait: Picture


@dataclass(frozen=True, slots=True)
class SeriesPlan:
    title: str
    slug: str
    intro: str
    planned: int


@dataclass(frozen=True, slots=True)
class NewsroomPlan:
    """Who signs, the sections by name with their introduction, the series."""

    authors: tuple[AuthorPlan, ...]
    sections: tuple[tuple[str, str], ...]
    series: tuple[SeriesPlan, ...]


@dataclass(frozen=True, slots=True)
class PagePlan:
    slug: str
    title: str
    seo: str
    body: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class TownPlan:
    """One portal: its settings, and everything in it."""

    key: str
    host: str
    settings: dict[str, object]
    home: dict[str, str]
    steps: tuple[tuple[str, str], ...]
    partners: tuple[tuple[str, str, str], ...]
    categories: tuple[CategoryPlan, ...]
    sectors: tuple[SectorPlan, ...]
    merchants: tuple[MerchantPlan, ...]
    newsroom: NewsroomPlan
    stories: tuple[StoryPlan, ...]
    pages: tuple[PagePlan, ...]
    fillers: tuple[MerchantPlan, ...] = field(default=())

    @property
    def sellers(self) -> tuple[MerchantPlan, ...]:
        return tuple(plan for plan in self.merchants if plan.shop)

    def merchant(self, slug: str) -> MerchantPlan:
        return next(plan for plan in self.merchants if plan.slug == slug)
