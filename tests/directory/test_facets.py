"""What every filter promises is what following it shows: in any town, in any state of the directory."""

import datetime as dt
from collections.abc import Callable
from itertools import product
from random import Random
from typing import Any

import pytest
import time_machine
from django.http import QueryDict
from django.test import RequestFactory
from wagtail.models import Site

from directory.enums import Tier
from directory.filters import MAX_STOPS, Filters
from directory.hours import ZONE
from directory.listing import directory_context
from directory.models import DirectoryPage, Merchant
from home.tenancy import portal_scope
from shop.models import DeliveryZone
from tests.factories import (
    CategoryFactory,
    MerchantFactory,
    OpeningHoursFactory,
    SectorFactory,
    ShopFactory,
    make_merchant_page,
)

MONDAY_NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=ZONE)
CODE = "G6V 6C4"
Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(in_levis: Site) -> Ask:
    """The directory's context for a state of it, on Monday at noon."""
    page = DirectoryPage.objects.descendant_of(in_levis.root_page).get()

    def _ask(filters: Filters | str) -> dict[str, Any]:
        query = filters if isinstance(filters, str) else filters.querystring
        with time_machine.travel(MONDAY_NOON, tick=False):
            return directory_context(page, RequestFactory().get(f"/commerces/?{query}"))

    return _ask


def settle(chance: Random, count: int) -> None:
    """Shops of all kinds, some open, some that deliver, some without a place, some that nobody confirms."""
    sectors = [SectorFactory(slug=slug) for slug in ("charny", "lauzon")]
    categories = [CategoryFactory(slug=slug) for slug in ("pain", "auto")]
    for _n in range(count):
        latitude = chance.choice([None, 46.7 + chance.random() / 10])
        merchant = MerchantFactory(
            sector=chance.choice(sectors),
            category=chance.choice(categories),
            tier=chance.choice(Tier.values),
            latitude=latitude,
            longitude=None if latitude is None else -71.2,
            suspended_at=chance.choice([None, None, None, MONDAY_NOON]),
            confirmed_at=MONDAY_NOON - dt.timedelta(days=chance.choice([1, 1, 400])),
        )
        make_merchant_page(merchant)
        if chance.random() < 0.6:
            OpeningHoursFactory(merchant=merchant)
        if chance.random() < 0.6:
            deliver(merchant, chance.choice(["G6V", "G6V6C4", "G6X"]), is_active=chance.random() < 0.8)


def deliver(merchant: Merchant, prefix: str, **fields: Any) -> DeliveryZone:
    shop = ShopFactory(merchant=merchant)
    return DeliveryZone.objects.create(
        shop=shop, name="Zone", postal_prefixes=["H0H", prefix], fee_cents=500, **fields
    )


def states() -> list[Filters]:
    """Every way to combine the filters, one value each."""
    choices = {
        "category": ["", "pain"],
        "sector": ["", "charny"],
        "tier": ["", Tier.LINKED_SHOP],
        "open_now": [False, True],
        "sells_here": [False, True],
        "delivers": [False, True],
        "near": ["", "46.750,-71.200"],
    }
    return [
        Filters(**dict(zip(choices, state, strict=True)), code=CODE) for state in product(*choices.values())
    ]


def test_every_count_is_what_its_list_holds(ask: Ask) -> None:
    """In a random town: whatever combination is asked for, and whatever link is followed from there."""
    chance = Random(6)
    settle(chance, 22)
    shown = {state: context_of(ask, state) for state in states()}
    assert max(len(names) for names, _links in shown.values()) > 10
    for _names, links in chance.sample(sorted(shown.values(), key=repr), 12):
        for address, count in links:
            assert len(names_of(ask(address))) == count, address


def context_of(ask: Ask, state: Filters) -> tuple[list[str], list[tuple[str, int]]]:
    """Whom a state lists, once the total is proved; where its links lead, and how many each promises."""
    context = ask(state)
    names = names_of(context)
    assert len(names) == context["total"]
    links = [*context["switches"], *(facet for group in context["facets"].values() for facet in group)]
    assert all(facet.count == context["total"] for facet in links if facet.selected)
    promises = [*(facet for facet in links if not facet.selected), *context["ways_out"]]
    return names, [(facet.url.partition("?")[2], facet.count) for facet in promises]


def names_of(context: dict[str, Any]) -> list[str]:
    return [merchant.name for merchant in context["merchants"]]


# ---------------------------------------------------------------------------------------------------------- deliveries


