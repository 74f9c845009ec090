"""What is not an event of ours, from Stripe, now: refused at the door, or waiting; not a row of money moves."""

import json
from typing import Any

import pytest
from django.utils import timezone

from home.models import PortalSettings
from shop.models import Cart, StripeEvent
from shop.payments import webhooks
from shop.sandbox.server import Sandbox
from tests.shop.conftest import open_session, place
from tests.shop.storms import books
from tests.shop.storms.post import Event, bring, signed

DEEP = 100_000


@pytest.fixture
def event(cart: Cart, portal: PortalSettings, sandbox: Sandbox) -> Event:
    """The one that a thief wishes for: says that an open checkout, which nobody paid, is paid."""
    checkout = place(cart, portal)
    session = {
        "id": open_session(checkout).session_id,
        "object": "checkout.session",
        "client_reference_id": str(checkout.public_id),
        "status": "complete",
        "payment_status": "paid",
        "amount_total": checkout.total_cents,
        "currency": "cad",
    }
    return {
        "id": "evt_1wished",
        "object": "event",
        "type": "checkout.session.completed",
        "livemode": False,
        "data": {"object": session},
    }


def changed(event: Event, **fields: Any) -> Event:
    """The same with other fields of its session."""
    return {**event, "data": {"object": {**event["data"]["object"], **fields}}}


def raw(event: Event) -> bytes:
    return json.dumps(event).encode()


# ------------------------------------------------------------------------------------------------- not signed, not now


def refuse(*letters: tuple[str, bytes, str | None], **extra: Any) -> None:
    """Each letter (its name, its body, its signature or None for a true one) gets a 4xx; not a row changes."""
    before = books.rows()
    answers = {name: bring(payload, signature, **extra).status_code for name, payload, signature in letters}
    assert {name: status for name, status in answers.items() if not 400 <= status < 500} == {}
    assert not StripeEvent.objects.exists()
    assert webhooks.process(now=timezone.now()) == 0
    assert books.rows() == before


SIGNATURES = {
    "none": lambda _payload: "",
    "a word": lambda _payload: "nonsense",
    "a stamp alone": lambda payload: signed(payload).split(",", maxsplit=1)[0],
    "a signature alone": lambda payload: signed(payload).split(",")[1],
    "of nothing": lambda payload: signed(payload).split("v1=", maxsplit=1)[0] + "v1=",
    "zeros": lambda payload: signed(payload).split("v1=", maxsplit=1)[0] + "v1=" + "0" * 64,
    "by another's secret": lambda payload: signed(payload, secret="whsec_another"),
    "by the other endpoint's secret": lambda payload: signed(payload, secret="whsec_connect"),
    "by an empty secret": lambda payload: signed(payload, secret=""),
    "by our API key": lambda payload: signed(payload, secret="sk_test_sandbox"),
    "too old": lambda payload: signed(payload, seconds=-301),
    "a year old": lambda payload: signed(payload, seconds=-31_536_000),
    "of the far future": lambda payload: signed(payload, seconds=31_536_000),
    "of the near future": lambda payload: signed(payload, seconds=360),
    "of another body": lambda payload: signed(payload + b" "),
    "of another scheme": lambda payload: signed(payload).replace("v1=", "v0="),
    "with a later stamp than it signs": lambda payload: "t=9" + signed(payload).removeprefix("t="),
    "with a second stamp": lambda payload: f"t=1,{signed(payload, seconds=-400)}",
    "a stamp below zero": lambda payload: f"t=-1,{signed(payload).split(',')[1]}",
    "a stamp with a fraction": lambda payload: signed(payload).replace(",", ".5,"),
    "a stamp too large for a number": lambda payload: f"t={'9' * 4000},{signed(payload).split(',')[1]}",
    "a thousand signatures": lambda payload: f"{signed(payload).split(',')[0]}{',v1=0' * 1000}",
    "equals signs": lambda _payload: "=" * 500,
    "commas": lambda _payload: "," * 500,
    "letters of elsewhere": lambda payload: signed(payload).replace("v1=", "v1=é"),
    "a line too many": lambda payload: signed(payload).replace(",", ",\t"),
}


def test_what_stripe_did_not_sign_now_moves_nothing(event: Event) -> None:
    payload = raw(event)
    refuse(*((kind, payload, forge(payload)) for kind, forge in SIGNATURES.items()))


CHANGES = {
    "another name": (b"evt_1wished", b"evt_2wished"),
    "another amount": (b'"amount_total": ', b'"amount_total": 1'),
    "another type": (b"completed", b"async_payment_succeeded"),
    "a space before": (b"{", b" {"),
    "a line after": (b"}", b"}\n"),
    "a field twice": (b'"livemode": false', b'"livemode": false, "livemode": false'),
}


def test_a_body_changed_on_the_way_moves_nothing(event: Event) -> None:
    payload = raw(event)
    assert all(old in payload for old, _new in CHANGES.values())
    refuse(*((kind, payload.replace(old, new, 1), signed(payload)) for kind, (old, new) in CHANGES.items()))


# --------------------------------------------------------------------------------------- signed, and still not an event


