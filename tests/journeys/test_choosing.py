"""Choosing among the variants of a product, with and without JavaScript."""

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from home.tenancy import portal_scope
from shop.enums import Container
from shop.models import Product, ProductOption, Variant, VariantOption
from tests.factories import ImageFactory, ProductFactory, ProductPhotoFactory, VariantFactory
from tests.journeys.conftest import Street


def socks(street: Street) -> Product:
    """Red and blue socks in two sizes; the blue ones have a photo of their own, and the small ones are gone."""
    with portal_scope(street.site):
        product = ProductFactory(merchant=street.candles.product.merchant, title="Bas de laine", slug="bas")
        ProductPhotoFactory(product=product, alt="Des bas rouges")
        options = [ProductOption.objects.create(product=product, name=name) for name in ("Couleur", "Taille")]
        blue = ImageFactory()
        for values in (("Rouge", "P"), ("Rouge", "G"), ("Bleu", "P"), ("Bleu", "G")):
            variant = VariantFactory(
                product=product,
                title=", ".join(values),
                image=blue if values[0] == "Bleu" else None,
                units=0 if values == ("Bleu", "P") else 5,
                container=Container.SMALL,
                container_count=1,
            )
            for option, value in zip(options, values, strict=True):
                VariantOption.objects.create(variant=variant, option=option, value=value)
    return product


def address_of(product: Product) -> str:
    return f"/boutique/{product.merchant.slug}/{product.slug}/"


def test_choosing_a_variant_brings_its_photo_up(page: Page, street: Street) -> None:
    product = socks(street)
    page.goto(address_of(product))
    first = page.locator("[data-gallery] > figure").first
    expect(first.get_by_alt_text("Des bas rouges")).to_be_visible()
    blue = page.get_by_role("group", name="Couleur\u00a0: Bleu").get_by_role("radio")
    expect(blue.first).to_be_disabled()
    blue.last.check()
    expect(first.get_by_alt_text("Bas de laine, Bleu")).to_be_visible()
    expect(
        page.get_by_role("group", name="Couleur\u00a0: Bleu").get_by_role("radio", name="P")
    ).to_be_disabled()
    page.get_by_role("button", name="Mettre au panier").click()
    expect(page.get_by_role("main")).to_contain_text("Bleu, G")


def test_without_javascript_all_photos_are_there_and_one_chooses(
    chromium: Browser, street: Street, live_server
) -> None:
    product = socks(street)
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, locale="fr-CA")
    page = context.new_page()
    page.goto(address_of(product))
    assert page.locator("[data-gallery] > figure").count() == 2
    expect(page.locator("[data-gallery] figcaption")).to_have_text("Bleu")
    with portal_scope(street.site):
        chosen = Variant.objects.get(product=product, title="Rouge, G")
    page.locator(f"#variante-{chosen.pk}").check()
    page.get_by_role("button", name="Mettre au panier").click()
    expect(page.get_by_role("main")).to_contain_text("Rouge, G")
    context.close()


def test_page_of_many_variants_is_accessible(
    page: Page, street: Street, assert_accessible: Callable[[Page], None]
) -> None:
    page.goto(address_of(socks(street)))
    assert_accessible(page)
