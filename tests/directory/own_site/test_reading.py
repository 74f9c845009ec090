"""Six shapes of shops: what was planted in them is found; what is broken or meant to harm is left out."""

import datetime as dt
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from directory.own_site.findings import MOST_PRODUCTS, Findings
from directory.own_site.reading import read_site
from directory.own_site.refusals import NothingFound, WrongKind
from directory.own_site.visits import Visit
from tests.directory.own_site.shops import SHOPS, Shop, scripted
from tests.directory.own_site.web import Reply, Web, data, html

TODAY = dt.date(2026, 11, 23)


def read(web: Web, path: str = "/") -> Findings:
    return read_site(f"{web.url}{path}", Visit(), today=TODAY)


def compared(shop: Shop, found: Findings, web: Web) -> Iterator[tuple[str, Any, Any]]:
    """Each planted field with what stands there now; addresses without this machine's."""

    def local(value: Any) -> Any:
        return value.removeprefix(web.url) if isinstance(value, str) else value

    for name, planted in shop.planted.items():
        if name in {"photos", "social"}:
            yield name, planted, [local(one.value) for one in getattr(found, name)]
        else:
            yield name, planted, local(found.value(name))
    for number, planted in enumerate(shop.products):
        product = found.products[number] if number < len(found.products) else None
        yield f"title {number}", planted.title, product and product.title
        yield f"price {number}", planted.price_cents, product and product.price_cents
        yield f"words {number}", planted.words, product and product.description
        yield f"photo {number}", planted.photo, product and local(product.photo)


@pytest.mark.parametrize("shop", SHOPS, ids=lambda shop: shop.name)
def test_what_was_planted_is_found(shop: Shop, web: Web, record_property) -> None:
    web.replies.update(shop.replies)
    found = read(web)
    fields = list(compared(shop, found, web))
    missed = [(name, planted, now) for name, planted, now in fields if planted != now]
    record_property(f"planted fields found in {shop.name}, of {len(fields)}", len(fields) - len(missed))
    assert len(fields) >= 6
    assert len(missed) <= len(fields) * 0.1, missed
    assert len(found.products) == len(shop.products)
    assert Findings.from_json(json.loads(json.dumps(found.as_json()))) == found


def test_every_field_says_where_it_was(web: Web) -> None:
    web.replies.update(SHOPS[0].replies)
    found = read(web)
    told = {name: (one.where, one.page.removeprefix(web.url)) for name, one in found.fields.items()}
    assert told["name"] == ("open_graph", "/")
    assert told["phone"] == ("link", "/pages/contact")
    assert told["week"] == ("text", "/pages/contact")
    assert found.products[0].where == "shopify"
    assert found.fields["phone"].words == "dans un lien de votre page"


def test_variants_come_each_with_its_price(web: Web) -> None:
    web.replies.update(SHOPS[0].replies)
    soap, balm = read(web).products
    assert [(one.title, one.price_cents, one.sku) for one in soap.variants] == [("", 850, "AV-1")]
    assert [(one.title, one.price_cents) for one in balm.variants] == [("Miel", 600), ("Menthe", 625)]
    assert (soap.key, balm.key) == ("savon-avoine", "baume-levres")


def test_prices_in_another_currency_are_not_taken_for_ours(web: Web) -> None:
    web.replies.update({**SHOPS[0].replies, "/meta.json": data({"currency": "USD"})})
    assert [product.price_cents for product in read(web).products] == [None, None]


def test_site_says_who_asks_and_is_asked_for_its_robots_first(web: Web) -> None:
    web.replies.update(SHOPS[5].replies)
    read(web)
    assert web.asked[:2] == ["/robots.txt", "/"]
    assert web.asked.count("/robots.txt") == 1
    assert len(web.asked) <= 11
    agents = {headers["User-Agent"] for headers in web.headers}
    assert len(agents) == 1
    assert "bonjour@demo.test" in agents.pop()
    assert not any("Cookie" in headers for headers in web.headers)


def test_scripts_in_names_are_words_or_nothing(web: Web) -> None:
    thing = {
        "@type": "Store", "name": "<script>alert(1)</script>Chez <b>Léo</b>",
        "description": "&lt;img src=x onerror=alert(1)&gt; Des chaises \u202een bois\x00 de chez nous, une à une.",
        "telephone": "javascript:alert(1)", "logo": "javascript:alert(1)", "image": "data:text/html,<script>",
        "sameAs": ["javascript:alert(1)//facebook.com/x"],
    }  # fmt: skip
    web.replies["/"] = html(f"<html><head>{scripted(thing)}</head><body>a</body></html>")
    found = read(web)
    assert found.value("name") == "Chez Léo"
    assert found.value("intro") == "Des chaises en bois de chez nous, une à une."
    assert "script" not in json.dumps(found.as_json())