def test_delivers_to_my_code_asks_the_shops_zones(ask: Ask) -> None:
    for name, prefix, fields in (
        ("Ici", "G6V", {}),
        ("Au bout de la rue", "G6V6C4", {}),
        ("Ailleurs", "G6X", {}),
        ("Plus maintenant", "G6V", {"is_active": False}),
    ):
        merchant = MerchantFactory(name=name, tier=Tier.TRANSACTIONAL)
        make_merchant_page(merchant)
        deliver(merchant, prefix, **fields)
    for name, fields, pause in (
        ("En pause", {"tier": Tier.TRANSACTIONAL}, MONDAY_NOON),
        ("Ne vend plus", {"tier": Tier.LISTING}, None),
    ):
        merchant = MerchantFactory(name=name, **fields)
        make_merchant_page(merchant)
        zone = deliver(merchant, "G6V")
        type(zone.shop).objects.filter(pk=zone.shop_id).update(paused_at=pause)
    context = ask("livre=1&code=g6v6c4")
    assert names_of(context) == ["Au bout de la rue", "Ici"]
    assert context["switches"][2].label == "Livre au G6V\u00a06C4"


def test_a_strangers_zone_delivers_nothing_here(ask: Ask, bellechasse: Site) -> None:
    with portal_scope(bellechasse):
        deliver(MerchantFactory(tier=Tier.TRANSACTIONAL), "G6V")
    assert ask("livre=1&code=G6V6C4")["total"] == 0


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("livre=1", "Écrivez votre code postal, comme G6V 6C4."),
        ("livre=1&code=G6V", "« G6V » n’est pas un code postal complet : écrivez-le comme G6V 6C4."),
        ("livre=1&code=90210", "« 90210 » n’est pas un code postal complet : écrivez-le comme G6V 6C4."),
        ("pres=code&code=%3Cb%3E", "« <b> » n’est pas un code postal complet : écrivez-le comme G6V 6C4."),
    ],
)
def test_what_is_no_code_is_told_and_leaves_nobody_out(ask: Ask, query: str, sentence: str) -> None:
    make_merchant_page(MerchantFactory(name="Commerce"))
    context = ask(query)
    assert context["place"]["error"].replace("\u00a0", " ") == sentence
    assert names_of(context) == ["Commerce"]


# ------------------------------------------------------------------------------------------------------------- near me


@pytest.fixture
def street(in_levis: Site) -> None:
    """Three shops on a line northwards, and one that is nowhere."""
    sector = SectorFactory(slug="levis", name="Lévis")
    for name, latitude in (("Loin", 46.83), ("Près", 46.801), ("Entre", 46.81)):
        place = {"latitude": latitude, "longitude": -71.2, "postal_code": "G6V 6C4"}
        make_merchant_page(MerchantFactory(name=name, **place, sector=sector))
    make_merchant_page(MerchantFactory(name="Nulle part"))


@pytest.mark.parametrize(
    "query", ["pres=46.8,-71.2", "pres=46.80004999,-71.20001", "ouvert=&pres=46.8,-71.2&page=1"]
)
def test_near_me_is_nearest_first(ask: Ask, street: None, query: str) -> None:
    context = ask(query)
    assert names_of(context) == ["Près", "Entre", "Loin", "Nulle part"]
    words = [merchant.distance_words.replace("\u00a0", " ") for merchant in context["merchants"]]
    assert words == ["100 m", "1,1 km", "3,3 km", ""]
    assert "46.800%2C-71.200" in context["query_without_page"]


def test_a_postal_sector_begins_in_the_middle_of_its_shops(ask: Ask, street: None) -> None:
    context = ask("pres=code&code=g6v")
    assert context["spot"].label == "secteur postal G6V"
    assert names_of(context)[0] == "Entre"


def test_a_sector_begins_where_the_portal_says_or_among_its_shops(ask: Ask, street: None) -> None:
    assert names_of(ask("pres=levis"))[0] == "Entre"
    SectorFactory(slug="nord", name="Nord", latitude=46.84, longitude=-71.2)
    context = ask("pres=nord")
    assert (context["spot"].label, names_of(context)[0]) == ("Nord", "Loin")


def test_whom_nobody_confirms_comes_after_the_nearest_and_the_farthest(ask: Ask, street: None) -> None:
    long_ago = MONDAY_NOON - dt.timedelta(days=400)
    Merchant.objects.filter(name="Près").update(confirmed_at=long_ago)
    assert names_of(ask("pres=46.8,-71.2")) == ["Entre", "Loin", "Nulle part", "Près"]
    assert names_of(ask("")) == ["Entre", "Loin", "Nulle part", "Près"]


