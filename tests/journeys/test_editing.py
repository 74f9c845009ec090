"""An editor of the Journal, in French: a story with a live shelf, a campaign on every page, the front page."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, FrameLocator, Locator, Page, Response, expect
from wagtail.models import Site

from directory.hours import wall_clock
from editorial.models import CampaignIndexPage, StoryIndexPage, StoryPage
from home.models import PortalRole
from home.tenancy import portal_scope
from portal import staffing
from portal.staff_desk.schedule import publish_due
from shop.models import Variant
from tests.conftest import BROWSER_PATIENCE_MS, is_complaint
from tests.factories import UserFactory, make_page
from tests.portal.towns import Town, make_town

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DESK = {"width": 1280, "height": 1000}
PHONE = 375
"""How wide Wagtail's preview makes a phone."""


@pytest.fixture
def small_town(town: Site) -> Town:
    return make_town(town, "canarilevis")


@pytest.fixture
def desk(chromium: Browser, small_town: Town, live_server) -> Iterator[Page]:
    """The editor's browser. What goes wrong in it fails the test."""
    person = UserFactory(email="journal@levis.test", first_name="Colombe")
    with portal_scope(small_town.site):
        staffing.grant(person, small_town.site, PortalRole.EDITOR)
    client = Client()
    client.force_login(person)
    context = chromium.new_context(base_url=live_server.url, locale="fr-CA", viewport=DESK)
    context.set_default_timeout(BROWSER_PATIENCE_MS)
    key = client.session.session_key
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    opened, complaints = context.new_page(), []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
    opened.on("response", lambda answer: complaints.append(answer.url) if went_wrong(answer) else None)
    yield opened
    context.close()
    assert complaints == []


def went_wrong(answer: Response) -> bool:
    """Autosave is refused, and waits, while a row that was just added has nothing chosen yet."""
    waits = answer.status == 400 and answer.request.resource_type == "fetch"
    return answer.status >= 400 and not waits


def section(page: Page, name: str) -> Locator:
    return page.locator(f"[data-contentpath='{name}']")


def add_block(page: Page, name: str) -> None:
    section(page, "body").get_by_role("button", name="Insérer un bloc").last.click()
    page.get_by_role("option", name=name).click()


def choose(page: Page, what: str, name: str) -> None:
    """By the chooser's list, in its window."""
    page.get_by_role("button", name=what).last.click()
    page.get_by_role("dialog").get_by_role("link", name=name).first.click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def publish(page: Page, act: str = "Publier") -> None:
    page.get_by_role("button", name="Plus d'actions").last.click()
    page.get_by_role("button", name=act, exact=True).click()
    expect(page.locator(".messages .success")).to_be_visible(timeout=BROWSER_PATIENCE_MS)


def panel(page: Page, name: str) -> None:
    """Open one of the panels at the side of the editor, or close it."""
    page.get_by_role("button", name=name).click()


def look_on_a_phone(page: Page) -> FrameLocator:
    """The page as a phone shows it, in the editor."""
    panel(page, "Afficher/masquer la prévisualisation")
    page.wait_for_function(
        "wide => document.querySelector('#w-preview-iframe').contentWindow.innerWidth === wide", arg=PHONE
    )
    return page.frame_locator("#w-preview-iframe")


def schedule(page: Page, moment: dt.datetime) -> None:
    """Give the page an hour to go live at, and publish it for then."""
    panel(page, "Afficher/masquer le statut")
    page.get_by_role("button", name="Programmer", exact=True).click()
    window = page.get_by_role("dialog")
    with page.expect_response(lambda answer: answer.request.method == "POST"):  # the draft is kept by itself
        window.locator("#id_go_live_at").fill(timezone.localtime(moment).strftime("%Y-%m-%d %H:%M"))
    window.get_by_role("button", name="Enregistrer la programmation").press("Enter")
    expect(page.locator(".messages .success")).to_be_visible(timeout=BROWSER_PATIENCE_MS)
    publish(page, "Programmer pour publication")


