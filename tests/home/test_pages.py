"""The front page and plain pages, and what every page knows of its portal."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory.hours import ZONE
from editorial.models import StoryIndexPage, StoryPage
from home.context_processors import site_nav
from home.models import ContentPage, PortalSettings
from home.tenancy import portal_scope
from tests.factories import (
    ImageFactory,
    MerchantFactory,
    OpeningHoursFactory,
    ProductPhotoFactory,
    VariantFactory,
    make_merchant_page,
    make_page,
)

MONDAY_NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=ZONE)
LEVIS, BELLECHASSE = {"headers": {"host": "localhost"}}, {"headers": {"host": "bellechasse.localhost"}}


@pytest.fixture(autouse=True)
def _monday_noon():
    with time_machine.travel(MONDAY_NOON, tick=False):
        yield


def furnish(site, rows: int) -> None:
    """A front page with everything on it, ``rows`` of each."""
    index = StoryIndexPage.objects.descendant_of(site.root_page).get()
    with portal_scope(site):
        for n in range(rows):
            merchant = MerchantFactory(name=f"Commerce {site.hostname} {n}")
            make_merchant_page(merchant, cover=ImageFactory())
            OpeningHoursFactory(merchant=merchant)
            ProductPhotoFactory(product=VariantFactory(product__title=f"Produit {site.hostname} {n}").product)
            title = f"Histoire {site.hostname} {n}"
            make_page(StoryPage, index, title=title, slug=f"h-{n}", lead_image=ImageFactory())


@pytest.mark.parametrize("rows", [1, 3])
def test_front_page_has_the_same_queries_for_any_number_of_rows(client: Client, levis, rows: int) -> None:
    furnish(levis, rows)
    client.get("/", **LEVIS)  # renditions and root paths are made once
    with CaptureQueriesContext(connection) as counted:
        html = client.get("/", **LEVIS).content.decode()
    assert html.count('class="merchant-brief ') == html.count('class="product-card"') == rows
    assert len(counted) == 14


def test_front_page_shows_its_own_portal(client: Client, levis, bellechasse) -> None:
    furnish(levis, 2)
    furnish(bellechasse, 2)
    here, there = (client.get("/", **host).content.decode() for host in (LEVIS, BELLECHASSE))
    for kind in ("Commerce", "Produit", "Histoire"):
        assert (f"{kind} localhost 1" in here, f"{kind} bellechasse.localhost 1" in here) == (True, False)
        assert (f"{kind} localhost 1" in there, f"{kind} bellechasse.localhost 1" in there) == (False, True)
    assert ("Achetons Lévis" in here, "Achetons Bellechasse" in here) == (True, False)


def test_empty_portal_has_a_front_page(client: Client, levis) -> None:
    assert client.get("/", **LEVIS).status_code == 200


def test_open_count_is_computed(client: Client, levis) -> None:
    furnish(levis, 2)
    assert "2 commerces ouverts" in client.get("/", **LEVIS).content.decode()
    with time_machine.travel(MONDAY_NOON.replace(hour=20), tick=False):
        assert re.search("0 commerces? ouverts?<", client.get("/", **LEVIS).content.decode())


def test_plain_pages_are_read_by_their_own_portal_alone(client: Client, levis, bellechasse) -> None:
    body = [("heading_block", "Qui sommes-nous"), ("text_block", "<p>Trois partenaires.</p>")]
    about = make_page(ContentPage, levis.root_page.specific, title="À propos", slug="a-propos", body=body)
    make_page(ContentPage, about, title="Équipe", slug="equipe")
    assert "Trois partenaires." in client.get("/a-propos/", **LEVIS).content.decode()
    assert client.get("/a-propos/equipe/", **LEVIS).status_code == 200
    assert client.get("/a-propos/", **BELLECHASSE).status_code == 404


def test_missing_page_says_so_in_the_portals_colours(client: Client, levis) -> None:
    response = client.get("/nulle-part/", **LEVIS)
    assert response.status_code == 404
    assert "Achetons Lévis" in response.content.decode()


@pytest.mark.parametrize("path", ["/nulle-part/", "/commerces/zzz/", "/histoires/zzz/", "/commerces/a/b/c/"])
def test_missing_pages_are_not_found(client: Client, levis, path: str) -> None:
    assert client.get(path, **LEVIS).status_code == 404


def test_draft_page_is_not_found(client: Client, levis) -> None:
    make_page(ContentPage, levis.root_page.specific, title="Brouillon", slug="brouillon", live=False)
    assert client.get("/brouillon/", **LEVIS).status_code == 404


def test_page_below_a_private_one_asks_for_login(client: Client, levis) -> None:
    from wagtail.models import PageViewRestriction

    above = make_page(ContentPage, levis.root_page.specific, title="Équipe", slug="equipe")
    make_page(ContentPage, above, title="Paie", slug="paie")
    PageViewRestriction.objects.create(page=above, restriction_type=PageViewRestriction.LOGIN)
    assert client.get("/equipe/paie/", **LEVIS).status_code == 302


def test_menu_marks_the_section_one_is_in() -> None:
    active = [entry["label"] for entry in site_nav("/boutique/roy/miel/") if entry["active"]]
    assert active == ["Boutique"]
    assert not any(entry["active"] for entry in site_nav("/"))


def test_portal_without_settings_yet_is_answered(client: Client, levis) -> None:
    PortalSettings.objects.all().delete()
    assert client.get("/", **LEVIS).status_code == 200
