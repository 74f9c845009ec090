"""A shopper's browser without JavaScript: Django's client on the host of Lévis."""

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Site

from directory.models import Merchant
from home.models import PortalSettings
from shop.models import Cart, Checkout, DeliveryZone, Shop
from shop.sandbox.server import Sandbox
from tests.factories import OpeningHoursFactory, ProductFactory, VariantFactory, make_vineyard
from tests.shop.conftest import Stall

ADDRESS = ("street_address", "city", "postal_code")
LEVIS = {"street_address": "12, rue des Chutes", "city": "Lévis", "postal_code": "g6v6c4"}
CONTACT = {"name": "Marie Tremblay", "email": "marie@exemple.test", "phone": "418 555-0123"}


class Shopper(Client):
    """What one does in the shop, as the pages' forms do it."""

    def add(self, stall_or_variant: Any, quantity: int | str = 1) -> HttpResponse:
        variant = getattr(stall_or_variant, "variant", stall_or_variant)
        return self.post(reverse("shop:cart_add"), {"variant": variant.pk, "quantity": quantity})

    def cart(self) -> HttpResponse:
        return self.get(reverse("shop:cart"))

    def kept(self) -> Cart:
        """The one cart there is."""
        return Cart.objects.get()

    def step(self, name: str) -> HttpResponse:
        return self.get(reverse("shop:checkout"), {"etape": name})

    def answer(self, name: str, values: dict[str, Any]) -> HttpResponse:
        return self.post(f"{reverse('shop:checkout')}?etape={name}", values)

    def answer_all(self) -> HttpResponse:
        """Contact and pick-up answered; returns the review."""
        self.answer("contact", CONTACT)
        self.answer("remise", {"pickup": "on"})
        return self.step("verification")

    def place(self, review: HttpResponse) -> HttpResponse:
        """Press the pay button of a review that was shown earlier; a box that is not ticked says nothing."""
        form = review.context["form"]
        values = {name: form[name].value() for name in form.fields}
        return self.answer(
            "verification", {name: value for name, value in values.items() if value is not None}
        )


@pytest.fixture
def shopper() -> Shopper:
    return Shopper(headers={"host": "localhost"})


@pytest.fixture
def at_review(
    shopper: Shopper, portal: PortalSettings, cheese: Stall, candles: Stall
) -> tuple[Shopper, HttpResponse]:
    """Two cheeses and a candle in the basket, every step answered, the review on the screen."""
    shopper.add(cheese, 2)
    shopper.add(candles)
    return shopper, shopper.answer_all()


def open_always(merchant: Merchant) -> None:
    """Day and night, every day, with special hours said for none: slots and pick-ups do not hang on today's date."""
    for weekday in range(7):
        OpeningHoursFactory(merchant=merchant, weekday=weekday, opens=time(0), closes=time(0))


@pytest.fixture
def producer(in_levis: Site, sandbox: Sandbox, portal: PortalSettings) -> Stall:
    """A vineyard, registered for the QST alone: wine at 24.00 $, pick-up by slots, its own delivery for 5 $ in G6V."""
    merchant = make_vineyard(name="Vignoble des Marées")
    Shop.objects.filter(merchant=merchant).update(pickup_slot_capacity=2)
    DeliveryZone.objects.create(
        shop=merchant.shop, name="Lévis", postal_prefixes=["G6V"], fee_cents=5_00, minimum_cents=20_00
    )
    open_always(merchant)
    account = merchant.shop.stripe_account_id
    sandbox.add_account(account)
    sandbox.set_capabilities(account, card_payments="active", stripe_transfers="active")
    product = ProductFactory(merchant=merchant, title="Marée basse", is_alcohol=True)
    return Stall(merchant, VariantFactory(product=product, price_cents=24_00))


@pytest.fixture
def placed(at_review: tuple[Shopper, HttpResponse]) -> Checkout:
    """The pay button was pressed: the shopper is on Stripe's page."""
    shopper, review = at_review
    assert shopper.place(review).status_code == 303
    return Checkout.objects.get()


@pytest.fixture
def queries_of(shopper: Shopper) -> Callable[[str], int]:
    """How many queries the second look at an address costs: renditions and root paths are made once."""

    def count(address: str) -> int:
        assert shopper.get(address).status_code == 200
        with CaptureQueriesContext(connection) as counted:
            shopper.get(address)
        return len(counted)

    return count


def text(response: HttpResponse | StreamingHttpResponse) -> str:
    return (response.getvalue() if response.streaming else response.content).decode()


def said(response: HttpResponse) -> list[str]:
    """What the messages on the page say."""
    return [str(message) for message in response.context["messages"]]
