"""Stripe, and the only module that imports it: our rows in, plain values out.

Every write carries a key made from our own row, so that asking twice is asking once. Errors become
GatewayUnavailable (ask again with the same key) or GatewayRefused (asking again will not help).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings

from shop.exceptions import BadSignature, GatewayRefused, GatewayUnavailable

API_VERSION = "2026-10-28.endive"
CURRENCY = "cad"
CONNECT_TIMEOUT_S, READ_TIMEOUT_S = 3, 20
CLOCK_TOLERANCE_S = 300

stripe.enable_telemetry = False


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One explicit line of the hosted page: goods, delivery or a tax, all computed by us."""

    name: str
    unit_amount_cents: int
    quantity: int = 1
    description: str = ""


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """What a hosted payment page asks for. ``reference``: the checkout's public id, and the transfer group."""

    reference: str
    lines: tuple[SessionLine, ...]
    customer_email: str
    success_url: str
    cancel_url: str
    expires_at: datetime
    metadata: dict[str, str]


@dataclass(frozen=True, slots=True)
class SessionState:
    """A Checkout Session as Stripe sees it now. Amounts in cents."""

    session_id: str
    url: str
    status: str
    payment_status: str
    amount_total_cents: int
    currency: str
    client_reference_id: str
    payment_intent_id: str = ""
    payment_intent_status: str = ""
    charge_id: str = ""
    payment_method: str = ""

    @property
    def is_paid(self) -> bool:
        return self.status == "complete" and self.payment_status == "paid"

    @property
    def is_closed_unpaid(self) -> bool:
        return self.status == "expired"


@lru_cache(maxsize=4)
def _client(key: str, api_base: str) -> stripe.StripeClient:
    """One client per key: it keeps its connections. Without max_network_retries it never retries."""
    options: dict[str, Any] = {"base_addresses": {"api": api_base}} if api_base else {}
    return stripe.StripeClient(
        key,
        stripe_version=API_VERSION,
        max_network_retries=2,
        http_client=stripe.RequestsClient(timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S)),
        **options,
    )


def client() -> stripe.StripeClient:
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE or "")


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise GatewayUnavailable(str(error)) from error
    except stripe.IdempotencyError as error:
        raise GatewayRefused(str(error), code="idempotency_error") from error
    except stripe.StripeError as error:
        if error.http_status is None or error.http_status >= 500 or error.http_status == 409:
            raise GatewayUnavailable(str(error)) from error
        raise GatewayRefused(
            str(error), code=error.code or "", param=getattr(error, "param", "") or ""
        ) from error


def create_session(request: SessionRequest, *, key: str) -> SessionState:
    """Open a hosted payment page for one checkout: cards only, French, all the money first to the portal."""
    with _translated_errors():
        session = client().v1.checkout.sessions.create(
            {
                "mode": "payment",
                "client_reference_id": request.reference,
                "line_items": [_line_item(line) for line in request.lines],
                "customer_email": request.customer_email,
                "success_url": request.success_url,
                "cancel_url": request.cancel_url,
                "expires_at": int(request.expires_at.timestamp()),
                "locale": "fr-CA",
                "allowed_payment_method_types": ["card"],
                "metadata": request.metadata,
                "payment_intent_data": {"transfer_group": request.reference, "metadata": request.metadata},
                "expand": ["payment_intent.latest_charge"],
            },
            {"idempotency_key": key},
        )
    return _session_state(session)


def _line_item(line: SessionLine) -> Any:
    product: dict[str, str] = {"name": line.name}
    if line.description:
        product["description"] = line.description
    return {
        "quantity": line.quantity,
        "price_data": {"currency": CURRENCY, "unit_amount": line.unit_amount_cents, "product_data": product},
    }


def retrieve_session(session_id: str) -> SessionState:
    with _translated_errors():
        session = client().v1.checkout.sessions.retrieve(
            session_id, {"expand": ["payment_intent.latest_charge"]}
        )
    return _session_state(session)


def expire_session(session_id: str) -> SessionState:
    """Close a session so that it can no longer be paid. One already complete or expired is returned as it is."""
    try:
        with _translated_errors():
            client().v1.checkout.sessions.expire(session_id)
    except GatewayRefused:
        # Only an open session can be expired: whatever it became meanwhile is the answer.
        return retrieve_session(session_id)
    return retrieve_session(session_id)


