"""A page in two languages is one page: listed once, in the words of whoever reads, and told so to who searches."""

import re
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Locale, Page

from directory.models import Category
from directory.searching.refreshing import refresh_all
from home.models import ContentPage, PortalSettings
from home.tenancy import portal_scope
from tests.portal.speaking import marking
from tests.portal.test_full_pages import MOST, fill, questions
from tests.portal.towns import Town

TWINS = 3
"""Questions that English costs at most: the words of the page itself, of the stories it lists, of the merchants."""


@pytest.fixture
def english(here: Town) -> Town:
    PortalSettings.objects.filter(site=here.site).update(offers_english=True)
    return here


def twin_of(page: Page, **words: Any) -> Page:
    twin: Page = page.copy_for_translation(Locale.objects.get(language_code="en"), copy_parents=True)
    for name, value in words.items():
        setattr(twin, name, value)
    twin.save_revision().publish()
    return twin


def page_at(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_merchant_with_a_page_in_each_language_is_one_merchant(english: Town) -> None:
    with portal_scope(english.site):
        twin_of(english.merchant.pages.get(), intro="Come in", cover_alt="The front")
    client, row = english.visitor(), f'id="c-{english.merchant.slug}"'
    for address in ("/commerces/", "/en/commerces/"):
        assert page_at(client, address).count(row) == 1
    assert page_at(client, "/en/").count('<article class="calling-card ') == 1
    shown = page_at(client, f"/en/commerces/{english.merchant.slug}/")
    assert ">Come in</p>" in shown
    assert f"Chez {english.canary}" not in shown


def test_merchant_whose_french_page_is_closed_is_nowhere(english: Town) -> None:
    with portal_scope(english.site):
        page = english.merchant.pages.get()
        twin_of(page, intro="Come in")
        page.unpublish()
    client = english.visitor()
    for address in ("/commerces/", "/en/commerces/", "/boutique/", "/en/boutique/"):
        assert english.merchant.name not in page_at(client, address)
    assert client.get(f"/en/commerces/{english.merchant.slug}/").status_code == 404


def test_stories_are_listed_in_the_readers_words(english: Town) -> None:
    with portal_scope(english.site):
        twin_of(english.story, title="A night in the cellar", deck="They rise at four.")
        refresh_all()
    client = english.visitor()
    for address in ("/histoires/", "/", f"/commerces/{english.merchant.slug}/", "/recherche/?q=canarilevis"):
        told = page_at(client, f"/en{address}")
        assert told.count("A night in the cellar</a>") == 1, address
        assert english.story.title not in told
        assert "A night in the cellar" not in page_at(client, address)


def test_page_without_english_says_so_and_is_marked(english: Town) -> None:
    client, said = english.visitor(), 'class="told-in-french"'
    about = page_at(client, "/en/a-propos/")
    assert said in about
    assert f'<h1 lang="fr-CA">À propos {english.canary}</h1>' in about
    assert said not in page_at(client, "/a-propos/")
    with portal_scope(english.site):
        twin_of(ContentPage.objects.get(slug="a-propos", locale__language_code="fr-ca"), title="About")
    about = page_at(client, "/en/a-propos/")
    assert said not in about
    assert "<h1>About</h1>" in about


def test_categories_that_every_town_starts_with_have_an_english_name(english: Town, monkeypatch) -> None:
    """A portal's own is shown in French, and said to be."""
    client, own = english.visitor(), english.merchant.category.name
    assert f'<span lang="fr-CA">{own}</span>' in page_at(client, "/en/commerces/")
    assert f'<span lang="fr-CA">{own}</span>' not in page_at(client, "/commerces/")
    with portal_scope(english.site):
        Category.objects.filter(name=own).update(name="Services professionnels")
    with marking(monkeypatch):
        assert "<span>⟦" in page_at(client, "/en/commerces/").partition("merchant-row-facts")[2][:60]


def test_switch_leads_to_the_same_page_french_first(english: Town) -> None:
    found = re.search(
        r'<nav class="languages.*?</nav>', page_at(english.visitor(), "/en/boutique/?q=pain"), re.DOTALL
    )
    assert found
    assert re.findall(r"<(a|span)[^>]*>([^<]*)<", found[0]) == [("a", "Français"), ("span", "English")]
    assert '<a href="/boutique/?q=pain" lang="fr-CA" hreflang="fr-CA">' in found[0]


def test_switch_beside_a_refused_form_leads_to_where_it_was_filled(english: Town) -> None:
    client, product = english.visitor(), f"/boutique/{english.merchant.slug}/{english.variant.product.slug}/"
    filled = {"variant": english.variant.pk, "quantity": "1e5"}
    for came, leads in (
        (f"http://{english.host}{product}", f"/en{product}"),
        ("https://evil.test/", "/en/panier/ajouter/"),
    ):
        answer = client.post("/panier/ajouter/", filled, headers={"referer": came})
        assert answer.status_code == 422
        assert f'<a href="{leads}" lang="en-CA"' in answer.content.decode()


def test_portal_without_english_speaks_of_none(here: Town) -> None:
    told = page_at(here.visitor(), "/boutique/") + page_at(here.visitor(), "/sitemap-histoires.xml")
    assert "languages" not in told
    assert "hreflang" not in told


def test_search_engines_are_told_both_addresses(english: Town) -> None:
    story = f"/histoires/{english.story.slug}/"
    french, spoken = f"http://{english.host}{story}", f"http://{english.host}/en{story}"
    pairs = [("fr-CA", french), ("en-CA", spoken), ("x-default", french)]
    client = english.visitor()
    for address, canonical, other in ((story, french, "en_CA"), (f"/en{story}", spoken, "fr_CA")):
        head = page_at(client, address)
        assert re.findall(r'rel="alternate" hreflang="(.*?)" href="(.*?)"', head) == pairs
        assert f'<link rel="canonical" href="{canonical}">' in head
        assert f'<meta property="og:locale:alternate" content="{other}">' in head
    listed = page_at(client, "/sitemap-histoires.xml")
    assert re.findall(r"<loc>(http://[^<]*histoires/[^<]*)</loc>", listed) == [french, spoken]
    assert re.findall(r'hreflang="(.*?)" href="(.*?)"', listed) == [*pairs, *pairs]


@pytest.mark.slow
def test_english_asks_no_more_for_three_than_for_one(levis) -> None:
    PortalSettings.objects.filter(site=levis).update(offers_english=True)
    addresses = ["/en/", "/en/commerces/", "/en/commerces/commerce-0/", "/en/histoires/", "/en/histoires/histoire-0/",
                 "/en/boutique/", "/en/boutique/commerce-0/produit-0/"]  # fmt: skip
    counted = []
    for first, rows in ((0, 1), (1, 2)):
        fill(levis, rows, first=first)
        with portal_scope(levis):
            for kind in ("commerce", "histoire"):
                for n in range(first, first + rows):
                    twin_of(
                        Page.objects.get(slug=f"{kind}-{n}", locale__language_code="fr-ca").specific,
                        title="Told",
                    )
        counted.append([questions(address) for address in addresses])
    assert counted[0] == counted[1]
    assert max(counted[1]) <= MOST + TWINS
