"""A shopper's browser without JavaScript: Django's client on the host of Lévis."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from home.models import PortalSettings
from shop.models import Cart, Checkout
from tests.shop.conftest import Stall

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
        """Press the pay button of a review that was shown earlier."""
        form = review.context["form"]
        return self.answer("verification", {name: form[name].value() for name in form.fields})


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


def text(response: HttpResponse) -> str:
    return response.content.decode()


def said(response: HttpResponse) -> list[str]:
    """What the messages on the page say."""
    return [str(message) for message in response.context["messages"]]
