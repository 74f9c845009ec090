"""Each town's texts carry a canary. No address of a portal sings the other's, and nothing changes there.

The whole of it, generated from the URL configuration, is tests/portal/walls/test_matrix.py; here are visitors' pages at
close range, from both sides.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail, signing
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from home.tenancy import portal_scope
from shop.cart_cookie import CART_COOKIE, SALT
from shop.models import CartItem, Checkout, LineItem, Order, OutboxMessage, Variant
from shop.payments.handlers import deliver_outbox
from shop.tokens import payment_token
from tests.portal.towns import Purchase, Town

pytestmark = pytest.mark.slow

Address = Callable[[Town, Purchase], str]


def desk_address(name: str, town: Town, bought: Purchase) -> str:
    return reverse(f"merchant:{name}", args=[town.merchant.slug, bought.order.number])


GENERAL: dict[str, Address] = {
    "shop:catalogue": lambda t, p: reverse("shop:catalogue"),
    "shop:catalogue, searched": lambda t, p: f"/boutique/?q={t.canary}",
    "shop:catalogue, filtered": lambda t, p: f"/boutique/?commerce={t.merchant.slug}",
    "editorial:rss": lambda t, p: reverse("editorial:rss"),
    "shop:feed": lambda t, p: reverse("shop:feed"),
    "sitemap_section": lambda t, p: reverse("sitemap_section", args=["commerces"]),
    "sitemap_section, products": lambda t, p: reverse("sitemap_section", args=["produits"]),
    "sitemap_section, stories": lambda t, p: reverse("sitemap_section", args=["histoires"]),
    "portal_css": lambda t, p: reverse("portal_css", args=["0"]),
    "wagtail_serve": lambda t, p: "/",
    "directory": lambda t, p: "/commerces/",
    "directory, searched": lambda t, p: f"/commerces/?q={t.canary}",
    "directory, filtered": lambda t, p: (
        f"/commerces/?categorie=categorie-{t.canary}&secteur=secteur-{t.canary}"
    ),
    "stories": lambda t, p: "/histoires/",
    "about": lambda t, p: "/a-propos/",
}
"""The same address in both portals, each with its own towns's things."""

PARTICULAR: dict[str, Address] = {
    "shop:product": lambda t, p: reverse("shop:product", args=[t.merchant.slug, t.variant.product.slug]),
    "shop:merchant_feed": lambda t, p: reverse("shop:merchant_feed", args=[t.merchant.slug]),
    "shop:order": lambda t, p: reverse("shop:order", args=[p.token]),
    "shop:order_cancel": lambda t, p: reverse("shop:order_cancel", args=[p.token, p.order.number]),
    "shop:receipt": lambda t, p: reverse("shop:receipt", args=[p.token, p.order.number]),
    "shop:receipt_pdf": lambda t, p: reverse("shop:receipt_pdf", args=[p.token, p.order.number]),
    "shop:checkout_return": lambda t, p: reverse(
        "shop:checkout_return", args=[payment_token(p.order.checkout)]
    ),
    "shop:checkout_cancel": lambda t, p: reverse(
        "shop:checkout_cancel", args=[payment_token(p.order.checkout)]
    ),
    "merchant:home": lambda t, p: reverse("merchant:home", args=[t.merchant.slug]),
    "merchant:order": lambda t, p: reverse("merchant:order", args=[t.merchant.slug, p.order.number]),
    "merchant:order_receipt": lambda t, p: desk_address("order_receipt", t, p),
    "merchant:order_refund": lambda t, p: desk_address("order_refund", t, p),
    "merchant:packing_slip": lambda t, p: desk_address("packing_slip", t, p),
    "merchant:pick_list": lambda t, p: reverse("merchant:pick_list", args=[t.merchant.slug]),
    "merchant:payouts": lambda t, p: reverse("merchant:payouts", args=[t.merchant.slug]),
    "merchant:payouts_csv": lambda t, p: reverse("merchant:payouts_csv", args=[t.merchant.slug]),
    "merchant:results": lambda t, p: reverse("merchant:results", args=[t.merchant.slug]),
    "merchant:results_csv": lambda t, p: reverse("merchant:results_csv", args=[t.merchant.slug]),
    "merchant page": lambda t, p: f"/commerces/{t.merchant.slug}/",
    "story": lambda t, p: f"/histoires/{t.story.slug}/",
    "media": lambda t, p: t.picture.get_rendition("width-100").url,
    "media, original": lambda t, p: t.picture.file.url,
}
"""An address that only its own portal has."""


@pytest.fixture(params=["levis", "bellechasse"])
def towns(request, here: Town, there: Town, bought_here: Purchase, bought_there: Purchase) -> tuple[Any, ...]:
    """The town that is asked, and its stranger; then the other way round."""
    both = [(here, bought_here), (there, bought_there)]
    (home, bought), (foreign, hidden) = both if request.param == "levis" else reversed(both)
    return home, bought, foreign, hidden


def visitors(home: Town, foreign: Town) -> dict[str, Client]:
    return {
        "anonymous": home.visitor(),
        "merchant of this portal": home.signed_in(home.owner),
        "merchant of the other portal": home.signed_in(foreign.owner),
    }