CELL = "Levis " * 170_000


@pytest.mark.parametrize("name", ["name", "description", "telephone", "openingHours", "address", "image"])
def test_cell_of_a_million_characters_is_cut_to_what_is_kept(web: Web, name: str) -> None:
    thing = {"@type": "Store", "name": "Chez Léo", name: CELL}
    web.replies["/"] = html(f"<html><head>{scripted(thing)}</head><body><p>Bonjour</p></body></html>")
    found = read(web)
    assert len(json.dumps(found.as_json())) < 6_000
    assert len(found.value("name")) <= 120


@pytest.mark.parametrize("name", ["title", "handle", "body_html"])
def test_product_with_a_cell_of_a_million_characters_is_cut_too(web: Web, name: str) -> None:
    row = {"title": "Bol", "handle": "bol", "variants": [{"price": "5", "title": "Bleu"}], name: CELL}
    web.replies.update({"/": html("<title>Bols</title>"), "/products.json": data({"products": [row]})})
    (product,) = read(web).products
    assert len(json.dumps(product.key + product.title + product.description)) < 2400


def test_more_products_than_one_can_look_at_are_left(web: Web) -> None:
    rows = [{"title": f"Bol {n}", "handle": f"bol-{n}", "variants": [{"price": "5"}]} for n in range(300)]
    web.replies.update({"/": html("<title>Bols</title>"), "/products.json": data({"products": rows})})
    assert len(read(web).products) == MOST_PRODUCTS


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[" * 200_000,
        b'{"products": 3}',
        b'{"products": [null, 3, "x", {"title": null}, {"title": {"a": 1}}]}',
        b'{"products": [{"title": "\\ud800\\u0000", "variants": {"price": []}, "images": "x"}]}',
        b'[{"name": ["x"], "prices": "y"}]',
        b"\xff\xfe\x00",
    ],
)  # fmt: skip
def test_lists_that_make_no_sense_are_no_products(web: Web, body: bytes) -> None:
    reply = Reply(body, kind="application/json")
    web.replies.update({"/": html("<title>Chez Léo</title>"), "/products.json": reply,
                        "/wp-json/wc/store/v1/products": reply})  # fmt: skip
    found = read(web)
    assert [product for product in found.products if product.price_cents] == []
    assert found.value("name") == "Chez Léo"


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 50_000,
        '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
        '<div itemscope itemtype="http://schema.org/Store">' * 3000,
        "<div itemscope itemtype='http://schema.org/Store'>"
        + "<div itemprop='name'>" * 240
        + "x" * 1_900_000,
        ("<div itemscope><div itemscope itemprop='a'>" * 120 + "</div></div>" * 120) * 12,
        "<div itemscope itemref='a a a a'>" * 400 + "<p id='a' itemprop='name'>x</p>",
        "<a href='tel:" + "1" * 100_000 + "'>x</a>",
        "lundi " * 100_000 + "9h" * 100_000,
        "<p>" + "12 rue " * 100_000,
        "<?xml version='1.0' encoding='ascii'?><html>é</html>",
        "",
    ],
)
def test_page_that_means_harm_is_read_in_a_moment_or_not_at_all(web: Web, source: str) -> None:
    web.replies["/"] = html(f"<title>Chez Léo</title>{source}")
    began = time.process_time()
    assert read(web).value("name") == "Chez Léo"
    assert time.process_time() - began < 5


def test_site_that_says_nothing_is_told_so(web: Web) -> None:
    web.replies["/"] = html("<html><body></body></html>")
    with pytest.raises(NothingFound):
        read(web)


def test_picture_is_no_page(web: Web) -> None:
    web.replies["/"] = Reply(b"...", kind="image/png")
    with pytest.raises(WrongKind):
        read(web)


@pytest.mark.parametrize(
    ("body", "kind", "name"),
    [
        ("Crème".encode(), "text/html; charset=iso-8859-1", "Crème"),
        ("Crème".encode("cp1252"), "text/html; charset=iso-8859-1", "Crème"),
        ("L’été".encode("cp1252"), "text/html", "L’été"),
        ("Crème".encode("utf-16"), "text/html", "Crème"),
        ("\ufeffCrème".encode(), "text/html; charset=klingon", "Crème"),
        ("Crème".encode("cp1252"), "text/html; charset=unicode_escape", "Crème"),
    ],
)
def test_letters_are_read_as_they_were_written(web: Web, body: bytes, kind: str, name: str) -> None:
    encoding = "utf-16" if body[:2] == b"\xff\xfe" else None
    title = (
        f"<title>{body.decode('utf-16')}</title>".encode("utf-16")
        if encoding
        else b"<title>" + body + b"</title>"
    )
    web.replies["/"] = Reply(title, kind=kind)
    assert read(web).value("name") == name
