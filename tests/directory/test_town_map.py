"""The map says what the list says: a pin for each row, how many more stand where, and nobody from elsewhere."""

import itertools
import json
import math
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from directory.models import Merchant
from directory.near import Spot
from directory.town_map import TownMap, route_map, town_map
from directory.town_outlines import DRAWN, HEIGHT, WIDTH, around, geojson_of
from home.models import PortalSettings
from home.tenancy import portal_scope
from tests.factories import MerchantFactory, SectorFactory, make_merchant_page

TOWNS = Path(settings.BASE_DIR, "static", "towns")


# ---------------------------------------------------------------------------------------------------------- the outline


@pytest.mark.parametrize("town", DRAWN)
def test_the_outline_that_is_shipped_is_the_drawing(town: str) -> None:
    shipped = json.loads((TOWNS / f"{town}.geojson").read_text())
    assert shipped == geojson_of((TOWNS / f"{town}.svg").read_text(), DRAWN[town])


@pytest.mark.parametrize("town", DRAWN)
def test_each_sectors_middle_lies_in_its_own_shape(town: str) -> None:
    outline = json.loads((TOWNS / f"{town}.geojson").read_text())
    shapes = {f["properties"].get("sector"): f["geometry"]["coordinates"] for f in outline["features"]}
    plan = tomllib.loads(Path(settings.BASE_DIR, "portal/demo/content", town, "town.toml").read_text())
    for sector in plan["sectors"]:
        place = sector["longitude"], sector["latitude"]
        assert any(holds(part[0], *place) for part in shapes[sector["slug"]]), sector["slug"]


def holds(ring: list[list[float]], x: float, y: float) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in itertools.pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def test_a_projection_goes_there_and_back() -> None:
    for projection in (*DRAWN.values(), around(46.5, -71.0, 46.9, -70.2), around(46.8, -71.2, 46.8, -71.2)):
        assert projection.place(*projection.point(46.75, -71.2)) == pytest.approx((46.75, -71.2))
    assert around(46.5, -71.0, 46.9, -70.2).point(46.7, -70.6) == pytest.approx((WIDTH / 2, HEIGHT / 2))


# -------------------------------------------------------------------------------------------------- pins and the others


def drawn(listed: list[Merchant], shape: str, **how: Any) -> TownMap:
    for number, merchant in enumerate(listed, 1):
        merchant.number = number
    total = Merchant.objects.count()
    return town_map(
        Merchant.objects.all(), listed, shape=shape, total=total, **{"spot": None, "is_close": False} | how
    )


@pytest.mark.parametrize("shape", ["levis", "generic"])
def test_everybody_is_a_pin_in_a_group_or_told_missing(in_levis: Site, shape: str) -> None:
    chance = Random(1)
    for _n in range(40):
        MerchantFactory(latitude=46.68 + chance.random() / 10, longitude=-71.35 + chance.random() / 5)
    MerchantFactory()
    listed = list(Merchant.objects.order_by("pk")[:5])
    plan = drawn(listed, shape)
    assert [pin.merchant for pin in plan.pins] == listed
    assert len(plan.pins) + sum(group.count for group in plan.groups) == 40
    assert plan.missing == 1
    assert len(plan.groups) < 30
    signs = [(sign.x, sign.y) for sign in (*plan.pins, *plan.groups)]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in signs)
    assert min(math.dist(a, b) for n, a in enumerate(signs) for b in signs[:n]) > 15


def test_shops_in_one_house_stand_side_by_side(in_levis: Site) -> None:
    listed = [MerchantFactory(latitude=46.75, longitude=-71.2) for _n in range(24)]
    plan = drawn(listed, "levis")
    signs = [(pin.x, pin.y) for pin in plan.pins]
    assert min(math.dist(a, b) for n, a in enumerate(signs) for b in signs[:n]) > 15
    assert len({pin.at for pin in plan.pins}) == 1


def test_who_stands_in_another_country_is_missing_from_a_drawn_town(in_levis: Site) -> None:
    plan = drawn(
        [MerchantFactory(latitude=48.85, longitude=2.35), MerchantFactory(latitude=46.75, longitude=-71.2)],
        "levis",
    )
    assert [pin.number for pin in plan.pins] == [2]
    assert plan.missing == 1


