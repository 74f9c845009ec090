"""Stripe, and the only module that imports it: our rows in, plain values out. What is only read is in ``readings``.

Every write carries a key made from our own row, so that asking twice is asking once. Errors become
GatewayUnavailable (ask again with the same key) or GatewayRefused (asking again will not help).

``account``: the connected account that charges by itself (« direct »); "" is the portal's own. Stripe keeps keys
and objects apart for each account.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings

from shop.exceptions import BadSignature, GatewayBroke, GatewayRefused, GatewayUnavailable
from shop.payments import patience
from shop.payments.asked import RefundRequest, SessionLine, SessionRequest, SessionState, TransferRequest
from shop.payments.event_shape import read_event
from shop.payments.keys import Key

API_VERSION = "2026-10-28.endive"
CURRENCY = "cad"
CONNECT_TIMEOUT_S, READ_TIMEOUT_S = 3, 20
SHORTEST_S = 0.05
CLOCK_TOLERANCE_S = 300
MOST_KEYS = 10
"""New keys that one attempt may use up; the next attempt goes on where it ended."""

SLOW_CLOCKS = timedelta(minutes=5)

stripe.enable_telemetry = False


class _Transport(stripe.RequestsClient):
    """Waits, and tries again, only for as long as whoever asks can wait (``patience``)."""

    @property
    def _timeout(self) -> tuple[float, float]:
        left = max(patience.seconds_left(), SHORTEST_S)
        connect = min(CONNECT_TIMEOUT_S, left / 2)
        return connect, min(READ_TIMEOUT_S, left - connect)

    @_timeout.setter
    def _timeout(self, value: object) -> None:
        """Asked anew for each request."""

    def _should_retry(self, *about: Any, **more: Any) -> bool:
        return patience.seconds_left() > 1 and super()._should_retry(*about, **more)


@lru_cache(maxsize=4)
def _client(key: str, api_base: str) -> stripe.StripeClient:
    """One client per key: it keeps its connections. Without max_network_retries it never retries."""
    options: dict[str, Any] = {"base_addresses": {"api": api_base}} if api_base else {}
    return stripe.StripeClient(
        key,
        stripe_version=API_VERSION,
        max_network_retries=2,
        http_client=_Transport(),
        **options,
    )


def client() -> stripe.StripeClient:
    """Raises GatewayUnavailable when whoever asks can wait no longer."""
    if patience.seconds_left() <= 0:
        raise GatewayUnavailable("no time was left to ask Stripe")
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE or "")


def on_account(account: str, **options: Any) -> Any:
    """The options of one request: for the portal's own account, or for a connected one."""
    return {**options, "stripe_account": account} if account else options


@contextmanager
def translated_errors() -> Iterator[None]:
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.AuthenticationError) as error:
        # A wrong key of ours says nothing about what was asked: it is right again once the key is.
        raise GatewayUnavailable(str(error)) from error
    except stripe.IdempotencyError as error:
        raise GatewayBroke(str(error)) from error
    except stripe.StripeError as error:
        status = error.http_status or 0
        if status >= 500:
            raise GatewayBroke(str(error)) from error
        if status in (0, 409):
            raise GatewayUnavailable(str(error)) from error
        raise GatewayRefused(
            str(error), code=error.code or "", param=getattr(error, "param", "") or ""
        ) from error


def made_once(make: Callable[[str], Any], made_before: Callable[[], Iterable[Any]], key: Key) -> Any:
    """What ``make`` makes under ``key``, made once.

    Keys may be pruned after 24 hours: a retry looks first whether the thing was made.

    Stripe keeps an error of its own under the key and says it again: then we look whether the thing was made,
    by the key in its metadata, and only else ask under the next name. Raises GatewayBroke when that leads nowhere:
    then nothing was made, and the next attempt may pass over ``broken`` names. A request without any answer may
    still be at work: the caller asks again later, under the same name.
    """
    if key.is_retry and (found := _look(made_before, key)):
        return found
    for number in range(key.broken, key.broken + MOST_KEYS):
        try:
            with translated_errors():
                return make(key.numbered(number))
        except GatewayBroke as error:
            broke = error
        if found := _look(made_before, key):
            return found
    raise GatewayBroke(str(broke), broken_keys=key.broken + MOST_KEYS) from broke


