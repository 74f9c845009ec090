"""The directory and merchants' pages over HTTP, by the host of each portal."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory.enums import Tier
from directory.hours import ZONE
from directory.models import DirectoryPage, Merchant, MerchantPage
from directory.models.pages import MerchantPhoto
from directory.searching.refreshing import refresh_all
from editorial.models import StoryIndexPage, StoryMerchant, StoryPage
from home.tenancy import portal_scope
from tests.factories import (
    ImageFactory,
    MerchantFactory,
    OpeningHoursFactory,
    ProductPhotoFactory,
    SectorFactory,
    SpecialHoursFactory,
    VariantFactory,
    make_merchant_page,
    make_page,
    make_seller,
)

MONDAY_NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=ZONE)
LEVIS, BELLECHASSE = {"headers": {"host": "localhost"}}, {"headers": {"host": "bellechasse.localhost"}}


@pytest.fixture
def bakery(levis):
    with portal_scope(levis):
        merchant = MerchantFactory(name="Boulangerie Roy", slug="boulangerie-roy", phone="+14185550123")
        make_merchant_page(merchant, intro="Du pain, du vrai.")
        OpeningHoursFactory(merchant=merchant)
    return merchant


def test_directory_lists_the_merchant(client: Client, bakery) -> None:
    with time_machine.travel(MONDAY_NOON, tick=False):
        html = client.get("/commerces/", **LEVIS).content.decode()
    assert 'href="/commerces/boulangerie-roy/"' in html
    assert "Ouvert jusqu’à 17\u00a0h\u00a030" in html


def test_merchant_page_tells_the_facts_of_the_moment(client: Client, bakery) -> None:
    with time_machine.travel(MONDAY_NOON, tick=False):
        html = client.get("/commerces/boulangerie-roy/", **LEVIS).content.decode()
    assert "Ouvert jusqu’à 17\u00a0h\u00a030" in html
    assert 'href="tel:+14185550123"' in html
    assert "Du pain, du vrai." in html


def test_merchant_of_another_portal_is_not_found_here(client: Client, bakery, bellechasse) -> None:
    assert client.get("/commerces/boulangerie-roy/", **LEVIS).status_code == 200
    assert client.get("/commerces/boulangerie-roy/", **BELLECHASSE).status_code == 404
    assert "Boulangerie Roy" not in client.get("/commerces/", **BELLECHASSE).content.decode()


def test_page_that_shows_a_strangers_merchant_is_not_found(client: Client, bakery, bellechasse) -> None:
    """A page moved or copied under the wrong portal shows nothing."""
    directory = DirectoryPage.objects.descendant_of(bellechasse.root_page).get()
    make_page(MerchantPage, directory, merchant=bakery, title="Roy", slug="roy")
    assert client.get("/commerces/roy/", **BELLECHASSE).status_code == 404


@pytest.mark.parametrize("hidden", ["suspended_at", "removed_at"])
def test_hidden_merchants_page_is_not_found(client: Client, bakery, hidden: str) -> None:
    setattr(bakery, hidden, MONDAY_NOON)
    bakery.save()
    assert client.get("/commerces/boulangerie-roy/", **LEVIS).status_code == 404


@pytest.mark.parametrize(
    "query", ["page=abc", "page=9999", "categorie=zzz", "q=%00", "q=%25", "q=" + "é" * 500]
)
def test_nonsense_in_the_address_is_answered(client: Client, bakery, query: str) -> None:
    assert client.get(f"/commerces/?{query}", **LEVIS).status_code == 200


@pytest.mark.parametrize("rows", [1, 3, 24])
def test_directory_page_has_the_same_queries_for_any_number_of_rows(client, levis, rows) -> None:
    with portal_scope(levis):
        for _ in range(rows):
            merchant = MerchantFactory(tier=Tier.TRANSACTIONAL)
            make_merchant_page(merchant, cover=ImageFactory())
            OpeningHoursFactory(merchant=merchant)
        refresh_all()
    for address, queries in (("/commerces/", 11), ("/commerces/?q=commerce&ouvert=1", 15)):
        with time_machine.travel(MONDAY_NOON, tick=False):
            client.get("/commerces/", **LEVIS)  # renditions and root paths are made once
            with CaptureQueriesContext(connection) as counted:
                html = client.get(address, **LEVIS).content.decode()
        assert html.count('class="merchant-row ') == rows
        assert len(counted) == queries


@pytest.mark.parametrize("rows", [1, 3])
def test_merchant_page_has_the_same_queries_for_any_number_of_rows(client, levis, rows) -> None:
    with portal_scope(levis):
        fill_window(make_seller(slug="roy"), rows)
    client.get("/commerces/roy/", **LEVIS)  # renditions and root paths are made once
    with CaptureQueriesContext(connection) as counted:
        html = client.get("/commerces/roy/", **LEVIS).content.decode()
    assert html.count('class="product-card"') == html.count('class="story-card"') == rows
    assert len(counted) == 15


def fill_window(merchant: Merchant, rows: int) -> None:
    """A page with everything a page can have, ``rows`` of each."""
    page = merchant.pages.get()
    page.cover, page.owner_photo, page.owner_name = ImageFactory(), ImageFactory(), "Marie"
    page.gallery = [MerchantPhoto(image=ImageFactory(), alt="Le four") for _ in range(rows)]
    page.save()
    index = StoryIndexPage.objects.descendant_of(merchant.site.root_page).get()
    for n in range(rows):
        OpeningHoursFactory(merchant=merchant, weekday=n)
        SpecialHoursFactory(merchant=merchant, date=dt.date(2026, 12, n + 1))
        product = VariantFactory(product__merchant=merchant).product
        ProductPhotoFactory(product=product)
        story = make_page(
            StoryPage, index, title=f"Histoire {n}", slug=f"histoire-{n}", lead_image=ImageFactory()
        )
        StoryMerchant.objects.create(page=story, merchant=merchant)


def test_right_on_24_june(client: Client, bakery) -> None:
    with time_machine.travel(dt.datetime(2026, 6, 24, 11, 0, tzinfo=ZONE), tick=False):
        html = client.get("/commerces/boulangerie-roy/", **LEVIS).content.decode()
        listed = client.get("/commerces/?ouvert=1", **LEVIS).content.decode()
    assert "Jour férié\u00a0: heures non confirmées" in html
    assert "Ouvert jusqu’à" not in html
    assert "Boulangerie Roy" not in listed


def test_sector_of_the_stranger_is_not_in_the_style_sheet(client: Client, levis, bellechasse) -> None:
    with portal_scope(bellechasse):
        SectorFactory(slug="saint-anselme", color="#123456")
    assert "saint-anselme" in client.get("/portail-0.css", **BELLECHASSE).content.decode()
    assert "saint-anselme" not in client.get("/portail-0.css", **LEVIS).content.decode()
