"""A file, and wine: its vineyard charges itself, after the rest, and hands it over at an hour one chooses."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from playwright.sync_api import Page, expect

from home.tenancy import portal_scope
from shop.enums import ChargeModel, OrderStatus, ProductKind
from shop.models import Checkout, Order, Shop, Variant
from tests.factories import ProductFactory, VariantFactory, make_vineyard
from tests.journeys.conftest import Street, pay, product_address, put_in_basket, thanks, work

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def wine(street: Street) -> Variant:
    """At a vineyard that is open day and night and hands over two orders an hour."""
    with portal_scope(street.site):
        merchant = make_vineyard(name="Vignoble du Fleuve", slug="vignoble-du-fleuve", **street.facts())
        street.sandbox.add_account(merchant.shop.stripe_account_id)
        street.sandbox.set_capabilities(merchant.shop.stripe_account_id, card_payments="active")
        street.furnish(merchant)
        Shop.objects.filter(merchant=merchant).update(pickup_slot_capacity=2, return_policy="Vente finale.")
        product = ProductFactory(merchant=merchant, title="Rouge du Fleuve", slug="rouge", is_alcohol=True)
        return VariantFactory(product=product, price_cents=24_00)


@pytest.fixture
def pattern(street: Street) -> Variant:
    """A file to download."""
    with portal_scope(street.site):
        product = ProductFactory(
            merchant=street.candles.product.merchant, title="Patron de tuque", slug="patron",
            kind=ProductKind.DIGITAL,
        )  # fmt: skip
        product.digital_file.save("patron.pdf", ContentFile(b"%PDF mailles"))
        return VariantFactory(product=product, price_cents=8_00)


def test_a_file_then_wine_at_an_hour_one_chooses(
    page: Page, street: Street, wine: Variant, pattern: Variant
) -> None:
    put_in_basket(page, product_address(wine))
    put_in_basket(page, product_address(pattern))
    page.get_by_role("link", name="Passer à la caisse").click()
    page.get_by_label("Votre nom").fill("Marie Tremblay")
    page.get_by_label("Votre courriel").fill("marie@exemple.test")
    page.get_by_role("button", name="Continuer vers la remise").click()
    vineyard = page.get_by_role("group", name="Vignoble du Fleuve")
    slot = vineyard.get_by_role("combobox")
    slot.select_option(index=2)
    chosen = slot.locator("option:checked").inner_text()
    page.get_by_role("button", name="Continuer vers la vérification").click()
    page.get_by_role("button", name="Payer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Payer la commande")
    pay(page)
    expect(thanks(page)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger « Patron de tuque »").click()
    assert download.value.path().read_bytes() == b"%PDF mailles"
    expect(page.get_by_role("heading", name="Il reste un paiement.")).to_be_visible()

    page.get_by_role("link", name="Payer le reste").click()
    expect(page.get_by_role("main")).to_contain_text(chosen)
    page.get_by_role("button", name="Payer").click()
    expect(page.get_by_role("alert").first).to_contain_text("18 ans")
    page.get_by_role("checkbox", name="18 ans").check()
    page.get_by_role("button", name="Payer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Payer la commande")
    pay(page)
    expect(thanks(page)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Vignoble du Fleuve")

    work()
    with portal_scope(street.site):
        of_file, of_wine = Order.objects.order_by("pk")
        assert (of_wine.status, of_file.status) == (OrderStatus.PAID, OrderStatus.FULFILLED)
        assert (of_wine.slot.taken, of_wine.adult_required) == (1, True)
        assert timedelta() < of_wine.slot.starts_at - timezone.now() < timedelta(days=2)
        charged = [checkout.charge_model for checkout in Checkout.objects.order_by("pk")]
        assert charged == [ChargeModel.SEPARATE, ChargeModel.DIRECT]
