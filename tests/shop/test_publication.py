"""Nothing is published while the law still asks something, and its merchant is told what."""

from datetime import date

import pytest

from directory.models import Merchant
from shop import catalogue
from shop.enums import ProductKind, ProductStatus
from shop.exceptions import CannotPublish
from shop.models import AlcoholPermit, Product, ProductPhoto, Shop, Variant
from shop.publication import is_only_a_po_box
from tests.factories import ProductFactory, ProductPhotoFactory, VariantFactory, make_seller, make_vineyard

TODAY = date(2026, 11, 22)
TOLD = {
    "legal_name": "Chandelles Lauzon inc.",
    "street_address": "12, rue Bégin",
    "city": "Lévis",
    "postal_code": "G6V 4C2",
    "phone": "+14185550123",
}

pytestmark = pytest.mark.usefixtures("in_levis")


def complete(merchant: Merchant) -> Product:
    """A draft that lacks nothing."""
    product = ProductFactory(merchant=merchant, status=ProductStatus.DRAFT)
    VariantFactory(product=product)
    ProductPhotoFactory(product=product)
    return product


@pytest.fixture
def product() -> Product:
    return complete(make_seller(**TOLD))


def missing(product: Product) -> list[str]:
    return catalogue.what_is_missing(Product.objects.get(pk=product.pk), today=TODAY)


def test_complete_product_is_published_once(product: Product) -> None:
    assert missing(product) == []
    assert catalogue.publish(product, today=TODAY) is True
    assert catalogue.publish(product, today=TODAY) is False
    assert Product.objects.get(pk=product.pk).status == ProductStatus.PUBLISHED


@pytest.mark.parametrize(
    ("model", "change", "reason"),
    [
        (Merchant, {"legal_name": " "}, "le nom légal"),
        (Merchant, {"name": ""}, "celui de l’enseigne"),
        (Merchant, {"street_address": ""}, "l’adresse du commerce"),
        (Merchant, {"postal_code": ""}, "l’adresse du commerce"),
        (Merchant, {"street_address": "C.P. 1234, succ. Lévis"}, "une case postale ne suffit pas"),
        (Merchant, {"phone": ""}, "numéro de téléphone"),
        (Shop, {"return_policy": "  "}, "conditions de retour"),
        (Variant, {"is_active": False}, "Écrivez le prix d’au moins une variante"),
        (Variant, {"price_cents": 0}, "Écrivez le prix d’au moins une variante"),
        (ProductPhoto, {"alt": " "}, "ce que montre chaque photo"),
        (Product, {"is_food": True}, "la quantité nette"),
        (Product, {"needs_maintenance": True}, "les pièces, la réparation et le mode d’emploi"),
        (Product, {"kind": ProductKind.MADE_TO_ORDER}, "en combien de jours"),
        (Product, {"kind": ProductKind.DIGITAL}, "le fichier que la clientèle recevra"),
        (Product, {"title": "Boîte à cigares"}, "Si c’est une erreur, appelez-nous."),
        (Product, {"description": "Contains CBD"}, "du cannabis, qui ne se vend pas ici"),
    ],
)
def test_each_thing_the_law_asks_is_told_and_keeps_it_a_draft(
    product: Product, model, change: dict, reason: str
) -> None:
    model.objects.update(**change)
    told = missing(product)
    assert len(told) == 1
    assert reason in told[0]
    with pytest.raises(CannotPublish) as refusal:
        catalogue.publish(Product.objects.get(pk=product.pk), today=TODAY)
    assert refusal.value.reasons == told
    assert Product.objects.get(pk=product.pk).status == ProductStatus.DRAFT


def test_photo_must_be_there(product: Product) -> None:
    ProductPhoto.objects.all().delete()
    assert missing(product) == ["Ajoutez au moins une photo."]


def test_merchant_without_a_shop_is_told_its_return_policy_lacks(product: Product) -> None:
    Shop.objects.all().delete()
    assert "conditions de retour" in missing(product)[0]


def test_what_is_said_makes_special_goods_publishable(product: Product) -> None:
    Product.objects.update(
        kind=ProductKind.MADE_TO_ORDER,
        made_in_days=7,
        is_food=True,
        needs_maintenance=True,
        maintenance_info="Pièces et mode d’emploi à l’atelier.",
    )
    Variant.objects.update(net_quantity=250, net_unit="g")
    assert missing(product) == []


def test_free_variant_among_others_is_named(product: Product) -> None:
    VariantFactory(product=product, title="Grande", price_cents=0)
    assert missing(product) == ["Écrivez le prix de «\u00a0Grande\u00a0», ou retirez cette variante."]


def test_alcohol_asks_for_permit_tax_number_and_own_payments(product: Product) -> None:
    Product.objects.update(is_alcohol=True)
    assert len(missing(product)) == 3
    wine = complete(make_vineyard(**TOLD))
    Product.objects.filter(pk=wine.pk).update(is_alcohol=True)
    assert missing(wine) == []
    AlcoholPermit.objects.update(expires_on=date(2026, 11, 21))
    assert ["est échu" in reason for reason in missing(wine)] == [True]


@pytest.mark.parametrize(
    ("address", "is_box"),
    [
        ("C.P. 1234", True),
        ("CP 12", True),
        ("Case postale 45, succursale Charny", True),
        ("P.O. Box 9", True),
        ("po box 9", True),
        ("Boîte postale 7", True),
        ("12, rue Bégin, C.P. 4", False),
        ("12, rue C. P. Tremblay", False),
        ("2140, route des Rivières", False),
    ],
)
def test_postal_box_alone_is_no_address(address: str, is_box: bool) -> None:
    assert is_only_a_po_box(address) is is_box


def test_hidden_product_is_taken_down_and_comes_back_by_the_same_rules(product: Product) -> None:
    catalogue.publish(product, today=TODAY)
    assert catalogue.hide(product) is True
    assert catalogue.hide(product) is False
    assert not Product.objects.visible().filter(pk=product.pk).exists()
    Merchant.objects.update(phone="")
    with pytest.raises(CannotPublish):
        catalogue.publish(Product.objects.get(pk=product.pk), today=TODAY)
