"""A shop is kept with one tap, shown to others in a list, and followed by mail until one has had enough."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from shop.payments.handlers import deliver_outbox
from tests.portal.towns import Town

pytestmark = pytest.mark.browser

LINK = re.compile(r"https?://\S+/infolettre/\S+")


def test_from_a_heart_to_a_list_that_others_read(
    page: Page, here: Town, chromium: Browser, assert_accessible: Callable[[Page], None]
) -> None:
    name = f"Commerce {here.canary}"
    page.goto(f"/commerces/{here.merchant.slug}/")
    page.get_by_role("button", name="Garder").click()
    expect(page.get_by_role("button", name="Dans mes favoris")).to_be_visible()
    expect(page.locator(".heart-said")).to_contain_text("est dans vos favoris")
    page.reload()
    expect(page.get_by_role("button", name="Dans mes favoris")).to_be_visible()
    heart = page.get_by_role("banner").get_by_role("link", name="Favoris")
    expect(heart).to_contain_text("1")
    heart.click()
    expect(page.get_by_role("main")).to_contain_text(name)
    assert_accessible(page)
    page.get_by_role("link", name="Nouvelle liste").click()
    page.get_by_label("Le nom de la liste").fill("Idées pour maman")
    page.get_by_label(name).check()
    page.get_by_role("button", name="Faire la liste").click()
    page.get_by_role("button", name="Faire un lien").click()
    link = page.get_by_label("Le lien").input_value()
    stranger = chromium.new_context(locale="fr-CA", java_script_enabled=False).new_page()
    stranger.goto(link)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Idées pour maman")
    stranger.get_by_role("button", name="Garder").click()  # without scripts, to a page that says so
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Mes favoris")
    expect(stranger.get_by_role("main")).to_contain_text(name)
    stranger.context.close()
    page.goto(link)
    assert_accessible(page)


def test_following_by_mail_from_first_to_last(page: Page, here: Town) -> None:
    page.goto(f"/commerces/{here.merchant.slug}/")
    page.get_by_role("link", name="Ses nouvelles par courriel").click()
    page.get_by_label("Votre courriel").fill("marie@exemple.test")
    page.get_by_role("button", name="Suivre").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Regardez vos courriels.")
    deliver_outbox(now=timezone.now())
    found = LINK.search(mail.outbox[-1].body)
    assert found
    page.goto(found[0])
    expect(page.get_by_role("main")).to_contain_text(f"du nouveau de Commerce {here.canary}")
    page.get_by_role("button", name="Oui, je m’abonne").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est fait, bienvenue.")
    page.get_by_role("link", name="Choisir ce que je reçois").click()
    expect(page.get_by_label(f"Commerce {here.canary}")).to_be_checked()
    page.get_by_label("Un mois sans infolettre").check()
    page.get_by_role("button", name="Garder ces choix").click()
    expect(page.get_by_role("main")).to_contain_text("En pause")
    page.get_by_role("button", name="Me désabonner de tout").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est fait.")
