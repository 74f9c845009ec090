"""A product for machines: schema.org's Product with its Offer, or a ProductGroup of its variants; and lists of them.

Terms that several offers share (returns, what bringing it costs) are nodes of their own, named by the offers.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.paginator import Page as ListPage
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.structured_data import merchant_reference
from home.structured_data import SCHEMA, Node, Step, dollars, item_list, moment, web_page, without_gaps
from shop.choices import Choice, ShownPhoto
from shop.delivery import active_zones, rate_in, ways_of, zone_fee
from shop.enums import Fulfillment, ProductKind, ShippingRegion
from shop.isbn import gtin13
from shop.models import Product, Shop
from shop.unit_prices import UN_CODES, UnitPrice

MOST_PICTURES = 5

VARIES_BY = {
    "couleur": "color",
    "taille": "size",
    "pointure": "size",
    "format": "size",
    "matière": "material",
    "motif": "pattern",
}
"""Options that have a property of their own at schema.org, by their French name."""

METHODS = {
    Fulfillment.PICKUP: f"{SCHEMA}/OnSitePickup",
    Fulfillment.SHIPPING: f"{SCHEMA}/ParcelService",
    Fulfillment.DELIVERY: "http://purl.org/goodrelations/v1#DeliveryModeOwnFleet",
}


@dataclass
class Window:
    """A product as its page shows it. ``terms`` collects the nodes that offers name, by what they say."""

    product: Product
    choices: list[Choice]
    shop: Shop
    request: HttpRequest
    can_buy: bool = True
    photos: Iterable[ShownPhoto] = ()
    terms: dict[str, Node] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return self.request.build_absolute_uri(self.request.path)

    @property
    def thing(self) -> str:
        return f"{self.address}#produit"

    def naming(self, key: str, node: Node) -> Node:
        """The ``@id`` of this node, which stands once in the graph however many offers name it."""
        self.terms.setdefault(key, {**node, "@id": f"{self.address}#{key}"})
        return {"@id": f"{self.address}#{key}"}


def product_nodes(window: Window) -> list[Node]:
    """The page, the product, and the terms on which it is sold."""
    thing = _product(window)
    page = web_page(
        window.request,
        window.address,
        window.product.title,
        kind="ItemPage",
        about=window.thing,
        dateModified=moment(window.product.changed_at),
    )
    return [page, thing, *window.terms.values()]


def way_to_product(product: Product, request: HttpRequest) -> list[Step]:
    """The shop of all, the merchant's window, the product."""
    merchant = product.merchant
    return [
        (_("Boutique"), reverse("shop:catalogue")),
        (merchant.name, merchant.page_url),
        (product.title, request.path),
    ]


def product_list(products: "ListPage[Product]", name: str, request: HttpRequest) -> Node:
    """The catalogue's page with the products it shows, dressed, in its order."""
    shown = item_list(
        request,
        [(product.title, product.url) for product in products],
        first=products.start_index(),
        total=products.paginator.count,
    )
    address = request.build_absolute_uri(request.path)
    return web_page(request, address, name, kind="CollectionPage", mainEntity=shown)


def _product(window: Window) -> Node:
    product, choices, book = window.product, window.choices, gtin13(window.product.isbn)
    data: Node = {
        "@type": ["Product", "Book"] if book else "Product",
        "@id": window.thing,
        "name": product.title,
        "description": product.description,
        "url": window.address,
        "image": _images(window),
        "category": product.merchant.category.name,
        "isbn": book,
    }
    if len(choices) == 1:
        data |= _sold(window, choices[0])
    elif choices:
        data |= {
            "@type": "ProductGroup",
            "productGroupID": f"{product.merchant.slug}/{product.slug}",
            "variesBy": [_varies_by(name) for name in _options(choices[0])] or [f"{SCHEMA}/name"],
            "hasVariant": [_variant(window, choice) for choice in choices],
        }
    return without_gaps(data)


def _images(window: Window) -> list[str]:
    """The photos as the page shows them: originals are not public."""
    pictures = [photo.image for photo in window.photos][:MOST_PICTURES]
    cut = (picture.get_rendition("fill-1080x1080|format-webp").url for picture in pictures)
    return [window.request.build_absolute_uri(address) for address in cut]


def _options(choice: Choice) -> list[str]:
    names: list[str] = choice.variant.option_names  # type: ignore[attr-defined]
    return list(names)


def _varies_by(name: str) -> str:
    known = VARIES_BY.get(name.strip().lower())
    return f"{SCHEMA}/{known}" if known else name


