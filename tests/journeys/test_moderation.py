"""A merchant's text waits for the Journal, which approves it in two clicks; a later text never rides on that."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from directory.models import Merchant, MerchantPage
from home.models import PortalRole
from home.tenancy import portal_scope
from portal import staffing
from portal.models import User
from tests.factories import UserFactory
from tests.journeys.conftest import Street

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def sign_in(page: Page, person: User, address: str) -> None:
    client = Client()
    client.force_login(person)
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key, "url": address}]
    )


@pytest.fixture
def editor(street: Street) -> User:
    person = UserFactory(email="journal@levis.test", first_name="Colombe")
    with portal_scope(street.site):
        staffing.grant(person, street.site, PortalRole.EDITOR)
    return person


def write(page: Page, desk: str, sentence: str) -> None:
    page.goto(f"{desk}textes/")
    page.get_by_label("Votre commerce en une phrase").fill(sentence)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ma page")


def test_text_waits_is_approved_from_the_home_and_is_public(
    page: Page, chromium: Browser, street: Street, editor: User, live_server, assert_accessible
) -> None:
    shop = street.cheese.product.merchant
    desk, public = f"/mon-commerce/{shop.slug}/page/", f"/commerces/{shop.slug}/"
    sign_in(page, street.owner, live_server.url)
    write(page, desk, "Un premier texte, vu par le Journal.")
    page.get_by_role("link", name="Regarder, puis envoyer").click()
    expect(page.get_by_text("Vous seul voyez cette page.").first).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Envoyer au Journal").first.click()
    expect(page.get_by_role("heading", name="En attente du Journal depuis aujourd’hui")).to_be_visible()
    assert_accessible(page)

    desktop = chromium.new_context(
        base_url=live_server.url, locale="fr-CA", viewport={"width": 1280, "height": 900}
    )
    journal = desktop.new_page()
    sign_in(journal, editor, live_server.url)
    journal.goto("/admin/")
    journal.get_by_role("link", name=shop.name).click()
    expect(journal.locator("ins").first).to_be_visible()

    # Meanwhile, at the shop: another text, and another phone number.
    write(page, desk, "Un second texte, jamais vu.")
    with portal_scope(street.site):
        Merchant.objects.filter(pk=shop.pk).update(phone="+14185550177")
    journal.get_by_role("button", name="Approuver et publier").click()
    expect(journal.get_by_text("Rien n’a été publié").first).to_be_visible()
    assert "texte" not in MerchantPage.objects.get(merchant_id=shop.pk).intro

    journal.get_by_role("button", name="Approuver et publier").click()
    expect(journal.get_by_text("est en ligne").first).to_be_visible()
    desktop.close()
    page.goto(public)
    expect(page.get_by_text("Un second texte, jamais vu.")).to_be_visible()
    expect(page.get_by_role("link", name="418 555-0177").first).to_be_visible()
