"""/boutique/: what shoppers find there, and what an address full of nonsense gets."""

import pytest
from django.urls import reverse
from django.utils import timezone

from directory.enums import Tier
from directory.searching.refreshing import refresh_all
from shop.enums import ProductStatus
from tests.factories import CategoryFactory, ProductFactory, VariantFactory, make_seller
from tests.shop.conftest import make_stall
from tests.shop.views.conftest import Shopper, text

CATALOGUE = "/boutique/"


def titles(response) -> list[str]:
    return [product.title for product in response.context["products"]]


@pytest.fixture
def two_shops(in_levis):
    """A loaf of bread and a novel, of two shops in two categories."""
    bakery = make_seller(
        name="Boulangerie Roy", slug="roy", category=CategoryFactory(slug="pain", name="Pains")
    )
    books = make_seller(name="Librairie Lauzon", slug="lauzon", category=CategoryFactory(slug="livres"))
    VariantFactory(product__merchant=bakery, product__title="Pain de ménage")
    VariantFactory(product__merchant=books, product__title="Le roman du fleuve")
    refresh_all()


def test_catalogue_shows_the_newest_first(shopper: Shopper, two_shops) -> None:
    answer = shopper.get(CATALOGUE)
    assert titles(answer) == ["Le roman du fleuve", "Pain de ménage"]
    assert answer.context["total"] == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "menage"}, ["Pain de ménage"]),
        ({"q": "PAIN  roy"}, ["Pain de ménage"]),
        ({"q": "lauzon"}, ["Le roman du fleuve"]),
        ({"q": "vélo"}, []),
        ({"categorie": "pain"}, ["Pain de ménage"]),
        ({"commerce": "lauzon"}, ["Le roman du fleuve"]),
        ({"categorie": "pain", "commerce": "lauzon"}, []),
        ({"categorie": "inconnue"}, []),
    ],
)
def test_filters_find_what_they_say(shopper: Shopper, two_shops, query, found) -> None:
    assert titles(shopper.get(CATALOGUE, query)) == found


def test_facet_counts_and_leads_to_its_filter(shopper: Shopper, two_shops) -> None:
    facets = shopper.get(CATALOGUE, {"q": "pain"}).context["facets"]["categories"]
    assert [(f.label, f.count, f.url, f.selected) for f in facets] == [
        ("Pains", 1, "/boutique/?q=pain&categorie=pain", False)
    ]
    chosen = shopper.get(CATALOGUE, {"categorie": "pain"}).context["facets"]["categories"]
    assert ("Pains", 1, "/boutique/", True) in [(f.label, f.count, f.url, f.selected) for f in chosen]


@pytest.mark.parametrize(
    "query",
    [
        "page=abc",
        "page=-1",
        "page=9999",
        "page=%00",
        "page=١",
        "q=%00",
        "q=%25",
        "q=_",
        "categorie=%00",
        "commerce='",
    ],
)
def test_nonsense_in_the_address_is_answered(shopper: Shopper, two_shops, query: str) -> None:
    assert shopper.get(f"{CATALOGUE}?{query}").status_code == 200


def test_huge_search_is_cut_and_answered(shopper: Shopper, two_shops) -> None:
    answer = shopper.get(CATALOGUE, {"q": "é" * 5000})
    assert (answer.status_code, len(answer.context["q"])) == (200, 100)


def test_search_words_come_back_escaped(shopper: Shopper, two_shops) -> None:
    html = text(shopper.get(CATALOGUE, {"q": '"><script>alert(1)</script>'}))
    assert "<script>alert" not in html


def test_second_page_keeps_the_filters(shopper: Shopper, in_levis) -> None:
    merchant = make_seller(slug="roy")
    for _n in range(25):
        VariantFactory(product__merchant=merchant)
    first = shopper.get(CATALOGUE, {"commerce": "roy"})
    assert len(titles(first)) == 24
    assert 'href="?commerce=roy&amp;page=2"' in text(first)
    assert len(titles(shopper.get(CATALOGUE, {"commerce": "roy", "page": 2}))) == 1


@pytest.mark.parametrize("status", [ProductStatus.DRAFT, ProductStatus.HIDDEN])
def test_unpublished_product_is_nowhere(shopper: Shopper, in_levis, status) -> None:
    product = VariantFactory(product__status=status).product
    assert titles(shopper.get(CATALOGUE)) == []
    assert shopper.get(address_of(product)).status_code == 404


@pytest.mark.parametrize(
    "state", [{"suspended_at": timezone.now()}, {"removed_at": timezone.now()}, {"tier": Tier.LINKED_SHOP}]
)
def test_product_of_a_merchant_that_does_not_sell_is_nowhere(shopper: Shopper, in_levis, state) -> None:
    merchant = make_seller()
    product = VariantFactory(product__merchant=merchant).product
    type(merchant).objects.filter(pk=merchant.pk).update(**state)
    assert titles(shopper.get(CATALOGUE)) == []
    assert shopper.get(address_of(product)).status_code == 404


def test_sold_out_product_stays_listed_and_says_so(shopper: Shopper, in_levis) -> None:
    VariantFactory(units=0, product__title="Miel d’été")
    html = text(shopper.get(CATALOGUE))
    assert "Miel d’été" in html
    assert "Épuisé pour le moment" in html


def test_product_without_a_variant_is_answered(shopper: Shopper, in_levis) -> None:
    product = ProductFactory()
    assert shopper.get(CATALOGUE).status_code == 200
    page = shopper.get(address_of(product))
    assert (page.status_code, page.context["can_buy"]) == (200, False)


def test_empty_catalogue_says_what_to_do(shopper: Shopper, in_levis) -> None:
    assert "Rien de tel sur nos tablettes." in text(shopper.get(CATALOGUE, {"q": "licorne"}))


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_catalogue_is_only_read(shopper: Shopper, in_levis, method: str) -> None:
    assert getattr(shopper, method)(CATALOGUE).status_code == 405


def test_price_of_a_card_is_written_as_quebec_does(shopper: Shopper, in_levis) -> None:
    make_stall("Meubles Roy", price_cents=1_234_50)
    assert "1\u00a0234,50\u00a0$" in text(shopper.get(CATALOGUE))


def address_of(product) -> str:
    return reverse("shop:product", args=[product.merchant.slug, product.slug])
