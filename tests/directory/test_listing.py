"""The directory: its address says everything, nonsense is harmless, nobody pays for a place."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.http import QueryDict
from django.test import RequestFactory
from wagtail.models import Site

from directory.enums import Tier
from directory.facets import Facet
from directory.filters import Filters
from directory.hours import ZONE
from directory.listing import directory_context
from directory.models import DirectoryPage, Merchant
from directory.search import search_words
from directory.searching.refreshing import refresh_all
from home.tenancy import portal_scope
from tests.factories import (
    CategoryFactory,
    ImageFactory,
    MerchantFactory,
    OpeningHoursFactory,
    SectorFactory,
    make_merchant_page,
)

MONDAY_NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=ZONE)


def shown(**fields: Any) -> Merchant:
    merchant = MerchantFactory(**fields)
    make_merchant_page(merchant)
    return merchant


@pytest.fixture
def ask(in_levis: Site) -> Callable[[str], dict[str, Any]]:
    """The directory's context for a query string, on Monday at noon."""
    page = DirectoryPage.objects.descendant_of(in_levis.root_page).get()

    def _ask(query: str = "") -> dict[str, Any]:
        if "q=" in query:
            refresh_all()
        with time_machine.travel(MONDAY_NOON, tick=False):
            return directory_context(page, RequestFactory().get(f"/commerces/?{query}"))

    return _ask


def names(context: dict[str, Any]) -> list[str]:
    return [merchant.name for merchant in context["merchants"]]


def facet(facets: list[Facet], value: str) -> Facet:
    return next(facet for facet in facets if facet.value == value)


def test_merchants_stand_by_name_whatever_their_tier(ask) -> None:
    for name, tier in (
        ("Zéphyr", Tier.TRANSACTIONAL),
        ("Éclair", Tier.LISTING),
        ("abeille", Tier.LINKED_SHOP),
    ):
        shown(name=name, tier=tier)
    assert names(ask()) == ["abeille", "Éclair", "Zéphyr"]


@pytest.mark.parametrize(
    "query",
    ["levis", "Lévis", "LEVIS", "boulangerie", "boulangeries", "pain", "charny", "la boulangerie charny"],
)
def test_search_forgives_accents_case_and_plurals(ask, query: str) -> None:
    shown(
        name="La Boulangerie de Lévis",
        keywords="pains, brioches",
        sector=SectorFactory(name="Charny"),
        category=CategoryFactory(name="Alimentation"),
    )
    shown(name="Garage Roy", city="")
    assert names(ask(f"q={query}")) == ["La Boulangerie de Lévis"]


def test_every_word_must_be_found(ask) -> None:
    shown(name="Boulangerie Roy")
    shown(name="Garage Roy")
    assert names(ask("q=garage+roy")) == ["Garage Roy"]
    assert names(ask("q=garage+boulangerie")) == []


def test_signs_of_sql_are_plain_letters(ask) -> None:
    shown(name="Cent pour cent")
    assert names(ask("q=%25")) == []
    assert names(ask("q=_ent")) == []


def test_elided_article_is_not_searched() -> None:
    assert search_words("l’épicerie d'Émile") == ["epicerie", "emile"]


def test_filters_join(ask) -> None:
    charny, bakery = SectorFactory(slug="charny"), CategoryFactory(slug="pain")
    shown(name="Ici", sector=charny, category=bakery, tier=Tier.TRANSACTIONAL)
    shown(name="Pas du métier", sector=charny)
    shown(name="Pas du coin", category=bakery)
    assert names(ask("secteur=charny&categorie=pain")) == ["Ici"]
    assert names(ask("secteur=charny&vend=1")) == ["Ici"]
    assert names(ask("secteur=charny&option=listing")) == ["Pas du métier"]


def test_open_now_asks_the_hours(ask) -> None:
    open_one = shown(name="Ouvert")
    OpeningHoursFactory(merchant=open_one)
    shown(name="Sans horaire")
    context = ask("ouvert=1")
    assert names(context) == ["Ouvert"]
    assert context["merchants"][0].hours_status.label.replace("\u00a0", " ") == "Ouvert jusqu’à 17 h 30"


@pytest.mark.parametrize("hidden", ["suspended_at", "removed_at"])
def test_hidden_merchants_are_in_no_list_and_no_count(ask, hidden: str) -> None:
    shown(name="Caché", **{hidden: MONDAY_NOON})
    MerchantFactory(name="Sans page")
    context = ask()
    assert (names(context), context["total"], context["facets"]["categories"]) == ([], 0, [])


