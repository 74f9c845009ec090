"""How far shops are: in SQL as on the ground, nearest first, by an index."""

import math

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from directory.distances import distance_in_words, kilometres
from directory.models import Merchant
from directory.near import Spot, by_distance, nearest
from tests.factories import MerchantFactory

LEVIS = Spot("vous", 46.807, -71.178)
PLACES = {"Charny": (46.718, -71.262), "Pintendre": (46.756, -71.134), "Saint-Nicolas": (46.69, -71.389)}


def great_circle(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Kilometres, by the haversine."""
    la, lo, to_la, to_lo = map(math.radians, (*a, *b))
    half = math.sin((to_la - la) / 2) ** 2 + math.cos(la) * math.cos(to_la) * math.sin((to_lo - lo) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(half))


def test_sql_tells_the_kilometres_of_the_ground_nearest_first(in_levis) -> None:
    for name, (latitude, longitude) in PLACES.items():
        MerchantFactory(name=name, latitude=latitude, longitude=longitude)
    MerchantFactory(name="Nulle part")
    *placed, nowhere = nearest(Merchant.objects.all(), LEVIS, timezone.now(), start=0, stop=9)
    assert [merchant.name for merchant in placed] == ["Pintendre", "Charny", "Saint-Nicolas"]
    assert (nowhere.name, nowhere.distance) == ("Nulle part", None)
    for merchant in placed:
        truth = great_circle((LEVIS.latitude, LEVIS.longitude), (merchant.latitude, merchant.longitude))
        assert merchant.distance == pytest.approx(truth, rel=0.005)


@pytest.mark.parametrize("latitude", [90, -90, 89.9999])
def test_the_poles_are_places_too(in_levis, latitude: float) -> None:
    MerchantFactory(latitude=latitude, longitude=180)
    assert by_distance(Merchant.objects.all(), Spot("vous", latitude, -180))[0].way >= 0


def test_the_nearest_are_found_by_the_index(in_levis) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = by_distance(Merchant.objects.all(), LEVIS)[:24].explain()
    assert "Index Scan using merchant_by_place" in plan


@given(st.floats(46, 47), st.floats(-72, -70), st.floats(46, 47), st.floats(-72, -70))
def test_near_enough_in_python_too(latitude: float, longitude: float, to_la: float, to_lo: float) -> None:
    truth = great_circle((latitude, longitude), (to_la, to_lo))
    assert kilometres(latitude, longitude, to_la, to_lo) == pytest.approx(truth, rel=0.002, abs=0.001)


@pytest.mark.parametrize(
    ("km", "words"),
    [
        (0, "50 m"),
        (0.12, "100 m"),
        (0.96, "950 m"),
        (0.99, "1,0 km"),
        (1.24, "1,2 km"),
        (9.97, "10 km"),
        (23.6, "24 km"),
        (99.9, "100 km"),
        (101, "plus de 100 km"),
        (math.inf, "plus de 100 km"),
    ],
)
def test_distance_in_words(km: float, words: str) -> None:
    assert distance_in_words(km).replace("\u00a0", " ") == words
