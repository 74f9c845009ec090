"""A product for machines (schema.org Product, with an Offer for its price and availability)."""

from typing import Any

from django.http import HttpRequest

from shop.models import Product, Variant


def product_offer(product: Product, variants: list[Variant], request: HttpRequest) -> dict[str, Any]:
    """The product's structured data; prices in dollars, as schema.org wants them."""
    data = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": product.title,
        "description": product.description,
        "url": request.build_absolute_uri(),
        "brand": {"@type": "Brand", "name": product.merchant.name},
        "isbn": product.isbn,
        "offers": [_offer(variant, product) for variant in variants],
    }
    return {name: value for name, value in data.items() if value}


def _offer(variant: Variant, product: Product) -> dict[str, Any]:
    available = "InStock" if variant.in_stock else "OutOfStock"
    return {
        "@type": "Offer",
        "sku": variant.sku,
        "price": f"{variant.price_cents // 100}.{variant.price_cents % 100:02d}",
        "priceCurrency": "CAD",
        "availability": f"https://schema.org/{available}",
        "seller": {"@type": "LocalBusiness", "name": product.merchant.name},
    }
