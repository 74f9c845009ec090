"""Back from the hosted page: paid, not yet, given up; and the service that does not answer."""

from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpResponse
from wagtail.models import Site

from shop.enums import CheckoutStatus, OrderStatus
from shop.models import CartItem, Checkout, CheckoutSession, Order
from shop.payments import gateway
from shop.sandbox.server import Sandbox
from shop.tokens import order_token, payment_token
from tests.shop.conftest import Stall
from tests.shop.views.conftest import Shopper, said, text


def back(shopper: Shopper, checkout: Checkout) -> HttpResponse:
    return shopper.get(f"/paiement/retour/{payment_token(checkout)}/")


def abandon(shopper: Shopper, checkout: Checkout) -> HttpResponse:
    return shopper.get(f"/paiement/abandon/{payment_token(checkout)}/", follow=True)


def pay(sandbox: Sandbox) -> None:
    sandbox.pay(str(CheckoutSession.objects.get().session_id))


def test_return_after_paying_shows_the_order_and_empties_the_basket(
    shopper: Shopper, placed: Checkout, sandbox: Sandbox
) -> None:
    pay(sandbox)
    assert back(shopper, placed).url == f"/commande/{order_token(placed)}/"
    assert set(Order.objects.values_list("status", flat=True)) == {OrderStatus.PAID}
    assert not CartItem.objects.exists()
    assert shopper.cookies["panier_n"].value == "0"


def test_return_twice_changes_nothing_more(
    shopper: Shopper, placed: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    pay(sandbox)
    back(shopper, placed)
    left = cheese.left()
    assert back(shopper, placed).url == f"/commande/{order_token(placed)}/"
    assert cheese.left() == left


def test_return_before_paying_waits_without_javascript(shopper: Shopper, placed: Checkout) -> None:
    answer = back(shopper, placed)
    html = text(answer)
    assert answer.status_code == 200
    assert "Paiement en cours de confirmation" in html
    assert f'content="3; url=/paiement/retour/{payment_token(placed)}/"' in html
    assert "<script" not in html
    assert "no-store" in answer["Cache-Control"]


def test_return_while_the_service_is_down_waits(shopper: Shopper, placed: Checkout, sandbox: Sandbox) -> None:
    pay(sandbox)
    sandbox.fail("GET", "/v1/checkout/sessions/*", "reset", times=99)
    assert "Paiement en cours de confirmation" in text(back(shopper, placed))
    sandbox.clear_faults()
    assert back(shopper, placed).url == f"/commande/{order_token(placed)}/"


def test_giving_up_returns_the_stock_and_keeps_the_basket(
    shopper: Shopper, placed: Checkout, cheese: Stall
) -> None:
    assert cheese.left() == 8
    page = abandon(shopper, placed)
    assert said(page)[-1] == "Rien n’a été payé. Votre panier est resté tel quel."
    assert page.context["totals"]["total_cents"] == 43_99
    assert cheese.left() == 10
    assert Checkout.objects.get().status == CheckoutStatus.CANCELED


def test_giving_up_and_paying_after_all_makes_a_new_checkout(shopper: Shopper, placed: Checkout) -> None:
    abandon(shopper, placed)
    assert shopper.place(shopper.step("verification")).status_code == 303
    assert list(Checkout.objects.order_by("pk").values_list("status", flat=True)) == ["canceled", "open"]


def test_giving_up_what_is_paid_shows_the_order(shopper: Shopper, placed: Checkout, sandbox: Sandbox) -> None:
    pay(sandbox)
    page = abandon(shopper, placed)
    assert page.redirect_chain[0][0] == f"/commande/{order_token(placed)}/"
    assert Checkout.objects.get().status == CheckoutStatus.PAID


def test_giving_up_while_the_service_is_down_keeps_everything(
    shopper: Shopper, placed: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    sandbox.fail("POST", "/v1/checkout/sessions/*/expire", "reset", times=99)
    sandbox.fail("GET", "/v1/checkout/sessions/*", "reset", times=99)
    page = abandon(shopper, placed)
    assert "Le service de paiement ne répond pas." in said(page)[-1]
    assert (Checkout.objects.get().status, cheese.left()) == (CheckoutStatus.OPEN, 8)


def test_giving_up_twice_is_giving_up_once(shopper: Shopper, placed: Checkout, cheese: Stall) -> None:
    abandon(shopper, placed)
    abandon(shopper, placed)
    assert cheese.left() == 10


@pytest.mark.parametrize("come_back", [back, abandon])
def test_a_payment_of_another_amount_is_no_error_page(
    shopper: Shopper, placed: Checkout, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, come_back: Any
) -> None:
    pay(sandbox)
    told = replace(gateway.retrieve_session(CheckoutSession.objects.get().session_id), amount_total_cents=1)
    for name in ("retrieve_session", "expire_session"):
        monkeypatch.setattr(gateway, name, lambda _id, **_on: told)
    assert come_back(shopper, placed).status_code == 200
    assert Checkout.objects.get().status == CheckoutStatus.OPEN


@pytest.mark.parametrize("address", ["/paiement/retour/{}/", "/paiement/abandon/{}/"])
def test_forged_or_foreign_token_is_not_found(
    placed: Checkout, bellechasse: Site, cheese: Stall, address: str
) -> None:
    stranger = Shopper(headers={"host": "localhost"})
    token = payment_token(placed)
    for forged in (
        order_token(placed),
        token[:-1],
        token + "x",
        token.upper(),
        f"{placed.public_id.hex}.abc",
        "x",
        "%00",
    ):
        assert stranger.get(address.format(forged)).status_code == 404
    assert Shopper(headers={"host": "bellechasse.localhost"}).get(address.format(token)).status_code == 404
    assert (Checkout.objects.get().status, cheese.left()) == (CheckoutStatus.OPEN, 8)


@pytest.mark.parametrize("address", ["/paiement/retour/{}/", "/paiement/abandon/{}/"])
def test_return_addresses_are_only_read(shopper: Shopper, placed: Checkout, address: str) -> None:
    assert shopper.post(address.format(payment_token(placed))).status_code == 405