def test_story_with_a_live_shelf_is_previewed_scheduled_and_read(
    page: Page, desk: Page, small_town: Town
) -> None:
    index = StoryIndexPage.objects.get()
    product = small_town.variant.product
    desk.goto(f"/admin/pages/add/editorial/storypage/{index.pk}/")
    desk.locator("#id_title").fill("La tournée de minuit")
    desk.locator("#id_deck").fill("On suit le camion.")
    add_block(desk, "Étagère de produits")
    desk.get_by_label("Titre de l’étagère").fill("Dans le camion")
    section(desk, "products").get_by_role("button", name="Ajouter").first.click()
    choose(desk, "Choisir un produit", product.title)
    expect(desk.get_by_text("Enregistré", exact=True)).to_be_visible(timeout=BROWSER_PATIENCE_MS)

    seen = look_on_a_phone(desk)
    expect(seen.get_by_role("region", name="Dans le camion")).to_contain_text(
        "20,00\u00a0$", timeout=BROWSER_PATIENCE_MS
    )
    expect(seen.get_by_role("complementary", name="À revoir avant de publier")).to_contain_text(
        "Personne ne signe cette histoire."
    )
    schedule(desk, timezone.now() + dt.timedelta(days=1))
    story = StoryPage.objects.get(title="La tournée de minuit")
    assert page.goto(f"/histoires/{story.slug}/").status == 404

    later = timezone.now() + dt.timedelta(days=1, hours=1)
    with time_machine.travel(later):
        assert publish_due(later) == 1
    page.goto(f"/histoires/{story.slug}/")
    shelf = page.get_by_role("region", name="Dans le camion")
    expect(shelf).to_contain_text("20,00\u00a0$")
    with portal_scope(small_town.site):
        Variant.objects.filter(pk=small_town.variant.pk).update(price_cents=18_50)
    page.reload()
    expect(shelf).to_contain_text("18,50\u00a0$")


def test_campaign_takes_the_masthead(page: Page, desk: Page, small_town: Town) -> None:
    index = make_page(CampaignIndexPage, small_town.site.root_page, title="Campagnes", slug="campagnes")
    today = wall_clock(timezone.now()).date()
    desk.goto(f"/admin/pages/add/editorial/campaignpage/{index.pk}/")
    desk.locator("#id_title").fill("Noël d’ici")
    desk.locator("#id_begins_on").fill(today.isoformat())
    desk.locator("#id_ends_on").fill((today + dt.timedelta(days=9)).isoformat())
    desk.locator("#id_band_words").fill("Sous le sapin")
    add_block(desk, "Tablette de produits")
    section(desk, "title").last.get_by_label("Titre").fill("Rien que du bon")
    section(desk, "products").get_by_role("button", name="Ajouter").first.click()
    choose(desk, "Choisir un produit", small_town.variant.product.title)
    add_block(desk, "Commerces à visiter")
    section(desk, "title").last.get_by_label("Titre").fill("Ça vaut le détour")
    add_block(desk, "Histoires")
    section(desk, "title").last.get_by_label("Titre").fill("Leurs histoires")
    publish(desk)
    expect(desk.locator(".messages .warning")).to_contain_text("La page n’a pas de photo d’ouverture.")

    page.goto("/boutique/")
    page.get_by_role("complementary", name="Campagne en cours").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Noël d’ici")
    for shelf, name in (
        ("Rien que du bon", small_town.variant.product.title),
        ("Ça vaut le détour", small_town.merchant.name),
        ("Leurs histoires", small_town.story.title),
    ):
        expect(page.get_by_role("region", name=shelf)).to_contain_text(name)


def test_front_page_is_changed_and_seen(page: Page, desk: Page, small_town: Town) -> None:
    home, index = small_town.site.root_page, StoryIndexPage.objects.get()
    newer = timezone.localdate() + dt.timedelta(days=1)
    make_page(StoryPage, index, title="La toute dernière", slug="la-toute-derniere", published_on=newer)
    page.goto("/")
    front = page.get_by_role("region", name="À la une")
    expect(front).to_contain_text("La toute dernière")

    desk.goto(f"/admin/pages/{home.pk}/edit/")
    desk.get_by_role("button", name="Ajouter un(e) Histoire").first.click()
    choose(desk, "Choisissez une page (Histoire)", small_town.story.title)
    seen = look_on_a_phone(desk)
    expect(seen.get_by_text("Choisi par la rédaction").first).to_be_visible(timeout=BROWSER_PATIENCE_MS)
    publish(desk)

    page.reload()
    expect(front).to_contain_text(small_town.story.title)
