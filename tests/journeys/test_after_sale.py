"""After the payment, in a real browser without scripts: the shopper's page, the merchant's desk, their papers."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from home.models import PortalSettings
from home.tenancy import portal_scope
from shop import carts
from shop.enums import OrderStatus
from shop.models import Checkout, Order
from shop.payments import refunds
from shop.sandbox.server import Sandbox
from shop.tokens import order_token
from tests.journeys.conftest import Street
from tests.shop.conftest import complete, place

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def bought(street: Street, sandbox: Sandbox) -> Checkout:
    """Two cheeses and three candles, one of which was given back."""
    with portal_scope(street.site):
        cart = carts.create()
        carts.add(cart, street.cheese, 2)
        carts.add(cart, street.candles, 3)
        checkout = complete(place(cart, PortalSettings.for_site(street.site)), sandbox)
        line = order_of(checkout, street.candles).lines.get()
        refunds.request(
            line.order, refunds.Units({line.pk: 1}), reason="cassée", restock=False, now=timezone.now()
        )
        return checkout


def order_of(checkout: Checkout, variant) -> Order:
    return checkout.orders.get(merchant=variant.product.merchant_id)


def sign_in(page: Page, street: Street, live_server) -> None:
    client = Client()
    client.force_login(street.owner)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])


def test_every_page_after_the_sale_is_accessible_and_fits(
    page: Page, street: Street, bought: Checkout, live_server, assert_accessible: Callable[[Page], None]
) -> None:
    sign_in(page, street, live_server)
    with portal_scope(street.site):
        number = order_of(bought, street.cheese).number
        token = order_token(bought)
    desk = f"/mon-commerce/{street.cheese.product.merchant.slug}/"
    order = f"{desk}commandes/{number}/"
    shopper = [f"/commande/{token}/{rest}" for rest in ("", f"annuler/{number}/", f"recu/{number}/")]
    merchant = [desk, order, f"{order}remboursement/", f"{order}bon/", f"{desk}liste-du-jour/"]
    for address in (*shopper, *merchant, f"{desk}versements/"):
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            wider = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wider <= 0, (address, width, wider)
        assert_accessible(page)


def test_shopper_cancels_and_merchant_refunds_without_scripts(
    page_without_scripts: Page, street: Street, bought: Checkout, live_server
) -> None:
    page = page_without_scripts
    with portal_scope(street.site):
        cheese, candles = order_of(bought, street.cheese), order_of(bought, street.candles)
        page.goto(f"/commande/{order_token(bought)}/")
    page.get_by_role("link", name=re.compile(f"Annuler.*{candles.number}")).click()
    page.get_by_role("button", name="Annuler et être remboursé").click()
    expect(page.get_by_role("status")).to_contain_text(f"La commande {candles.number} est annulée")
    sign_in(page, street, live_server)
    page.goto(f"/mon-commerce/{cheese.seller['slug']}/commandes/{cheese.number}/")
    page.get_by_role("link", name="Rembourser").click()
    page.get_by_label("Un montant").check()
    page.get_by_label("Montant, taxes comprises").fill("7,50 $")
    page.get_by_label("Raison").fill("Un peu trop affiné.")
    page.get_by_role("button", name="Voir ce que cela rend").click()
    page.get_by_role("button", name="Rembourser 7,50 $").click()
    expect(page.get_by_role("status")).to_contain_text("remboursés de la commande")
    with portal_scope(street.site):
        candles.refresh_from_db()
        cheese.refresh_from_db()
    assert (candles.status, candles.refunded_cents) == (OrderStatus.REFUNDED, candles.total_cents)
    assert (cheese.status, cheese.refunded_cents) == (OrderStatus.PAID, 7_50)
