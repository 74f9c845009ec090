"""What the shop sells: Shopify's and WooCommerce's own lists, else the products that its pages describe."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from directory.folding import fold
from directory.own_site import values
from directory.own_site.findings import (
    LONGEST_NAME,
    LONGEST_PRODUCT_TEXT,
    MOST_PRODUCTS,
    MOST_VARIANTS,
    FoundProduct,
    FoundVariant,
    Where,
)
from directory.own_site.markup import decoded
from directory.own_site.things import Thing
from directory.own_site.values import first, many

LONGEST_KEY = 120
LONGEST_SKU = 40
LONGEST_VARIANT = 80


def parsed(document: Any) -> Any:
    """The JSON of a document; None where it is none."""
    try:
        return json.loads(decoded(document))
    except (ValueError, RecursionError):
        return None


def one_each(products: Iterable[FoundProduct]) -> tuple[FoundProduct, ...]:
    """The first of each key, at most MOST_PRODUCTS."""
    kept: dict[str, FoundProduct] = {}
    for product in products:
        if len(kept) >= MOST_PRODUCTS:
            break
        kept.setdefault(product.key, product)
    return tuple(kept.values())


def key_of(url: str, sku: str, title: str) -> str:
    """The last part of its address, which stays when a price or a title changes; else its code, else its title."""
    last = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2] if url else ""
    name = re.sub(r"[^a-z0-9]+", "-", fold(last.removesuffix(".html"))).strip("-")
    if name and not name.isdecimal():
        return name[:LONGEST_KEY]
    return f"sku:{sku}"[:LONGEST_KEY] if sku else f"nom:{fold(title)}"[:LONGEST_KEY]


# ------------------------------------------------------------------------------------------------ Shopify


def of_shopify(told: Any, *, page: str, currency: str = "") -> Iterator[FoundProduct]:
    """``/products.json``. In another currency than ours, products come without prices."""
    rows = told.get("products") if isinstance(told, dict) else None
    for row in rows[:MOST_PRODUCTS] if isinstance(rows, list) else ():
        title = values.line(row.get("title"), LONGEST_NAME) if isinstance(row, dict) else ""
        handle = values.line(row.get("handle"), LONGEST_KEY) if title else ""
        if not title:
            continue
        picture = next((one for one in many(row.get("images")) if isinstance(one, dict)), {})
        yield FoundProduct(
            key=key_of(f"/products/{handle}" if handle else "", values.line(row.get("id"), 40), title),
            title=title,
            description=values.text(row.get("body_html"), LONGEST_PRODUCT_TEXT),
            variants=_shopify_variants(row.get("variants"), is_ours=values.is_canadian(currency)),
            photo=smaller(values.web_address(picture.get("src"), page)),
            where=Where.SHOPIFY.value,
            page=page,
        )


def _shopify_variants(told: Any, *, is_ours: bool) -> tuple[FoundVariant, ...]:
    rows = [row for row in many(told)[:MOST_VARIANTS] if isinstance(row, dict)]
    return tuple(
        FoundVariant(
            title=""
            if row.get("title") == "Default Title"
            else values.line(row.get("title"), LONGEST_VARIANT),
            price_cents=values.cents(row.get("price")) if is_ours else None,
            sku=values.line(row.get("sku"), LONGEST_SKU),
        )
        for row in rows
    )


def smaller(url: str) -> str:
    """Shopify makes any size: what is asked for is what is kept."""
    is_shopifys = "cdn.shopify.com/" in url or "/cdn/shop/" in url
    if not is_shopifys or "width=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}width=1600"


# ------------------------------------------------------------------------------------------------ WooCommerce


def of_woocommerce(told: Any, *, page: str) -> Iterator[FoundProduct]:
    """``/wp-json/wc/store/v1/products``: prices in the currency's smallest unit."""
    for row in told[:MOST_PRODUCTS] if isinstance(told, list) else ():
        title = values.line(row.get("name"), LONGEST_NAME) if isinstance(row, dict) else ""
        if not title:
            continue
        sku = values.line(row.get("sku"), LONGEST_SKU)
        picture = next((one for one in many(row.get("images")) if isinstance(one, dict)), {})
        words = (
            values.text(row.get(name), LONGEST_PRODUCT_TEXT) for name in ("description", "short_description")
        )
        yield FoundProduct(
            key=key_of(values.web_address(row.get("permalink"), page), sku, title),
            title=title,
            description=next(filter(None, words), ""),
            variants=(FoundVariant("", _woocommerce_price(row.get("prices")), sku),),
            photo=values.web_address(picture.get("src"), page),
            where=Where.WOOCOMMERCE.value,
            page=page,
        )


def _woocommerce_price(told: Any) -> int | None:
    if not isinstance(told, dict) or not values.is_canadian(told.get("currency_code")):
        return None
    return values.minor_units(told.get("price"), told.get("currency_minor_unit", 2))


# ------------------------------------------------------------------------------------------------ schema.org


def of_things(things: Iterable[Thing]) -> Iterator[FoundProduct]:
    for thing in things:
        title = values.line(thing.facts.get("name"), LONGEST_NAME) if thing.is_product else ""
        if title and _is_sold(thing):
            sku = values.line(thing.facts.get("sku") or thing.facts.get("productID"), LONGEST_SKU)
            url = values.web_address(thing.facts.get("url") or _offer_url(thing), thing.page)
            yield FoundProduct(
                key=key_of(url if url.rstrip("/") != thing.page.rstrip("/") else "", sku, title),
                title=title,
                description=values.text(thing.facts.get("description"), LONGEST_PRODUCT_TEXT),
                variants=(FoundVariant("", price_of(thing.facts.get("offers")), sku),),
                photo=values.web_address(thing.facts.get("image"), thing.page),
                where=thing.where,
                page=thing.page,
            )


def _is_sold(thing: Thing) -> bool:
    """A dish without a price is a mention; a product may keep its price for its own page."""
    return "MenuItem" not in thing.types or price_of(thing.facts.get("offers")) is not None


def _offer_url(thing: Thing) -> Any:
    offer = first(thing.facts.get("offers"))
    return offer.get("url") if isinstance(offer, dict) else None


def price_of(offers: Any) -> int | None:
    """The lowest in Canadian dollars; None where none is told."""
    found = [price for offer in many(offers)[:MOST_VARIANTS] if (price := _price_of_offer(offer)) is not None]
    return min(found) if found else None


def _price_of_offer(offer: Any) -> int | None:
    if not isinstance(offer, dict):
        return None
    told = first(offer.get("priceSpecification"))
    specification: dict[str, Any] = told if isinstance(told, dict) else {}
    if not values.is_canadian(offer.get("priceCurrency") or specification.get("priceCurrency")):
        return None
    for name in ("price", "lowPrice"):
        if (price := values.cents(offer.get(name))) is not None:
            return price
    nested = price_of(offer.get("offers")) if "offers" in offer else None
    return nested if nested is not None else values.cents(specification.get("price"))
