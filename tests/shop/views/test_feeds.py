"""The feeds of products: what is sold here today, as its page says it, and nothing else."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from home.tenancy import portal_scope
from shop import product_feed
from shop.enums import MeasureUnit, ProductStatus, ShippingRegion
from shop.models import DeliveryZone, Product, ProductOption, ShippingRate, Shop, VariantOption
from tests.factories import ProductFactory, ProductPhotoFactory, VariantFactory, make_seller, make_vineyard

LEVIS = {"headers": {"host": "localhost"}}
G = "{http://base.google.com/ns/1.0}"


def feed(client: Client, path: str = "/flux/produits.xml", **host: Any) -> list[ET.Element]:
    answer = client.get(path, **(host or LEVIS))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml; charset=utf-8")
    return ET.fromstring(answer.getvalue()).findall("channel/item")


def told(item: ET.Element) -> dict[str, str]:
    return {child.tag.removeprefix(G): child.text or "" for child in item if not len(child)}


def test_item_says_what_the_page_says(client: Client, in_levis) -> None:
    merchant = make_seller(slug="roy", name="Miel & Cie")
    product = ProductFactory(
        merchant=merchant, slug="miel", title="Miel <doux> & bon", description="Du\x0b trèfle.", is_food=True
    )
    VariantFactory(product=product, sku="M-1", price_cents=12_05, net_quantity=250, net_unit=MeasureUnit.GRAM)
    photo = ProductPhotoFactory(product=product).image.get_rendition(product_feed.PICTURE)
    [item] = feed(client)
    assert told(item) == {
        "id": "M-1",
        "title": "Miel <doux> & bon",
        "description": "Du trèfle.",
        "identifier_exists": "no",
        "product_type": merchant.category.name,
        "link": "http://localhost/boutique/roy/miel/",
        "image_link": f"http://localhost{photo.url}",
        "price": "12.05 CAD",
        "availability": "in_stock",
        "unit_pricing_measure": "250 g",
        "unit_pricing_base_measure": "100 g",
        "pickup_method": "buy",
        "pickup_sla": "same_day",
    }


def test_variants_are_a_group_and_a_book_has_its_number(client: Client, in_levis) -> None:
    product = ProductFactory(merchant=make_seller(slug="roy"), isbn="2-7637-8541-7", title="Livre")
    option = ProductOption.objects.create(product=product, name="Couleur")
    for color in ("Rouge", "Bleu"):
        VariantOption.objects.create(variant=VariantFactory(product=product), option=option, value=color)
    items = [told(item) for item in feed(client)]
    assert [item["color"] for item in items] == ["Rouge", "Bleu"]
    assert {item["item_group_id"] for item in items} == {f"roy-{product.pk}"}
    assert [item["title"] for item in items] == ["Livre, Rouge", "Livre, Bleu"]
    assert {item.get("gtin", "") for item in items} == {"9782763785417"}


def test_ways_to_have_it_cost_what_the_shop_says(client: Client, in_levis) -> None:
    shop = VariantFactory(price_cents=60_00).product.merchant.shop
    DeliveryZone.objects.create(
        shop=shop, name="Ici", postal_prefixes=["G6V"], fee_cents=5_00, free_from_cents=50_00
    )
    DeliveryZone.objects.create(
        shop=shop, name="Loin", postal_prefixes=["G0R"], fee_cents=9_00, minimum_cents=99_00
    )
    ShippingRate.objects.create(shop=shop, region=ShippingRegion.QUEBEC, fee_cents=9_50)
    [item] = feed(client)
    ways = [{part.tag.removeprefix(G): part.text for part in way} for way in item.findall(f"{G}shipping")]
    assert ways == [
        {"country": "CA", "postal_code": "G6V*", "service": "Livraison", "price": "0.00 CAD"},
        {"country": "CA", "region": "QC", "service": "Par la poste", "price": "9.50 CAD"},
    ]


def test_only_what_is_sold_here_today_is_fed(client: Client, in_levis, bellechasse) -> None:
    kept = VariantFactory(sku="VENDU")
    VariantFactory(sku="EPUISE", units=0)
    VariantFactory(sku="BROUILLON", product__status=ProductStatus.DRAFT)
    VariantFactory(sku="RETIRE", is_active=False)
    VariantFactory(sku="SUSPENDU", product__merchant=make_seller(suspended_at=timezone.now()))
    VariantFactory(sku="VIN", product__merchant=make_vineyard(), product__is_alcohol=True)
    for sku, field in (("PAUSE", {"paused_at": timezone.now()}), ("TU", {"is_in_feeds": False})):
        merchant = VariantFactory(sku=sku).product.merchant
        Shop.objects.filter(merchant=merchant).update(**field)
    with portal_scope(bellechasse):
        VariantFactory(sku="AILLEURS", product__merchant=make_seller())
    stock = {item["id"]: item["availability"] for item in map(told, feed(client))}
    assert stock == {"VENDU": "in_stock", "EPUISE": "out_of_stock"}
    own = feed(client, f"/flux/{kept.product.merchant.slug}/produits.xml")
    assert [told(item)["id"] for item in own] == ["VENDU"]


def test_merchant_that_keeps_out_or_is_no_seller_has_no_feed(client: Client, in_levis, bellechasse) -> None:
    merchant = VariantFactory().product.merchant
    path = f"/flux/{merchant.slug}/produits.xml"
    assert client.get(path, headers={"host": "bellechasse.localhost"}).status_code == 404
    Shop.objects.update(is_in_feeds=False)
    assert client.get(path, **LEVIS).status_code == 404
    assert client.get("/flux/personne/produits.xml", **LEVIS).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_feed_asks_the_same_of_any_number(client: Client, in_levis, rows: int) -> None:
    for _n in range(rows):
        product = VariantFactory(product__is_food=True, net_quantity=1, net_unit="g").product
        ProductPhotoFactory(product=product).image.get_rendition(product_feed.PICTURE)
    with CaptureQueriesContext(connection) as counted:
        assert len(feed(client)) == rows
    assert len(counted) == 11


def test_long_feed_is_written_batch_by_batch(
    client: Client, in_levis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(product_feed, "BATCH", 2)
    merchant = make_seller()
    for n in range(4):
        VariantFactory(product__merchant=merchant, sku=f"S{n}")
    assert [told(item)["id"] for item in feed(client)] == ["S0", "S1", "S2", "S3"]
    assert Product.objects.count() == 4
