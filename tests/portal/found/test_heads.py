"""What stands in a page's head for whoever finds or shares it: one address, a title, a sentence, a picture."""

import re
from html import unescape

import pytest
from django.test import Client
from django.test.client import RequestFactory

from directory.models import MerchantPage
from home.found import neighbours
from home.told import shortened
from tests.factories import MerchantFactory, make_merchant_page

LEVIS = {"headers": {"host": "localhost"}}
WANTED = ("og:title", "og:description", "og:type", "og:url", "og:site_name", "og:locale", "twitter:card")


def html_of(client: Client, address: str) -> str:
    answer = client.get(address, **LEVIS)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def metas(html: str) -> dict[str, str]:
    """What the head says by name; a name that stands twice fails."""
    head = html.partition("</head>")[0]
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', head)
    assert len({name for name, _value in found}) == len(found), found
    return {name: unescape(value) for name, value in found}


def links(html: str) -> dict[str, str]:
    head = html.partition("</head>")[0]
    return {
        rel: unescape(href)
        for rel, href in re.findall(r'<link rel="(canonical|prev|next)" href="([^"]+)"', head)
    }


def title(html: str) -> str:
    return unescape(re.search(r"<title>(.*?)</title>", html, re.DOTALL).group(1))


def test_no_two_pages_have_one_title_or_one_description(client: Client, kinds: dict[str, str]) -> None:
    titles: dict[str, list[str]] = {}
    sentences: dict[str, list[str]] = {}
    for name, address in kinds.items():
        html = html_of(client, address)
        titles.setdefault(title(html), []).append(name)
        sentences.setdefault(metas(html)["description"], []).append(name)
    assert {
        text: names for told in (titles, sentences) for text, names in told.items() if len(names) > 1
    } == {}
    assert all(len(text) > 5 and text.strip() == text for text in (*titles, *sentences))
    assert all(len(text) <= 300 for text in sentences)


def test_every_kind_has_its_address_and_the_card_of_a_shared_link(
    client: Client, kinds: dict[str, str]
) -> None:
    for name, address in kinds.items():
        html = html_of(client, f"{address}?v=affiche&utm_source=journal&fbclid=x")
        said = metas(html)
        assert links(html) == {"canonical": f"http://localhost{address}"}, name
        assert said["og:url"] == f"http://localhost{address}"
        assert [wanted for wanted in WANTED if not said.get(wanted)] == []
        assert title(html).startswith(said["og:title"])
        assert said["og:description"] == said["description"]
        assert "robots" not in said


def test_picture_of_a_shared_link_is_complete_and_served(client: Client, kinds: dict[str, str]) -> None:
    pictured = ("merchant that sells", "product", "story", "sponsored story")
    for name in pictured:
        said = metas(html_of(client, kinds[name]))
        assert said["og:image"].startswith("http://localhost/media/portail-")
        assert (said["og:image:width"], said["og:image:height"]) == ("1200", "630")
        assert said["twitter:card"] == "summary_large_image"
        answer = client.get(said["og:image"].removeprefix("http://localhost"), **LEVIS)
        assert answer["Content-Type"] == "image/jpeg"
        assert answer.getvalue()[:2] == b"\xff\xd8"
        for close in answer._resource_closers:
            close()
    assert metas(html_of(client, kinds["story"]))["og:type"] == "article"


def test_further_page_of_a_list_is_its_own_and_knows_its_neighbours(client: Client, in_levis) -> None:
    for n in range(50):
        make_merchant_page(MerchantFactory(name=f"Commerce {n:02}"))
    first, second, third = (
        html_of(client, f"/commerces/{query}") for query in ("", "?page=2", "?page=3&utm_medium=x")
    )
    here = "http://localhost/commerces/"
    assert links(first) == {"canonical": here, "next": f"{here}?page=2"}
    assert links(second) == {"canonical": f"{here}?page=2", "prev": here, "next": f"{here}?page=3"}
    assert links(third) == {"canonical": f"{here}?page=3", "prev": f"{here}?page=2"}
    assert len({title(html) for html in (first, second, third)}) == 3
    assert "robots" not in metas(second)


@pytest.mark.parametrize("query", ["?categorie=pain", "?categorie=pain&page=2", "?ouvert=1&utm_source=x"])
def test_filters_fold_to_the_whole_list(client: Client, in_levis, query: str) -> None:
    assert links(html_of(client, f"/commerces/{query}")) == {"canonical": "http://localhost/commerces/"}


def test_words_that_are_searched_are_not_indexed(client: Client, in_levis) -> None:
    for address in ("/commerces/?q=pain", "/boutique/?q=pain"):
        assert "noindex" in metas(html_of(client, address))["robots"]


def test_address_of_another_host_is_never_told(in_levis) -> None:
    request = RequestFactory().get("/commerces/?page=2", headers={"host": "localhost:8123"})
    assert neighbours(request).canonical == "http://localhost:8123/commerces/"


def test_what_a_merchant_wrote_for_search_engines_comes_first(client: Client, kinds: dict[str, str]) -> None:
    MerchantPage.objects.update(seo_title="Le fromage de Roy", search_description="Du lait cru & du temps.")
    html = html_of(client, "/commerces/roy/")
    assert title(html) == "Le fromage de Roy – Achetons Lévis"
    assert metas(html)["description"] == "Du lait cru & du temps."


def test_long_text_is_cut_between_words() -> None:
    assert shortened("mot " * 60) == ("mot " * 38).strip() + "…"
    assert shortened(" Du  pain.\n") == "Du pain."
