"""A basket of which a part is charged by its merchant is paid in two: said before the first, led to the second."""

import pytest
from django.http import HttpResponse

from home.models import PortalSettings
from shop.enums import ChargeModel, CheckoutStatus
from shop.models import CartItem, Checkout, CheckoutSession, DeliveryZone, Order, Shop
from shop.sandbox.server import Sandbox
from shop.tokens import order_token, payment_token
from tests.shop.conftest import Stall, posts
from tests.shop.views.conftest import CONTACT, Shopper, text


@pytest.fixture
def wine(producer: Stall) -> Stall:
    """The vineyard, where one picks up whenever it is open."""
    Shop.objects.filter(merchant=producer.merchant).update(pickup_slot_capacity=None)
    DeliveryZone.objects.all().delete()
    return producer


@pytest.fixture
def mixed(shopper: Shopper, portal: PortalSettings, wine: Stall, cheese: Stall) -> HttpResponse:
    """Wine first, then cheese, every step answered: the review is on the screen."""
    shopper.add(wine)
    shopper.add(cheese)
    return shopper.answer_all()


def pay_and_return(shopper: Shopper, sandbox: Sandbox) -> HttpResponse:
    """Pay the newest session, and come back to the order page."""
    session = CheckoutSession.objects.order_by("-pk").first()
    assert session is not None
    sandbox.pay(str(session.session_id))
    return shopper.get(f"/paiement/retour/{payment_token(session.checkout)}/", follow=True)


def test_the_review_says_before_the_first_what_there_is_to_pay(mixed: HttpResponse) -> None:
    html = text(mixed)
    assert "En 2 paiements, l’un après l’autre" in html
    for words in ("Fromagerie des Chutes", "12,00\u00a0$", "Vignoble des Marées", "26,39\u00a0$"):
        assert words in html
    assert "Payer 12,00\u00a0$" in html  # What the portal charges comes first, whatever was added first.
    assert [each["is_direct"] for each in mixed.context["payments"]] == [False, True]


def test_the_first_takes_what_the_portal_charges_and_leaves_the_rest(
    mixed: HttpResponse, shopper: Shopper, sandbox: Sandbox, wine: Stall
) -> None:
    shopper.place(mixed)
    first = Checkout.objects.get()
    assert (first.charge_model, first.account, first.total_cents) == (ChargeModel.SEPARATE, "", 12_00)
    page = pay_and_return(shopper, sandbox)
    assert CartItem.objects.get().variant == wine.variant
    assert "Payer le reste\u00a0: 26,39\u00a0$" in text(page)
    assert "Vignoble des Marées" in text(page)


def test_the_second_is_charged_on_the_merchants_account_without_commission(
    mixed: HttpResponse, shopper: Shopper, sandbox: Sandbox, wine: Stall
) -> None:
    shopper.place(mixed)
    pay_and_return(shopper, sandbox)
    review = shopper.step("verification")
    assert "En 2 paiements" not in text(review)
    asked = {name: review.context["form"][name].value() for name in ("form_token", "accepted_total_cents")}
    assert shopper.answer("verification", {**asked, "adult": "on"}).status_code == 303
    order = Order.objects.get(merchant=wine.merchant)
    assert (order.charge_model, order.checkout.account) == (ChargeModel.DIRECT, wine.account)
    assert (order.commission_bps, order.commission_cents, order.merchant_share_cents) == (0, 0, 26_39)
    assert order.adult_required is True
    assert order.checkout.adult_declared_at is not None


def test_without_the_age_nothing_is_placed_and_the_box_says_why(
    shopper: Shopper, wine: Stall, portal: PortalSettings
) -> None:
    shopper.add(wine)
    review = shopper.answer_all()
    assert 'name="adult"' in text(review)
    assert "checked" not in text(review)
    answer = shopper.place(review)
    assert answer.status_code == 422
    assert '<a href="#id_adult">Cochez la case pour dire que vous avez 18 ans ou plus.</a>' in text(answer)
    assert not Checkout.objects.exists()


def test_others_are_not_asked_for_their_age(shopper: Shopper, cheese: Stall, portal: PortalSettings) -> None:
    shopper.add(cheese)
    assert 'name="adult"' not in text(shopper.answer_all())


def test_the_link_of_the_first_tells_a_stranger_nothing_of_the_rest(
    mixed: HttpResponse, shopper: Shopper, sandbox: Sandbox
) -> None:
    shopper.place(mixed)
    pay_and_return(shopper, sandbox)
    stranger = Shopper(headers={"host": "localhost"})
    html = text(stranger.get(f"/commande/{order_token(Checkout.objects.get())}/"))
    assert "Il reste un paiement" not in html
    assert "Vignoble" not in html


def test_where_merchants_charge_themselves_each_is_a_payment_of_its_own(
    shopper: Shopper, portal: PortalSettings, cheese: Stall, candles: Stall
) -> None:
    portal.merchants_charge_themselves = True
    portal.save()
    Shop.objects.update(charges_status="active")
    shopper.add(cheese)
    shopper.add(candles)
    payments = shopper.answer_all().context["payments"]
    assert [each["shops"] for each in payments] == ["Fromagerie des Chutes", "Chandelles Lauzon"]
    assert all(each["is_direct"] for each in payments)


def test_back_from_the_first_without_paying_both_are_still_there(
    mixed: HttpResponse, shopper: Shopper
) -> None:
    shopper.place(mixed)
    shopper.get(f"/paiement/abandon/{payment_token(Checkout.objects.get())}/")
    assert Checkout.objects.get().status == CheckoutStatus.CANCELED
    assert len(shopper.step("verification").context["payments"]) == 2


def test_a_declined_second_leaves_the_first_alone(
    mixed: HttpResponse, shopper: Shopper, sandbox: Sandbox
) -> None:
    shopper.place(mixed)
    pay_and_return(shopper, sandbox)
    shopper.answer("contact", CONTACT)
    assert shopper.step("verification").context["totals"]["total_cents"] == 26_39
    assert [asked["path"] for asked in posts(sandbox, "/v1/refunds")] == []
    assert Checkout.objects.get().status == CheckoutStatus.PAID