def test_each_merchant_stands_on_one_page_of_those_near(ask: Ask, in_levis: Site) -> None:
    for n in range(30):
        old = dt.timedelta(days=400 if n % 5 == 0 else 1)
        place = {"latitude": 46.8 + n / 1000, "longitude": -71.2}
        make_merchant_page(MerchantFactory(name=f"{n:02d}", **place, confirmed_at=MONDAY_NOON - old))
    names = names_of(ask("pres=46.8,-71.2")) + names_of(ask("pres=46.8,-71.2&page=2"))
    assert names == sorted(names, key=lambda name: (int(name) % 5 == 0, name))
    assert len(set(names)) == 30


NOWHERE = [
    "NaN,NaN", "inf,-inf", "1e309,0", "91,0", "0,181", "-90.1,0", "46.8", "46.8;-71.2", "46.8,-71.2,3", "٤٦,٧١",
    "1" * 400, "a,b", "0x10,0", "46.8,-71.2é", "'--", "charny-d-ailleurs", "code2", "+46.8,71",
]  # fmt: skip


@pytest.mark.parametrize("where", NOWHERE, ids=lambda where: where[:12])
def test_what_is_no_place_is_told_and_the_list_stays_by_name(ask: Ask, street: None, where: str) -> None:
    query = QueryDict(mutable=True)
    query["pres"] = where
    context = ask(query.urlencode())
    assert (context["spot"], context["place"]["is_unknown"]) == (None, True)
    assert names_of(context) == ["Entre", "Loin", "Nulle part", "Près"]


@pytest.mark.parametrize("where", ["90,180", "-90,-180", "0,0", "-0,-0.0"])
def test_the_ends_of_the_earth_are_far(ask: Ask, street: None, where: str) -> None:
    words = {merchant.distance_words for merchant in ask(f"pres={where}")["merchants"]}
    assert words == {"plus de 100\u00a0km", ""}


def test_a_strangers_sector_is_no_place_here(ask: Ask, bellechasse: Site) -> None:
    with portal_scope(bellechasse):
        SectorFactory(slug="buckland", latitude=46.6, longitude=-70.5)
    assert ask("pres=buckland")["spot"] is None


# ----------------------------------------------------------------------------------------------------- the empty state


def test_nothing_found_says_which_filter_to_take_off_and_what_that_gives(ask: Ask) -> None:
    charny, pain = SectorFactory(slug="charny", name="Charny"), CategoryFactory(slug="pain", name="Pain")
    make_merchant_page(MerchantFactory(sector=charny))
    make_merchant_page(MerchantFactory(sector=charny))
    make_merchant_page(MerchantFactory(category=pain))
    assert ways_out(ask("categorie=pain&secteur=charny")) == [("Sans Pain", 2), ("Sans Charny", 1)]
    assert ways_out(ask("q=licorne&secteur=charny")) == [("Sans « licorne »", 2)]
    assert ways_out(ask("q=licorne")) == [("Sans « licorne »", 3)]
    assert ways_out(ask("secteur=charny")) == []


def test_where_no_one_filter_is_too_much_each_alone_is_offered(ask: Ask) -> None:
    make_merchant_page(MerchantFactory(sector=SectorFactory(slug="charny", name="Charny")))
    CategoryFactory(slug="pain", name="Pain")
    context = ask("categorie=pain&secteur=charny&q=licorne&vend=1")
    assert ways_out(context) == [("Seulement Charny", 1)]
    assert context["ways_out"][0].url == "/commerces/?secteur=charny"


def ways_out(context: dict[str, Any]) -> list[tuple[str, int]]:
    return [(way.label.replace("\u00a0", " "), way.count) for way in context["ways_out"]]


# ----------------------------------------------------------------------------------------------------------- an address


def test_an_address_is_read_and_written_alike() -> None:
    address = (
        "q=pain&categorie=pain&secteur=charny&option=listing&ouvert=1&vend=1&livre=1&code=G6V+6C4"
        "&pres=46.800%2C-71.200&vue=carte&commerce=roy&commerce=lauzon"
    )
    assert Filters.from_query(QueryDict(address)).querystring == address


def test_a_route_has_twelve_stops_each_once_and_no_nonsense() -> None:
    query = QueryDict(
        "&".join(
            [
                "commerce=a",
                "commerce=a",
                "commerce=%00",
                "commerce=<b>",
                *(f"commerce=s{n}" for n in range(40)),
            ]
        )
    )
    chosen = Filters.from_query(query).chosen
    assert chosen[:2] == ("a", "s0")
    assert len(set(chosen)) == len(chosen) == MAX_STOPS
