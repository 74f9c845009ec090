"""Stripe's events: proved, stored once, answered fast, applied in any order, never forgotten."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from home.models import PortalSettings
from shop.enums import CheckoutStatus
from shop.exceptions import BadSignature
from shop.models import Cart, Checkout, CheckoutSession, OutboxMessage, StripeEvent, Transfer
from shop.payments import webhooks
from shop.sandbox.courier import sign
from shop.sandbox.server import Sandbox
from tests.shop.conftest import Stall, open_session, pay, place

URL = "/stripe/webhook/"
SECRET = "whsec_sandbox"


def body(number: int = 1, *, about: dict[str, Any] | None = None, **fields: Any) -> bytes:
    event = {
        "id": f"evt_{number}",
        "object": "event",
        "type": "checkout.session.completed",
        "livemode": False,
        "data": {"object": about or {"id": "cs_test_unknown", "client_reference_id": None}},
    }
    return json.dumps(event | fields).encode()


def send(payload: bytes, signature: str | None = None, **extra: Any) -> HttpResponse:
    """As Stripe does: no cookie, no token, a signature over the raw body."""
    signature = sign(payload, SECRET, int(time.time())) if signature is None else signature
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return client.post(
        URL, payload, content_type="application/json", headers={"Stripe-Signature": signature}, **extra
    )


@pytest.fixture
def secrets(in_levis, settings) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET]


# ------------------------------------------------------------------------------------------------------------ the door


@pytest.mark.usefixtures("secrets")
def test_a_signed_event_is_stored_and_answered_at_once() -> None:
    payload = body()
    assert send(payload).status_code == 200
    event = StripeEvent.objects.get()
    assert (event.event_id, event.type) == ("evt_1", "checkout.session.completed")
    assert (event.object_id, event.processed_at) == ("cs_test_unknown", None)
    assert event.payload == json.loads(payload)


@pytest.mark.usefixtures("secrets")
def test_the_same_event_again_is_stored_once() -> None:
    assert [send(body()).status_code for _i in range(3)] == [200, 200, 200]
    assert StripeEvent.objects.count() == 1
    payload, now = body(2), timezone.now()
    signature = sign(payload, SECRET, int(time.time()))
    assert [webhooks.receive(payload, signature, now=now) for _i in range(2)] == [True, False]


def stamped(seconds: int, secret: str = SECRET) -> str:
    return sign(body(), secret, int(time.time()) + seconds)


@pytest.mark.usefixtures("secrets")
@pytest.mark.parametrize(
    "signature",
    [
        pytest.param("", id="none"),
        pytest.param("t=1", id="no signature"),
        pytest.param("v1=abc", id="no stamp"),
        pytest.param("nonsense", id="nonsense"),
        pytest.param("t=abc,v1=abc", id="a stamp of letters"),
        pytest.param("t=²,v1=abc", id="a stamp that looks like a digit"),
        pytest.param(f"t={'9' * 5000},v1=abc", id="a stamp without end"),
        pytest.param(f"t={int(time.time())},v1=é", id="a signature of no hexadecimal"),
        pytest.param(stamped(0, "whsec_another"), id="another secret"),
        pytest.param(stamped(-301), id="too old"),
        pytest.param(stamped(86_400), id="of the future"),  # from when tests are collected: far enough
        pytest.param(stamped(0).replace("v1", "v0"), id="another scheme"),
    ],
)
def test_what_stripe_did_not_sign_now_is_refused(signature: str) -> None:
    assert send(body(), signature).status_code == 400
    assert not StripeEvent.objects.exists()


@pytest.mark.usefixtures("secrets")
def test_a_body_changed_on_the_way_is_refused() -> None:
    assert send(body() + b" ", stamped(0)).status_code == 400


def test_while_a_secret_rotates_both_are_good(in_levis, settings) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", "whsec_old"]
    for number, secret in enumerate(("whsec_new", "whsec_old")):
        payload = body(number)
        assert send(payload, sign(payload, secret, int(time.time()))).status_code == 200
    assert StripeEvent.objects.count() == 2


@pytest.mark.usefixtures("secrets")
@pytest.mark.parametrize("ours", [False, True])
def test_an_event_of_the_other_mode_is_refused(settings, *, ours: bool) -> None:
    settings.STRIPE_LIVE_MODE = ours
    assert send(body(livemode=not ours)).status_code == 400
    assert send(body(livemode=ours)).status_code == 200


@pytest.mark.usefixtures("secrets")
@pytest.mark.parametrize(
    "payload", [b"", b"{", b"[]", b"null", b"1", b"{}", b'{"id": 1, "type": 2}', b"\xff\xfe", b'"\\ud800"']
)
def test_signed_nonsense_is_refused_not_stumbled_over(payload: bytes) -> None:
    try:
        signature = sign(payload, SECRET, int(time.time()))
        assert send(payload, signature).status_code == 400
    finally:
        assert not StripeEvent.objects.exists()


@pytest.mark.usefixtures("secrets")
def test_a_body_that_is_too_large_is_not_read() -> None:
    assert send(body(filler="x" * 600_000)).status_code == 413
    assert not StripeEvent.objects.exists()


@pytest.mark.usefixtures("secrets")
@pytest.mark.parametrize("length", ["abc", "-1", "²", "9" * 5000])
def test_a_length_that_is_none_is_refused(length: str) -> None:
    assert send(body(), CONTENT_LENGTH=length).status_code == 413


@pytest.mark.usefixtures("secrets")
def test_it_is_only_posted_to() -> None:
    assert Client().get(URL).status_code == 405


# -------------------------------------------------------------------------------------------------------- the worker


def stored(sandbox: Sandbox, *events: bytes) -> None:
    for payload in events:
        webhooks.receive(payload, sign(payload, SECRET, int(time.time())), now=timezone.now())


def about(checkout: Checkout, session: CheckoutSession) -> dict[str, Any]:
    return {"id": session.session_id, "client_reference_id": str(checkout.public_id)}


@pytest.fixture
def checkout(cart: Cart, portal: PortalSettings) -> Checkout:
    return place(cart, portal)


def status(checkout: Checkout) -> str:
    return Checkout.objects.get(pk=checkout.pk).status


def test_an_event_makes_us_ask_stripe_and_believe_stripe(checkout: Checkout, sandbox: Sandbox) -> None:
    """The event says completed; Stripe says open: nothing is sold."""
    session = open_session(checkout)
    stored(sandbox, body(about={**about(checkout, session), "payment_status": "paid", "status": "complete"}))
    assert webhooks.process(now=timezone.now()) == 1
    assert status(checkout) == CheckoutStatus.OPEN
    assert StripeEvent.objects.get().processed_at is not None


def test_a_paid_session_is_completed_once_whatever_comes_again(checkout: Checkout, sandbox: Sandbox) -> None:
    session = pay(checkout, sandbox)
    stored(sandbox, *(body(number, about=about(checkout, session)) for number in range(3)))
    assert webhooks.process(now=timezone.now()) == 3
    assert webhooks.process(now=timezone.now()) == 0
    assert (status(checkout), Transfer.objects.count(), OutboxMessage.objects.count()) == ("paid", 2, 5)


def test_expired_after_completed_changes_nothing(checkout: Checkout, sandbox: Sandbox, cheese: Stall) -> None:
    session = pay(checkout, sandbox)
    expired = body(1, about=about(checkout, session), type="checkout.session.expired")
    stored(sandbox, expired, body(2, about=about(checkout, session)))
    assert webhooks.process(now=timezone.now()) == 2
    assert (status(checkout), cheese.left()) == (CheckoutStatus.PAID, 8)


def test_an_event_of_an_order_not_known_yet_waits_for_it(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox
) -> None:
    """The answer of Stripe's page was quicker than our own commit."""
    stored(sandbox, body(about={"id": "cs_test_soon", "client_reference_id": None}))
    now = timezone.now()
    assert [webhooks.process(now=now) for _i in range(2)] == [0, 0]
    event = StripeEvent.objects.get()
    assert (event.processed_at, event.attempts, event.not_before > now) == (None, 1, True)
    assert "UnknownObject" in event.last_error
    checkout = place(cart, portal)
    session = pay(checkout, sandbox)
    StripeEvent.objects.update(object_id=session.session_id)
    assert webhooks.process(now=event.not_before) == 1
    assert status(checkout) == CheckoutStatus.PAID


