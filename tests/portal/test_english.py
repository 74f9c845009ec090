"""English pages whole: each sentence went to translators, each link stays in English; and French pages keep theirs."""

import datetime as dt
import re
from collections.abc import Iterable

import pytest
from django.test import Client

from directory.hours import holiday_name
from home.languages import ENGLISH
from home.models import PortalSettings
from tests.portal.speaking import leads_to_french, marking, unmarked
from tests.portal.towns import Purchase, Town

NAMES = (
    r"(?:Produit|Commerce|Catégorie|Secteur|Histoire|Plume|Format|Façade|Photo|Devise|Personne|À propos|Acheteuse"
    r"|Chapeau|Chez|Fait à|\d+, rue) canarilevis|\S*canarilevis\S*|Repris intact dans les 14 jours, avec le reçu\."
    r"|Achetons Lévis|Français|English|Stripe|Lévis|Marie|Alice|visa"
)
FIGURES = (
    r"[ap]\.m\.|noon|midnight|[A-Z]\d[A-Z] \d[A-Z]\d|\d{9} RT\d{4}|\d{10} TQ\d{4}|CAN-\w{6}|QC|CSV|JSON|PDF"
)
ADDRESSES = r"\S+@\S+|https?://\S+"
DAY = dt.datetime.now(dt.UTC).date()
HOLIDAYS = "|".join({holiday_name(DAY + dt.timedelta(days=n), ENGLISH) for n in range(-1, 370)} - {""})
KNOWN = re.compile(f"{ADDRESSES}|{NAMES}|{FIGURES}|{HOLIDAYS}", re.IGNORECASE)
"""What no translator is asked for: what people wrote, names, figures."""


@pytest.fixture
def english(here: Town) -> Town:
    PortalSettings.objects.filter(site=here.site).update(offers_english=True)
    return here


def wrong(client: Client, addresses: Iterable[str]) -> dict[str, object]:
    """What each of these English pages says or leads to that is not English."""
    found: dict[str, object] = {}
    for address in addresses:
        answer = client.get(f"/en{address}")
        html = answer.content.decode()
        if answer.status_code not in {200, 404} or '<html lang="en-CA">' not in html:
            found[address] = answer.status_code, answer.get("Location", html[:80])
        elif told := [*unmarked(html, KNOWN), *leads_to_french(html)]:
            found[address] = told
    return found


def test_check_finds_french_and_ways_to_french() -> None:
    html = '<p>⟦Open <b>now</b>⟧ Fermé</p><p lang="fr-CA">Pain<i lang="en">Bread</i></p>'
    html += '<a title="Voir" href="/panier/">'
    assert unmarked(html, KNOWN) == ["Fermé", "Bread", "Voir"]
    assert leads_to_french(f'{html}<a href="/en/panier/"><a href="/en">') == ["/panier/"]


def test_public_pages(english: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    shop, product = english.merchant.slug, english.variant.product.slug
    with marking(monkeypatch):
        found = wrong(english.visitor(), [
            "/", "/commerces/", "/commerces/?q=licorne&ouvert=1&vend=1", "/commerces/?vue=carte", "/tournee/",
            f"/commerces/{shop}/", "/boutique/", "/boutique/?q=licorne", f"/boutique/{shop}/{product}/",
            "/histoires/", f"/histoires/{english.story.slug}/", "/a-propos/", "/cadeaux/", "/cadeaux/?budget=20",
            "/recherche/", "/recherche/?q=canarilevis", "/recherche/?q=licorne", "/infolettre/", "/infolettre/merci/",
            "/favoris/", "/confidentialite/", "/panier/", "/nulle-part/", f"/signaler/{shop}/",
            "/inscription/", "/inscription/courriel/", f"/inscription/commerce/{shop}/",
            "/compte/connexion/", "/compte/connexion/code/", "/compte/inscription/", "/compte/mot-de-passe/oublie/",
        ])  # fmt: skip
    assert found == {}


def test_shoppers_pages(english: Town, bought_here: Purchase, monkeypatch: pytest.MonkeyPatch) -> None:
    client, order = english.visitor(), f"/commande/{bought_here.token}/"
    with marking(monkeypatch):
        added = client.post("/en/panier/ajouter/", {"variant": english.variant.pk, "quantity": 1})
        assert (added.status_code, added["Location"]) == (302, "/en/panier/")
        found = wrong(client, ["/panier/", "/paiement/", order])
        client.post("/en/paiement/?etape=contact", {"name": "Marie", "email": "marie@exemple.test"})
        found |= wrong(client, ["/paiement/?etape=remise"])
        client.post("/en/paiement/?etape=remise", {"pickup": "on"})
        found |= wrong(client, ["/paiement/?etape=verification", f"/panier/?retire={english.variant.pk}-1"])
    assert found == {}


def test_merchants_pages(english: Town, bought_here: Purchase, monkeypatch: pytest.MonkeyPatch) -> None:
    client = english.signed_in(english.owner)
    desk = f"/mon-commerce/{english.merchant.slug}/"
    with marking(monkeypatch):
        found = wrong(client, [
            "/compte/", "/compte/mes-renseignements/", "/compte/securite/", desk,
            f"{desk}commandes/{bought_here.order.number}/", f"{desk}page/", f"{desk}produits/", f"{desk}heures/",
            f"{desk}remise/", f"{desk}taxes/", f"{desk}versements/", f"{desk}option/", f"{desk}equipe/",
        ])  # fmt: skip
    assert found == {}


def test_refusals(english: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong with a form is said in the language of its page, and so is what breaks."""
    careful = Client(enforce_csrf_checks=True, headers={"host": english.host, "sec-fetch-site": "cross-site"})
    client = english.visitor()
    with marking(monkeypatch):
        client.post("/en/panier/ajouter/", {"variant": english.variant.pk, "quantity": 1})
        answers = [
            client.post("/en/paiement/?etape=contact", {"email": "a@b"}),
            client.post("/en/panier/ajouter/", {"variant": english.variant.pk, "quantity": "1e5"}),
            client.post("/en/compte/connexion/", {}),
            client.post("/en/infolettre/", {"email": "a@b"}),
            client.get("/en/panier/ajouter/"),
            careful.post("/en/panier/ajouter/", {"variant": english.variant.pk}),
            Client(headers={"host": "evil.test"}).get("/en/"),
        ]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 405, 403, 400]
    assert [unmarked(answer.content.decode(), KNOWN) for answer in answers] == [[], [], [], [], [], [], []]


def test_neither_language_is_kept_for_the_other(english: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of pages are kept for a minute: asked in one language first, they are not shown in the other."""
    client, pages = english.visitor(), ("/", "/commerces/", "/boutique/", "/histoires/")
    with marking(monkeypatch):
        for page in pages:
            client.get(f"/en{page}")
        assert [page for page in pages if "⟦" in client.get(page).content.decode()] == []
        assert wrong(client, pages) == {}
