"""A cheesemaker who has never sold online, alone with a phone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from home.tenancy import portal_scope
from shop.enums import ProductStatus
from shop.models import Product
from tests.factories import PASSWORD
from tests.journeys.conftest import Street, photo

pytestmark = pytest.mark.browser


class Thumb:
    """Taps, and counts them. Typing into a field that was tapped is no tap."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, target: Locator) -> None:
        self.taps += 1
        target.click()

    def write(self, label: str, text: str) -> None:
        field = self.page.get_by_label(label, exact=True)
        self.tap(field)
        field.press_sequentially(text)

    def take_photo(self) -> None:
        """The phone's camera opens, and its picture comes back."""
        with self.page.expect_file_chooser() as chooser:
            self.tap(self.page.get_by_label("Prendre une photo", exact=True))
        picture = photo(1600, 1200).read()
        chooser.value.set_files({"name": "IMG_2041.jpg", "mimeType": "image/jpeg", "buffer": picture})


def sign_in(page: Page, street: Street) -> None:
    """The owner of the cheese shop, as far as the first screen of it."""
    with portal_scope(street.site):
        merchant = street.cheese.product.merchant
        type(merchant).objects.filter(pk=merchant.pk).update(legal_name="Fromagerie des Chutes inc.")
    page.goto(f"/compte/connexion/?next=/mon-commerce/{merchant.slug}/")
    form = page.locator("form").filter(has=page.locator("[name=password]"))
    form.locator("[name=login], [name=username]").fill(street.owner.email)
    form.locator("[name=password]").fill(PASSWORD)
    form.locator("[name=password]").press("Enter")
    expect(page.get_by_role("link", name="Ajouter un produit")).to_be_visible()


def test_product_with_a_photo_is_on_sale_in_five_taps(page: Page, street: Street, assert_accessible) -> None:
    sign_in(page, street)
    assert_accessible(page)
    thumb = Thumb(page)
    thumb.tap(page.get_by_role("link", name="Ajouter un produit"))
    thumb.take_photo()
    expect(page.locator("[data-preview] canvas")).to_be_visible()
    thumb.write("Ce que c’est", "Tomme de brebis")
    thumb.write("Prix, avant taxes", "12,50 $")
    thumb.tap(page.get_by_role("button", name="Mettre en vente"))
    expect(page.get_by_text("«\u00a0Tomme de brebis\u00a0» est en vente.")).to_be_visible()
    assert thumb.taps == 5
    assert_accessible(page)
    page.context.clear_cookies()
    page.goto("/boutique/")
    page.get_by_role("link", name=re.compile("Tomme de brebis")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tomme de brebis")
    expect(page.get_by_role("button", name="Mettre au panier")).to_be_visible()


def test_what_was_typed_survives_a_dead_connection(page: Page, street: Street) -> None:
    sign_in(page, street)
    page.get_by_role("link", name="Ajouter un produit").click()
    page.get_by_label("Ce que c’est", exact=True).fill("Tomme de brebis")
    page.goto("/")
    page.goto(f"/mon-commerce/{street.cheese.product.merchant.slug}/produits/ajouter/")
    expect(page.get_by_label("Ce que c’est", exact=True)).to_have_value("Tomme de brebis")
    page.get_by_label("Prix, avant taxes", exact=True).fill("9")
    page.get_by_role("button", name="Garder pour plus tard").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tomme de brebis")
    page.goto(f"/mon-commerce/{street.cheese.product.merchant.slug}/produits/ajouter/")
    expect(page.get_by_label("Ce que c’est", exact=True)).to_have_value("")


def test_without_javascript_it_sells_too(page_without_scripts: Page, street: Street) -> None:
    page = page_without_scripts
    sign_in(page, street)
    thumb = Thumb(page)
    thumb.tap(page.get_by_role("link", name="Ajouter un produit"))
    thumb.take_photo()
    thumb.write("Ce que c’est", "Tomme de brebis")
    thumb.tap(page.get_by_role("button", name="Mettre en vente"))
    expect(page.get_by_text("Votre photo est bien arrivée")).to_be_visible()
    thumb.write("Prix, avant taxes", "12,50")
    thumb.tap(page.get_by_role("button", name="Mettre en vente"))
    with portal_scope(street.site):
        product = Product.objects.get(title="Tomme de brebis")
        assert (product.status, product.photos.count()) == (ProductStatus.PUBLISHED, 1)
