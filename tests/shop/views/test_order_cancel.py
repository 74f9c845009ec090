"""/commande/<token>/annuler/<number>/: asked first, done once, told in words where it cannot be."""

import pytest
from django.utils import timezone
from wagtail.models import Site

from shop import carts, handover
from shop.enums import OrderStatus
from shop.models import Checkout, CheckoutSession, Order, Refund
from shop.payments.sync import sync_checkout
from shop.sandbox.server import Sandbox
from shop.tokens import order_token
from tests.shop.conftest import Stall, complete, place
from tests.shop.views.conftest import Shopper, said, text


@pytest.fixture
def paid(placed: Checkout, sandbox: Sandbox) -> Checkout:
    sandbox.pay(str(CheckoutSession.objects.get().session_id))
    sync_checkout(placed.pk, now=timezone.now())
    placed.refresh_from_db()
    return placed


@pytest.fixture
def order(paid: Checkout, cheese: Stall) -> Order:
    row: Order = paid.orders.get(merchant=cheese.merchant)
    return row


@pytest.fixture
def anyone(in_levis: Site) -> Shopper:
    return Shopper(headers={"host": "localhost"}, enforce_csrf_checks=True)


def address_of(order: Order) -> str:
    return f"/commande/{order_token(order.checkout)}/annuler/{order.number}/"


def press(client: Shopper, order: Order):
    """As the page's form does it, with its own token."""
    client.get(address_of(order))
    token = client.cookies["csrftoken"].value
    return client.post(address_of(order), {"csrfmiddlewaretoken": token}, follow=True)


def test_it_is_asked_first_and_asking_changes_nothing(anyone: Shopper, order: Order) -> None:
    page = text(anyone.get(address_of(order)))
    assert f"Annuler la commande {order.number}?" in page
    assert "24,00\u00a0$" in page
    assert f'href="{address_of(order)}"' in text(anyone.get(f"/commande/{order_token(order.checkout)}/"))
    assert not Refund.objects.exists()


def test_pressing_refunds_and_says_so_on_the_order_page(anyone: Shopper, order: Order) -> None:
    answer = press(anyone, order)
    assert said(answer) == [
        f"La commande {order.number} est annulée\u00a0: 24,00\u00a0$ reviennent sur votre carte en cinq à dix jours."
    ]
    assert "Remboursé\u00a0: 24,00\u00a0$ le" in text(answer)
    assert "annulée par la personne qui l’a passée" in text(answer)
    order.refresh_from_db()
    assert order.status == OrderStatus.REFUNDED


def test_pressing_twice_refunds_once(anyone: Shopper, order: Order) -> None:
    press(anyone, order)
    again = Shopper(headers={"host": "localhost"}).post(address_of(order))
    assert again.status_code == 409
    assert "déjà annulée" in text(again)
    assert Refund.objects.count() == 1


def test_where_it_cannot_be_the_shops_phone_is_there(anyone: Shopper, order: Order) -> None:
    handover.mark_ready(order, cause="test", now=timezone.now())
    page = anyone.get(address_of(order))
    assert "déjà prête" in text(page)
    assert "<form" not in text(page).partition("<main")[2].partition("</main>")[0]
    answer = Shopper(headers={"host": "localhost"}).post(address_of(order))
    assert answer.status_code == 409
    assert f'href="tel:{order.seller["phone"]}"' in text(answer) or not order.seller["phone"]
    assert not Refund.objects.exists()


def test_the_form_works_where_a_browser_checks_who_posts(anyone: Shopper, order: Order) -> None:
    """With « no-referrer » a browser posts `Origin: null`, which is refused."""
    assert anyone.get(address_of(order))["Referrer-Policy"] == "same-origin"
    assert anyone.post(address_of(order)).status_code == 403
    assert not Refund.objects.exists()


def test_strangers_and_the_unpaid_find_nothing(
    anyone: Shopper, order: Order, sandbox: Sandbox, portal, candles: Stall, bellechasse: Site
) -> None:
    other_cart = carts.create()
    carts.add(other_cart, candles.variant, 1)
    waiting = place(other_cart, portal)
    unpaid = waiting.orders.get()
    assert anyone.get(address_of(unpaid)).status_code == 404
    other = complete(waiting, sandbox).orders.get()
    crossed = f"/commande/{order_token(order.checkout)}/annuler/{other.number}/"
    assert anyone.get(crossed).status_code == 404
    abroad = Shopper(headers={"host": "bellechasse.localhost"})
    assert abroad.get(address_of(order)).status_code == 404
    assert abroad.post(address_of(order)).status_code == 404
    assert not Refund.objects.exists()
