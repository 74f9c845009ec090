"""Every kind of page, read back as a robot reads it: what schema.org expects, and what the page itself says."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from directory.enums import Weekday
from directory.models import Merchant
from home.clock import clock
from home.money import cad
from tests.portal.found.conftest import MONDAY
from tests.portal.found.reading import Node, faults, graph_of, node_of, types_of

HOST = "localhost"
LEVIS = {"headers": {"host": HOST}}

MAIN = {
    "home": "WebSite",
    "directory": "CollectionPage",
    "catalogue": "CollectionPage",
    "stories": "CollectionPage",
    "plain page": "WebPage",
    "privacy": "WebPage",
    "page further down": "WebPage",
    "merchant that sells": "Store",
    "merchant with its own shop": "Store",
    "merchant listed": "LocalBusiness",
    "product": "Product",
    "product in variants": "ProductGroup",
    "product in formats": "ProductGroup",
    "book sold out": "Book",
    "wine": "Product",
    "story": "NewsArticle",
    "sponsored story": "AdvertiserContentArticle",
    "campaign": "CollectionPage",
    "campaigns": "WebPage",
    "author": "ProfilePage",
    "section": "CollectionPage",
    "series": "CollectionPage",
    "tag": "CollectionPage",
}
"""What each kind of page is about."""


def page(client: Client, address: str) -> tuple[str, list[Node]]:
    answer = client.get(address, **LEVIS)
    assert answer.status_code == 200, address
    html = answer.content.decode()
    return html, graph_of(html, f"http://{HOST}{address}")


def test_every_kind_says_what_is_expected_of_it(client: Client, kinds: dict[str, str]) -> None:
    assert set(kinds) == set(MAIN)
    wrong = {}
    for name, address in kinds.items():
        _html, nodes = page(client, address)
        node_of(nodes, MAIN[name])
        wrong[name] = faults(nodes, HOST)
    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("url", "/commerces/roy/"),
        ("url", "http://ailleurs.test/"),
        ("dateModified", "2026-11-23T10:00:00"),
        ("description", ""),
        ("nom", "Roy"),
        ("mainEntity", {"@id": "http://localhost/#rien"}),
        ("mainEntity", {"@type": "Offer"}),
        ("mainEntity", {"@type": "Chose"}),
    ],
)
def test_what_is_wrong_is_found(name: str, value: Any) -> None:
    """The negative control."""
    right: Node = {
        "@type": "WebPage", "@id": "http://localhost/#page", "url": "http://localhost/", "name": "Accueil",
        "isPartOf": {"@id": "http://localhost/#page"},
    }  # fmt: skip
    assert faults([right], HOST) == []
    assert faults([{**right, name: value}], HOST) != []


def test_inner_pages_tell_the_way_from_the_front_page(client: Client, kinds: dict[str, str]) -> None:
    ways = {}
    for name, address in kinds.items():
        _html, nodes = page(client, address)
        found = [node for node in nodes if "BreadcrumbList" in types_of(node)]
        steps = [step for node in found for step in node["itemListElement"]]
        assert [step["position"] for step in steps] == [*range(1, len(steps) + 1)]
        ways[name] = [step["item"].removeprefix(f"http://{HOST}") for step in steps]
    assert ways.pop("home") == []
    assert all(way[0] == "/" and way[-1] == kinds[name] for name, way in ways.items())
    assert ways["page further down"] == ["/", "/a-propos/", "/a-propos/equipe/"]
    assert ways["merchant listed"] == ["/", "/commerces/", "/commerces/salon/"]
    assert ways["product"] == ["/", "/boutique/", "/commerces/roy/", "/boutique/roy/chevre/"]


def test_front_page_says_who_runs_the_portal_and_how_to_search_it(
    client: Client, kinds: dict[str, str]
) -> None:
    _html, nodes = page(client, "/")
    site, portal = node_of(nodes, "WebSite"), node_of(nodes, "Organization")
    assert site["potentialAction"]["target"]["urlTemplate"] == "http://localhost/recherche/?q={q}"
    assert portal["contactPoint"]["telephone"] == "+14185550100"
    _html, inner = page(client, "/commerces/")
    assert (node_of(inner, "WebSite")["@id"], node_of(inner, "Organization")["@id"]) == (
        site["@id"],
        portal["@id"],
    )


def test_hours_are_those_of_the_page(client: Client, kinds: dict[str, str]) -> None:
    html, nodes = page(client, kinds["merchant that sells"])
    store = node_of(nodes, "Store")
    told = {day.label: [] for day in Weekday}
    for span in store["openingHoursSpecification"]:
        opens, closes = (clock_of(span[name]) for name in ("opens", "closes"))
        for day in span["dayOfWeek"]:
            told[Weekday[day.rpartition("/")[2].upper()].label].append(f"{opens} – {closes}")
    rows = re.findall(
        r'<th scope="row">(\w+).*?</th>\s*<td>(.*?)</td>', html.partition("Jours particuliers")[0], re.DOTALL
    )
    shown = {day.lower(): re.findall(r"<span>(.*?)</span>", cell) for day, cell in rows}
    # Round the clock is said as 00:00 to 23:59 to machines, as « 0 h – 0 h » to people.
    assert {day.lower(): spans for day, spans in told.items()} == {
        day: [span.replace("0\u00a0h – 0\u00a0h", "0\u00a0h – 23\u00a0h\u00a059") for span in spans]
        for day, spans in shown.items()
    }
    [christmas] = store["specialOpeningHoursSpecification"]
    assert (christmas["validFrom"], christmas["opens"], christmas["closes"]) == (
        "2026-12-25",
        "00:00",
        "00:00",
    )
    assert "Vendredi 25 décembre" in html


def test_hours_that_nobody_vouches_for_are_not_told(client: Client, kinds: dict[str, str]) -> None:
    Merchant.objects.update(confirmed_at=MONDAY - dt.timedelta(days=3000))
    _html, nodes = page(client, kinds["merchant that sells"])
    assert not {"openingHoursSpecification", "specialOpeningHoursSpecification"} & set(
        node_of(nodes, "Store")
    )


def clock_of(text: str) -> str:
    return clock(dt.time.fromisoformat(text))


def test_prices_and_stock_are_those_of_the_page(client: Client, kinds: dict[str, str]) -> None:
    html, nodes = page(client, kinds["product"])
    offer = node_of(nodes, "Product")["offers"]
    assert (offer["price"], offer["availability"]) == ("12.05", "https://schema.org/InStock")
    assert cad(12_05) in html
    html, nodes = page(client, kinds["product in variants"])
    variants = node_of(nodes, "ProductGroup")["hasVariant"]
    assert [(one["color"], one["offers"]["price"]) for one in variants] == [
        ("Rouge", "5.00"),
        ("Bleu", "5.01"),
    ]
    assert [one["additionalProperty"][0]["value"] for one in variants] == ["Coton", "Bois"]
    assert (cad(5_00) in html, cad(5_01) in html) == (True, True)
    html, nodes = page(client, kinds["book sold out"])
    book = node_of(nodes, "Book")
    assert (book["gtin13"], book["offers"]["availability"]) == (
        "9782763785417",
        "https://schema.org/OutOfStock",
    )
    assert "shippingDetails" not in book["offers"], "nothing is promised of what cannot be bought"


def test_terms_are_the_shops_own_and_told_once(client: Client, kinds: dict[str, str]) -> None:
    html, nodes = page(client, kinds["product"])
    by_id = {node["@id"]: node for node in nodes if "@id" in node}
    offer = node_of(nodes, "Product")["offers"]
    returns = by_id[offer["hasMerchantReturnPolicy"]["@id"]]
    assert returns["description"] == "Repris intact dans les 14 jours, avec le reçu."
    assert 'id="retours"' in html
    fees = [by_id[terms["@id"]] for terms in offer["shippingDetails"]]
    assert [(fee["shippingRate"]["value"], fee["shippingDestination"]) for fee in fees] == [
        ("5.00", {"@type": "DefinedRegion", "addressCountry": "CA", "postalCodePrefix": ["G6V", "G6W"]}),
        ("9.50", {"@type": "DefinedRegion", "addressCountry": "CA", "addressRegion": "QC"}),
        ("16.00", {"@type": "DefinedRegion", "addressCountry": "CA"}),
    ]
    assert offer["seller"]["@id"] == "http://localhost/commerces/roy/#commerce"
    _html, nodes = page(client, kinds["wine"])
    assert "shippingDetails" not in node_of(nodes, "Product")["offers"], "alcohol is never mailed"


def test_story_says_who_wrote_it_where_it_stands_and_how_it_is_cooked(
    client: Client, kinds: dict[str, str]
) -> None:
    _html, nodes = page(client, kinds["story"])
    article, recipe = node_of(nodes, "NewsArticle"), node_of(nodes, "Recipe")
    eve = {
        "@type": "Person",
        "name": "Ève Roy",
        "jobTitle": "journaliste",
        "url": f"http://{HOST}{kinds['author']}",
    }
    assert (article["author"], recipe["author"]) == ([eve], [eve])
    assert (article["articleSection"], article["keywords"]) == ("À table", ["Fromage"])
    assert (article["isPartOf"]["@type"], article["isPartOf"]["name"]) == (
        "CreativeWorkSeries",
        "La nuit du pain",
    )
    assert recipe["isPartOf"] == {"@id": article["@id"]}
    assert (recipe["prepTime"], recipe["cookTime"], recipe["totalTime"]) == ("PT15M", "PT20M", "PT35M")
    assert (recipe["recipeIngredient"], recipe["recipeInstructions"]) == (
        ["Du pain"],
        [{"@type": "HowToStep", "text": "Dorer."}],
    )
    _html, nodes = page(client, kinds["author"])
    told = node_of(nodes, "ProfilePage")["mainEntity"]
    assert told.items() >= eve.items()
    assert told["description"] == "Elle écrit."


def test_lists_are_those_of_the_page(client: Client, kinds: dict[str, str]) -> None:
    for name in ("directory", "catalogue", "stories", "author", "section", "series", "tag"):
        html, nodes = page(client, kinds[name])
        node = node_of(nodes, MAIN[name])
        listed = node["hasPart"] if name == "author" else node["mainEntity"]
        assert (
            listed["numberOfItems"]
            == len(listed["itemListElement"])
            > (name in {"directory", "catalogue", "stories"})
        )
        for item in listed["itemListElement"]:
            assert f'href="{item["url"].removeprefix("http://localhost")}"' in html, (name, item)
