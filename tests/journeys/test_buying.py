"""Marie buys from two shops in one go, on a phone, without an account."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from shop.enums import CheckoutStatus, OrderStatus
from shop.invariants import breaches
from shop.models import Checkout, OutboxMessage, Product, Variant
from shop.sandbox.server import Sandbox
from tests.factories import ProductFactory, VariantFactory, make_seller

pytestmark = pytest.mark.browser


def stock(sandbox: Sandbox, shop: str, product: str, *, price_cents: int, units: int = 10) -> Product:
    """A shop of Lévis whose account may be paid, with one product on its shelf."""
    merchant = make_seller(name=shop, street_address="1, rue Bégin")
    sandbox.add_account(merchant.shop.stripe_account_id)
    row = ProductFactory(merchant=merchant, title=product)
    VariantFactory(product=row, price_cents=price_cents, units=units)
    return row


@pytest.fixture
def bread(in_levis, town, sandbox: Sandbox) -> Product:
    return stock(sandbox, "Boulangerie Roy", "Miche au levain", price_cents=7_50)


@pytest.fixture
def novel(in_levis, town, sandbox: Sandbox) -> Product:
    return stock(sandbox, "Librairie du Passage", "Le fleuve", price_cents=24_95)


def open_product(page: Page, product: Product) -> None:
    page.goto(f"/boutique/{product.merchant.slug}/{product.slug}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(product.title)


def put_in_basket(page: Page, product: Product) -> None:
    open_product(page, product)
    page.get_by_role("button", name="Mettre au panier").click()
    page.wait_for_url("**/panier/**")


def walk_to_review(page: Page) -> None:
    page.goto("/panier/")
    page.get_by_role("link", name="Passer à la caisse").click()
    page.get_by_label("Votre nom").fill("Marie Tremblay")
    page.get_by_label("Votre courriel").fill("marie@exemple.test")
    page.get_by_role("button", name="Continuer vers la remise").click()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Continuer vers la vérification").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tout est juste?")


def pay(page: Page, card: str) -> None:
    page.get_by_role("button", name=re.compile(r"^Payer")).click()
    page.get_by_label("Numéro de carte").fill(card)
    page.get_by_label("Expiration").fill("04 / 39")
    page.get_by_label("Code de sécurité").fill("123")
    page.get_by_label("Nom sur la carte").fill("Marie Tremblay")
    page.get_by_label("Code postal").fill("G6V 6C4")
    page.get_by_role("button", name=re.compile(r"^Payer")).click()


def test_guest_buys_from_two_shops_in_one_go(
    page: Page, bread: Product, novel: Product, assert_accessible: Callable[[Page], None]
) -> None:
    put_in_basket(page, bread)
    put_in_basket(page, novel)
    assert_accessible(page)
    walk_to_review(page)
    assert_accessible(page)
    pay(page, "4242 4242 4242 4242")
    expect(page.get_by_role("heading", level=1)).to_have_text("Merci, Marie Tremblay.")
    assert_accessible(page)

    checkout = Checkout.objects.get()
    assert checkout.status == CheckoutStatus.PAID
    assert [order.status for order in checkout.orders.all()] == [OrderStatus.PAID] * 2
    assert sorted(Variant.objects.values_list("on_hand", flat=True)) == [9, 9]
    assert OutboxMessage.objects.filter(kind__startswith="mail.").count() == 3
    assert breaches() == []


def test_declined_card_buys_nothing_and_another_pays(page: Page, bread: Product) -> None:
    put_in_basket(page, bread)
    walk_to_review(page)
    pay(page, "4000 0000 0000 0002")
    expect(page.get_by_text("Votre carte a été refusée.").first).to_be_visible()
    assert Checkout.objects.get().status == CheckoutStatus.OPEN

    page.get_by_label("Numéro de carte").fill("4242 4242 4242 4242")
    page.get_by_label("Code de sécurité").fill("123")
    page.get_by_role("button", name=re.compile(r"^Payer")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Merci, Marie Tremblay.")
    assert breaches() == []


def test_coming_back_from_the_payment_page_keeps_the_basket_and_frees_the_stock(
    page: Page, bread: Product
) -> None:
    put_in_basket(page, bread)
    walk_to_review(page)
    page.get_by_role("button", name=re.compile(r"^Payer")).click()
    assert Variant.objects.get().on_hand == 9
    page.get_by_role("link", name="Retour à la boutique").click()
    page.goto("/panier/")
    expect(page.get_by_text("Miche au levain").first).to_be_visible()
    assert Variant.objects.get().on_hand == 10
    assert breaches() == []


def test_whole_purchase_works_without_javascript(chromium, live_server, bread: Product) -> None:
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, locale="fr-CA")
    page = context.new_page()
    put_in_basket(page, bread)
    walk_to_review(page)
    pay(page, "4242 4242 4242 4242")
    expect(page.get_by_role("heading", level=1)).to_have_text("Merci, Marie Tremblay.")
    context.close()
    assert breaches() == []
