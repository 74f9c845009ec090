"""The narrowest phone there is, 320 px: no screen is wider, whatever the names (test_budgets.py has the others)."""

import pytest
from django.urls import NoReverseMatch, reverse
from playwright.sync_api import Error, Page

from home.tenancy import portal_scope
from portal.walls.addresses import table
from tests.journeys.conftest import Street
from tests.journeys.test_merchant import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NARROWEST = {"width": 320, "height": 700}
LONG = "Coopérative d’alimentation naturelle et d’écoconstruction de Saint-Rédempteur"
PUBLIC = (
    "/commerces/?vue=carte", "/commerces/?vue=tournee", "/commerces/?q=zzqx", "/recherche/?q=fromage",
    "/recherche/?q=zzqx", "/cadeaux/", "/favoris/", "/infolettre/", "/inscription/", "/confidentialite/", "/style/",
)  # fmt: skip


def too_wide(page: Page, addresses: list[str]) -> tuple[list[str], int]:
    """Those that scroll sideways, and how many were screens at all: not a file, nor something one only sends to."""
    wide, seen = [], 0
    for address in addresses:
        try:
            answer = page.goto(address)
        except Error:  # an answer without a page: one only sends there
            continue
        if answer is None or answer.status != 200:
            continue
        seen += 1
        if page.evaluate("document.documentElement.scrollWidth") > NARROWEST["width"]:
            wide.append(address)
    return wide, seen


def test_no_merchant_screen_is_wider_than_the_narrowest_phone(page: Page, street: Street) -> None:
    merchant = street.cheese.product.merchant
    with portal_scope(street.site):
        type(merchant).objects.filter(pk=merchant.pk).update(name=LONG)
    sign_in(page, street)
    page.set_viewport_size(NARROWEST)
    wide, seen = too_wide(page, screens_of(merchant.slug))
    assert wide == []
    assert seen >= 15


def screens_of(slug: str) -> list[str]:
    """Every address of a merchant that asks for nothing but its name."""
    found = []
    for name, kind in table().items():
        if kind.name == "merchant":
            try:
                found.append(reverse(name, args=[slug]))
            except NoReverseMatch:
                continue
    return [address for address in found if address.endswith("/")]


def test_no_public_screen_is_wider_than_the_narrowest_phone(page: Page, street: Street, settings) -> None:
    settings.DEMO = True
    page.set_viewport_size(NARROWEST)
    wide, seen = too_wide(page, list(PUBLIC))
    assert wide == []
    assert seen == len(PUBLIC)