def _look(made_before: Callable[[], Iterable[Any]], key: Key) -> Any:
    try:
        with translated_errors():
            return _with_key(made_before(), key.name)
    except GatewayBroke as error:  # We could not look: nothing is known.
        raise GatewayUnavailable(str(error)) from error


def _with_key(things: Iterable[Any], key: str) -> Any:
    return next((thing for thing in things if get(expanded(thing, "metadata"), "key") == key), None)


def create_session(request: SessionRequest, *, key: str, since: datetime) -> SessionState:
    """Open a hosted payment page for one checkout: cards only, all the money to the account that charges.

    ``since``: when it was first asked for, under this key.
    """
    metadata = {**request.metadata, "key": key}
    wish: Any = {
        "mode": "payment",
        "client_reference_id": request.reference,
        "line_items": [_line_item(line) for line in request.lines],
        "customer_email": request.customer_email,
        "success_url": request.success_url,
        "cancel_url": request.cancel_url,
        "expires_at": int(request.expires_at.timestamp()),
        "locale": request.locale,
        "allowed_payment_method_types": ["card"],
        "metadata": metadata,
        "payment_intent_data": _intent_data(request),
        "expand": ["payment_intent.latest_charge"],
    }
    session = made_once(
        lambda name: client().v1.checkout.sessions.create(
            wish, on_account(request.account, idempotency_key=name)
        ),
        lambda: _sessions_since(since - SLOW_CLOCKS, request.account),
        Key(key),
    )
    return _session_state(session, request.account)


def _intent_data(request: SessionRequest) -> Any:
    """A direct charge is followed by no transfer: it has no group."""
    group = {} if request.account else {"transfer_group": request.reference}
    return {**group, "metadata": request.metadata}


def _line_item(line: SessionLine) -> Any:
    product: dict[str, str] = {"name": line.name}
    if line.description:
        product["description"] = line.description
    return {
        "quantity": line.quantity,
        "price_data": {"currency": CURRENCY, "unit_amount": line.unit_amount_cents, "product_data": product},
    }


def retrieve_session(session_id: str, *, account: str = "") -> SessionState:
    with translated_errors():
        session = client().v1.checkout.sessions.retrieve(
            session_id, {"expand": ["payment_intent.latest_charge"]}, on_account(account)
        )
    return _session_state(session, account)


def expire_session(session_id: str, *, account: str = "") -> SessionState:
    """Close a session so that it can no longer be paid. One already complete or expired is returned as it is."""
    try:
        with translated_errors():
            client().v1.checkout.sessions.expire(session_id, None, on_account(account))
    except GatewayRefused:
        # Only an open session can be expired: whatever it became meanwhile is the answer.
        return retrieve_session(session_id, account=account)
    return retrieve_session(session_id, account=account)


def sessions_since(moment: datetime, *, account: str = "") -> Iterator[SessionState]:
    """All sessions that one account created since then, newest first."""
    with translated_errors():
        for session in _sessions_since(moment, account):
            yield _session_state(session, account)


def _sessions_since(moment: datetime, account: str) -> Iterable[Any]:
    page = client().v1.checkout.sessions.list(
        {
            "created": {"gte": int(moment.timestamp())},
            "limit": 100,
            "expand": ["data.payment_intent.latest_charge"],
        },
        on_account(account),
    )
    return page.auto_paging_iter()


def _session_state(session: Any, account: str) -> SessionState:
    intent = expanded(session, "payment_intent")
    charge = expanded(intent, "latest_charge")
    return SessionState(
        session_id=session["id"],
        url=get(session, "url"),
        status=get(session, "status"),
        payment_status=get(session, "payment_status"),
        amount_total_cents=session["amount_total"],
        currency=session["currency"],
        client_reference_id=get(session, "client_reference_id"),
        account=account,
        payment_intent_id=get(intent, "id"),
        payment_intent_status=get(intent, "status"),
        charge_id=get(charge, "id"),
        payment_method=_card_label(charge),
    )


