"""How much a page may claim: one rule in Python and in SQL, one writer, plain words."""

import datetime as dt
import random

import pytest
from django.core.cache import cache
from wagtail.models import Site

from directory import still_true
from directory.hours import ZONE, HoursState, HoursStatus
from directory.models import Merchant
from directory.still_true import Periods, Standing, standing
from home.models import PortalSettings
from home.tenancy import portal_scope
from tests.factories import CategoryFactory, MerchantFactory, SectorFactory

NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=ZONE)
DAYS = Periods(*(dt.timedelta(days=n) for n in (7, 28, 56, 112, 365, 56)))
PLACES = [
    (True, 0, Standing.CURRENT),
    (True, 27, Standing.CURRENT),
    (True, 28, Standing.MARKED),
    (True, 55, Standing.MARKED),
    (True, 56, Standing.LOWERED),
    (True, 112, Standing.HIDDEN),
    (False, 112, Standing.LISTED),
    (False, 364, Standing.LISTED),
    (False, 365, Standing.HIDDEN),
]


def silent(days: float, *, is_claimed: bool = True, **fields) -> Merchant:
    claimed = NOW - dt.timedelta(days=days + 1) if is_claimed else None
    return Merchant(claimed_at=claimed, confirmed_at=NOW - dt.timedelta(days=days), **fields)


@pytest.mark.parametrize(("is_claimed", "days", "place"), PLACES)
def test_silence_marks_lowers_then_hides(is_claimed: bool, days: int, place: Standing) -> None:
    assert standing(silent(days, is_claimed=is_claimed), NOW, DAYS) is place


@pytest.fixture
def town(in_levis: Site) -> list[Merchant]:
    """Merchants whose silence is on a limit, just short of one, or anywhere."""
    PortalSettings.for_site(in_levis)
    fields = {"category": CategoryFactory(), "sector": SectorFactory()}
    chance = random.Random(24)
    edges = [0, 7, 28, 56, 112, 365, 400]
    silences = [edge - less for edge in edges for less in (0, 1e-6)] + [
        chance.uniform(0, 500) for _ in range(20)
    ]
    return [
        MerchantFactory(
            **fields,
            claimed_at=NOW - dt.timedelta(days=900) if is_claimed else None,
            confirmed_at=NOW - dt.timedelta(days=days),
        )
        for days in silences
        for is_claimed in (True, False)
    ]


def test_sql_says_what_python_says(town: list[Merchant]) -> None:
    places = {merchant.pk: standing(merchant, NOW) for merchant in town}
    rows = Merchant.objects.all()
    for place in Standing:
        found = set(rows.filter(still_true.standing_condition(place, NOW)).values_list("pk", flat=True))
        assert found == {pk for pk, stands in places.items() if stands is place}
    hidden = {pk for pk, place in places.items() if place is Standing.HIDDEN}
    low = {pk for pk, place in places.items() if place is Standing.LOWERED}
    assert set(rows.filter(still_true.vouched(NOW)).values_list("pk", flat=True)) == places.keys() - hidden
    assert (
        set(rows.filter(still_true.upright(NOW)).values_list("pk", flat=True)) == places.keys() - hidden - low
    )
    ranked = dict(rows.annotate(rank=still_true.lowered(NOW)).values_list("pk", "rank"))
    assert ranked == {pk: 2 if pk in hidden else 1 if pk in low else 0 for pk in places}


def test_each_portal_sets_its_own_periods(levis: Site, bellechasse: Site) -> None:
    PortalSettings.objects.filter(site=bellechasse).update(mark_after_days=10)
    with portal_scope(bellechasse):
        assert standing(silent(10), NOW) is Standing.MARKED
    with portal_scope(levis):
        assert standing(silent(10), NOW) is Standing.CURRENT


def test_confirming_counts_once_an_hour_and_never_turns_back(in_levis: Site) -> None:
    shop = MerchantFactory(claimed_at=NOW, confirmed_at=NOW - dt.timedelta(days=60))
    assert still_true.confirm(shop, now=NOW)
    assert shop.confirmed_at == NOW
    assert not still_true.confirm(shop, now=NOW + dt.timedelta(minutes=59))
    assert not still_true.confirm(shop, now=NOW - dt.timedelta(days=3))
    assert Merchant.objects.get().confirmed_at == NOW
    assert still_true.confirm(shop, now=NOW + dt.timedelta(hours=1))


@pytest.mark.parametrize(("days", "is_asked"), [(6.9, False), (7, True), (300, True)])
def test_owner_is_asked_after_a_week_of_silence(in_levis: Site, days: float, is_asked: bool) -> None:
    assert still_true.is_to_ask(silent(days), NOW) is is_asked
    assert not still_true.is_to_ask(silent(days, is_claimed=False), NOW)


OPEN = HoursStatus(HoursState.OPEN, "Ouvert jusqu’à 17 h")
TOLD = [
    (OPEN, Standing.CURRENT, OPEN),
    (OPEN, Standing.LISTED, OPEN),
    (OPEN, Standing.MARKED, HoursStatus(OPEN.state, OPEN.label, "heures à confirmer depuis le 24 octobre 2026")),
    (OPEN, Standing.LOWERED, HoursStatus(OPEN.state, OPEN.label, "heures à confirmer depuis le 24 octobre 2026")),
    (
        OPEN,
        Standing.HIDDEN,
        HoursStatus(HoursState.UNCONFIRMED, "Heures non confirmées depuis le 24 octobre 2026"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("status", "place", "told"), TOLD)
def test_words_say_since_when(status: HoursStatus, place: Standing, told: HoursStatus) -> None:
    assert still_true.told(status, silent(30), place) == told


@pytest.mark.parametrize("state", [HoursState.AWAY, HoursState.UNKNOWN])
def test_vacation_and_silence_about_hours_keep_their_own_words(state: HoursState) -> None:
    status = HoursStatus(state, "En vacances jusqu’au 12 août")
    assert still_true.told(status, silent(300), Standing.HIDDEN) == status


def test_periods_are_read_anew_once_forgotten(in_levis: Site) -> None:
    assert still_true.periods() == DAYS
    PortalSettings.objects.filter(site=in_levis).update(hide_after_days=200)
    assert still_true.periods() == DAYS
    cache.clear()
    assert still_true.periods().hide == dt.timedelta(days=200)