def test_a_session_we_hold_no_id_of_is_found_by_its_reference(checkout: Checkout, sandbox: Sandbox) -> None:
    session = pay(checkout, sandbox)
    event = body(about=about(checkout, session))
    CheckoutSession.objects.update(session_id=None, url="")
    stored(sandbox, event)
    assert webhooks.process(now=timezone.now()) == 1
    assert status(checkout) == CheckoutStatus.PAID


@pytest.mark.parametrize("reference", [None, "", "another program's", "x" * 36, 7])
def test_another_programs_session_waits_and_harms_nobody(
    checkout: Checkout, sandbox: Sandbox, reference: Any
) -> None:
    session = pay(checkout, sandbox)
    strange = body(1, about={"id": "cs_test_strange", "client_reference_id": reference})
    stored(sandbox, strange, body(2, about=about(checkout, session)))
    assert webhooks.process(now=timezone.now()) == 1
    assert status(checkout) == CheckoutStatus.PAID
    assert StripeEvent.objects.get(event_id="evt_1").processed_at is None


def test_one_that_cannot_be_applied_holds_up_nobody(
    checkout: Checkout, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = pay(checkout, sandbox)
    apply = webhooks._apply

    def stumble(event: StripeEvent, now: Any) -> None:
        if event.event_id == "evt_1":
            raise ZeroDivisionError
        apply(event, now)

    monkeypatch.setattr(webhooks, "_apply", stumble)
    stored(sandbox, body(1), body(2, about=about(checkout, session)))
    assert webhooks.process(now=timezone.now()) == 1
    assert status(checkout) == CheckoutStatus.PAID
    assert StripeEvent.objects.get(event_id="evt_1").last_error.startswith("ZeroDivisionError")


@pytest.mark.usefixtures("secrets")
@pytest.mark.parametrize(
    "kind", ["charge.succeeded", "payment_intent.succeeded", "v2.core.account.updated", "x"]
)
def test_types_that_move_nothing_of_ours_are_done(sandbox: Sandbox, kind: str) -> None:
    stored(sandbox, body(type=kind))
    assert webhooks.process(now=timezone.now()) == 1
    assert sandbox.requests() == []


def test_stripe_silent_means_the_event_waits_longer_each_time(checkout: Checkout, sandbox: Sandbox) -> None:
    session = pay(checkout, sandbox)
    stored(sandbox, body(about=about(checkout, session)))
    sandbox.fail("GET", "*", "500_before", times=100)
    now, waits = timezone.now(), []
    for _i in range(3):
        assert webhooks.process(now=now) == 0
        due = StripeEvent.objects.get().not_before
        waits.append((due - now).total_seconds())
        now = due
    assert waits == [10, 20, 40]
    sandbox.clear_faults()
    assert webhooks.process(now=now) == 1


def test_a_worker_killed_at_work_is_followed_when_its_lease_ends(
    checkout: Checkout, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = pay(checkout, sandbox)
    stored(sandbox, body(about=about(checkout, session)))

    def kill(_event: StripeEvent, _now: Any) -> None:
        raise KeyboardInterrupt

    now = timezone.now()
    with monkeypatch.context() as killed:
        killed.setattr(webhooks, "_apply", kill)
        with pytest.raises(KeyboardInterrupt):
            webhooks.process(now=now)
    assert webhooks.process(now=now + webhooks.LEASE - timedelta(seconds=1)) == 0
    assert webhooks.process(now=now + webhooks.LEASE) == 1
    assert status(checkout) == CheckoutStatus.PAID


def test_an_old_signature_is_named() -> None:
    with pytest.raises(BadSignature):
        webhooks.receive(body(), "t=1,v1=1", now=timezone.now())


# ----------------------------------------------------------------------------------- the sandbox carries them, for real


@pytest.mark.parametrize("mode", ["deliver", "duplicate", "reorder", "hold"])
def test_however_they_travel_they_end_in_the_same_state(
    town, live_server, cart: Cart, portal: PortalSettings, sandbox: Sandbox, cheese: Stall, mode: str
) -> None:
    sandbox.webhook_url = live_server.url + URL
    sandbox.webhooks(mode)
    pay(place(cart, portal), sandbox)
    sandbox.flush_webhooks(wait=20)
    webhooks.process(now=timezone.now())
    assert sandbox.control("GET", "webhooks")["deliveries"].keys() == {"done"}
    assert status(Checkout.objects.get()) == CheckoutStatus.PAID
    assert (cheese.left(), Transfer.objects.count(), OutboxMessage.objects.count()) == (8, 2, 5)
    assert not StripeEvent.objects.filter(processed_at=None).exists()
    assert StripeEvent.objects.filter(type="checkout.session.completed").count() == 1
