"""Two shops of Lévis, a basket from both, and the promise that money adds up after every test here."""

import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
import stripe
from django.db import connections
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Site

from directory.models import Merchant
from home.models import PortalSettings
from home.tenancy import portal_scope
from shop import carts, checkouts
from shop.checkouts import Contact
from shop.enums import TaxClass
from shop.exceptions import ShopError
from shop.models import Cart, Checkout, CheckoutSession, Variant
from shop.payments import gateway
from shop.payments.sessions import ensure_session
from shop.payments.sync import sync_checkout
from shop.sandbox.server import Sandbox
from tests.books import broken
from tests.factories import ProductFactory, VariantFactory, make_seller

BUYER = Contact(name="Marie Tremblay", email="marie@exemple.test", phone="+14185550123")


@pytest.fixture(autouse=True)
def _money_adds_up(request: pytest.FixtureRequest) -> Iterator[None]:
    """The invariants of the contract hold after every test that touches the database."""
    asked = [name for name in ("transactional_db", "db") if name in request.fixturenames]
    if asked:
        request.getfixturevalue(asked[0])  # Set up first, so that it is still there when we look.
    yield
    if asked and "breaks_the_books" not in request.fixturenames:
        assert broken() == []


@pytest.fixture
def breaks_the_books(db) -> None:
    """For the tests of the invariants themselves: the books need not add up afterwards."""


@pytest.fixture(autouse=True)
def _no_naps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stripe's package waits between its own retries; tests do not."""
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0)
    monkeypatch.setattr(stripe.HTTPClient, "MAX_DELAY", 0)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second without an answer is no answer."""
    monkeypatch.setattr(gateway, "READ_TIMEOUT_S", 0.5)


@dataclass(frozen=True)
class Stall:
    """A selling merchant with one product."""

    merchant: Merchant
    variant: Variant

    @property
    def account(self) -> str:
        return str(self.merchant.shop.stripe_account_id)

    def left(self) -> int:
        return Variant.objects.get(pk=self.variant.pk).on_hand


def make_stall(
    name: str, *, price_cents: int, units: int = 10, tax_class: TaxClass = TaxClass.STANDARD
) -> Stall:
    merchant = make_seller(name=name, email=f"{slugify(name)}@exemple.test")
    product = ProductFactory(merchant=merchant, tax_class=tax_class)
    return Stall(merchant, VariantFactory(product=product, price_cents=price_cents, units=units))


@pytest.fixture
def cheese(in_levis: Site, sandbox: Sandbox) -> Stall:
    """Zero-rated cheese at 12.00 $."""
    stall = make_stall("Fromagerie des Chutes", price_cents=12_00, tax_class=TaxClass.ZERO_RATED)
    sandbox.add_account(stall.account)
    return stall


@pytest.fixture
def candles(in_levis: Site, sandbox: Sandbox) -> Stall:
    """Taxable candles at 19.99 $, of a merchant that is not registered."""
    stall = make_stall("Chandelles Lauzon", price_cents=19_99)
    sandbox.add_account(stall.account)
    return stall


@pytest.fixture
def portal(in_levis: Site) -> PortalSettings:
    """The portal's settings, with a commission of 5 %."""
    settings = PortalSettings.for_site(in_levis)
    settings.commission_bps = 500
    settings.save()
    return settings


@pytest.fixture
def cart(in_levis: Site, cheese: Stall, candles: Stall) -> Cart:
    """Two cheeses and one candle."""
    filled = carts.create()
    carts.add(filled, cheese.variant, 2)
    carts.add(filled, candles.variant, 1)
    return filled


def place(cart: Cart, portal: PortalSettings, *, form_token: uuid.UUID | None = None) -> Checkout:
    """Place the cart as its shopper would, accepting the total of the moment."""
    now = timezone.now()
    basket = carts.basket_of(cart, settings=portal, today=timezone.localdate(now))
    return checkouts.place(
        cart,
        form_token=form_token or cart.form_token,
        contact=BUYER,
        accepted_total_cents=basket.total_cents,
        settings=portal,
        now=now,
    )


def open_session(checkout: Checkout) -> CheckoutSession:
    return ensure_session(checkout, now=timezone.now())


def pay(checkout: Checkout, sandbox: Sandbox) -> CheckoutSession:
    """The shopper pays on the hosted page; we do not know it yet."""
    session = open_session(checkout)
    sandbox.pay(str(session.session_id))
    return session


def complete(checkout: Checkout, sandbox: Sandbox) -> Checkout:
    """Paid, and we know it; nothing of the outbox was delivered yet."""
    pay(checkout, sandbox)
    assert sync_checkout(checkout.pk, now=timezone.now())
    checkout.refresh_from_db()
    return checkout


def posts(sandbox: Sandbox, path: str) -> list[dict[str, Any]]:
    """What was asked of the sandbox there, oldest first."""
    return [asked for asked in sandbox.requests() if asked["method"] == "POST" and asked["path"] == path]


def at_once(site: Site, *acts: Callable[[], Any]) -> list[Any]:
    """Each act in a thread and a connection of its own, all starting together: what each gave, or was refused with."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            with portal_scope(site):
                gate.wait()
                return act()
        except ShopError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