def test_strangers_merchants_are_in_no_list_and_no_count(ask, levis, bellechasse) -> None:
    with portal_scope(bellechasse):
        stranger = shown(name="Épicerie étrangère", sector=SectorFactory(slug="charny"))
    shown(name="D’ici", sector=SectorFactory(slug="charny"))
    for query in ("", "q=epicerie", "secteur=charny", f"categorie={stranger.category.slug}"):
        assert "Épicerie étrangère" not in names(ask(query))
    assert ask()["total"] == 1
    assert facet(ask()["facets"]["sectors"], "charny").count == 1
    assert stranger.category.slug not in [f.value for f in ask()["facets"]["categories"]]


def test_facets_count_what_following_them_shows(ask) -> None:
    charny, lauzon = SectorFactory(slug="charny", name="Charny"), SectorFactory(slug="lauzon", name="Lauzon")
    pain, auto = CategoryFactory(slug="pain"), CategoryFactory(slug="auto")
    for sector, category, tier in (
        (charny, pain, Tier.LISTING),
        (charny, pain, Tier.TRANSACTIONAL),
        (charny, auto, Tier.LISTING),
        (lauzon, pain, Tier.LISTING),
    ):
        shown(sector=sector, category=category, tier=tier)
    context = ask("secteur=charny")
    assert {f.value: f.count for f in context["facets"]["sectors"]} == {"charny": 3, "lauzon": 1}
    assert {f.value: f.count for f in context["facets"]["categories"]} == {"pain": 2, "auto": 1}
    assert {f.value: f.count for f in context["facets"]["tiers"]} == {"listing": 2, "transactional": 1}
    assert [switch.count for switch in context["switches"]] == [0, 1]
    for group in context["facets"].values():
        for link in group:
            if not link.selected:
                assert ask(link.url.partition("?")[2])["total"] == link.count


def test_facet_links_turn_on_and_off(ask) -> None:
    shown(sector=SectorFactory(slug="charny"))
    off = facet(ask("q=commerce&page=3")["facets"]["sectors"], "charny")
    assert (off.selected, off.url) == (False, "/commerces/?q=commerce&secteur=charny")
    on = facet(ask("secteur=charny")["facets"]["sectors"], "charny")
    assert (on.selected, on.url) == (True, "/commerces/")


def test_selected_facet_stays_when_it_shows_nothing(ask) -> None:
    SectorFactory(slug="charny", name="Charny")
    shown(name="Ailleurs")
    chosen = facet(ask("secteur=charny")["facets"]["sectors"], "charny")
    assert (chosen.label, chosen.count, chosen.selected) == ("Charny", 0, True)


NONSENSE = [
    "page=abc",
    "page=0",
    "page=-1",
    "page=9999",
    "page=1e3",
    "page=%00",
    "q=%00",
    "q=" + "a" * 10_000,
    "q=" + "a+" * 500,
    "q=%F0%9F%A5%96",
    "q=%ff%fe",
    "categorie=zzz",
    "categorie=%00",
    "secteur='--",
    "option=gold",
    "ouvert=oui&vend=non",
    "categorie=a&categorie=b",
    "q[]=x&page[]=2",
]


@pytest.mark.parametrize("query", NONSENSE, ids=lambda query: query[:20])
def test_nonsense_is_an_empty_list_or_page_one(ask, query: str) -> None:
    shown(name="Boulangerie")
    context = ask(query)
    assert context["merchants"].number == 1
    assert names(context) in ([], ["Boulangerie"])


def test_pages_of_twenty_four(ask) -> None:
    for n in range(25):
        shown(name=f"Commerce {n:02d}")
    assert (len(ask()["merchants"]), ask()["total"]) == (24, 25)
    assert names(ask("page=2")) == ["Commerce 24"]
    assert ask("q=commerce&vend=&page=2")["query_without_page"] == "q=commerce"


def test_filters_read_and_write_the_same_address() -> None:
    address = "q=pain&categorie=pain&secteur=charny&option=listing&ouvert=1&vend=1"
    assert Filters.from_query(QueryDict(address)).querystring == address


@pytest.mark.parametrize("rows", [1, 3, 24])
def test_number_of_queries_is_the_same_for_any_number_of_rows(
    ask, rows, media, django_assert_num_queries
) -> None:
    for _ in range(rows):
        merchant = MerchantFactory()
        make_merchant_page(merchant, cover=ImageFactory())
        OpeningHoursFactory(merchant=merchant)
    ask()  # Wagtail keeps root paths in the cache
    with django_assert_num_queries(6):
        for merchant in ask()["merchants"]:
            assert all((merchant.category.name, merchant.sector.name, merchant.hours_status.label))
            assert merchant.page_url == f"/commerces/{merchant.slug}/"
            assert list(merchant.photo.prefetched_renditions) == []
