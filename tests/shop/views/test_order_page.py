"""/commande/<token>/: the shopper's signed page, for its holder alone."""

import pytest
from django.utils import timezone
from wagtail.models import Site

from shop import orders
from shop.enums import CheckoutStatus, OrderStatus
from shop.models import Checkout, CheckoutSession, Order, Variant
from shop.payments import refunds
from shop.payments.handlers import deliver_outbox
from shop.payments.sync import sync_checkout
from shop.sandbox.server import Sandbox
from shop.tokens import order_token, payment_token
from tests.shop.conftest import Stall
from tests.shop.views.conftest import Shopper, text


@pytest.fixture
def paid(placed: Checkout, sandbox: Sandbox) -> Checkout:
    sandbox.pay(str(CheckoutSession.objects.get().session_id))
    sync_checkout(placed.pk, now=timezone.now())
    placed.refresh_from_db()
    return placed


@pytest.fixture
def anyone(in_levis: Site) -> Shopper:
    """Another browser: no cart, no session, only the link."""
    return Shopper(headers={"host": "localhost"})


def address_of(checkout: Checkout) -> str:
    return f"/commande/{order_token(checkout)}/"


def test_link_alone_shows_every_part(anyone: Shopper, paid: Checkout) -> None:
    html = text(anyone.get(address_of(paid)))
    for order in paid.orders.all():
        assert order.number in html
    for words in (
        "Merci, Marie Tremblay.",
        "Fromagerie des Chutes",
        "Chandelles Lauzon",
        "43,99\u00a0$",
        "visa 4242",
    ):
        assert words in html


def test_page_shows_what_was_sold_then_not_what_the_catalogue_says_now(
    anyone: Shopper, paid: Checkout, cheese: Stall
) -> None:
    Variant.objects.filter(pk=cheese.variant.pk).update(price_cents=99_00)
    type(cheese.merchant).objects.filter(pk=cheese.merchant.pk).update(name="Autre nom")
    html = text(anyone.get(address_of(paid)))
    assert "99,00" not in html
    assert "Autre nom" not in html
    assert "24,00\u00a0$" in html


def test_timeline_follows_each_merchant(anyone: Shopper, paid: Checkout) -> None:
    order = Order.objects.first()
    orders.move(order, to=OrderStatus.READY, cause="test", now=timezone.now())
    parts = {part.order.pk: part for part in anyone.get(address_of(paid)).context["orders"]}
    done = {pk: [step.done for step in part.timeline] for pk, part in parts.items()}
    assert done.pop(order.pk) == [True, True, True, False]
    assert list(done.values()) == [[True, True, False, False]]


def test_unpaid_and_canceled_say_so(anyone: Shopper, placed: Checkout) -> None:
    assert "Le paiement n’est pas terminé." in text(anyone.get(address_of(placed)))
    anyone.get(f"/paiement/abandon/{payment_token(placed)}/")
    html = text(anyone.get(address_of(placed)))
    assert "rien n’a été prélevé" in html
    assert "Merci" not in html


def test_refunded_says_so(anyone: Shopper, paid: Checkout) -> None:
    for order in paid.orders.order_by("pk"):
        refunds.request(order, reason="test", restock=True, now=timezone.now())
    deliver_outbox(now=timezone.now())
    assert Checkout.objects.get().status == CheckoutStatus.REFUNDED
    assert "Tout a été remboursé." in text(anyone.get(address_of(paid)))


def test_page_is_kept_out_of_caches_robots_and_referrers(anyone: Shopper, paid: Checkout) -> None:
    answer = anyone.get(address_of(paid))
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex">' in text(answer)
    assert "<script" not in text(answer)


def test_looking_sets_no_cookie(anyone: Shopper, paid: Checkout) -> None:
    anyone.get(address_of(paid))
    assert not anyone.cookies


FORGERIES = {
    "cut": lambda token: token[:-1],
    "longer": lambda token: token + "A",
    "upper case": lambda token: token.upper(),
    "unsigned": lambda token: token.partition(".")[0],
    "other signature": lambda token: token.partition(".")[0] + "." + "A" * 43,
    "other checkout": lambda token: "0" * 32 + "." + token.partition(".")[2],
    "word": lambda token: "abc",
    "not ascii": lambda token: "é.é",
    "nul": lambda token: "%00.%00",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_forged_token_is_not_found(anyone: Shopper, paid: Checkout, forgery: str) -> None:
    answer = anyone.get(f"/commande/{FORGERIES[forgery](order_token(paid))}/")
    assert answer.status_code == 404
    assert "Marie" not in text(answer)


def test_token_is_not_found_in_another_portal(paid: Checkout, bellechasse: Site) -> None:
    answer = Shopper(headers={"host": "bellechasse.localhost"}).get(address_of(paid))
    assert answer.status_code == 404
    assert "Marie" not in text(answer)


def test_nothing_of_the_shopper_is_on_public_pages(anyone: Shopper, paid: Checkout, cheese: Stall) -> None:
    addresses = (
        "/", "/commerces/", f"/commerces/{cheese.merchant.slug}/", "/boutique/", "/histoires/", "/panier/",
        "/sitemap-produits.xml", "/flux/produits.xml", "/robots.txt", "/histoires/rss/",
    )  # fmt: skip
    secrets = ("Marie Tremblay", "marie@exemple.test", "555-0123", order_token(paid), paid.public_id.hex)
    for address in addresses:
        html = text(anyone.get(address))
        assert [secret for secret in secrets if secret in html] == []
