"""The demo's campaign: one Noël, which runs on the day the town is made."""

import datetime as dt

from django.core.cache import cache
from django.test import Client
from wagtail.models import Site

from editorial.campaigns import town_today
from editorial.models import CampaignPage
from portal.demo.loading import campaigns
from shop.models import Product
from tests.factories import CategoryFactory, VariantFactory, make_seller


def test_the_season_is_opened_once_and_runs_today(in_levis: Site) -> None:
    food = CategoryFactory(slug="alimentation")
    cheese = VariantFactory(
        product__title="Tomme", product__merchant=make_seller(category=food), price_cents=9_00
    )
    plush = VariantFactory(product__title="Béluga", product__slug="beluga-de-peluche")
    VariantFactory(product__title="Théière", product__slug="theiere-matante")
    merchants = {row.product.merchant.slug: row.product.merchant for row in (cheese, plush)}
    today = town_today()
    assert [campaigns.open_season(in_levis, merchants, today=today) for _time in range(2)] == [1, 0]
    page = CampaignPage.objects.get()
    assert [page.runs(today + dt.timedelta(days=days)) for days in (-5, -4, 31, 32)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert Product.objects.get(slug="beluga-de-peluche").suggested_max_age == 5
    cache.clear()
    html = Client(headers={"host": "localhost"}).get("/campagnes/noel/").content.decode()
    for said in ("Théière", "Sur la table du réveillon", "Tomme", "Marché de Noël du quai", "Pas d’idée?"):
        assert said in html