BODIES: dict[str, bytes] = {
    "empty": b"",
    "cut": b'{"id": "evt_1", "type": "x", "livemode": false',
    "not UTF-8": b"\xff\xfe\x00",
    "no JSON": b"<event/>",
    "a form": b"id=evt_1&type=x",
    "an array": b'[{"id": "evt_1", "type": "x"}]',
    "null": b"null",
    "a number": b"7",
    "a text": b'"evt_1"',
    "half a character": b'"\\ud800"',
    "no fields": b"{}",
    "an id that is a number": b'{"id": 1, "type": "x", "livemode": false}',
    "an empty id": b'{"id": "", "type": "x", "livemode": false}',
    "an id without end": b'{"id": "%s", "type": "x", "livemode": false}' % (b"e" * 256),
    "an id with a zero byte": b'{"id": "evt_\\u0000", "type": "x", "livemode": false}',
    "a type that is an object": b'{"id": "evt_1", "type": {}, "livemode": false}',
    "a type without end": b'{"id": "evt_1", "type": "%s", "livemode": false}' % (b"x" * 256),
    "data that are an array": b'{"id": "evt_1", "type": "x", "livemode": false, "data": [1]}',
    "an object that is a text": b'{"id": "evt_1", "type": "x", "livemode": false, "data": {"object": "cs"}}',
    "an account that is an object": b'{"id": "evt_1", "type": "x", "livemode": false, "account": {"id": 1}}',
    "an object's id without end": b'{"id": "evt_1", "type": "x", "data": {"object": {"id": "%s"}}}'
    % (b"c" * 300),
    "a zero byte inside": b'{"id": "evt_1", "type": "x", "livemode": false, "note": "\\u0000"}',
    "half a character inside": b'{"id": "evt_1", "type": "x", "livemode": false, "note": "\\ud800"}',
    "what is no number": b'{"id": "evt_1", "type": "x", "livemode": false, "note": NaN}',
    "infinity": b'{"id": "evt_1", "type": "x", "livemode": false, "note": -Infinity}',
    "a number without end": b'{"id": "evt_1", "type": "x", "livemode": false, "note": %s}' % (b"9" * 5000),
    "arrays without end": b"[" * DEEP,
    "deep arrays": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "a deep event": b'{"id": "evt_1", "type": "x", "livemode": false, "data": %s}'
    % (b'{"a":' * 5000 + b"1" + b"}" * 5000),
}


def test_signed_nonsense_moves_nothing(event: Event) -> None:
    assert event
    refuse(*((kind, payload, None) for kind, payload in BODIES.items()))


def test_an_event_of_the_other_mode_moves_nothing(event: Event) -> None:
    refuse(*((str(mode), raw({**event, "livemode": mode}), None) for mode in (True, "true", 1)))


def test_an_event_of_an_account_that_is_not_ours_moves_nothing(event: Event) -> None:
    accounts = ("acct_stranger", "acct_", "x" * 65)
    refuse(*((account, raw({**event, "account": account}), None) for account in accounts))


# ---------------------------------------------------------------------------------------------------------- too large


def test_a_huge_body_is_not_read(event: Event) -> None:
    refuse(("huge", raw({**event, "filler": "x" * 600_000}), None))


@pytest.mark.parametrize("length", ["", "100", "abc", "-1", "²", "1e3", "0x10", "9" * 5000])
def test_a_length_that_is_not_the_bodys_is_refused(event: Event, length: str) -> None:
    """Without one nothing is read; a shorter one cuts the body, which then is not what was signed."""
    refuse(("of this length", raw(event), None), CONTENT_LENGTH=length)


# -------------------------------------------------------- truly signed, and not true: a trigger, never a fact; it waits


def say(*events: Event) -> list[StripeEvent]:
    """Taken at the door; whatever they claim, not a row of money changes. The inbox, in the order of their names."""
    before = books.rows()
    named = [{**event, "id": f"evt_{number}"} for number, event in enumerate(events)]
    assert [bring(event).status_code for event in named] == [200] * len(events)
    webhooks.process(now=timezone.now())
    assert books.rows() == before
    return list(StripeEvent.objects.order_by("event_id"))


UNTRUE: tuple[dict[str, Any], ...] = (
    {},  # It is not paid at all.
    {"amount_total": 1},
    {"amount_total": 0},
    {"amount_total": "all of it"},
    {"currency": "usd"},
    {"payment_intent": "pi_stranger"},
    {"client_reference_id": "00000000-0000-4000-8000-000000000000"},
    {"id": "cs_test_stranger"},  # It carries our reference, and is not our session.
)


def test_what_an_event_claims_is_asked_of_stripe_and_not_believed(event: Event) -> None:
    inbox = say(*(changed(event, **fields) for fields in UNTRUE))
    assert all(stored.processed_at for stored in inbox)


def test_an_order_nobody_knows_is_waited_for_not_forgotten(event: Event) -> None:
    references = (None, "", 7, "another program's", "00000000-0000-4000-8000-000000000000")
    strange = (changed(event, id="cs_test_stranger", client_reference_id=each) for each in references)
    inbox = say(*strange)
    assert [(stored.processed_at, stored.attempts) for stored in inbox] == [(None, 1)] * len(references)
    assert all(stored.last_error for stored in inbox)


def test_a_kind_nobody_knows_is_done_and_does_nothing(event: Event) -> None:
    assert say({**event, "type": "checkout_session.completed"})[0].processed_at
