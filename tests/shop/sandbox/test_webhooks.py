"""Webhooks: signed, retried, and travelling the way a test asks."""

import json

import pytest
import stripe

from shop.sandbox.courier import sign
from shop.sandbox.server import ControlError, Sandbox
from tests.shop.sandbox.asking import NewSession, Receiver

CONNECT = "whsec_connect"
PAID = ["charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]


def types(events: list[stripe.Event]) -> list[str]:
    return [event.type for event in events]


def test_payment_is_told_signed_and_in_order(sandbox: Sandbox, receiver: Receiver, new_session: NewSession):
    session = new_session()
    sandbox.pay(session.id)
    events = receiver.events(3)
    assert types(events) == PAID
    assert events[2].data.object.id == session.id
    assert events[2].data.object.payment_status == "paid"


def test_wrong_secret_does_not_verify(sandbox: Sandbox, receiver: Receiver, new_session: NewSession):
    sandbox.pay(new_session().id)
    receiver.events(1)
    body, signature = receiver.got[0]
    for secret, payload in (("whsec_other", body), ("whsec_sandbox", body + b" ")):
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(payload, signature, secret)


def test_signature_is_hmac_sha256_of_time_and_body():
    assert (
        sign(b"{}", "whsec_x", 12)
        == "t=12,v1=a1a23aaa11a5e60d05ced9d65a8cc37815848ba1b24be623e8a0ef3a117faa11"
    )


def test_refused_webhook_comes_again(sandbox: Sandbox, receiver: Receiver, new_session: NewSession, client):
    receiver.answers = [500, 302, 404]
    client.v1.checkout.sessions.expire(new_session().id)
    for _ in range(3):
        assert sandbox.courier.wait_until_idle(20)
        sandbox.flush_webhooks()
    events = receiver.events(4)
    assert {event.id for event in events} == {events[0].id}
    assert sandbox.courier.wait_until_idle(20)
    assert sandbox.courier.state()["deliveries"] == {"done": 1}


def test_retry_happens_by_itself(receiver: Receiver, new_session: NewSession, client):
    receiver.answers = [503]
    client.v1.checkout.sessions.expire(new_session().id)
    assert types(receiver.events(2)) == ["checkout.session.expired"] * 2


def test_hold_keeps_everything_until_flushed(sandbox: Sandbox, receiver: Receiver, new_session: NewSession):
    sandbox.webhooks("hold")
    sandbox.pay(new_session().id)
    sandbox.courier.wait_until_idle(5)
    assert receiver.got == []
    assert sandbox.flush_webhooks()["deliveries"] == {"done": 3}
    assert types(receiver.events(3)) == PAID


def test_duplicate_sends_each_twice(sandbox: Sandbox, receiver: Receiver, new_session: NewSession):
    sandbox.webhooks("duplicate")
    sandbox.pay(new_session().id)
    sandbox.flush_webhooks()
    assert sorted(types(receiver.events(6))) == sorted(PAID * 2)
    assert len({event.id for event in receiver.events(6)}) == 3


def test_reorder_sends_the_newest_first(sandbox: Sandbox, receiver: Receiver, new_session: NewSession):
    sandbox.webhooks("reorder", delay=30)
    sandbox.pay(new_session().id)
    sandbox.flush_webhooks()
    assert types(receiver.events(3)) == PAID[::-1]


def test_drop_loses_them_but_the_events_remain(sandbox: Sandbox, receiver, new_session: NewSession, client):
    sandbox.webhooks("drop")
    sandbox.pay(new_session().id)
    assert sandbox.flush_webhooks()["deliveries"] == {"dropped": 3}
    assert receiver.got == []
    assert len(client.v1.events.list().data) == 3
    sandbox.flush_webhooks(include_dropped=True)
    assert types(receiver.events(3)) == PAID


def test_delay_holds_back(sandbox: Sandbox, receiver: Receiver, new_session: NewSession):
    sandbox.webhooks("deliver", delay=60)
    sandbox.pay(new_session().id)
    sandbox.courier.wait_until_idle(5)
    assert receiver.got == []
    sandbox.flush_webhooks()
    assert len(receiver.events(3)) == 3


def test_without_a_receiver_events_wait_for_one(sandbox: Sandbox, new_session: NewSession, request):
    sandbox.pay(new_session().id)
    receiver: Receiver = request.getfixturevalue("receiver")
    assert types(receiver.events(3)) == PAID


def test_unknown_mode_is_refused(sandbox: Sandbox):
    with pytest.raises(ControlError, match="Unknown mode"):
        sandbox.webhooks("pigeon")


def test_connect_events_name_their_account(sandbox: Sandbox, receiver: Receiver, new_session: NewSession):
    account = sandbox.add_account(capabilities={"card_payments": "active"})["id"]
    sandbox.pay(new_session(stripe_account=account).id)
    assert {event.account for event in receiver.events(3)} == {account}


def test_connect_endpoint_has_its_own_secret(sandbox: Sandbox, receiver: Receiver, new_session: NewSession):
    account = sandbox.add_account(capabilities={"card_payments": "active"})["id"]
    sandbox.connect_secret = CONNECT
    sandbox.pay(new_session(stripe_account=account).id)
    sandbox.pay(new_session().id)
    receiver.wait_for(6)
    accounts = {
        secret: [
            json.loads(body).get("account") for body, sign in receiver.got if verifies(body, sign, secret)
        ]
        for secret in ("whsec_sandbox", CONNECT)
    }
    assert accounts == {"whsec_sandbox": [None] * 3, CONNECT: [account] * 3}


def verifies(body: bytes, signature: str, secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(body, signature, secret, 300))
    except stripe.SignatureVerificationError:
        return False


def test_chosen_events_travel_in_the_order_asked(
    sandbox: Sandbox, receiver: Receiver, new_session: NewSession
):
    sandbox.webhooks("drop")
    sandbox.pay(new_session().id)
    ids = {event["type"]: event["id"] for event in sandbox.events()}
    assert list(ids) == PAID
    assert sandbox.send_webhooks(ids[PAID[2]], ids[PAID[0]], times=2) == [200] * 4
    assert types(receiver.events(4)) == [PAID[2], PAID[2], PAID[0], PAID[0]]


def test_one_event_arrives_many_times_at_once(sandbox: Sandbox, receiver: Receiver, new_session: NewSession):
    sandbox.webhooks("drop")
    sandbox.pay(new_session().id)
    receiver.answers = [500]
    statuses = sandbox.send_webhooks(sandbox.events()[-1]["id"], times=20, at_once=True)
    assert sorted(statuses) == [200] * 19 + [500]
    assert len({event.id for event in receiver.events(20)}) == 1


def test_unknown_event_cannot_be_sent(sandbox: Sandbox, receiver: Receiver):
    with pytest.raises(ControlError, match="No such event"):
        sandbox.send_webhooks("evt_nobody")


def test_only_some_types_are_lost(sandbox: Sandbox, receiver: Receiver, new_session: NewSession):
    sandbox.webhooks("drop", types=["checkout.session.completed"])
    sandbox.pay(new_session().id)
    assert sandbox.flush_webhooks()["deliveries"] == {"done": 2, "dropped": 1}
    assert types(receiver.events(2)) == PAID[:2]
