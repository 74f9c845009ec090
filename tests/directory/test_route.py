"""« Ma tournée »: shops in the order of the way, with what one needs in the street, and nothing of another town."""

import datetime as dt
from itertools import pairwise
from random import Random

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from directory.distances import kilometres
from directory.hours import ZONE
from directory.models import Merchant
from directory.near import Spot
from directory.route import Route, route_of
from home.tenancy import portal_scope
from tests.factories import MerchantFactory, OpeningHoursFactory, SectorFactory, make_merchant_page

MONDAY_NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=ZONE)
START = Spot("vous", 46.8, -71.2)


def at(name: str, latitude: float | None, longitude: float | None = -71.2) -> Merchant:
    place = {"latitude": latitude, "longitude": longitude if latitude is not None else None}
    return Merchant(name=name, **place)


def names(route: Route) -> list[str]:
    return [stop.merchant.name for stop in route.stops]


def test_a_round_goes_from_each_to_the_nearest_that_is_left() -> None:
    route = route_of(
        [at("Loin", 46.83), at("Près", 46.801), at("Nulle part", None), at("Entre", 46.81)], START
    )
    assert names(route) == ["Près", "Entre", "Loin", "Nulle part"]
    assert route.km == pytest.approx(kilometres(46.8, -71.2, 46.83, -71.2))
    assert [stop.km is None for stop in route.stops] == [False, False, False, True]


def test_without_a_start_it_begins_at_an_end() -> None:
    route = route_of([at("Milieu", 46.81), at("Sud", 46.8), at("Nord", 46.82)], None)
    assert names(route) in (["Sud", "Milieu", "Nord"], ["Nord", "Milieu", "Sud"])
    assert route.stops[0].km is None


def test_every_shop_once_and_never_longer_than_as_chosen() -> None:
    chance = Random(6)
    for count in (0, 1, 2, 5, 12):
        places = [(46.7 + chance.random() / 10, -71.3 + chance.random() / 5) for _n in range(count)]
        chosen = [at(str(n), *place) for n, place in enumerate(places)]
        route = route_of(chosen, START)
        assert sorted(names(route)) == sorted(merchant.name for merchant in chosen)
        as_chosen = [(START.latitude, START.longitude), *places]
        assert route.km <= sum(kilometres(*one, *other) for one, other in pairwise(as_chosen)) + 1e-9


def test_shops_in_one_house_are_a_round_of_no_length() -> None:
    assert route_of([at("A", 46.8), at("B", 46.8)], None).km == 0


# ------------------------------------------------------------------------------------------------------------ the page


@pytest.fixture
def shops(levis: Site) -> list[Merchant]:
    with portal_scope(levis):
        sector = SectorFactory(slug="charny", name="Charny", latitude=46.718, longitude=-71.262)
        rows = []
        for n, name in enumerate(("Roy", "Lauzon", "Bégin")):
            merchant = MerchantFactory(
                name=name, slug=name.lower().replace("é", "e"), sector=sector, phone="+14185550123",
                street_address=f"{n + 1}, rue du Pont", city="Lévis", postal_code="G6X 1A1",
                latitude=46.72 + n / 100, longitude=-71.262,
            )  # fmt: skip
            make_merchant_page(merchant)
            OpeningHoursFactory(merchant=merchant)
            rows.append(merchant)
    return rows


def get(client: Client, query: str) -> str:
    with time_machine.travel(MONDAY_NOON, tick=False):
        answer = client.get(f"/tournee/?{query}", headers={"host": "localhost"})
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def test_the_page_tells_what_one_needs_in_the_street(client: Client, shops: list[Merchant]) -> None:
    html = get(client, "pres=charny&commerce=begin&commerce=roy")
    assert html.index('id="c-roy"') < html.index('id="c-begin"')
    assert 'id="c-lauzon"' not in html
    for words in ("2 arrêts", "environ 2,4 km à vol d’oiseau", "en partant de Charny", "1, rue du Pont, Lévis",
                  "G6X 1A1", "9 h à 17 h 30", "418 555-0123", "2,2 km plus loin"):  # fmt: skip
        assert words in html
    assert "/tournee/?code" not in html
    assert "vue=tournee&amp;commerce=roy&amp;commerce=begin" in html


def test_without_a_choice_it_is_the_first_of_the_list(client: Client, shops: list[Merchant]) -> None:
    html = get(client, "secteur=charny&pres=charny")
    assert [html.index(f'id="c-{slug}"') for slug in ("roy", "lauzon", "begin")] == sorted(
        html.index(f'id="c-{slug}"') for slug in ("roy", "lauzon", "begin")
    )


def test_a_round_has_twelve_shops_at_most(client: Client, levis: Site) -> None:
    with portal_scope(levis):
        for _n in range(14):
            make_merchant_page(MerchantFactory())
    assert get(client, "").count('class="route-stop ') == 12


def test_a_strangers_and_a_hidden_shop_are_in_no_round(
    client: Client, shops: list[Merchant], bellechasse: Site
) -> None:
    with portal_scope(bellechasse):
        make_merchant_page(MerchantFactory(name="Épicerie étrangère", slug="etrangere"))
    Merchant._base_manager.filter(slug="roy").update(suspended_at=MONDAY_NOON)
    html = get(client, "commerce=etrangere&commerce=roy&commerce=zzz")
    assert "Aucun commerce dans cette tournée." in html
    assert "étrangère" not in html


@pytest.mark.parametrize(
    "query",
    ["pres=NaN,NaN", "pres=inf,0", "commerce=%00", "commerce=" + "a" * 5000, "code=%27&pres=code", "q=%00"],
)
def test_nonsense_is_answered(client: Client, shops: list[Merchant], query: str) -> None:
    assert "<h1>Ma tournée</h1>" in get(client, query)


def test_the_page_has_the_same_queries_for_any_number_of_stops(client: Client, shops: list[Merchant]) -> None:
    get(client, "pres=charny")
    counts = []
    for query in ("commerce=roy", "commerce=roy&commerce=begin&commerce=lauzon"):
        with CaptureQueriesContext(connection) as counted:
            get(client, f"pres=charny&{query}")
        counts.append(len(counted))
    assert counts == [counts[0]] * 2
    assert counts[0] <= 12
