"""Fees and places: codes as typed, the narrowest zone, the flat table, every fee in words before the basket."""

import pytest

from shop import delivery
from shop.enums import Fulfillment, ShippingRegion
from shop.models import DeliveryZone, ShippingRate, Shop
from tests.factories import MerchantFactory, ShopFactory

pytestmark = pytest.mark.usefixtures("in_levis")


@pytest.fixture
def shop() -> Shop:
    """Delivers in Lévis for 5 $ (free from 60 $), in Saint-Nicolas for 8 $ from 20 $ on; sends by a flat table."""
    shop = ShopFactory(merchant__name="La Mèche")
    zone(shop, "Lévis", ["G6V", "G6W"], 5_00, free_from_cents=60_00)
    zone(shop, "Saint-Nicolas", ["G7A"], 8_00, minimum_cents=20_00)
    for region, from_items, fee in (("qc", 0, 9_50), ("qc", 75_00, 5_00), ("ca", 0, 16_00)):
        ShippingRate.objects.create(shop=shop, region=region, from_items_cents=from_items, fee_cents=fee)
    return shop


def zone(shop: Shop, name: str, prefixes: list[str], fee_cents: int, **fields: object) -> DeliveryZone:
    return DeliveryZone.objects.create(
        shop=shop, name=name, postal_prefixes=prefixes, fee_cents=fee_cents, **fields
    )


@pytest.mark.parametrize(
    ("code", "province"), [("G6V 6C4", "QC"), ("K1A 0B1", "ON"), ("V6B 1A1", "BC"), ("", "")]
)
def test_the_province_is_read_from_the_code(code: str, province: str) -> None:
    assert delivery.province_of(code) == province


@pytest.mark.parametrize(
    ("code", "items_cents", "fee_cents"),
    [("G6V 6C4", 12_00, 5_00), ("G6W 1A1", 59_99, 5_00), ("G6V 6C4", 60_00, 0), ("G7A 1A1", 20_00, 8_00)],
)
def test_a_zone_has_its_fee_and_may_be_free(shop: Shop, code: str, items_cents: int, fee_cents: int) -> None:
    found = delivery.zone_for(shop, code)
    assert found is not None
    assert delivery.zone_fee(found, items_cents) == fee_cents
    assert delivery.why_not_delivered(shop, code, items_cents) == ""


def test_the_narrowest_prefix_wins_then_the_lowest_fee(shop: Shop) -> None:
    near = zone(shop, "À côté", ["G6V6"], 2_00)
    zone(shop, "Plus cher", ["G6V6"], 3_00)
    zone(shop, "Fermée", ["G6V6C4"], 0, is_active=False)
    assert delivery.zone_for(shop, "G6V 6C4") == near


@pytest.mark.parametrize(
    ("code", "items_cents", "sentence"),
    [
        (
            "G1R 2B3",
            90_00,
            "La Mèche ne livre pas au G1R 2B3\u00a0: choisissez autrement, ou une autre adresse.",
        ),
        ("G7A 1A1", 19_99, "La Mèche livre à cette adresse dès 20,00\u00a0$ d’achat."),
    ],
)
def test_why_it_is_not_delivered_is_said(shop: Shop, code: str, items_cents: int, sentence: str) -> None:
    assert delivery.why_not_delivered(shop, code, items_cents) == sentence


@pytest.mark.parametrize(
    ("code", "items_cents", "fee_cents"),
    [("G6V 6C4", 0, 9_50), ("H2X 1Y4", 74_99, 9_50), ("G6V 6C4", 75_00, 5_00), ("K1A 0B1", 90_00, 16_00)],
)
def test_the_flat_table_has_one_line_for_an_order(
    shop: Shop, code: str, items_cents: int, fee_cents: int
) -> None:
    rate = delivery.rate_for(shop, code, items_cents)
    assert rate is not None
    assert rate.fee_cents == fee_cents


def test_what_is_not_sent_there_is_said(shop: Shop) -> None:
    ShippingRate.objects.filter(region=ShippingRegion.CANADA).delete()
    assert delivery.why_not_shipped(shop, "G6V 6C4", 10_00) == ""
    assert delivery.why_not_shipped(shop, "K1A 0B1", 10_00).startswith("La Mèche n’envoie rien au K1A 0B1")


def test_alcohol_is_never_mailed(shop: Shop) -> None:
    assert delivery.ways_of(shop) == [Fulfillment.PICKUP, Fulfillment.DELIVERY, Fulfillment.SHIPPING]
    assert delivery.ways_of(shop, has_alcohol=True) == [Fulfillment.PICKUP, Fulfillment.DELIVERY]


def test_a_merchant_without_a_shop_yet_has_only_its_counter() -> None:
    merchant = MerchantFactory()
    assert delivery.fees_in_words(Shop(merchant=merchant)) == "Cueillette gratuite."
    assert delivery.zone_for(Shop(merchant=merchant), "G6V 6C4") is None


def test_every_fee_there_may_be_is_said_before_the_basket(shop: Shop) -> None:
    assert delivery.fees_in_words(shop) == (
        "Cueillette gratuite. Livraison\u00a0: 5,00\u00a0$, Lévis (G6V, G6W), gratuite dès 60,00\u00a0$; "
        "8,00\u00a0$, Saint-Nicolas (G7A), pour un achat d’au moins 20,00\u00a0$. "
        "Par la poste, Québec\u00a0: 9,50\u00a0$, 5,00\u00a0$ dès 75,00\u00a0$; ailleurs au Canada\u00a0: 16,00\u00a0$."
    )
    assert delivery.fees_in_words(ShopFactory()) == "Cueillette gratuite."
    assert delivery.fees_in_words(shop, is_digital=True) == "Téléchargement gratuit dès que c’est payé."


@pytest.mark.parametrize(
    ("fees", "words"),
    [
        ([5_00], "5,00\u00a0$"),
        ([0], "gratuit"),
        ([8_00, 5_00], "de 5,00\u00a0$ à 8,00\u00a0$"),
        ([], "gratuit"),
    ],
)
def test_several_fees_are_a_span(fees: list[int], words: str) -> None:
    assert delivery.span_of_fees(fees) == words