def _variant(window: Window, choice: Choice) -> Node:
    said = list(zip(_options(choice), choice.values, strict=False))
    known = {VARIES_BY[key]: value for name, value in said if (key := name.strip().lower()) in VARIES_BY}
    others = [(name, value) for name, value in said if name.strip().lower() not in VARIES_BY]
    return without_gaps(
        {
            "@type": "Product",
            "name": f"{window.product.title}, {choice.title}",
            **known,
            **_sold(window, choice),
            "additionalProperty": [
                {"@type": "PropertyValue", "name": name, "value": value} for name, value in others
            ],
        }
    )


def _sold(window: Window, choice: Choice) -> Node:
    return without_gaps(
        {
            "sku": choice.variant.sku,
            "gtin13": gtin13(window.product.isbn),
            "offers": _offer(window, choice),
        }
    )


def _offer(window: Window, choice: Choice) -> Node:
    """At the price that the page shows; machines read it in dollars."""
    cents = choice.variant.price_cents
    return without_gaps(
        {
            "@type": "Offer",
            "url": window.address,
            "price": dollars(cents),
            "priceCurrency": "CAD",
            "priceSpecification": _unit_price(choice.unit_price),
            "availability": f"{SCHEMA}/{availability(window.product, choice, can_buy=window.can_buy)}",
            "seller": merchant_reference(window.product.merchant, window.request),
            **(_terms(window, cents) if window.can_buy else {}),
        }
    )


def availability(product: Product, choice: Choice, *, can_buy: bool) -> str:
    """A member of schema.org's ItemAvailability. What cannot be bought online now may be there in store."""
    if not choice.is_free:
        return "OutOfStock"
    if not can_buy:
        return "InStoreOnly"
    return "MadeToOrder" if product.kind == ProductKind.MADE_TO_ORDER else "InStock"


def _unit_price(price: UnitPrice | None) -> Node:
    if price is None:
        return {}
    return {
        "@type": "UnitPriceSpecification",
        "price": dollars(price.cents),
        "priceCurrency": "CAD",
        "referenceQuantity": {
            "@type": "QuantitativeValue",
            "value": str(price.per),
            "unitCode": UN_CODES[price.unit],
        },
    }


# ----------------------------------------------------------------------------------------------------------- the terms


def _terms(window: Window, cents: int) -> Node:
    """How one may have one unit at this price, what bringing it costs, and what the shop says of returns."""
    ways = [] if window.product.kind == ProductKind.DIGITAL else _ways(window)
    return {
        "availableDeliveryMethod": [METHODS[way] for way in ways],
        "shippingDetails": [
            *(_brought(window, cents) if Fulfillment.DELIVERY in ways else ()),
            *(_sent(window, cents) if Fulfillment.SHIPPING in ways else ()),
        ],
        "hasMerchantReturnPolicy": _returns(window),
    }


def _ways(window: Window) -> list[Fulfillment]:
    return ways_of(window.shop, has_alcohol=window.product.is_alcohol)


def _returns(window: Window) -> Node:
    """In the shop's own words, on the product's page: schema.org's categories would say more than it did."""
    if not window.shop.return_policy:
        return {}
    policy = {
        "@type": "MerchantReturnPolicy",
        "applicableCountry": "CA",
        "description": window.shop.return_policy,
        "merchantReturnLink": f"{window.address}#retours",
    }
    return window.naming("retours", policy)


def _brought(window: Window, cents: int) -> Iterable[Node]:
    """By the shop itself, to the postal codes that it says; where one unit is enough for it to come."""
    for zone in active_zones(window.shop):
        if cents >= zone.minimum_cents:
            where = {"postalCodePrefix": zone.postal_prefixes}
            fee = zone_fee(zone, cents)
            yield _shipping(window, f"zone-{zone.pk}-{fee}", fee, zone.promised_days, where)


def _sent(window: Window, cents: int) -> Iterable[Node]:
    """By mail, to the province and to the rest of the country."""
    places = {ShippingRegion.QUEBEC: {"addressRegion": "QC"}, ShippingRegion.CANADA: {}}
    for region, where in places.items():
        if rate := rate_in(window.shop, region, cents):
            key = f"poste-{region}-{rate.fee_cents}"
            yield _shipping(window, key.lower(), rate.fee_cents, rate.promised_days, where)


def _shipping(window: Window, key: str, fee_cents: int, days: int, where: Node) -> Node:
    details = {
        "@type": "OfferShippingDetails",
        "shippingRate": {"@type": "MonetaryAmount", "value": dollars(fee_cents), "currency": "CAD"},
        "shippingDestination": {"@type": "DefinedRegion", "addressCountry": "CA", **where},
        "deliveryTime": {
            "@type": "ShippingDeliveryTime",
            "transitTime": {
                "@type": "QuantitativeValue",
                "minValue": 0,
                "maxValue": days,
                "unitCode": "DAY",
            },
        },
    }
    return window.naming(key, details)
