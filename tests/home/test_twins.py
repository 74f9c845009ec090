"""A page in English is the French page with its English words; a portal that does without English has no /en/."""

import pytest
from django.test import Client
from wagtail.models import Locale, Page, Site

from home.models import ContentPage, PortalSettings
from tests.factories import make_page

LEVIS = {"headers": {"host": "localhost"}}


@pytest.fixture
def about(levis: Site) -> ContentPage:
    page: ContentPage = make_page(ContentPage, levis.root_page.specific, title="À notre sujet", slug="nous")
    return page


def offer_english(site: Site) -> None:
    PortalSettings.objects.filter(site=site).update(offers_english=True)


def translate(page: Page, title: str) -> Page:
    twin: Page = page.copy_for_translation(Locale.objects.get(language_code="en"), copy_parents=True)
    twin.title = title
    twin.save_revision().publish()
    return twin


def test_portal_without_english_has_no_english_address(client: Client, about: ContentPage) -> None:
    assert client.get("/nous/", **LEVIS).status_code == 200
    assert client.get("/en/nous/", **LEVIS).status_code == 404
    refused = client.get("/en/", **LEVIS)
    assert (refused.status_code, refused.headers["Content-Language"]) == (404, "fr-CA")


def test_english_words_are_laid_over_the_french_page(client: Client, levis: Site, about: ContentPage) -> None:
    offer_english(levis)
    translate(about, "About us")
    english = client.get("/en/nous/", **LEVIS).content.decode()
    assert "<h1>About us</h1>" in english
    assert "À notre sujet" not in english
    assert "<h1>À notre sujet</h1>" in client.get("/nous/", **LEVIS).content.decode()


def test_what_is_laid_is_never_saved(client: Client, levis: Site, about: ContentPage) -> None:
    offer_english(levis)
    translate(about, "About us")
    client.get("/en/nous/", **LEVIS)
    about.refresh_from_db()
    assert about.title == "À notre sujet"


def test_closed_french_page_closes_its_english(client: Client, levis: Site, about: ContentPage) -> None:
    offer_english(levis)
    translate(about, "About us")
    about.unpublish()
    assert client.get("/en/nous/", **LEVIS).status_code == 404


def test_page_without_english_is_told_in_french(client: Client, levis: Site, about: ContentPage) -> None:
    offer_english(levis)
    answer = client.get("/en/nous/", **LEVIS)
    assert (answer.status_code, answer.headers["Content-Language"]) == (200, "en-CA")
    assert "À notre sujet" in answer.content.decode()