def body(answer: HttpResponse) -> str:
    if answer.streaming:
        return b"".join(answer.streaming_content).decode("latin-1")
    return answer.content.decode("utf-8", "replace") + str(answer.headers)


def status(client: Client, address: str) -> int:
    answer = client.get(address)
    body(answer)  # a file is closed once it was read
    return int(answer.status_code)


def fingerprint(town: Town) -> list[Any]:
    """Everything of a town that a stranger's request might change."""
    with portal_scope(town.site):
        return [
            list(model.objects.order_by("pk").values())
            for model in (Variant, CartItem, Checkout, Order, LineItem, OutboxMessage)
        ]


def test_general_addresses_sing_their_own_canary_and_no_other(towns) -> None:
    home, bought, foreign, _hidden = towns
    for name, address in GENERAL.items():
        for who, client in visitors(home, foreign).items():
            text = body(client.get(address(home, bought)))
            assert home.canary in text, (name, who)
            assert foreign.canary not in text, (name, who)


def test_search_and_filters_for_the_strangers_things_find_nothing(towns) -> None:
    home, _bought, foreign, hidden = towns
    for name, address in GENERAL.items():
        answer = home.visitor().get(address(foreign, hidden))
        # The words that were asked for are shown again: a link or a price would be more.
        assert not re.search(rf'href="/[^"?]*{foreign.canary}', body(answer)), name


def test_particular_addresses_are_there_at_home(towns) -> None:
    home, bought, _foreign, _hidden = towns
    client = home.signed_in(home.owner)
    statuses = {name: status(client, address(home, bought)) for name, address in PARTICULAR.items()}
    expected = {"shop:checkout_return": 302, "shop:checkout_cancel": 302, "media, original": 404}
    assert statuses == {name: expected.get(name, 200) for name in PARTICULAR}


def test_particular_addresses_are_not_found_in_the_other_portal(towns) -> None:
    home, _bought, foreign, hidden = towns
    before = fingerprint(foreign)
    for name, address in PARTICULAR.items():
        for who, client in visitors(home, foreign).items():
            answer = client.get(address(foreign, hidden))
            sent_to_sign_in = answer.status_code == 302 and "/compte/connexion/" in answer.url
            assert answer.status_code == 404 or sent_to_sign_in, (name, who)
            assert foreign.canary not in answer.content.decode(), (name, who)
    assert fingerprint(foreign) == before


def test_own_merchant_with_the_strangers_order_is_not_found(towns) -> None:
    home, _bought, foreign, hidden = towns
    before = fingerprint(foreign)
    address = reverse("merchant:order", args=[home.merchant.slug, hidden.order.number])
    client = home.signed_in(home.owner)
    assert client.get(address).status_code == 404
    assert client.post(f"{address}etat/", {"to": "ready"}).status_code == 404
    assert fingerprint(foreign) == before


def test_strangers_basket_cannot_be_seen_or_changed(towns) -> None:
    home, _bought, foreign, hidden = towns
    before = fingerprint(foreign)
    client = home.visitor()
    signer = signing.get_cookie_signer(salt=CART_COOKIE + SALT)
    client.cookies.load({CART_COOKIE: signer.sign(hidden.waiting.cart.token.hex)})
    assert foreign.canary not in body(client.get("/panier/"))
    client.post(reverse("shop:cart_update", args=[hidden.waiting.pk]), {"quantity": "0"})
    added = client.post(reverse("shop:cart_add"), {"variant": foreign.variant.pk, "quantity": 1})
    assert added.status_code == 404
    assert client.get("/paiement/").url == "/panier/"
    assert foreign.canary not in body(client.get(f"/panier/?retire={foreign.variant.pk}-1"))
    assert fingerprint(foreign) == before


def test_story_that_names_a_strangers_merchant_shows_nothing_of_it(towns) -> None:
    """A raw id in a block is accepted by Wagtail; what it shows is asked of the portal in scope."""
    home, bought, foreign, _hidden = towns
    home.story.body = [
        {"type": "merchant_block", "value": {"merchant": foreign.merchant.pk}},
        {"type": "product_block", "value": {"product": foreign.variant.product_id}},
    ]
    home.story.save()
    text = body(home.visitor().get(PARTICULAR["story"](home, bought)))
    assert foreign.canary not in text
    assert home.canary in text


def test_mails_speak_of_their_own_portal_only(towns) -> None:
    home, _bought, foreign, _hidden = towns
    deliver_outbox(now=timezone.now())
    ours = [m for m in mail.outbox if home.canary in m.to[0]]
    assert len(ours) == 2
    for message in ours:
        text = str(message.message())
        assert foreign.canary not in text + message.subject + message.body
        assert home.host in message.body


def test_sign_in_at_one_portal_is_none_at_the_other(towns) -> None:
    home, _bought, foreign, _hidden = towns
    client = home.visitor()
    client.post("/compte/connexion/", {"username": home.owner.email, "password": "un-mot-de-passe-de-test"})
    assert client.cookies["sessionid"]["domain"] == ""
    assert foreign.visitor().get("/compte/").status_code == 302
