"""Campaigns between their days, the front page's slots, and the gift finder: only what one can have now."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.hours import ZONE
from editorial.models import CampaignColor, CampaignIcon, CampaignIndexPage, CampaignPage, FrontProduct
from home.contrast import contrast
from home.models import HomePage
from home.tenancy import portal_scope
from shop.models import Product
from tests.factories import OpeningHoursFactory, ProductPhotoFactory, VariantFactory, make_page

MONDAY_NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=ZONE)
LEVIS = {"headers": {"host": "localhost"}}


@pytest.fixture(autouse=True)
def _monday_noon():
    with time_machine.travel(MONDAY_NOON, tick=False):
        yield


def make_campaign(site, **fields: Any) -> CampaignPage:
    index = CampaignIndexPage.objects.first() or make_page(
        CampaignIndexPage, site.root_page.specific, title="Campagnes", slug="campagnes"
    )
    days = {"begins_on": dt.date(2026, 11, 20), "ends_on": dt.date(2026, 12, 24)}
    return make_page(CampaignPage, index, **{"title": "Noël d’ici", "slug": "noel", **days, **fields})


def html_of(client: Client, path: str) -> str:
    cache.clear()
    response = client.get(path, **LEVIS)
    assert response.status_code == 200
    return response.content.decode()


def shelf(*products: Any) -> tuple[str, Any]:
    return ("product_shelf", {"title": "Sous le sapin", "products": list(products), "size": "4"})


def test_running_campaign_has_the_masthead_and_its_page_shows_its_shelf(client: Client, in_levis) -> None:
    product = VariantFactory(product__title="Miel de novembre").product
    make_campaign(in_levis, body=[shelf(product)])
    assert "Noël d’ici" in html_of(client, "/boutique/")
    page = html_of(client, "/campagnes/noel/")
    assert "Miel de novembre" in page
    assert "Du 20 novembre au 24 décembre" in page


@pytest.mark.parametrize(
    ("day", "status"),
    [(dt.date(2026, 11, 19), 404), (dt.date(2026, 12, 24), 200), (dt.date(2026, 12, 25), 200)],
)
def test_campaign_turns_with_its_days(client: Client, in_levis, day: dt.date, status: int) -> None:
    make_campaign(in_levis, body=[shelf(VariantFactory(product__title="Miel de novembre").product)])
    with time_machine.travel(dt.datetime.combine(day, dt.time(12), ZONE), tick=False):
        cache.clear()
        response = client.get("/campagnes/noel/", **LEVIS)
        runs = day == dt.date(2026, 12, 24)
        assert response.status_code == status
        assert ("Miel de novembre" in response.content.decode()) == runs
        assert ("campaign-band-days" in html_of(client, "/boutique/")) == runs


def test_sold_out_leaves_a_campaign_and_the_front_page(client: Client, in_levis) -> None:
    variant = VariantFactory(product__title="Miel de novembre", units=1)
    make_campaign(in_levis, body=[shelf(variant.product)])
    home = HomePage.objects.get(pk=in_levis.root_page_id)
    FrontProduct.objects.create(page=home, product=variant.product)
    assert "Miel de novembre" in html_of(client, "/")
    variant.on_hand = 0
    variant.save()
    for path in ("/", "/campagnes/noel/", "/cadeaux/"):
        assert "Miel de novembre" not in html_of(client, path)


def test_chosen_product_stands_first_until_its_day(client: Client, in_levis) -> None:
    old = VariantFactory(product__title="Ancien").product
    new = VariantFactory(product__title="Nouveau").product
    type(old).objects.filter(pk=old.pk).update(created_at=timezone.now() - dt.timedelta(days=9))
    home = HomePage.objects.get(pk=in_levis.root_page_id)
    FrontProduct.objects.create(page=home, product=old, until=dt.date(2026, 11, 23))
    assert html_of(client, "/").index("Ancien") < html_of(client, "/").index("Nouveau")
    with time_machine.travel(MONDAY_NOON + dt.timedelta(days=1), tick=False):
        later = html_of(client, "/")
        assert later.index("Nouveau") < later.index("Ancien")
    assert new.pk != old.pk


def test_gifts_are_found_by_budget_and_age_and_say_what_to_loosen(client: Client, in_levis) -> None:
    toy = VariantFactory(product__title="Casse-tête", price_cents=20_00).product
    type(toy).objects.filter(pk=toy.pk).update(suggested_min_age=6, suggested_max_age=12)
    assert "Casse-tête" in html_of(client, "/cadeaux/?budget=25&age=6-8")
    assert "Casse-tête" not in html_of(client, "/cadeaux/?age=0-2")
    nothing = html_of(client, "/cadeaux/?budget=15&age=6-8")
    assert "Pour 20\u00a0$ au plus" in nothing
    assert "Écrivez un montant" in html_of(client, "/cadeaux/?budget=abc")


def test_campaigns_of_another_portal_are_not_seen(client: Client, levis, bellechasse) -> None:
    with portal_scope(levis):
        make_campaign(levis)
    response = client.get("/boutique/", headers={"host": "bellechasse.localhost"})
    assert "campaign-band-days" not in response.content.decode()


def test_masthead_looks_again_when_a_campaign_is_published_or_taken_down(client: Client, in_levis) -> None:
    campaign = make_campaign(in_levis, live=False)
    assert "campaign-band-days" not in html_of(client, "/boutique/")
    campaign.save_revision().publish()
    assert "campaign-band-days" in client.get("/boutique/", **LEVIS).content.decode()
    campaign.refresh_from_db()
    campaign.unpublish()
    assert "campaign-band-days" not in client.get("/boutique/", **LEVIS).content.decode()


@pytest.mark.parametrize("path", ["/campagnes/noel/", "/cadeaux/?budget=40&age=6-8&avant=2026-12-20"])
def test_campaign_and_gifts_cost_as_many_queries_for_any_number_of_rows(
    client: Client, in_levis, path: str
) -> None:
    """At 1 row and at 3, once renditions and root paths are made."""
    costs = []
    for wanted in (1, 3):
        while Product.objects.count() < wanted:
            product = VariantFactory().product
            ProductPhotoFactory(product=product)
            OpeningHoursFactory(merchant=product.merchant)
        CampaignPage.objects.all().delete()
        rows = list(Product.objects.all())
        merchants = {"title": "Vitrines", "merchants": [row.merchant for row in rows], "size": "4"}
        make_campaign(in_levis, slug="noel", body=[shelf(*rows), ("merchant_shelf", merchants)])
        client.get(path, **LEVIS)
        with CaptureQueriesContext(connection) as counted:
            assert client.get(path, **LEVIS).status_code == 200
        costs.append(len(counted))
    assert costs[0] == costs[1] <= 15


@pytest.mark.parametrize("color", CampaignColor.values)
def test_words_of_a_campaign_read_on_its_colour(color: str) -> None:
    css = Path(settings.BASE_DIR, "static/css/components/campaign_band.css").read_text()
    found = re.search(rf"\.campaign-{color} {{ --campaign: (#\w{{6}}); --campaign-ink: (#\w{{6}})", css)
    assert found is not None
    assert contrast(*found.groups()) >= 4.5


@pytest.mark.parametrize("icon", CampaignIcon.values)
def test_sign_of_a_campaign_is_in_the_sprite(icon: str) -> None:
    assert f'id="{icon}"' in Path(settings.BASE_DIR, "static/icons/sprite.svg").read_text()


@pytest.mark.parametrize(
    "query", ["budget=%00&age=%FF&secteur=zzz&categorie=<b>&avant=2026-13-45&page=x", "page=99"]
)
def test_nonsense_in_the_address_of_gifts_breaks_nothing(client: Client, in_levis, query: str) -> None:
    VariantFactory()
    assert "<b>" not in html_of(client, f"/cadeaux/?{query}").split("<main", 1)[1].split("</form>")[0]