def sessions_since(moment: datetime) -> Iterator[SessionState]:
    """All sessions created since then, newest first."""
    with _translated_errors():
        page = client().v1.checkout.sessions.list(
            {
                "created": {"gte": int(moment.timestamp())},
                "limit": 100,
                "expand": ["data.payment_intent.latest_charge"],
            }
        )
        for session in page.auto_paging_iter():
            yield _session_state(session)


def _session_state(session: Any) -> SessionState:
    intent = _expanded(session, "payment_intent")
    charge = _expanded(intent, "latest_charge")
    return SessionState(
        session_id=session["id"],
        url=_get(session, "url"),
        status=_get(session, "status"),
        payment_status=_get(session, "payment_status"),
        amount_total_cents=session["amount_total"],
        currency=session["currency"],
        client_reference_id=_get(session, "client_reference_id"),
        payment_intent_id=_get(intent, "id"),
        payment_intent_status=_get(intent, "status"),
        charge_id=_get(charge, "id"),
        payment_method=_card_label(charge),
    )


def _expanded(parent: Any, name: str) -> Any:
    """A sub-object where it was expanded and is there, else an empty dict: a StripeObject has no ``get``."""
    child = parent[name] if name in parent else None  # noqa: SIM401 (a StripeObject has no ``get``)
    return child if child is not None and not isinstance(child, str) else {}


def _get(thing: Any, name: str) -> str:
    return (thing[name] if name in thing else None) or ""  # noqa: SIM401 (as above)


def _card_label(charge: Any) -> str:
    """Like « visa 4242 »: all a receipt may say of a card."""
    card = _expanded(_expanded(charge, "payment_method_details"), "card")
    return f"{card['brand']} {card['last4']}" if card else ""


def create_transfer(
    *, key: str, amount_cents: int, destination: str, charge_id: str, group: str, order: str
) -> str:
    """Send a merchant its share out of the charge; returns the transfer's id."""
    with _translated_errors():
        transfer = client().v1.transfers.create(
            {
                "amount": amount_cents,
                "currency": CURRENCY,
                "destination": destination,
                "source_transaction": charge_id,
                "transfer_group": group,
                "metadata": {"order": order},
            },
            {"idempotency_key": key},
        )
    return transfer.id


def reverse_transfer(*, key: str, transfer_id: str, amount_cents: int) -> str:
    """Take back part of a transfer; returns the reversal's id."""
    with _translated_errors():
        reversal = client().v1.transfers.reversals.create(
            transfer_id, {"amount": amount_cents}, {"idempotency_key": key}
        )
    return reversal.id


def create_refund(*, key: str, payment_intent_id: str, amount_cents: int, order: str) -> tuple[str, str]:
    """Give back part of a payment; returns the refund's id and status."""
    with _translated_errors():
        refund = client().v1.refunds.create(
            {"payment_intent": payment_intent_id, "amount": amount_cents, "metadata": {"order": order}},
            {"idempotency_key": key},
        )
    return refund.id, refund.status or ""


def transfers_status(account_id: str) -> str:
    """The account's ``stripe_transfers`` capability, in Stripe's word; "inactive" when it has none."""
    with _translated_errors():
        account = client().v2.core.accounts.retrieve(account_id, {"include": ["configuration.recipient"]})
    branch: Any = account
    for name in ("configuration", "recipient", "capabilities", "stripe_balance", "stripe_transfers"):
        branch = _expanded(branch, name)
    return _get(branch, "status") or "inactive"


def verified_event(payload: bytes, signature: str, *, now: datetime) -> dict[str, Any]:
    """The event that Stripe signed with one of our secrets, as a plain dict.

    Raises BadSignature: unsigned, signed by another, too old, or stamped for the future.
    """
    if _stamp(signature) > now.timestamp() + CLOCK_TOLERANCE_S:
        raise BadSignature("stamped for the future")
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            event = stripe.Webhook.construct_event(payload, signature, secret, tolerance=CLOCK_TOLERANCE_S)
        except (stripe.SignatureVerificationError, ValueError):
            continue
        plain: dict[str, Any] = event.to_dict()
        return plain
    raise BadSignature("no secret of ours made this signature")


def _stamp(signature: str) -> int:
    stamps = [part[2:] for part in signature.split(",") if part.startswith("t=")]
    if not stamps or not stamps[0].isdigit():
        raise BadSignature("no time stamp")
    return int(stamps[0])
