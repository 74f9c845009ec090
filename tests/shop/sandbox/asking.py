"""How the sandbox's tests ask: the real client, a plain request, an endpoint that listens."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import stripe

from shop.sandbox.server import Sandbox

KEY = "sk_test_of_the_tests"
NewSession = Callable[..., stripe.checkout.Session]


def client_of(sandbox: Sandbox, key: str = KEY, **options: Any) -> stripe.StripeClient:
    return stripe.StripeClient(key, base_addresses={"api": sandbox.url}, **options)


def line(cents: int, *, quantity: int = 1, name: str = "Cheddar") -> dict[str, Any]:
    price = {"currency": "cad", "unit_amount": cents, "product_data": {"name": name}}
    return {"quantity": quantity, "price_data": price}


def session_params(**changes: Any) -> dict[str, Any]:
    params = {
        "mode": "payment",
        "success_url": "http://localhost:9/paiement/retour/?s={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://localhost:9/paiement/abandon/",
        "customer_email": "cliente@demo.test",
        "locale": "fr-CA",
        "line_items": [line(1999, quantity=2), line(598, name="Taxes")],
        "payment_intent_data": {"transfer_group": "checkout:1", "metadata": {"checkout": "1"}},
    }
    return {name: value for name, value in (params | changes).items() if value is not None}


def error_of(call: Any) -> dict[str, Any]:
    with pytest.raises(stripe.StripeError) as raised:
        call()
    return raised.value.json_body["error"] | {"status": raised.value.http_status}


def raw(
    sandbox: Sandbox, method: str, path: str, body: bytes = b"", **headers: str
) -> tuple[int, dict[str, Any]]:
    given = {"Authorization": f"Bearer {KEY}"} | {k.replace("_", "-"): v for k, v in headers.items()}
    request = urllib.request.Request(sandbox.url + path, body or None, given, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def until(condition: Callable[[], Any], seconds: float = 20) -> None:
    """Returns as soon as the condition holds; fails when it does not in time."""
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "It never came true."
        pause.wait(0.005)


@dataclass
class Receiver:
    """An endpoint that keeps what it gets; `answers` are its next statuses, then 200."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    got: list[tuple[bytes, str]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def take(self, body: bytes, signature: str) -> int:
        with self.changed:
            status = self.answers.pop(0) if self.answers else 200
            self.got.append((body, signature))
            self.changed.notify_all()
            return status

    def wait_for(self, count: int) -> None:
        """Returns once so many webhooks are here."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.got) >= count, timeout=20), self.got

    def events(self, count: int) -> list[stripe.Event]:
        """The first `count` events, once they are here; signatures are checked."""
        self.wait_for(count)
        with self.changed:
            return [stripe.Webhook.construct_event(b, s, "whsec_sandbox") for b, s in self.got]
