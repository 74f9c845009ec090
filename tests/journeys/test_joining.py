"""A merchant comes in with a phone: from the Chamber's invitation to the waiting page, in two sittings.

And from a page it has just been given to a first product on sale.
"""

import re

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from directory import moderation, registrations, sent_registrations
from directory.enums import RegistrationStatus
from directory.models import Merchant, Registration
from directory.questions import Question
from home.models import PortalRole
from home.tenancy import portal_scope
from portal.joining import letters
from portal.models import User
from portal.staff_desk.opening import open_staff_desk
from shop.enums import ProductStatus
from shop.models import Product
from tests.factories import PASSWORD
from tests.journeys.conftest import Street, photo, work
from tests.portal.conftest import make_staff
from tests.portal.people import last_code, person

pytestmark = pytest.mark.browser

MOST_TYPED = 12
CONTINUE = "Continuer"


class Keyboard:
    """Types into fields, and counts them: what is ticked, chosen or photographed is not typed."""

    def __init__(self, page: Page) -> None:
        self.page, self.typed = page, 0

    def write(self, label: str, text: str) -> None:
        self.typed += 1
        self.page.get_by_label(label, exact=True).fill(text)

    def go_on(self, name: str = CONTINUE) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()


def heading(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def invited(street: Street) -> Registration:
    """To a shop that is not listed yet: nothing is known of it but its name."""
    with portal_scope(street.site):
        adviser = make_staff(street.site, PortalRole.ADVISER)
        return registrations.invite(
            street.site, merchant=None, email="fleuriste@exemple.test", answers={"name": "Le Panier fleuri"},
            by=adviser, now=timezone.now(),
        )  # fmt: skip


def test_invitation_to_waiting_page_in_two_sittings(
    page: Page, street: Street, chromium: Browser, live_server, assert_accessible
) -> None:
    row = invited(street)
    with portal_scope(street.site):
        page.goto(letters.link(row).replace(street.site.root_url, live_server.url))
    hands = Keyboard(page)
    heading(page, "Le Panier fleuri, c’est chez vous?")
    assert_accessible(page)
    page.get_by_role("button", name=re.compile("recevoir mon code")).click()
    hands.write("Code reçu par courriel", last_code())
    hands.go_on()
    hands.go_on("Oui, c’est chez moi")
    heading(page, "Comment s’appelle votre commerce?")
    hands.go_on("Oui, c’est exact")
    heading(page, "Avez-vous un site web?")
    hands.go_on("Je n’en ai pas")
    hands.write("Numéro et rue", "12, rue Saint-Laurent")
    hands.write("Code postal", "g6v6c4")
    hands.go_on()
    heading(page, "C’est dans quel secteur?")
    work()  # the letter with the link to go on elsewhere leaves
    second = elsewhere(chromium, live_server)
    try:
        typed = sit_down_again(second, street, assert_accessible)
    finally:
        second.context.close()
    assert hands.typed + typed <= MOST_TYPED
    with portal_scope(street.site):
        row.refresh_from_db()
        assert row.status == RegistrationStatus.WAITING
        assert moderation.standing(moderation.window_of(row.merchant)).stage == moderation.Stage.WAITING


def elsewhere(chromium: Browser, live_server) -> Page:
    """Another device, which knows nothing of the first."""
    context = chromium.new_context(
        base_url=live_server.url,
        locale="fr-CA",
        viewport={"width": 390, "height": 844},
        java_script_enabled=True,
    )
    return context.new_page()


def sit_down_again(page: Page, street: Street, assert_accessible) -> int:
    """From the mailed link to the waiting page; how many fields were typed."""
    hands = Keyboard(page)
    letter = next(letter for letter in mail.outbox if "reprenez" in letter.subject)
    page.goto(re.search(r"/inscription/lien/\S+", letter.body)[0])
    hands.go_on("Continuer mon inscription")
    heading(page, "C’est dans quel secteur?")
    page.get_by_label("Vieux-Lévis").check()
    hands.go_on()
    hands.write("Téléphone du commerce", "418 555-0177")
    hands.go_on()
    page.get_by_label("Alimentation").check()
    hands.go_on()
    heading(page, "Quand êtes-vous ouvert?")
    hands.write("de", "09:00")
    hands.write("à", "17:30")
    hands.go_on()
    hands.write("En une phrase", "Des fleurs d’ici, coupées le matin.")
    hands.go_on()
    heading(page, "Une photo de chez vous?")
    picture = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": photo(1600, 1200).read()}
    page.get_by_label("Prendre une photo", exact=True).set_input_files(picture)
    hands.go_on()
    heading(page, "Qu’est-ce qui vous aide le plus?")
    assert_accessible(page)
    page.get_by_label(re.compile("Je vends ici")).check()
    hands.go_on("Je choisis celle-là")
    page.get_by_label(re.compile("C’est le même")).check()
    hands.go_on()
    hands.go_on("J’accepte cette entente")
    heading(page, "Relisez, puis envoyez.")
    assert_accessible(page)
    expect(page.get_by_text("Des fleurs d’ici, coupées le matin.").first).to_be_visible()
    hands.go_on("Envoyer au Journal")
    heading(page, "Le Journal regarde.")
    assert_accessible(page)
    return hands.typed


def test_page_just_approved_to_first_product_on_sale(page: Page, street: Street) -> None:
    """What selling needs was said while registering; the law's one more sentence is asked for by itself."""
    owner, merchant = approved(street)
    page.goto(f"/compte/connexion/?next=/mon-commerce/{merchant.slug}/produits/ajouter/")
    form = page.locator("form").filter(has=page.locator("[name=password]"))
    form.locator("[name=username]").fill(owner.email)
    form.locator("[name=password]").fill(PASSWORD)
    form.locator("[name=password]").press("Enter")
    hands = Keyboard(page)
    picture = {"name": "IMG_2.jpg", "mimeType": "image/jpeg", "buffer": photo(1600, 1200).read()}
    page.get_by_label("Prendre une photo", exact=True).set_input_files(picture)
    hands.write("Ce que c’est", "Bouquet du matin")
    hands.write("Prix, avant taxes", "24,50")
    hands.go_on("Mettre en vente")
    page.get_by_role("link", name=re.compile("retour")).first.click()
    hands.typed += 1
    page.locator("[name=return_policy]").fill("Échange le jour même.")
    page.locator("main form button.button-main").first.click()
    page.goto(f"/mon-commerce/{merchant.slug}/produits/")
    page.get_by_role("link", name="Bouquet du matin").click()
    hands.go_on("Mettre en vente")
    expect(page.get_by_text("«\u00a0Bouquet du matin\u00a0» est en vente.")).to_be_visible()
    with portal_scope(street.site):
        assert Product.objects.get(merchant=merchant).status == ProductStatus.PUBLISHED
    assert hands.typed == 3


def approved(street: Street) -> tuple[User, Merchant]:
    """A shop that registered to sell here, as the Journal has just approved its page."""
    with portal_scope(street.site):
        owner, now = person("fleuriste@exemple.test"), timezone.now()
        open_staff_desk(street.site)
        answers = {
            "name": "Le Panier fleuri", "legal_name": "Le Panier fleuri inc.", "tier": "transactional",
            "street_address": "12, rue Saint-Laurent", "postal_code": "G6V 6C4",
            "sector": street.sector.pk, "category": street.category.pk, "website_url": "",
            "phone": "+14185550177", "hours": {"0": ["09:00-17:30"]}, "intro": "Des fleurs d’ici.",
        }  # fmt: skip
        row = Registration.objects.create(
            site=street.site, user=owner, email=owner.email, status=RegistrationStatus.STARTED,
            answers={**answers, "answered": [question.value for question in Question]},
        )  # fmt: skip
        sent = sent_registrations.send(row, now=now)
        page = moderation.window_of(sent.merchant)
        moderation.approve(page.pk, user=make_staff(street.site, PortalRole.EDITOR), seen=sent.revision_pk)
        return owner, Merchant.objects.get(pk=sent.merchant.pk)
