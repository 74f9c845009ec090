"""Idempotency keys, as Stripe keeps them."""

import threading

import pytest
import stripe

from shop.sandbox.server import Sandbox
from tests.shop.sandbox.asking import client_of, error_of, session_params, until

DAY = 86400


def create(client: stripe.StripeClient, key: str, **changes) -> stripe.checkout.Session:
    account = changes.pop("stripe_account", None)
    options = {"idempotency_key": key} | ({"stripe_account": account} if account else {})
    return client.v1.checkout.sessions.create(params=session_params(**changes), options=options)


def count(client: stripe.StripeClient) -> int:
    return len(client.v1.checkout.sessions.list().data)


def test_same_key_replays_the_first_answer(client):
    first, second = create(client, "cs:1:1"), create(client, "cs:1:1")
    assert first.id == second.id
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert second.last_response.headers["Original-Request"] == first.last_response.headers["Request-Id"]
    assert count(client) == 1


def test_replay_shows_the_past_not_the_present(client, sandbox: Sandbox):
    session = create(client, "cs:1:1")
    sandbox.pay(session.id)
    assert create(client, "cs:1:1").status == "open"
    assert client.v1.checkout.sessions.retrieve(session.id).status == "complete"


def test_same_key_with_other_parameters_is_refused(client):
    create(client, "cs:1:1")
    with pytest.raises(stripe.IdempotencyError) as refused:
        create(client, "cs:1:1", client_reference_id="other")
    assert refused.value.http_status == 400
    assert refused.value.json_body["error"]["type"] == "idempotency_error"
    assert count(client) == 1


def test_same_key_on_another_address_is_refused(client):
    session = create(client, "cs:1:1")
    with pytest.raises(stripe.IdempotencyError):
        client.v1.checkout.sessions.expire(session.id, options={"idempotency_key": "cs:1:1"})
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"


def test_keys_belong_to_an_account(client, sandbox: Sandbox):
    account = sandbox.add_account(capabilities={"card_payments": "active"})["id"]
    assert create(client, "cs:1:1").id != create(client, "cs:1:1", stripe_account=account).id


def test_refused_parameters_do_not_use_up_the_key(client):
    error_of(lambda: create(client, "cs:1:1", colour="red"))
    assert create(client, "cs:1:1").status == "open"


def test_outcome_of_a_call_that_ran_is_kept_even_when_it_failed(client, sandbox: Sandbox, paid_charge):
    wish = {
        "amount": 10,
        "currency": "cad",
        "destination": "acct_1Late",
        "source_transaction": paid_charge.id,
    }
    send = lambda key: client.v1.transfers.create(params=wish, options={"idempotency_key": key})  # noqa: E731
    error_of(lambda: send("tr:1"))
    sandbox.add_account("acct_1Late")
    assert error_of(lambda: send("tr:1"))["code"] == "resource_missing"
    assert send("tr:2").amount == 10


@pytest.mark.parametrize(("kind", "made"), [("500_before", 0), ("500_after", 1)])
def test_stored_500_is_replayed(client, sandbox: Sandbox, kind, made):
    sandbox.fail("POST", "/v1/checkout/sessions", kind)
    for _ in range(3):
        assert error_of(lambda: create(client, "cs:1:1"))["status"] == 500
    assert count(client) == made
    assert [request["is_replayed"] for request in sandbox.requests()[:3]] == [False, True, True]
    assert create(client, "cs:1:2").status == "open"


def test_client_does_not_retry_a_stored_500(sandbox: Sandbox):
    sandbox.fail("POST", "/v1/checkout/sessions", "500_after")
    error_of(lambda: create(client_of(sandbox, max_network_retries=2), "cs:1:1"))
    assert len(sandbox.requests()) == 1


def test_keys_are_forgotten_after_a_day(client, sandbox: Sandbox):
    sandbox.freeze(1_800_000_000)
    first = create(client, "cs:1:1")
    sandbox.advance(DAY - 1)
    assert create(client, "cs:1:1").id == first.id
    sandbox.advance(1)
    assert create(client, "cs:1:1").id != first.id


def test_concurrent_use_is_409(client, sandbox: Sandbox):
    sandbox.fail("POST", "/v1/checkout/sessions", "slow", seconds=60)
    made: list[str] = []
    slow = threading.Thread(target=lambda: made.append(create(client_of(sandbox), "cs:1:1").id))
    slow.start()
    until(lambda: sandbox.api.faults.waiting)
    error = error_of(lambda: create(client, "cs:1:1"))
    assert (error["status"], error["code"]) == (409, "idempotency_key_in_use")
    sandbox.clear_faults()
    slow.join(timeout=20)
    assert create(client, "cs:1:1").id == made[0]


def test_v2_keeps_keys_too(client):
    options = {"idempotency_key": "acct:1"}
    made = [
        client.v2.core.accounts.create(params={"display_name": "A"}, options=options).id for _ in range(2)
    ]
    assert made[0] == made[1]
    with pytest.raises(stripe.IdempotencyError):
        client.v2.core.accounts.create(params={"display_name": "B"}, options=options)


def test_key_that_is_too_long_is_refused(client):
    assert error_of(lambda: create(client, "k" * 256))["status"] == 400
