"""What a merchant's page says of days to come, and what it tells machines."""

import datetime as dt
import json
import re

import pytest
import time_machine
from django.test import Client
from django.utils.translation import override

from directory.enums import Tier
from directory.hours import ZONE
from directory.models import Merchant, MerchantPage
from tests.factories import (
    ImageFactory,
    MerchantFactory,
    OpeningHoursFactory,
    SpecialHoursFactory,
    make_merchant_page,
)

NOON = dt.datetime(2026, 12, 14, 12, 0, tzinfo=ZONE)  # a Monday
LEVIS = {"headers": {"host": "localhost"}}


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def merchant(in_levis) -> Merchant:
    merchant = MerchantFactory(name="Boulangerie Roy", slug="roy")
    make_merchant_page(merchant)
    OpeningHoursFactory(merchant=merchant)
    return merchant


def context_of(merchant: Merchant, rf) -> dict:
    request = rf.get("/commerces/roy/", **LEVIS)
    return MerchantPage.objects.get(merchant=merchant).get_context(request)


def test_days_to_come_that_are_not_as_usual(merchant, rf) -> None:
    SpecialHoursFactory(merchant=merchant, date=dt.date(2026, 12, 24), opens=dt.time(9), closes=dt.time(15))
    SpecialHoursFactory(merchant=merchant, date=dt.date(2026, 12, 25), reason="Noël en famille")
    SpecialHoursFactory(merchant=merchant, date=dt.date(2026, 12, 1))  # gone by
    days = context_of(merchant, rf)["special_days"]
    assert [(day.label, day.closed, day.is_unconfirmed, day.reason) for day in days] == [
        ("jeudi 24 décembre", False, False, ""),
        ("vendredi 25 décembre", True, False, "Noël en famille"),
        ("vendredi 1er janvier", False, True, "Jour de l’an"),
    ]


def test_holiday_written_by_its_name_is_told_in_english_by_its_name(merchant, rf) -> None:
    for day, reason in ((24, "Inventaire"), (25, "Jour de Noël")):
        SpecialHoursFactory(merchant=merchant, date=dt.date(2026, 12, day), reason=reason)
    with override("en"):
        days = context_of(merchant, rf)["special_days"]
    assert [(day.label, day.reason) for day in days] == [
        ("Thursday, December 24", "Inventaire"),
        ("Friday, December 25", "Christmas Day"),
        ("Friday, January 1", "New Year’s Day"),
    ]


def test_merchant_without_hours_has_no_days_to_confirm(in_levis, rf) -> None:
    merchant = MerchantFactory()
    make_merchant_page(merchant)
    assert context_of(merchant, rf)["special_days"] == []


def test_unconfirmed_holiday_is_never_printed_as_closed(client: Client, merchant) -> None:
    OpeningHoursFactory(merchant=merchant, weekday=4)
    with time_machine.travel(dt.datetime(2026, 12, 23, 12, 0, tzinfo=ZONE), tick=False):
        html = client.get("/commerces/roy/", **LEVIS).content.decode()
    friday = re.search(r"<tr[^>]*><th[^>]*>Vendredi.*?</tr>", html, re.DOTALL).group(0)
    assert ("À confirmer" in friday, "Fermé" in friday) == (True, False)


def test_directions_are_to_the_place_or_none(merchant, rf) -> None:
    assert context_of(merchant, rf)["directions_url"] == ""
    merchant.latitude, merchant.longitude = 46.81, -71.178
    merchant.save()
    url = context_of(merchant, rf)["directions_url"]
    assert url == "https://www.openstreetmap.org/directions?to=46.810000,-71.178000"


def json_ld(client: Client) -> dict:
    """The merchant's own node of the page's graph."""
    html = client.get("/commerces/roy/", **LEVIS).content.decode()
    script = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL).group(1)
    return next(node for node in json.loads(script)["@graph"] if node["@id"].endswith("#commerce"))


def test_structured_data_says_what_is_known(client: Client, merchant) -> None:
    Merchant.objects.update(
        tier=Tier.TRANSACTIONAL,
        street_address="12, rue Saint-Laurent",
        postal_code="G6V 3P5",
        latitude=46.81,
        longitude=-71.178,
        phone="+14185550123",
        website_url="https://roy.example/",
    )
    OpeningHoursFactory(merchant=merchant, weekday=1)
    OpeningHoursFactory(merchant=merchant, weekday=4, opens=dt.time(17), closes=dt.time(2))
    SpecialHoursFactory(merchant=merchant, date=dt.date(2026, 12, 25))
    MerchantPage.objects.update(cover=ImageFactory(), intro="Du pain, du vrai.")
    said = json_ld(client)
    picture = said.pop("image")
    assert picture.startswith("http://localhost/media/portail-")
    assert said == {
        "@type": "Store",
        "@id": "http://localhost/commerces/roy/#commerce",
        "name": "Boulangerie Roy",
        "url": "http://localhost/commerces/roy/",
        "description": "Du pain, du vrai.",
        "telephone": "+14185550123",
        "address": {
            "@type": "PostalAddress",
            "streetAddress": "12, rue Saint-Laurent",
            "addressLocality": "Lévis",
            "addressRegion": "QC",
            "postalCode": "G6V 3P5",
            "addressCountry": "CA",
        },
        "geo": {"@type": "GeoCoordinates", "latitude": 46.81, "longitude": -71.178},
        "sameAs": ["https://roy.example/"],
        "openingHoursSpecification": [
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": ["https://schema.org/Monday", "https://schema.org/Tuesday"],
                "opens": "09:00",
                "closes": "17:30",
            },
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": ["https://schema.org/Friday"],
                "opens": "17:00",
                "closes": "02:00",
            },
        ],
        "specialOpeningHoursSpecification": [
            {
                "@type": "OpeningHoursSpecification",
                "validFrom": "2026-12-25",
                "validThrough": "2026-12-25",
                "opens": "00:00",
                "closes": "00:00",
            },
        ],
    }


def test_structured_data_of_a_bare_listing_has_no_empty_keys(client: Client, in_levis) -> None:
    bare = MerchantFactory(name="Garage", slug="roy", city="")
    make_merchant_page(bare)
    assert json_ld(client) == {
        "@type": "LocalBusiness",
        "@id": "http://localhost/commerces/roy/#commerce",
        "name": "Garage",
        "url": "http://localhost/commerces/roy/",
    }


def test_preview_shows_the_draft_even_of_a_suspended_merchant(client: Client, merchant, rf) -> None:
    merchant.suspended_at = NOON
    merchant.save()
    page = MerchantPage.objects.get(merchant=merchant)
    page.intro = "Brouillon"
    response = page.make_preview_request()
    assert response.status_code == 200
    assert "Brouillon" in response.render().content.decode()
