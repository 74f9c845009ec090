"""/recherche/ and its suggestions: whatever is typed, for everybody alike, of this portal alone."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.models import Merchant
from directory.searching.refreshing import refresh_all
from home.tenancy import portal_scope
from portal.search_page.results import MOST_SHOWN
from tests.editorial.test_stories import make_story
from tests.factories import ImageFactory, ProductFactory, VariantFactory, make_seller
from tests.portal.towns import Town

RESULTS, SUGGESTIONS = "/recherche/", "/recherche/suggestions/"


def read(town: Town, q: str, path: str = RESULTS) -> str:
    answer = town.visitor().get(path, {"q": q})
    assert answer.status_code == 200
    return answer.content.decode()


def test_one_page_over_merchants_products_and_stories(here: Town) -> None:
    refresh_all()
    html = read(here, here.canary)
    for title in ("Commerce", "Produit", "Histoire"):
        assert f">{title} {here.canary}</a>" in html
    assert '<meta name="robots" content="noindex, follow">' in html
    assert f'value="{here.canary}"' in html


def test_nothing_found_says_so_and_gives_a_person_to_call(here: Town) -> None:
    html = read(here, "licorne")
    assert "Rien pour «\u00a0licorne\u00a0»." in html
    assert f"Personne {here.canary}" in html
    assert 'href="tel:+14185550100"' in html


def test_nothing_typed_shows_where_to_begin(here: Town) -> None:
    assert f"Catégorie {here.canary}" in read(here, "")


@pytest.mark.parametrize("path", [RESULTS, SUGGESTIONS])
def test_another_portals_things_are_never_found(here: Town, there: Town, path: str) -> None:
    refresh_all()
    html = read(here, there.canary, path)
    assert not any(f"{kind} {there.canary}" in html for kind in ("Commerce", "Produit", "Histoire"))
    assert there.canary not in read(here, there.canary[:-1], path).replace(f'value="{there.canary[:-1]}"', "")
    assert f"Commerce {there.canary}" in read(there, there.canary, path)


def test_what_may_not_be_seen_is_not_found_while_its_entry_is_stale(here: Town) -> None:
    refresh_all()
    with portal_scope(here.site):
        Merchant.objects.filter(pk=here.merchant.pk).update(suspended_at=timezone.now())
        here.story.unpublish()
    for path in (RESULTS, SUGGESTIONS):
        html = read(here, here.canary, path)
        assert not any(f"{kind} {here.canary}" in html for kind in ("Commerce", "Produit", "Histoire"))


ATTACKS = {
    "quotes": "' OR 1=1 -- \"; DROP TABLE directory_searchentry;",
    "operators": "a & | ! ( ) <-> :* fromage:*A & !",
    "nul": "fro\x00mage",
    "emoji": "🥖🧀 👩‍👩‍👧",
    "punctuation": "??? … « » --- ''",
    "stop words": "le la les de du",
    "percent": "%_%",
    "long": "é" * 10_000,
    "many": "mot " * 3_000,
    "combining": "e\u0301\u0301\u0301picerie\u202e",
    "backslash": "\\ \\' \\x00",
    "times": "ouvert ouvert ouvert",
    "digits": "1" * 39,
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_whatever_is_typed_is_answered(here: Town, attack: str) -> None:
    refresh_all()
    for path in (RESULTS, SUGGESTIONS, "/commerces/", "/boutique/"):
        read(here, ATTACKS[attack], path)


def test_what_was_typed_comes_back_escaped(here: Town) -> None:
    for path in (RESULTS, SUGGESTIONS):
        assert "<script>alert" not in read(here, '"><script>alert(1)</script>', path)


def test_suggestions_are_the_same_for_everybody_and_kept(here: Town) -> None:
    refresh_all()
    with CaptureQueriesContext(connection) as counted:
        answer = here.signed_in(here.owner).get(SUGGESTIONS, {"q": f"commerce {here.canary[:5]}"})
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert f"Commerce {here.canary}" in answer.content.decode()
    assert len([q for q in counted if "directory_search" in q["sql"]]) == 2


def test_all_stories_are_a_tap_away(here: Town) -> None:
    with portal_scope(here.site):
        for number in range(MOST_SHOWN + 1):
            make_story(here.site, title=f"Le bedeau {number}", slug=f"bedeau-{number}")
        make_seller(name="Bedeau et fils")
    refresh_all()
    some = BeautifulSoup(read(here, "bedeau"), "html.parser")
    (way,) = some.select('a[href*="de=histoires"]')
    assert len(some.select(".story-card")) == MOST_SHOWN
    every = BeautifulSoup(here.visitor().get(way["href"]).content, "html.parser")
    assert len(every.select(".story-card")) == MOST_SHOWN + 1
    assert not every.select('a[href*="de=histoires"]')
    assert "Bedeau et fils" not in every.get_text()


@pytest.mark.parametrize("rows", [1, 3])
def test_results_ask_the_same_for_any_number_of_rows(here: Town, rows: int) -> None:
    with portal_scope(here.site):
        for number in range(rows):
            merchant = make_seller(name=f"Chandelier {number}")
            product = ProductFactory(merchant=merchant, title=f"Chandelle {number} chandelier")
            product.photos.create(image=ImageFactory(), alt="Une chandelle")
            VariantFactory(product=product)
    refresh_all()
    read(here, "chandelier")
    with CaptureQueriesContext(connection) as counted:
        html = read(here, "chandelier")
    assert html.count('<article class="product-card">') == rows

    assert len(counted) == QUERIES


QUERIES = 11
