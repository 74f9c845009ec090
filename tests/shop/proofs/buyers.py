"""Buyers who stand before the pay button, as many as one likes, and all press it at the same instant.

The first one gets there through the pages. The others have a copy of that cart each, under a token of their own.
"""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlencode

from django.contrib.messages.storage.cookie import CookieStorage
from django.core import signing
from django.http import HttpRequest

from shop.cart_cookie import CART_COOKIE, SALT
from shop.models import Cart, Checkout
from tests.shop.conftest import Stall
from tests.shop.views.conftest import Shopper

PATIENCE_S = 120
PRESS = "/paiement/?etape=verification"
CSRF_TOKEN = "x" * 32


@dataclass
class Buyer:
    """One cart, what its form holds, and how the press of its button was answered."""

    cart: Cart
    accepted_total_cents: int
    statuses: list[int] = field(default_factory=list)
    location: str = ""
    told: str = ""

    @property
    def cookies(self) -> str:
        cart = signing.get_cookie_signer(salt=CART_COOKIE + SALT).sign(self.cart.token.hex)
        return f"{CART_COOKIE}={cart}; csrftoken={CSRF_TOKEN}"

    def ask(self, port: int, method: str, path: str, form: dict[str, Any] | None = None) -> HTTPConnection:
        """The question is on its way; the answer is read later."""
        headers = {
            "Host": "localhost",
            "Cookie": self.cookies,
            "X-CSRFToken": CSRF_TOKEN,
            "Connection": "close",
        }
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        line.request(method, path, urlencode(form or {}), headers)
        return line

    def press(self, port: int) -> HTTPConnection:
        form = {"form_token": self.cart.form_token, "accepted_total_cents": self.accepted_total_cents}
        return self.ask(port, "POST", PRESS, form)

    def hear(self, line: HTTPConnection) -> str:
        """Reads the answer; returns the page."""
        with line.getresponse() as answer:
            self.statuses.append(answer.status)
            self.location = answer.headers.get("Location", "")
            self.told = _message_of(answer) or self.told
            page = answer.read().decode()
        line.close()
        return page

    def get(self, port: int, path: str) -> str:
        return self.hear(self.ask(port, "GET", path))


def _message_of(answer: HTTPResponse) -> str:
    """What the next page will say, which travels in a signed cookie."""
    cookies = " ".join(answer.headers.get_all("Set-Cookie") or [])
    kept = re.search(r'messages="?([^";]+)', cookies)
    said = CookieStorage(HttpRequest())._decode(kept[1]) if kept else []
    return " ".join(str(message) for message in said)


def all_press(buyers: Sequence[Buyer], port: int) -> None:
    """Every press is on its way before the first answer is read."""
    lines = [buyer.press(port) for buyer in buyers]
    for buyer, line in zip(buyers, lines, strict=True):
        buyer.hear(line)


def queue_up(number: int, *baskets: Sequence[Stall]) -> list[Buyer]:
    """So many buyers, each with one unit from every stall of a basket, met in that order; the baskets take turns."""
    firsts = [_first(stalls) for stalls in baskets]
    buyers = list(firsts)
    for turn in range(number - len(firsts)):
        first = firsts[turn % len(firsts)]
        buyers.append(Buyer(copy_of(first.cart), first.accepted_total_cents))
    return buyers


def _first(stalls: Sequence[Stall]) -> Buyer:
    shopper = Shopper(headers={"host": "localhost"})
    for stall in stalls:
        shopper.add(stall)
    form = shopper.answer_all().context["form"]
    return Buyer(Cart.objects.latest("pk"), form["accepted_total_cents"].value())


def copy_of(cart: Cart) -> Cart:
    """Another's cart with all that hangs on it, under tokens of its own."""
    held = [
        row
        for relation in cart._meta.related_objects
        if relation.related_model is not Checkout
        for row in relation.related_model.objects.filter(**{relation.field.name: cart.pk})
    ]
    copied = _again(Cart.objects.get(pk=cart.pk), token=uuid.uuid4(), form_token=uuid.uuid4())
    for row in held:
        _again(row, cart=copied)
    return copied


def _again(row: Any, **changes: Any) -> Any:
    row.pk, row._state.adding = None, True
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row
