"""What was found on a merchant's own site: plain values, each with where it stood. Kept as JSON and read back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_PRODUCTS = 60
MOST_VARIANTS = 12
MOST_PHOTOS = 6

LONGEST_NAME = 120
LONGEST_INTRO = 200
LONGEST_STORY = 3000
LONGEST_PRODUCT_TEXT = 2000


class Where(models.TextChoices):
    """From the surest to the least sure."""

    SHOPIFY = "shopify", _("dans votre boutique Shopify")
    WOOCOMMERCE = "woocommerce", _("dans votre boutique WooCommerce")
    JSON_LD = "json_ld", _("dans les données de votre site")
    MICRODATA = "microdata", _("dans les données de votre page")
    OPEN_GRAPH = "open_graph", _("dans l’aperçu que votre site donne de lui")
    LINK = "link", _("dans un lien de votre page")
    TEXT = "text", _("dans le texte de votre page")
    HEAD = "head", _("dans le titre de votre page")
    ADDRESS = "address", _("à l’adresse que vous avez donnée")


@dataclass(frozen=True, slots=True)
class Found:
    """A value, how it was told, and on which page."""

    value: Any
    where: str
    page: str

    @property
    def words(self) -> str:
        """« dans un lien de votre page »."""
        return str(Where(self.where).label)


@dataclass(frozen=True, slots=True)
class FoundVariant:
    """``title`` is empty where the product comes in one form alone."""

    title: str
    price_cents: int | None
    sku: str = ""


@dataclass(frozen=True, slots=True)
class FoundProduct:
    """``key`` is the site's own name for it, the same at the next reading."""

    key: str
    title: str
    description: str
    variants: tuple[FoundVariant, ...]
    photo: str
    where: str
    page: str

    @property
    def words(self) -> str:
        return str(Where(self.where).label)

    @property
    def price_cents(self) -> int | None:
        """The lowest; None where the site tells none."""
        prices = [variant.price_cents for variant in self.variants if variant.price_cents is not None]
        return min(prices) if prices else None


FIELDS = (
    "name", "legal_name", "intro", "story", "phone", "email", "street_address", "city", "postal_code", "latitude",
    "longitude", "week", "website_url", "shop_url", "logo", "cover",
)  # fmt: skip
"""Those with one value. ``week`` is as ``directory.timetable.week_facts`` writes it."""


@dataclass(frozen=True, slots=True)
class Findings:
    """``fields`` by the names of FIELDS; what was not found is missing."""

    url: str = ""
    fields: Mapping[str, Found] = field(default_factory=dict)
    photos: tuple[Found, ...] = ()
    social: tuple[Found, ...] = ()
    products: tuple[FoundProduct, ...] = ()

    def value(self, name: str) -> Any:
        """None where nothing was found."""
        found = self.fields.get(name)
        return found.value if found else None

    @property
    def is_empty(self) -> bool:
        return not (self.products or set(self.fields) - {"website_url"})

    def as_json(self) -> dict[str, Any]:
        return {
            "url": self.url,
            "fields": {name: asdict(found) for name, found in self.fields.items()},
            "photos": [asdict(found) for found in self.photos],
            "social": [asdict(found) for found in self.social],
            "products": [asdict(product) for product in self.products],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Findings":
        """As ``as_json`` wrote it; empty for an empty object."""
        return cls(
            url=kept.get("url", ""),
            fields={name: Found(**found) for name, found in kept.get("fields", {}).items()},
            photos=tuple(Found(**found) for found in kept.get("photos", ())),
            social=tuple(Found(**found) for found in kept.get("social", ())),
            products=tuple(_product(product) for product in kept.get("products", ())),
        )


def _product(kept: Mapping[str, Any]) -> FoundProduct:
    variants = tuple(FoundVariant(**variant) for variant in kept["variants"])
    return FoundProduct(**{**kept, "variants": variants})
