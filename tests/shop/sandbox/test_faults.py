"""What goes wrong on command, and that it goes wrong the way it says."""

import threading

import pytest
import stripe

from shop.sandbox.server import ControlError, Sandbox
from tests.shop.sandbox.asking import client_of, error_of, session_params, until


def sessions(sandbox: Sandbox) -> int:
    return len(client_of(sandbox).v1.checkout.sessions.list().data)


def create(client: stripe.StripeClient, key: str = "k") -> stripe.checkout.Session:
    return client.v1.checkout.sessions.create(params=session_params(), options={"idempotency_key": key})


@pytest.mark.parametrize(("kind", "made"), [("reset", 0), ("reset_after", 1)])
def test_reset_connection(client, sandbox: Sandbox, kind, made):
    sandbox.fail("POST", "/v1/checkout/sessions", kind)
    with pytest.raises(stripe.APIConnectionError):
        create(client)
    assert sessions(sandbox) == made
    assert create(client).status == "open"
    assert sessions(sandbox) == 1


@pytest.mark.parametrize(("kind", "made"), [("hang", 0), ("hang_after", 1)])
def test_hanging_answer_times_out(sandbox: Sandbox, kind, made):
    sandbox.fail("POST", "/v1/checkout/sessions", kind, seconds=60)
    hasty = client_of(sandbox, http_client=stripe.RequestsClient(timeout=(5, 0.2)))
    with pytest.raises(stripe.APIConnectionError):
        create(hasty)
    until(lambda: sandbox.api.faults.waiting)
    sandbox.clear_faults()
    assert sessions(sandbox) == made


def test_429_is_not_stored(client, sandbox: Sandbox):
    sandbox.fail("POST", "/v1/checkout/sessions", "429", times=2)
    for _ in range(2):
        with pytest.raises(stripe.RateLimitError):
            create(client)
    assert create(client).status == "open"


def test_fault_strikes_its_own_address_and_as_often_as_told(client, sandbox: Sandbox):
    sandbox.fail("GET", "/v1/transfers*", "500_before", times=2)
    assert create(client).status == "open"
    for _ in range(2):
        assert error_of(client.v1.transfers.list)["status"] == 500
    assert client.v1.transfers.list().data == []


def test_client_with_retries_survives_a_lost_answer_once(sandbox: Sandbox):
    sandbox.fail("POST", "/v1/checkout/sessions", "reset_after")
    session = create(client_of(sandbox, max_network_retries=1))
    assert session.last_response.headers["Idempotent-Replayed"] == "true"
    assert sessions(sandbox) == 1


def test_slow_answer_comes_once_released(sandbox: Sandbox):
    sandbox.fail("POST", "/v1/checkout/sessions", "slow", seconds=60)
    made: list[str] = []
    thread = threading.Thread(target=lambda: made.append(create(client_of(sandbox)).status))
    thread.start()
    until(lambda: sandbox.api.faults.waiting)
    sandbox.clear_faults()
    thread.join(timeout=20)
    assert made == ["open"]


def test_unknown_fault_is_refused(sandbox: Sandbox):
    with pytest.raises(ControlError, match="Unknown kind of fault"):
        sandbox.fail("POST", "/v1/transfers", "earthquake")
