"""The feed of products that shopping engines read: RSS 2.0 with Google's names, of a portal or of one merchant.

Only what can be bought here today. Alcohol never: whoever reads the feed shows it to anybody, of any age. A merchant
may keep its products out of it (``Shop.is_in_feeds``); by default they are in, as it says nothing that pages do not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.models import Merchant
from home.compiled import Compiled, Ints
from home.models import PortalSettings
from home.renditions import addresses_of_renditions
from home.structured_data import dollars
from shop.choices import Choice, choices_of, read_offered
from shop.delivery import active_zones, prefetch_fees, rate_in, zone_fee
from shop.enums import MeasureUnit, ProductKind, ShippingRegion
from shop.isbn import gtin13
from shop.models import Product, ProductPhoto, Shop
from shop.selling import shops_of, why_not_sold
from shop.structured_data import VARIES_BY

UNITS = {MeasureUnit.GRAM: "g", MeasureUnit.MILLILITRE: "ml", MeasureUnit.PIECE: "ct"}

BATCH = 1000
"""Products read together: a feed of any length is written in as much memory as this many take."""

PICTURE = "fill-1080x1080|format-webp"
MOST_PICTURES = 10
LONGEST_TITLE, LONGEST_TEXT = 150, 5000
"""Characters; engines refuse more."""

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">\n<channel>\n'
FOOT = "</channel>\n</rss>\n"


def products_fed(merchant: Merchant | None = None) -> QuerySet[Product]:
    """The products that may be in the portal's feed, or in one merchant's, in a lasting order."""
    shown = Product.objects.visible().filter(is_alcohol=False, merchant__shop__is_in_feeds=True)
    of_one = shown.filter(merchant=merchant) if merchant else shown
    rows: QuerySet[Product] = of_one.select_related("merchant__category").order_by("pk")
    return rows


@dataclass(frozen=True, slots=True)
class Origin:
    """Of which portal a feed is, on which day. ``root``: the scheme, host and port by which the reader came."""

    settings: PortalSettings
    today: date
    root: str


def head(origin: Origin, *, title: str, address: str) -> str:
    """The feed's beginning: what it is a feed of."""
    words = _("Ce qui s’achète en ligne aujourd’hui, avec son prix et son stock.")
    told = (("title", title), ("link", address), ("description", words))
    return HEAD + "".join(_line(name, value) for name, value in told)


def items(products: QuerySet[Product], origin: Origin, *, after: int = 0) -> tuple[str, int]:
    """The next BATCH of products with a key above ``after``, as XML, and the last key; 0 when there are no more.

    However many they are, they take the same queries.
    """
    rows = list(products.filter(pk__gt=after)[:BATCH])
    shops = shops_of({row.merchant_id for row in rows})
    prefetch_fees(shops.values())
    read_offered(rows)
    photos = _photos_of(rows)
    written = []
    for row in rows:
        shop = shops[row.merchant_id]
        if not why_not_sold(row, shop, settings=origin.settings, today=origin.today):
            choices = choices_of(row, row.offered_variants, {})
            written += [
                _item(row, choice, len(choices), shop, photos.get(row.pk, []), origin) for choice in choices
            ]
    return "".join(written), rows[-1].pk if len(rows) == BATCH else 0


_PHOTOS = Compiled(
    lambda parents: ProductPhoto.objects.filter(product__id__any_of=parents).order_by("sort_order", "pk"),
    parents=Ints,
)


def _photos_of(products: Sequence[Product]) -> dict[int, list[str]]:
    """Addresses, without host, of the photos that are cut as a page shows them, by product."""
    photos = _PHOTOS.rows(parents=[product.pk for product in products])
    cut = addresses_of_renditions({photo.image_id for photo in photos}, PICTURE)
    found: dict[int, list[str]] = {}
    for photo in photos:
        if photo.image_id in cut:
            found.setdefault(photo.product_id, []).append(cut[photo.image_id])
    return found