def expanded(parent: Any, name: str) -> Any:
    """A sub-object where it was expanded and is there, else an empty dict: a StripeObject has no ``get``."""
    child = parent[name] if name in parent else None  # noqa: SIM401 (a StripeObject has no ``get``)
    return child if child is not None and not isinstance(child, str) else {}


def get(thing: Any, name: str) -> str:
    return (thing[name] if name in thing else None) or ""  # noqa: SIM401 (as above)


def _card_label(charge: Any) -> str:
    """Like « visa 4242 »: all a receipt may say of a card."""
    card = expanded(expanded(charge, "payment_method_details"), "card")
    return f"{card['brand']} {card['last4']}" if card else ""


def create_transfer(request: TransferRequest, key: Key) -> str:
    """Send a merchant its share out of the charge; returns the transfer's id."""
    wish: Any = {
        "amount": request.amount_cents,
        "currency": CURRENCY,
        "destination": request.destination,
        "source_transaction": request.charge_id,
        "transfer_group": request.group,
        "metadata": {"order": request.order, "key": key.name},
    }
    transfer = made_once(
        lambda name: client().v1.transfers.create(wish, {"idempotency_key": name}),
        lambda: _transfers_of(request.group),
        key,
    )
    return str(transfer.id)


def find_transfer(*, key: str, group: str) -> str:
    """The id of the transfer that was made under this key, or ""."""
    with translated_errors():
        return get(_with_key(_transfers_of(group), key) or {}, "id")


def _transfers_of(group: str) -> Iterable[Any]:
    return client().v1.transfers.list({"transfer_group": group, "limit": 100}).auto_paging_iter()


def reverse_transfer(transfer_id: str, amount_cents: int, key: Key) -> str:
    """Take back part of a transfer; returns the reversal's id."""
    reversals = client().v1.transfers.reversals
    wish: Any = {"amount": amount_cents, "metadata": {"key": key.name}}
    reversal = made_once(
        lambda name: reversals.create(transfer_id, wish, {"idempotency_key": name}),
        lambda: reversals.list(transfer_id, {"limit": 100}).auto_paging_iter(),
        key,
    )
    return str(reversal.id)


def create_refund(request: RefundRequest, key: Key) -> tuple[str, str]:
    """Give back part of a payment; returns the refund's id and status, in Stripe's word."""
    refunds, intent = client().v1.refunds, request.payment_intent_id
    wish: Any = {
        "payment_intent": intent,
        "amount": request.amount_cents,
        "metadata": {"order": request.order, "key": key.name},
    }
    refund = made_once(
        lambda name: refunds.create(wish, on_account(request.account, idempotency_key=name)),
        lambda: refunds.list(
            {"payment_intent": intent, "limit": 100}, on_account(request.account)
        ).auto_paging_iter(),
        key,
    )
    return str(refund.id), str(refund.status or "")


def submit_evidence(dispute_id: str, evidence: dict[str, str], *, key: str) -> None:
    """Answer a dispute of a charge of the portal's. Stripe takes one answer: sent again, it is the same one."""
    wish: Any = {"evidence": evidence, "submit": True}
    with translated_errors():
        client().v1.disputes.update(dispute_id, wish, {"idempotency_key": key})


def verified_event(payload: bytes, signature: str, *, now: datetime) -> dict[str, Any]:
    """The event that Stripe signed with one of our secrets, as a plain dict with its id and type.

    Raises BadSignature: unsigned, signed by another, too old, stamped for the future, or no event at all.
    """
    if not signature.isascii() or not _is_signed(payload, signature):
        raise BadSignature("no secret of ours made this signature")
    if _stamp(signature) > now.timestamp() + CLOCK_TOLERANCE_S:
        raise BadSignature("stamped for the future")
    try:
        return read_event(payload)
    except ValueError as error:
        raise BadSignature(str(error)) from error


def _is_signed(payload: bytes, signature: str) -> bool:
    """By one of our secrets: there are two while one rotates."""
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            stripe.WebhookSignature.verify_header(payload, signature, secret, CLOCK_TOLERANCE_S)
        except (stripe.SignatureVerificationError, ValueError):
            continue
        return True
    return False


def _stamp(signature: str) -> int:
    """Of a header that was verified: Stripe reads its first ``t`` too."""
    return next(int(part[2:]) for part in signature.split(",") if part.startswith("t="))
