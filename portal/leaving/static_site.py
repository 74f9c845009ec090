"""The small site that goes along: plain pages and one style sheet, for any host and for none.

Every link in it is relative, or leads to the merchant's own addresses, to a map, or to a story that stays where it
appeared. It loads nothing from anywhere else and runs no script.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from directory.enums import Tier
from directory.merchant_window import directions_url
from directory.models import Merchant
from directory.structured_data import business_facts, hours_facts
from home.languages import ENGLISH, FRENCH, current, speaking
from home.models import PortalSettings
from home.structured_data import SCHEMA, Node, dollars, without_gaps
from portal.leaving.archive import Archive
from portal.leaving.front import Front
from portal.leaving.goods import goods_of, in_chunks, photos_of_all
from portal.leaving.photos import Album, Picture, Shown
from shop.choices import Choice, choices_of, read_offered
from shop.deposits import deposits_on
from shop.enums import ProductKind, ProductStatus
from shop.models import Product

TEMPLATES = "portal/leaving/site"
STYLE = Path(settings.BASE_DIR, "templates", *TEMPLATES.split("/"), "style.css")
FONTS = Path(settings.BASE_DIR, "static", "fonts")
ALONG = (
    "bricolage-grotesque.woff2",
    "figtree.woff2",
    "LICENSE-bricolage-grotesque.txt",
    "LICENSE-figtree.txt",
)
FOLDERS = {FRENCH: "", ENGLISH: "en/"}
"""English stands in a folder of its own."""
STORIES = {FRENCH: "histoires", ENGLISH: "stories"}


@dataclass(frozen=True, slots=True)
class Card:
    """A product in the list: kept while its pages are written, so small."""

    title: str
    slug: str
    picture: Picture | None
    from_cents: int | None
    is_range: bool
    is_free: bool


@dataclass(slots=True)
class Site:
    """The pages under way. ``cards``: the products that were written so far."""

    archive: Archive
    album: Album
    fronts: list[Front]
    portal: PortalSettings
    today: dt.date
    cards: list[Card] = field(default_factory=list)

    @property
    def merchant(self) -> Merchant:
        return self.fronts[0].merchant


def write(site: Site) -> None:
    """Products first, some hundred at a time; then what lists them."""
    _add_style(site.archive, site.portal)
    for chunk in in_chunks(shown_goods(site.merchant), "photos__image", "variants__image", "tags"):
        _add_products(site, chunk)
    for front in site.fronts:
        with speaking(front.language):
            _page(site, front, "index", _index(site, front))
            if front.stories:
                _page(site, front, STORIES[front.language], {"title": _("Lu dans le Journal")}, "stories")


def shown_goods(merchant: Merchant) -> Any:
    """What it put on sale, whether its option shows it at present or not; the newest first."""
    return goods_of(merchant).filter(status=ProductStatus.PUBLISHED).order_by("-created_at", "-pk")


def _add_style(archive: Archive, portal: PortalSettings) -> None:
    archive.add_text("style.css", STYLE.read_text(encoding="utf-8"))
    for name in ALONG:
        with (FONTS / name).open("rb") as file:
            archive.add_file(f"polices/{name}", File(file))


def _page(
    site: Site, front: Front, name: str, context: Mapping[str, Any], template: str = ""
) -> None:  # fmt: skip
    """One page, in the language in use, wherever it stands."""
    path = f"{_folder()}{name}.html"
    depth = path.count("/")
    words = {
        **context,
        "front": front,
        "merchant": site.merchant,
        "portal": site.portal,
        "root": "../" * depth,
        "here": "../" * (depth - _folder().count("/")),
        "other": _other(site, front, name),
        "stories_page": STORIES[front.language],
        "has_goods": bool(site.cards),
    }
    html = render_to_string(f"{TEMPLATES}/{template or name}.html", words)
    site.archive.add_text(path, html)


def _folder() -> str:
    return FOLDERS[current()]


def _other(site: Site, front: Front, name: str) -> str:
    """The same page in the other language, from the root; "" where there is none."""
    if len(site.fronts) < 2:
        return ""
    other = next(each for each in site.fronts if each.language != front.language)
    if name == STORIES[front.language]:
        name = STORIES[other.language] if other.stories else "index"
    return f"{FOLDERS[other.language]}{name}.html"


def _index(site: Site, front: Front) -> dict[str, Any]:
    return {
        "title": site.merchant.name,
        "cards": site.cards,
        "directions_url": directions_url(site.merchant),
        "data": _business(site, front),
    }


def _business(site: Site, front: Front) -> Node:
    """The merchant for machines. It names no address of its own: it does not know yet where it will stand."""
    has_goods = bool(site.cards) or site.merchant.tier != Tier.LISTING
    return without_gaps(
        {
            "@context": SCHEMA,
            "@type": "Store" if has_goods else "LocalBusiness",
            "name": site.merchant.name,
            "legalName": site.merchant.legal_name,
            "description": front.intro,
            "image": f"{_up()}{front.cover.picture.name}" if front.cover else "",
            **business_facts(site.merchant),
            **hours_facts(front.schedule, site.today),
        }
    )


def _up() -> str:
    return "../" * _folder().count("/")


# ------------------------------------------------------------------------------------------------ products


def _add_products(site: Site, chunk: list[Product]) -> None:
    site.album.take(photos_of_all(chunk))
    read_offered(chunk)
    deposits = deposits_on(site.today)
    for product in chunk:
        choices = choices_of(product, product.offered_variants, deposits)
        photos = _photos(product, choices, site.album)
        site.cards.append(_card(product, choices, photos))
        for front in site.fronts:
            with speaking(front.language):
                _page(
                    site,
                    front,
                    f"produits/{product.slug}",
                    _product(product, choices, photos, site),
                    "product",
                )


def _photos(product: Product, choices: Iterable[Choice], album: Album) -> list[Shown]:
    """Its own, then those of its variants, each once."""
    told = [(photo.image, photo.alt) for photo in product.photos.all()]
    told += [(choice.variant.image, choice.title) for choice in choices if choice.variant.image]
    shown = [album.shown(image, alt) for image, alt in told]
    return list({one.picture.name: one for one in reversed(shown) if one}.values())[::-1]


def _card(product: Product, choices: list[Choice], photos: list[Shown]) -> Card:
    prices = {choice.variant.price_cents for choice in choices}
    return Card(
        title=product.title,
        slug=product.slug,
        picture=photos[0].picture if photos else None,
        from_cents=min(prices, default=None),
        is_range=len(prices) > 1,
        is_free=any(choice.is_free for choice in choices),
    )


def _product(product: Product, choices: list[Choice], photos: list[Shown], site: Site) -> dict[str, Any]:
    return {
        "title": product.title,
        "product": product,
        "choices": choices,
        "photos": photos,
        "made_to_order": product.kind == ProductKind.MADE_TO_ORDER,
        "data": _thing(product, choices, photos, site.merchant),
    }


def _thing(product: Product, choices: list[Choice], photos: list[Shown], merchant: Merchant) -> Node:
    up = f"../{_up()}"
    return without_gaps(
        {
            "@context": SCHEMA,
            "@type": "Product",
            "name": product.title,
            "description": product.description,
            "image": [f"{up}{shown.picture.name}" for shown in photos],
            "brand": {"@type": "Brand", "name": merchant.name},
            "offers": [_offer(choice, merchant) for choice in choices],
        }
    )


def _offer(choice: Choice, merchant: Merchant) -> Node:
    return without_gaps(
        {
            "@type": "Offer",
            "name": choice.title,
            "sku": choice.variant.sku,
            "price": dollars(choice.variant.price_cents),
            "priceCurrency": "CAD",
            "availability": f"{SCHEMA}/{'InStoreOnly' if choice.is_free else 'OutOfStock'}",
            "seller": {"@type": "Store", "name": merchant.name},
        }
    )
