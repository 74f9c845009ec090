"""Signing in with the keyboard alone, and with a passkey that the browser keeps."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.core import mail
from playwright.sync_api import Page, expect
from wagtail.models import Site

from portal.models import User
from tests.portal.people import last_code, person

Check = Callable[[Page], None]


@pytest.fixture
def marie(town: Site) -> User:
    return person()


@pytest.fixture
def device(page: Page) -> Iterator[Page]:
    """A telephone that keeps passkeys and knows its owner's finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    session.detach()


def test_code_with_the_keyboard_alone_then_a_passkey(
    device: Page, marie: User, assert_accessible: Check
) -> None:
    device.goto("/compte/connexion/")
    assert_accessible(device)
    device.get_by_label("Courriel").focus()
    device.keyboard.type(marie.email)
    for _ in range(3):  # the password, « Entrer », the code
        device.keyboard.press("Tab")
    device.keyboard.press("Enter")
    expect(device.get_by_role("heading", name="Regardez vos courriels")).to_be_visible()
    assert_accessible(device)
    device.get_by_label("Code reçu par courriel").focus()
    device.keyboard.type(last_code())
    device.keyboard.press("Enter")
    expect(device.get_by_role("heading", name=re.compile("Bonjour"))).to_be_visible()

    device.get_by_role("link", name="Ma sécurité").click()
    assert_accessible(device)
    device.get_by_role("link", name="Ajouter une clé d’accès").click()
    device.get_by_label("Mot de passe").fill("un-mot-de-passe-de-test")
    device.get_by_role("button", name="Continuer").click()
    assert_accessible(device)
    device.get_by_role("button", name="Ajouter cet appareil").click()
    expect(device.get_by_role("heading", name="Codes de secours")).to_be_visible()
    assert_accessible(device)
    device.get_by_role("link", name="C’est rangé").click()
    expect(device.get_by_text("ajoutée le")).to_be_visible()
    assert "Une clé d’accès est ajoutée à votre compte" in [letter.subject for letter in mail.outbox]

    device.goto("/compte/")
    device.get_by_role("button", name="Me déconnecter").click()
    device.goto("/compte/connexion/?next=/panier/")
    device.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(device).to_have_url(re.compile(r"^http://[^/]+/panier/$"))
    device.goto("/compte/")
    expect(device.get_by_role("heading", name=re.compile("Bonjour"))).to_be_visible()
