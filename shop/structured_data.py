"""A product for machines: schema.org's Product with its Offer, or a ProductGroup of its variants."""

from typing import Any

from django.http import HttpRequest

from shop.choices import Choice
from shop.enums import ProductKind
from shop.models import Product
from shop.unit_prices import UN_CODES, UnitPrice

SCHEMA = "https://schema.org"


def product_offer(
    product: Product, choices: list[Choice], request: HttpRequest, *, can_buy: bool = True
) -> dict[str, Any]:
    """The product's structured data; prices in dollars, as schema.org wants them."""
    address = request.build_absolute_uri(request.path)
    image = _image(product)
    data: dict[str, Any] = {
        "@context": SCHEMA,
        "@type": "Product",
        "name": product.title,
        "description": product.description,
        "url": address,
        "image": request.build_absolute_uri(image) if image else "",
        "isbn": product.isbn,
        "brand": {"@type": "Brand", "name": product.merchant.name},
    }
    if len(choices) == 1:
        data |= _sold(product, choices[0], address, can_buy=can_buy)
    elif choices:
        data |= {
            "@type": "ProductGroup",
            "productGroupID": f"{product.merchant.slug}/{product.slug}",
            "variesBy": _options(choices),
            "hasVariant": [_variant(product, choice, address, can_buy=can_buy) for choice in choices],
        }
    return _without_blanks(data)


def _image(product: Product) -> str:
    """The address of the first photo, as the page shows it: originals are not public."""
    return product.photo.get_rendition("fill-1080x1080|format-webp").url if product.photo else ""


def _options(choices: list[Choice]) -> list[str]:
    names: list[str] = choices[0].variant.option_names  # type: ignore[attr-defined]
    return list(names)


def _variant(product: Product, choice: Choice, address: str, *, can_buy: bool) -> dict[str, Any]:
    names = _options([choice])
    values = zip(names, choice.values, strict=False)
    return _without_blanks(
        {
            "@type": "Product",
            "name": f"{product.title}, {choice.title}",
            **_sold(product, choice, address, can_buy=can_buy),
            "additionalProperty": [
                {"@type": "PropertyValue", "name": name, "value": value} for name, value in values
            ],
        }
    )


def _sold(product: Product, choice: Choice, address: str, *, can_buy: bool) -> dict[str, Any]:
    return {"sku": choice.variant.sku, "offers": [_offer(product, choice, address, can_buy=can_buy)]}


def _offer(product: Product, choice: Choice, address: str, *, can_buy: bool) -> dict[str, Any]:
    price = _dollars(choice.variant.price_cents)
    return _without_blanks(
        {
            "@type": "Offer",
            "sku": choice.variant.sku,
            "url": address,
            "price": price,
            "priceCurrency": "CAD",
            "priceSpecification": _unit_price(choice.unit_price),
            "availability": f"{SCHEMA}/{availability(product, choice, can_buy=can_buy)}",
            "seller": {"@type": "LocalBusiness", "name": product.merchant.name},
        }
    )


def availability(product: Product, choice: Choice, *, can_buy: bool) -> str:
    """A member of schema.org's ItemAvailability. What cannot be bought online now may be there in store."""
    if not choice.is_free:
        return "OutOfStock"
    if not can_buy:
        return "InStoreOnly"
    return "MadeToOrder" if product.kind == ProductKind.MADE_TO_ORDER else "InStock"


def _unit_price(price: UnitPrice | None) -> dict[str, Any]:
    if price is None:
        return {}
    return {
        "@type": "UnitPriceSpecification",
        "price": _dollars(price.cents),
        "priceCurrency": "CAD",
        "referenceQuantity": {
            "@type": "QuantitativeValue",
            "value": str(price.per),
            "unitCode": UN_CODES[price.unit],
        },
    }


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _without_blanks(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value}
