"""The step « remise »: each shop's ways with their fees, the address where it is needed, every refusal in words."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.utils import timezone

from shop.enums import Fulfillment, ProductKind
from shop.models import Cart, Checkout, DeliveryZone, Order, PickupSlot, Product, ShippingRate, Shop
from tests.shop.conftest import Stall
from tests.shop.views.conftest import CONTACT, LEVIS, Shopper, open_always, text


@pytest.fixture
def buyer(shopper: Shopper, portal, cheese: Stall) -> Shopper:
    """A cheese at 12.00 $ in the basket, of a shop that hands over by slots, delivers and sends by mail."""
    shop = cheese.merchant.shop
    Shop.objects.filter(pk=shop.pk).update(pickup_slot_capacity=1, pickup_slot_minutes=60)
    open_always(cheese.merchant)
    DeliveryZone.objects.create(
        shop=shop, name="Lévis", postal_prefixes=["G6V"], fee_cents=5_00, minimum_cents=10_00, promised_days=2
    )
    ShippingRate.objects.create(shop=shop, region="qc", fee_cents=9_50, promised_days=5)
    shopper.add(cheese)
    shopper.answer("contact", CONTACT)
    return shopper


@pytest.fixture
def way(cheese: Stall) -> str:
    return f"way-{cheese.merchant.pk}"


@pytest.fixture
def slot(cheese: Stall) -> str:
    return f"slot-{cheese.merchant.pk}"


def slots_of(answer: HttpResponse) -> list[str]:
    return re.findall(r'<option value="(\d+)"', text(answer))


def total_of(buyer: Shopper) -> int:
    return int(buyer.step("verification").context["totals"]["total_cents"])


def refusal(answer: HttpResponse, field: str, sentence: str) -> bool:
    """Said in the summary, with a link to the field, and beside the field itself."""
    html = text(answer)
    return (
        answer.status_code == 422
        and f'<a href="#id_{field}">{sentence}</a>' in html
        and html.count(sentence) == 2
        and f'id="id_{field}"' in html
    )


def test_every_way_is_shown_with_its_fee_and_its_promise(buyer: Shopper) -> None:
    html = text(buyer.step("remise"))
    for words in ("Cueillette à la boutique", "Livraison par la boutique", "Envoi par la poste", "gratuit"):
        assert words in html
    for fee in ("5,00\u00a0$", "9,50\u00a0$"):
        assert fee in html


def test_a_slot_is_chosen_kept_and_frozen(buyer: Shopper, cheese: Stall, way: str, slot: str) -> None:
    _first, second = slots_of(buyer.step("remise"))[:2]
    assert buyer.answer("remise", {way: "pickup", slot: second}).url == "/paiement/?etape=verification"
    review = buyer.step("verification")
    assert "Cueillette le " in text(review)
    assert f'<option value="{second}" selected>' in text(buyer.step("remise"))
    assert buyer.place(review).status_code == 303
    taken = Order.objects.get().slot
    assert taken is not None
    assert (int(taken.starts_at.timestamp()), taken.taken) == (int(second), 1)


def test_a_pickup_by_slots_asks_for_one(buyer: Shopper, way: str, slot: str) -> None:
    answer = buyer.answer("remise", {way: "pickup"})
    assert refusal(answer, slot, "Choisissez quand passer chez Fromagerie des Chutes.")
    assert buyer.step("verification").context["step"] == 2


@pytest.mark.parametrize("typed", ["1", "abc", "99999999999999999999"])
def test_a_slot_that_was_never_offered_is_refused(buyer: Shopper, way: str, slot: str, typed: str) -> None:
    answer = buyer.answer("remise", {way: "pickup", slot: typed})
    assert refusal(
        answer,
        slot,
        "Cette plage n’est plus libre chez Fromagerie des Chutes\u00a0: choisissez-en une autre.",
    )
    assert not PickupSlot.objects.exists()


def test_a_slot_taken_meanwhile_is_said_and_chosen_again(
    buyer: Shopper, cheese: Stall, way: str, slot: str, breaks_the_books
) -> None:
    buyer.answer("remise", {way: "pickup", slot: slots_of(buyer.step("remise"))[0]})
    review = buyer.step("verification")
    PickupSlot.objects.update(taken=1)
    assert buyer.place(review).url == "/paiement/?etape=remise"
    again = buyer.step("verification")
    assert again.context["step"] == 2
    assert "Ce que vous aviez choisi n’est plus possible" in text(again)
    assert not Checkout.objects.exists()


def test_delivery_asks_for_an_address_and_adds_its_fee(buyer: Shopper, way: str) -> None:
    answer = buyer.answer("remise", {way: "delivery"})
    for field, sentence in (
        ("street_address", "Écrivez l’adresse, comme 12, rue des Chutes."),
        ("city", "Écrivez la ville, comme Lévis."),
        ("postal_code", "Écrivez le code postal, comme G6V 6C4."),
    ):
        assert refusal(answer, field, sentence)
    assert buyer.answer("remise", {way: "delivery", **LEVIS}).url == "/paiement/?etape=verification"
    assert Cart.objects.get().postal_code == "G6V 6C4"
    assert total_of(buyer) == 17_00
    assert "12, rue des Chutes, Lévis (QC) G6V 6C4" in text(buyer.step("verification"))


def test_delivery_freezes_address_fee_and_promise(buyer: Shopper, way: str) -> None:
    buyer.answer("remise", {way: "delivery", **LEVIS})
    assert buyer.place(buyer.step("verification")).status_code == 303
    order = Order.objects.get()
    assert (order.fulfillment, order.delivery_cents, order.pickup_from) == (Fulfillment.DELIVERY, 5_00, None)
    assert order.delivery_address == {
        "name": "Marie Tremblay", "street_address": "12, rue des Chutes", "city": "Lévis", "province": "QC",
        "postal_code": "G6V 6C4",
    }  # fmt: skip
    assert order.promised_at is not None
    assert timezone.localdate(order.promised_at) == timezone.localdate() + timedelta(days=2)


@pytest.mark.parametrize("typed", ["90210", "G6V", "g6v 6c4 5"])
def test_a_wrong_postal_code_is_said_and_kept(buyer: Shopper, way: str, typed: str) -> None:
    answer = buyer.answer("remise", {way: "delivery", **LEVIS, "postal_code": typed})
    assert refusal(answer, "postal_code", "Un code postal s’écrit comme G6V 6C4.")
    assert f'value="{typed}"' in text(answer)


def test_a_wrong_postal_code_does_not_matter_to_who_picks_up(buyer: Shopper, way: str, slot: str) -> None:
    wish = {way: "pickup", slot: slots_of(buyer.step("remise"))[0], "postal_code": "90210"}
    assert buyer.answer("remise", wish).status_code == 302
    assert Cart.objects.get().postal_code == ""


def test_outside_of_the_zones_or_under_the_minimum_is_said(buyer: Shopper, way: str) -> None:
    far = buyer.answer("remise", {way: "delivery", **LEVIS, "postal_code": "G1R 2B3"})
    assert refusal(
        far,
        way,
        "Fromagerie des Chutes ne livre pas au G1R 2B3\u00a0: choisissez autrement, ou une autre adresse.",
    )
    DeliveryZone.objects.update(minimum_cents=50_00)
    small = buyer.answer("remise", {way: "delivery", **LEVIS})
    assert refusal(small, way, "Fromagerie des Chutes livre à cette adresse dès 50,00\u00a0$ d’achat.")


@pytest.mark.parametrize("chosen", ["", "download", "autre"])
def test_a_way_that_is_not_offered_is_refused(buyer: Shopper, way: str, chosen: str) -> None:
    answer = buyer.answer("remise", {way: chosen})
    assert refusal(answer, way, "Choisissez comment recevoir vos articles de Fromagerie des Chutes.")


def test_a_zone_withdrawn_after_the_choice_sends_back_to_choose(buyer: Shopper, way: str) -> None:
    buyer.answer("remise", {way: "delivery", **LEVIS})
    DeliveryZone.objects.update(is_active=False)
    assert buyer.step("verification").context["step"] == 2


def test_what_is_downloaded_asks_for_nothing(shopper: Shopper, portal, cheese: Stall) -> None:
    Product.objects.update(kind=ProductKind.DIGITAL)
    shopper.add(cheese)
    shopper.answer("contact", CONTACT)
    assert shopper.answer("remise", {}).url == "/paiement/?etape=verification"
    assert shopper.place(shopper.step("verification")).status_code == 303
    order = Order.objects.get()
    assert (order.fulfillment, order.delivery_cents, order.delivery_address) == ("download", 0, {})


def test_what_is_made_to_order_is_promised_later(buyer: Shopper, way: str) -> None:
    Product.objects.update(kind=ProductKind.MADE_TO_ORDER, made_in_days=7)
    buyer.answer("remise", {way: "delivery", **LEVIS})
    buyer.place(buyer.step("verification"))
    promised = Order.objects.get().promised_at
    assert promised is not None
    assert timezone.localdate(promised) == timezone.localdate() + timedelta(days=9)


def test_a_shop_that_hands_over_in_no_way_says_so(shopper: Shopper, portal, cheese: Stall) -> None:
    Shop.objects.update(pickup_enabled=False)
    shopper.add(cheese)
    shopper.answer("contact", CONTACT)
    answer = shopper.answer("remise", {})
    assert answer.status_code == 422
    assert "n’a aucune façon de vous remettre ceci" in text(answer)
