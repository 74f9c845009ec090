"""Campaigns between their days, the front page's slots, and the gift finder: only what one can have now."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from directory.hours import ZONE
from editorial.models import CampaignIndexPage, CampaignPage, FrontProduct
from home.models import HomePage
from home.tenancy import portal_scope
from tests.factories import VariantFactory, make_page

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
