"""axe finds nothing wrong on any page, light or dark, on a phone or at a desk."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from home.models import PortalSettings
from tests.journeys.conftest import Street, check_out, pay, product_address, put_in_basket, thanks

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Check = Callable[[Page], None]
WIDTHS = (390, 1280)


@pytest.fixture
def check(assert_accessible: Check) -> Check:
    """At both widths, in both colour schemes."""

    def at_both_widths(page: Page) -> None:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            assert_accessible(page)
        page.set_viewport_size({"width": WIDTHS[0], "height": 844})

    return at_both_widths


def test_check_finds_what_is_wrong(page: Page, street: Street, check: Check) -> None:
    """The negative control: a page without a language, and a picture without words."""
    page.goto("/")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    with pytest.raises(AssertionError, match="html-has-lang"):
        check(page)


def test_public_pages(page: Page, street: Street, season: dict[str, str], check: Check) -> None:
    for address in {**street.addresses, **season}.values():
        page.goto(address)
        check(page)


def test_public_pages_in_english(page: Page, street: Street) -> None:
    """In one light and one width: words alone differ from the French pages."""
    PortalSettings.objects.filter(site=street.site).update(offers_english=True)
    for name in ("home", "directory", "merchant, transactional", "story", "product"):
        page.goto(f"/en{street.addresses[name]}")
        results = Axe().run(page)
        assert results.violations_count == 0, f"{name}: {results.generate_report()}"


def test_map_and_round(page: Page, street: Street, check: Check) -> None:
    page.goto("/commerces/?vue=carte&pres=code&code=x")
    page.locator(".leaflet-container").wait_for()
    check(page)
    page.goto("/tournee/")
    check(page)


def test_nothing_found_and_nothing_there(page: Page, street: Street, check: Check) -> None:
    for address in ("/commerces/?q=licorne", "/boutique/?q=licorne", "/panier/", "/nulle-part/"):
        page.goto(address)
        check(page)


def test_from_basket_to_order(page: Page, street: Street, check: Check) -> None:
    put_in_basket(page, product_address(street.cheese))
    check(page)
    for address in ("/paiement/", "/paiement/?etape=remise", "/paiement/?etape=verification"):
        page.goto(address)
        check(page)
        answer(page, address)
    page.goto("/panier/")
    check_out(page)
    pay(page)
    thanks(page).wait_for()
    check(page)


def answer(page: Page, address: str) -> None:
    if address == "/paiement/":
        page.get_by_label("Votre nom").fill("Marie Tremblay")
        page.get_by_label("Votre courriel").fill("marie@exemple.test")
        page.get_by_role("button", name="Continuer").click()
    elif "remise" in address:
        page.get_by_role("button", name="Continuer").click()


def test_pages_that_say_what_is_wrong(page: Page, street: Street, check: Check) -> None:
    put_in_basket(page, product_address(street.cheese))
    page.goto("/paiement/")
    page.get_by_role("button", name="Continuer").click()
    check(page)
    page.goto("/compte/connexion/")
    page.get_by_role("button", name="Entrer").click()
    check(page)


def test_merchants_pages(page: Page, street: Street, check: Check) -> None:
    put_in_basket(page, product_address(street.cheese))
    check_out(page)
    pay(page)
    thanks(page).wait_for()
    page.goto("/mon-commerce/")
    check(page)
    page.get_by_label("Courriel").fill(street.owner.email)
    page.get_by_label("Mot de passe").fill("un-mot-de-passe-de-test")
    page.get_by_role("button", name="Entrer").click()
    check(page)
    page.locator("article h4 a").click()
    check(page)
    page.goto(f"/mon-commerce/{street.cheese.product.merchant.slug}/resultats/?periode=semaine")
    check(page)
    page.goto("/compte/")
    check(page)