def _item(
    product: Product, choice: Choice, siblings: int, shop: Shop, photos: Sequence[str], origin: Origin
) -> str:
    lines = [
        *_identity(product, choice, siblings),
        ("link", origin.root + reverse("shop:product", args=[product.merchant.slug, product.slug])),
        *_pictures(photos, origin),
        ("g:price", f"{dollars(choice.variant.price_cents)} CAD"),
        ("g:availability", "in_stock" if choice.is_free else "out_of_stock"),
        *_measure(choice),
    ]
    inside = "".join(_line(name, value) for name, value in lines if value)
    return f"<item>\n{inside}{''.join(_shipping(product, choice, shop))}</item>\n"


def _identity(product: Product, choice: Choice, siblings: int) -> Iterator[tuple[str, str]]:
    """What it is, who sells it, and what tells it from the other variants."""
    book = gtin13(product.isbn)
    title = product.title if siblings == 1 else f"{product.title}, {choice.title}"
    yield "g:id", choice.variant.sku
    yield "title", title[:LONGEST_TITLE]
    yield "description", (product.description or title)[:LONGEST_TEXT]
    yield "g:gtin", book
    yield "g:identifier_exists", "" if book else "no"
    yield "g:product_type", product.merchant.category.name
    if siblings > 1:
        yield "g:item_group_id", f"{product.merchant.slug}-{product.pk}"
        names: list[str] = choice.variant.option_names  # type: ignore[attr-defined]
        for name, value in zip(names, choice.values, strict=False):
            known = VARIES_BY.get(name.strip().lower(), "")
            yield f"g:{known}", value if known else ""


def _pictures(photos: Sequence[str], origin: Origin) -> Iterator[tuple[str, str]]:
    for place, address in enumerate(photos[:MOST_PICTURES]):
        yield "g:additional_image_link" if place else "g:image_link", origin.root + address


def _measure(choice: Choice) -> Iterator[tuple[str, str]]:
    """How much there is of a food, for its price by the measure."""
    price, variant = choice.unit_price, choice.variant
    if price is not None and variant.net_quantity:
        yield "g:unit_pricing_measure", f"{variant.net_quantity.normalize():f} {UNITS[price.unit]}"
        yield "g:unit_pricing_base_measure", f"{price.per} {UNITS[price.unit]}"


def _shipping(product: Product, choice: Choice, shop: Shop) -> Iterator[str]:
    """What bringing one costs, where the shop does; that one may come for it, and how soon."""
    if product.kind == ProductKind.DIGITAL:
        return
    cents = choice.variant.price_cents
    if shop.pickup_enabled:
        yield _line("g:pickup_method", "buy")
        yield _line("g:pickup_sla", _readiness(product, shop))
    for zone in active_zones(shop):
        if cents >= zone.minimum_cents:
            for prefix in zone.postal_prefixes:
                yield _way(_("Livraison"), zone_fee(zone, cents), ("g:postal_code", f"{prefix}*"))
    if rate := rate_in(shop, ShippingRegion.QUEBEC, cents):
        yield _way(_("Par la poste"), rate.fee_cents, ("g:region", "QC"))
    if rate := rate_in(shop, ShippingRegion.CANADA, cents):
        yield _way(_("Par la poste"), rate.fee_cents)


def _readiness(product: Product, shop: Shop) -> str:
    """In the engines' words, never sooner than the shop says."""
    days = product.made_in_days or 0 if product.kind == ProductKind.MADE_TO_ORDER else 0
    days += -(-shop.preparation_minutes // (24 * 60)) if shop.preparation_minutes > 8 * 60 else 0
    return {0: "same_day", 1: "next_day"}.get(days, f"{days}-day" if days <= 6 else "multi-week")


def _way(service: str, fee_cents: int, *where: tuple[str, str]) -> str:
    told = (("g:country", "CA"), *where, ("g:service", service), ("g:price", f"{dollars(fee_cents)} CAD"))
    return f"<g:shipping>{''.join(f'<{n}>{escape(v)}</{n}>' for n, v in told)}</g:shipping>\n"


def _line(name: str, value: str) -> str:
    return f"<{name}>{escape(_legible(value))}</{name}>\n"


def _legible(value: str) -> str:
    """Without the control characters that no XML may hold."""
    return "".join(sign for sign in value if sign >= " " or sign in "\n\t")
