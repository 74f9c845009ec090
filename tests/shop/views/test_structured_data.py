"""What machines read of a product's page: schema.org's own words, and figures that agree with the page."""

import pytest
from django.urls import reverse

from shop.enums import ProductKind
from shop.models import ProductOption, Shop, VariantOption
from tests.factories import ProductFactory, ProductPhotoFactory, VariantFactory
from tests.portal.found.reading import Node, faults, graph_of, node_of
from tests.shop.views.conftest import Shopper, text

AVAILABILITIES = {  # schema.org/ItemAvailability
    "BackOrder", "Discontinued", "InStock", "InStoreOnly", "LimitedAvailability", "MadeToOrder", "OnlineOnly",
    "OutOfStock", "PreOrder", "PreSale", "Reserved", "SoldOut",
}  # fmt: skip
pytestmark = pytest.mark.usefixtures("in_levis")


@pytest.fixture
def product():
    return ProductFactory(title="Savon", description="Un savon.", slug="savon")


def data_of(shopper: Shopper, product) -> Node:
    """The product's own node of its page's graph, which is free of faults as a whole."""
    address = reverse("shop:product", args=[product.merchant.slug, product.slug])
    nodes = graph_of(text(shopper.get(address)), f"http://localhost{address}")
    assert faults(nodes, "localhost") == []
    return node_of(nodes, "Product", "ProductGroup")


def test_one_variant_is_one_offer(shopper: Shopper, product) -> None:
    ProductPhotoFactory(product=product)
    VariantFactory(product=product, price_cents=1_234_50, units=0, sku="S-1")
    data = data_of(shopper, product)
    offer = data["offers"]
    assert (data["@type"], data["sku"]) == ("Product", "S-1")
    assert (offer["price"], offer["priceCurrency"]) == ("1234.50", "CAD")
    assert offer["availability"] == "https://schema.org/OutOfStock"
    assert data["url"] == offer["url"] == f"http://localhost/boutique/{product.merchant.slug}/savon/"
    (address,) = data["image"]
    assert address.startswith("http://localhost/media/")
    picture = shopper.get(address.removeprefix("http://localhost"))
    assert picture.getvalue()[8:12] == b"WEBP"


def test_several_variants_are_a_group_that_says_what_varies(shopper: Shopper, product) -> None:
    option = ProductOption.objects.create(product=product, name="Parfum")
    for number, scent in enumerate(("Lavande", "Sapin")):
        variant = VariantFactory(product=product, title=scent, price_cents=8_00 + number, units=number)
        VariantOption.objects.create(variant=variant, option=option, value=scent)
    data = data_of(shopper, product)
    assert (data["@type"], data["variesBy"]) == ("ProductGroup", ["Parfum"])
    assert [
        (v["name"], v["offers"]["price"], v["offers"]["availability"].rpartition("/")[2])
        for v in data["hasVariant"]
    ] == [("Savon, Lavande", "8.00", "OutOfStock"), ("Savon, Sapin", "8.01", "InStock")]
    assert data["hasVariant"][1]["additionalProperty"][0]["value"] == "Sapin"


def test_food_says_its_unit_price(shopper: Shopper, product) -> None:
    type(product).objects.update(is_food=True)
    VariantFactory(product=product, price_cents=5_95, net_quantity=250, net_unit="g")
    assert data_of(shopper, product)["offers"]["priceSpecification"] == {
        "@type": "UnitPriceSpecification",
        "price": "2.38",
        "priceCurrency": "CAD",
        "referenceQuantity": {"@type": "QuantitativeValue", "value": "100", "unitCode": "GRM"},
    }


@pytest.mark.parametrize(
    ("kind", "units", "paused", "said"),
    [
        (ProductKind.STOCKED, 1, False, "InStock"),
        (ProductKind.STOCKED, 0, False, "OutOfStock"),
        (ProductKind.MADE_TO_ORDER, 0, False, "MadeToOrder"),
        (ProductKind.DIGITAL, 0, False, "InStock"),
        (ProductKind.STOCKED, 1, True, "InStoreOnly"),
        (ProductKind.STOCKED, 0, True, "OutOfStock"),
    ],
)
def test_availability_is_one_of_the_vocabularys(shopper: Shopper, product, kind, units, paused, said) -> None:
    type(product).objects.update(kind=kind)
    VariantFactory(product=product, units=units)
    if paused:
        Shop.objects.update(charges_status="inactive", transfers_status="inactive")
    availability = data_of(shopper, product)["offers"]["availability"]
    assert said in AVAILABILITIES
    assert availability == f"https://schema.org/{said}"


def test_product_without_a_variant_has_no_offer(shopper: Shopper, product) -> None:
    assert "offers" not in data_of(shopper, product)
