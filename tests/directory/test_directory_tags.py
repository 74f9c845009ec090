"""What the front page takes from the directory."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.http import HttpRequest
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext

from directory.hours import ZONE
from directory.town import groups_of_town
from home.tenancy import portal_scope
from tests.factories import (
    CategoryFactory,
    MerchantFactory,
    OpeningHoursFactory,
    SectorFactory,
    make_merchant_page,
)

NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def open_shop(**fields):
    merchant = MerchantFactory(**fields)
    make_merchant_page(merchant)
    for weekday in range(5):
        OpeningHoursFactory(merchant=merchant, weekday=weekday)
    return merchant


def test_index_lists_what_has_merchants_in_its_order(levis, bellechasse) -> None:
    with portal_scope(bellechasse):
        open_shop(category=CategoryFactory(slug="pain", sort_order=0))
    with portal_scope(levis):
        charny = SectorFactory(name="Charny", slug="charny", color="#112233")
        bread = CategoryFactory(name="Pain", slug="pain", icon="croissant", sort_order=2)
        cars = CategoryFactory(name="Autos", slug="autos", icon="car", sort_order=1)
        CategoryFactory(slug="vide")
        for category in (bread, bread, cars):
            open_shop(category=category, sector=charny)
        text = "{% load directory_tags %}{% directory_categories as c %}{% directory_sectors as s %}"
        context = Context({})
        Template(text).render(context)
    assert context["c"] == [
        {"name": "Autos", "slug": "autos", "icon": "car", "count": 1, "url": "/commerces/?categorie=autos"},
        {
            "name": "Pain",
            "slug": "pain",
            "icon": "croissant",
            "count": 2,
            "url": "/commerces/?categorie=pain",
        },
    ]
    assert context["s"] == [
        {
            "name": "Charny",
            "slug": "charny",
            "color": "#112233",
            "count": 3,
            "url": "/commerces/?secteur=charny",
        }
    ]


def test_masthead_without_a_portal_has_the_date_alone(db) -> None:
    context = Context({})
    Template("{% load directory_tags %}{% masthead as masthead %}").render(context)
    assert context["masthead"] == {"today": NOON.date(), "open_count": None}


def masthead(request: HttpRequest | None = None) -> int:
    context = Context({"request": request})
    Template("{% load directory_tags %}{% masthead as masthead %}").render(context)
    return context["masthead"]["open_count"]


def test_masthead_counts_once_a_minute_for_each_portal(levis, bellechasse) -> None:
    with portal_scope(levis):
        open_shop()
        assert masthead() == 1
        with CaptureQueriesContext(connection) as asked:
            open_shop()
            before = len(asked)
            assert masthead() == 1
        assert len(asked) == before
    with portal_scope(bellechasse):
        assert masthead() == 0
    with portal_scope(levis), time_machine.travel(NOON + dt.timedelta(seconds=61), tick=False):
        assert masthead() == 2


def test_masthead_says_what_its_own_page_has_counted(in_levis) -> None:
    open_shop()
    assert masthead() == 1
    open_shop()
    request = HttpRequest()
    groups_of_town(request)
    assert masthead(request) == 2
