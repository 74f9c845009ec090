"""Stripe's postman: the events that a story left at the payment sandbox, brought to our door as one likes."""

import json
import time
from typing import Any

from django.http import HttpResponse
from django.test import Client

from shop.sandbox.courier import sign
from shop.sandbox.server import Sandbox
from shop.sandbox.store import Query

URL = "/stripe/webhook/"
SECRET = "whsec_sandbox"

Event = dict[str, Any]


def events_of(sandbox: Sandbox) -> list[Event]:
    """Everything that happened at Stripe, oldest first, as its webhooks say it."""
    return sandbox.world.store.find(Query("event", None))[::-1]


def signed(payload: bytes, *, secret: str = SECRET, seconds: int = 0) -> str:
    return sign(payload, secret, int(time.time()) + seconds)


def bring(event: Event | bytes, signature: str | None = None, **extra: Any) -> HttpResponse:
    """As Stripe does: no cookie, no token, a signature over the raw body."""
    payload = event if isinstance(event, bytes) else json.dumps(event).encode()
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    headers = {"host": "localhost", "Stripe-Signature": signed(payload) if signature is None else signature}
    return client.post(URL, payload, content_type="application/json", headers=headers, **extra)
