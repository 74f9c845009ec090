"""What robots are told: each host its own portal's addresses, with their pictures, and nothing that is hidden."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.models import MerchantPage
from home.tenancy import portal_scope
from portal import sitemaps
from shop import catalogue
from shop.models import Product
from tests.factories import (
    ImageFactory,
    MerchantFactory,
    ProductPhotoFactory,
    VariantFactory,
    make_merchant_page,
    make_seller,
)

LEVIS = {"headers": {"host": "localhost"}}
SECTIONS = ("pages", "commerces", "histoires", "produits")


def told(client: Client, path: str) -> str:
    answer = client.get(path, **LEVIS)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml; charset=utf-8")
    return str(answer.content.decode())


def addresses(text: str) -> list[str]:
    return re.findall("<loc>(.*?)</loc>", text)


def test_each_section_lists_what_shoppers_of_the_portal_may_see(client: Client, levis, bellechasse) -> None:
    with portal_scope(bellechasse):
        VariantFactory(product__merchant=make_seller(slug="etranger"), product__slug="produit-etranger")
    with portal_scope(levis):
        VariantFactory(product__merchant=make_seller(slug="roy"), product__slug="miel")
        hidden = make_seller(slug="suspendu", suspended_at=timezone.now())
        VariantFactory(product__merchant=hidden, product__slug="cache")
        make_merchant_page(MerchantFactory(slug="brouillon"), live=False)
    assert addresses(told(client, "/sitemap.xml")) == [
        f"http://localhost/sitemap-{name}.xml" for name in ("pages", "commerces", "produits")
    ]
    listed = [address for name in SECTIONS for address in addresses(told(client, f"/sitemap-{name}.xml"))]
    assert listed == [
        "http://localhost/",
        "http://localhost/commerces/",
        "http://localhost/histoires/",
        "http://localhost/commerces/roy/",
        "http://localhost/boutique/roy/miel/",
    ]


def test_addresses_follow_the_port_by_which_one_came(client: Client, levis) -> None:
    for path in ("/sitemap.xml", "/sitemap-pages.xml"):
        text = client.get(path, headers={"host": "localhost:8123"}).content.decode()
        assert all(address.startswith("http://localhost:8123/") for address in addresses(text))


def test_picture_and_day_of_the_last_change_stand_beside_the_address(client: Client, in_levis) -> None:
    product = VariantFactory(product__merchant=make_seller(slug="roy"), product__slug="miel").product
    photo = ProductPhotoFactory(product=product, image=ImageFactory())
    cut = photo.image.get_rendition(sitemaps.PICTURE_OF_PRODUCT).url
    cover = ImageFactory()
    MerchantPage.objects.update(cover=cover)
    long_ago = timezone.now().replace(year=2020, microsecond=0)
    Product.objects.update(changed_at=long_ago)
    text = told(client, "/sitemap-produits.xml")
    assert f"<image:loc>http://localhost{cut}</image:loc>" in text
    assert f"<lastmod>{timezone.localtime(long_ago).isoformat()}</lastmod>" in text
    assert "image:loc" not in told(client, "/sitemap-commerces.xml"), "nothing is cut while somebody waits"
    catalogue.change(product, description="Un autre miel.")
    assert "<lastmod>2020" not in told(client, "/sitemap-produits.xml")


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_the_same_of_any_number(client: Client, in_levis, rows: int) -> None:
    for _n in range(rows):
        product = VariantFactory().product
        ProductPhotoFactory(product=product).image.get_rendition(sitemaps.PICTURE_OF_PRODUCT)
    MerchantPage.objects.update(cover=ImageFactory())
    asked = {}
    for path in ("/sitemap.xml", "/sitemap-commerces.xml", "/sitemap-produits.xml"):
        with CaptureQueriesContext(connection) as counted:
            client.get(path, **LEVIS)
        asked[path] = len(counted)
    assert asked == {"/sitemap.xml": 11, "/sitemap-commerces.xml": 4, "/sitemap-produits.xml": 4}


def test_long_list_is_split(client: Client, in_levis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MOST", 2)
    merchant = make_seller(slug="roy")
    for n in range(3):
        VariantFactory(product__merchant=merchant, product__slug=f"miel-{n}")
    files = [f"http://localhost/sitemap-produits.xml{query}" for query in ("", "?p=2")]
    assert addresses(told(client, "/sitemap.xml"))[-2:] == files
    first, second = (addresses(told(client, path.removeprefix("http://localhost"))) for path in files)
    assert [address.rsplit("/", 2)[1] for address in first + second] == ["miel-0", "miel-1", "miel-2"]


@pytest.mark.parametrize(
    "path", ["rien.xml", "pages.xml?p=2", "pages.xml?p=0", "pages.xml?p=%C2%B2", "pages.xml?p=x"]
)
def test_what_there_is_not_is_not_found(client: Client, levis, path: str) -> None:
    assert client.get(f"/sitemap-{path}", **LEVIS).status_code == 404


def test_robots_may_read_what_is_public_in_both_languages(client: Client, levis) -> None:
    lines = client.get("/robots.txt", **LEVIS).content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert lines[-1] == "Sitemap: http://localhost/sitemap.xml"
    closed = {line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow")}
    for path in ("/commande/", "/panier/", "/paiement/", "/mon-commerce/", "/recherche/?*&"):
        assert {path, f"/en{path}"} <= closed
    assert not {"/", "/commerces/", "/boutique/", "/histoires/", "/media/", "/static/"} & closed
