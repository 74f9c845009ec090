"""French first, complete: no word of Django's, Wagtail's or a library's English reaches a shopper or a merchant."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from tests.portal.towns import Purchase, Town

ENGLISH = re.compile(
    r"\b(?:This field|is required|Please|Log ?in|Log ?out|Sign (?:in|out|up)|Cart|Checkout|Submit|Search|Save|Delete"
    r"|Cancel|Continue|Back to|Home|Page not found|Not Found|Forbidden|Server Error|Bad Request|Error|Enter a"
    r"|Ensure|Select a|valid (?:email|phone|integer|number)|Previous|Next|Quantity|Price|Order|Shop|Password|Username"
    r"|Email address|Remember me|Your|and|the|with|from|Monday|Sunday|January|November|Open until|Closed|a\.m\.|p\.m\."
    r"|Subtotal|Tax|Pay|None|True|False|undefined|NaN)\b"
)
ALLOWED = re.compile(r"Achetons \w+|canari\w+|Stripe|SKU-\w+|visa")


class Words(HTMLParser):
    """What a page says: its texts, and the attributes that are read aloud or shown."""

    SPOKEN = frozenset({"alt", "title", "placeholder", "aria-label", "content", "data-basket-unit"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in {"script", "style"}
        spoken = [value for name, value in attrs if name in self.SPOKEN and value]
        if tag != "meta" or dict(attrs).get("name") == "description":
            self.found.extend(spoken)
        if tag == "input" and dict(attrs).get("type") == "submit":
            self.found.append(dict(attrs).get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.found.append(data.strip())


def english_in(html: str) -> list[str]:
    words = Words()
    words.feed(html)
    return [text for text in words.found if ENGLISH.search(ALLOWED.sub("", text))]


def leaks(client: Client, *addresses: str) -> dict[str, list[str]]:
    found = {address: english_in(client.get(address).content.decode()) for address in addresses}
    return {address: texts for address, texts in found.items() if texts}


def test_check_finds_english() -> None:
    assert english_in('<p>This field is required.</p><input placeholder="Search"><script>Error</script>') == [
        "This field is required.",
        "Search",
    ]


def test_public_pages_are_in_french(here: Town) -> None:
    assert leaks(
        here.visitor(), "/", "/commerces/", "/commerces/?q=licorne&ouvert=1&vend=1", "/boutique/",
        "/boutique/?q=licorne", "/histoires/", "/a-propos/", "/panier/", "/compte/connexion/", "/nulle-part/",
        "/commerces/personne/",
        f"/commerces/{here.merchant.slug}/", f"/histoires/{here.story.slug}/",
        f"/boutique/{here.merchant.slug}/{here.variant.product.slug}/",
    ) == {}  # fmt: skip


def test_shoppers_pages_are_in_french(here: Town, bought_here: Purchase) -> None:
    client = here.visitor()
    client.post("/panier/ajouter/", {"variant": here.variant.pk, "quantity": 1})
    assert leaks(client, "/panier/", "/paiement/", f"/commande/{bought_here.token}/") == {}
    client.post("/paiement/?etape=contact", {"name": "Marie", "email": "marie@exemple.test"})
    assert leaks(client, "/paiement/?etape=remise") == {}
    client.post("/paiement/?etape=remise", {"pickup": "on"})
    assert leaks(client, "/paiement/?etape=verification", f"/panier/?retire={here.variant.pk}-1") == {}


def test_merchants_pages_are_in_french(here: Town, bought_here: Purchase) -> None:
    client = here.signed_in(here.owner)
    shop = f"/mon-commerce/{here.merchant.slug}/"
    number = bought_here.order.number
    assert leaks(client, "/compte/", shop, f"{shop}commandes/{number}/") == {}
    client.post(f"{shop}commandes/{number}/etat/", {"to": "ready"})
    assert leaks(client, shop, f"{shop}commandes/{number}/") == {}


@pytest.mark.parametrize(
    ("address", "values"),
    [
        ("/paiement/?etape=contact", {}),
        ("/paiement/?etape=contact", {"name": "x" * 500, "email": "x" * 500, "phone": "x" * 500}),
        ("/paiement/?etape=contact", {"name": "\x00", "email": "a@b", "phone": "+1"}),
        ("/panier/ajouter/", {"variant": "VARIANT", "quantity": ""}),
        ("/panier/ajouter/", {"variant": "VARIANT", "quantity": "\x00"}),
        ("/panier/ajouter/", {"variant": "VARIANT", "quantity": "1e5"}),
        ("/compte/connexion/", {}),
        ("/compte/connexion/", {"username": "x" * 300, "password": "\x00"}),
    ],
)
def test_refused_forms_speak_french(here: Town, address: str, values: dict[str, str]) -> None:
    client = here.visitor()
    client.post("/panier/ajouter/", {"variant": here.variant.pk, "quantity": 1})
    filled = {name: str(here.variant.pk) if value == "VARIANT" else value for name, value in values.items()}
    answer = client.post(address, filled)
    assert answer.status_code == 422
    assert english_in(answer.content.decode()) == []


def test_bad_host_and_refused_forms_are_in_french(here: Town) -> None:
    careful = Client(enforce_csrf_checks=True, headers={"host": here.host, "sec-fetch-site": "cross-site"})
    answers = [
        Client(headers={"host": "evil.test"}).get("/"),
        careful.post("/panier/ajouter/", {"variant": here.variant.pk}),
        here.visitor().get("/panier/ajouter/"),
    ]
    assert [answer.status_code for answer in answers] == [400, 403, 405]
    assert [english_in(answer.content.decode()) for answer in answers] == [[], [], []]


def test_broken_page_says_so_in_french(here: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("shop.views.catalogue.catalogue_context", broken)
    client = here.visitor()
    client.raise_request_exception = False
    answer = client.get("/boutique/")
    html = answer.content.decode()
    assert answer.status_code == 500
    assert english_in(html) == []
    assert "a fault of ours" not in html


def test_page_says_which_language_it_is_in(here: Town) -> None:
    html = here.visitor().get("/").content.decode()
    assert re.search(r'<html lang="fr-ca">', html, re.IGNORECASE)