def test_a_town_without_any_place_is_a_map_of_nothing(in_levis: Site) -> None:
    plan = drawn([MerchantFactory()], "generic", spot=Spot("vous", 46.8, -71.2))
    assert (plan.shape, list(plan.pins), list(plan.groups), plan.missing) == ("", [], [], 1)
    assert route_map([], shape="generic", start=None).missing == 0


def test_near_me_the_map_comes_close_and_holds_every_pin(in_levis: Site) -> None:
    listed = [MerchantFactory(latitude=46.8 + n / 1000, longitude=-71.18) for n in range(5)]
    plan = drawn(listed, "levis", spot=Spot("vous", 46.802, -71.179), is_close=True)
    frame = plan.frame
    assert frame.width < WIDTH / 4
    for x, y in (*(pin.at for pin in plan.pins), plan.start or (0, 0)):
        assert frame.x <= x <= frame.x + frame.width
        assert frame.y <= y <= frame.y + frame.height


# ------------------------------------------------------------------------------------------------------------- the page


class Anchors(HTMLParser):
    """What one can follow inside the map, and where it leads; every id of the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[dict[str, str | None]] = []
        self.ids: set[str | None] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids.add(found.get("id"))
        if tag == "a":
            self.links.append(found)


@pytest.fixture
def shown(levis: Site) -> None:
    with portal_scope(levis):
        PortalSettings.objects.update_or_create(site=levis, defaults={"town_shape": "levis"})
        sector = SectorFactory(slug="charny", name="Charny")
        for n in range(26):
            make_merchant_page(
                MerchantFactory(
                    name=f"Shop {n:02d}", sector=sector, latitude=46.72 + n / 1000, longitude=-71.26
                )
            )
        make_merchant_page(MerchantFactory(name="Nulle part", sector=sector))


def test_each_pin_leads_to_its_row_and_back_without_a_script(client: Client, shown: None) -> None:
    page = Anchors(client.get("/commerces/?vue=carte", headers={"host": "localhost"}).content.decode())
    pins = [link for link in page.links if "data-pin" in link]
    back = [link for link in page.links if link.get("class") == "merchant-row-number"]
    groups = [link for link in page.links if link.get("class") == "town-plan-group"]
    assert len(pins) == len(back) == 23  # twenty-four rows, one of them nowhere
    assert all(
        link["aria-label"] and str(link["href"]).removeprefix("#") in page.ids for link in (*pins, *back)
    )
    assert sum(int(str(link["aria-label"]).split()[0]) for link in groups) == 3
    assert all("pres=46.7" in str(link["href"]) and "vue=carte" in str(link["href"]) for link in groups)


def test_the_list_alone_carries_neither_map_nor_its_scripts(client: Client, shown: None) -> None:
    html = client.get("/commerces/", headers={"host": "localhost"}).content.decode()
    assert "leaflet" not in html
    assert "town_plan" not in html
    assert "near.js" in html


@pytest.mark.parametrize("view", ["carte", "tournee", "carte&pres=46.75,-71.2&code=G6V6C4"])
def test_the_views_have_the_same_queries_for_any_number_of_rows(
    client: Client, levis: Site, view: str
) -> None:
    counts = []
    for rows in (1, 3, 24):
        with portal_scope(levis):
            while Merchant.objects.count() < rows:
                make_merchant_page(MerchantFactory(latitude=46.75, longitude=-71.2))
        address = f"/commerces/?vue={view}"
        client.get(address, headers={"host": "localhost"})  # what is counted once a minute
        with CaptureQueriesContext(connection) as counted:
            html = client.get(address, headers={"host": "localhost"}).content.decode()
        assert html.count('class="merchant-row ') == rows
        counts.append(len(counted))
    assert len(set(counts)) == 1
    assert counts[0] <= 15


def test_tiles_are_nobodys_business_until_the_operator_wants_some(
    client: Client, shown: None, settings: Any
) -> None:
    html = client.get("/commerces/?vue=carte", headers={"host": "localhost"}).content.decode()
    assert "data-tiles" not in html
    settings.MAP_TILES_URL, settings.MAP_TILES_ATTRIBUTION = "https://tiles.test/{z}/{x}/{y}.png", "© Tuiles"
    html = client.get("/commerces/?vue=carte", headers={"host": "localhost"}).content.decode()
    assert 'data-tiles="https://tiles.test/{z}/{x}/{y}.png" data-tiles-from="© Tuiles"' in html
