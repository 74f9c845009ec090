"""The sandbox answers as Stripe does: the same questions, asked of both through our own gateway.

Of Stripe only where somebody names a key of its test mode, and then it may be seen in that account's dashboard:
``STRIPE_CONTRACT_KEY=sk_test_… [STRIPE_CONTRACT_ACCOUNT=acct_…] pytest -m contract``. ``STRIPE_CONTRACT_ACCOUNT`` is an
account that may be sent money; without it nothing is transferred there.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
import stripe
from django.utils import timezone

from shop.exceptions import GatewayRefused, GatewayUnavailable
from shop.payments import gateway, readings
from shop.payments.asked import RefundRequest, SessionLine, SessionRequest, TransferRequest
from shop.payments.keys import Key
from shop.sandbox.server import Sandbox

KEY = os.environ.get("STRIPE_CONTRACT_KEY", "")
ACCOUNT = os.environ.get("STRIPE_CONTRACT_ACCOUNT", "")
TEST_KEYS = ("sk_test_", "rk_test_")

pytestmark = pytest.mark.contract


@dataclass(frozen=True)
class Paid:
    """A payment that succeeded."""

    intent_id: str
    charge_id: str
    group: str


@dataclass(frozen=True)
class Bank:
    """Who is asked. ``pay``: so many cents, by a card that always pays. ``account`` may be sent money; "" for none."""

    pay: Callable[[int], Paid]
    account: str


def refuse_a_live_key(key: str) -> None:
    if not key.startswith(TEST_KEYS):
        pytest.fail("STRIPE_CONTRACT_KEY must be a key of Stripe's test mode: sk_test_… or rk_test_…")


@pytest.fixture(params=["sandbox", "stripe"])
def bank(request: pytest.FixtureRequest, settings: Any) -> Iterator[Bank]:
    if request.param == "sandbox":
        sandbox = request.getfixturevalue("sandbox")
        sandbox.add_account("acct_contract")
        yield Bank(lambda cents: _pay_hosted_page(sandbox, cents), "acct_contract")
        return
    if not KEY:
        pytest.skip("no STRIPE_CONTRACT_KEY")
    refuse_a_live_key(KEY)
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = KEY, ""
    yield Bank(_pay_by_test_card, ACCOUNT)


def _pay_hosted_page(sandbox: Sandbox, cents: int) -> Paid:
    wish = request_for(cents)
    session = gateway.create_session(wish, key=fresh(), since=timezone.now())
    sandbox.pay(session.session_id)
    paid = gateway.retrieve_session(session.session_id)
    return Paid(paid.payment_intent_id, paid.charge_id, wish.reference)


def _pay_by_test_card(cents: int) -> Paid:
    """Nobody can press a button on Stripe's own page from here."""
    group = str(uuid.uuid4())
    wish: Any = {
        "amount": cents,
        "currency": gateway.CURRENCY,
        "payment_method": "pm_card_visa",
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        "transfer_group": group,
        "confirm": True,
    }
    intent = gateway.client().v1.payment_intents.create(wish)
    return Paid(str(intent.id), str(intent.latest_charge), group)


def fresh() -> str:
    return f"contract:{uuid.uuid4()}"


def request_for(cents: int, *, ends_in: timedelta = timedelta(minutes=45)) -> SessionRequest:
    return SessionRequest(
        reference=str(uuid.uuid4()),
        lines=(SessionLine("Fromage", cents - 5_00), SessionLine("TPS", 2_50, 2, "deux fois")),
        customer_email="marie@exemple.test",
        success_url="https://levis.test/merci/",
        cancel_url="https://levis.test/panier/",
        expires_at=timezone.now() + ends_in,
        metadata={"checkout": "contract"},
    )


def an_hour_ahead() -> datetime:
    return timezone.now() + timedelta(hours=1)


def test_a_live_key_is_refused() -> None:
    with pytest.raises(pytest.fail.Exception, match="test mode"):
        refuse_a_live_key("sk_live_anything")


def test_a_session_asks_for_our_total_and_can_be_found(bank: Bank) -> None:
    wish, began = request_for(20_00), timezone.now() - timedelta(minutes=5)
    made = gateway.create_session(wish, key=fresh(), since=began)
    assert (made.amount_total_cents, made.currency, made.status) == (20_00, "cad", "open")
    assert (made.client_reference_id, made.is_paid, made.is_closed_unpaid) == (wish.reference, False, False)
    assert made.url.startswith("http")
    assert gateway.retrieve_session(made.session_id) == made
    assert made.session_id in {state.session_id for state in gateway.sessions_since(began)}


def test_the_same_key_is_the_same_session_and_another_wish_under_it_is_refused(bank: Bank) -> None:
    key, wish = fresh(), request_for(20_00)
    first, second = (gateway.create_session(wish, key=key, since=timezone.now()) for _twice in range(2))
    assert first.session_id == second.session_id
    other: Any = {"amount": 1_00, "currency": "cad", "destination": "acct_x"}
    with pytest.raises((stripe.IdempotencyError, stripe.InvalidRequestError)) as refusal:
        gateway.client().v1.transfers.create(other, {"idempotency_key": key})
    assert isinstance(refusal.value, stripe.IdempotencyError)


def test_a_session_is_closed_once_and_stays_closed(bank: Bank) -> None:
    made = gateway.create_session(request_for(20_00), key=fresh(), since=timezone.now())
    closed = [gateway.expire_session(made.session_id) for _twice in range(2)]
    assert [state.is_closed_unpaid for state in closed] == [True, True]


def test_a_session_that_would_end_too_soon_is_refused_by_that_name(bank: Bank) -> None:
    wish = request_for(20_00, ends_in=timedelta(minutes=5))
    with pytest.raises(GatewayRefused) as refusal:
        gateway.create_session(wish, key=fresh(), since=timezone.now())
    assert refusal.value.param == "expires_at"


UNKNOWN: dict[str, Callable[[], Any]] = {
    "session": lambda: gateway.retrieve_session("cs_test_unknown"),
    "transfer": lambda: readings.transfer("tr_unknown"),
    "dispute": lambda: readings.dispute("dp_unknown"),
    "refund": lambda: gateway.create_refund(RefundRequest("pi_unknown", 1_00, "LEV-1"), Key(fresh())),
    "reversal": lambda: gateway.reverse_transfer("tr_unknown", 1_00, Key(fresh())),
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_what_does_not_exist_is_named_as_missing(bank: Bank, what: str) -> None:
    with pytest.raises(GatewayRefused) as refusal:
        UNKNOWN[what]()
    assert refusal.value.code == "resource_missing"


def test_a_parameter_that_stripe_does_not_know_is_refused_by_its_name(bank: Bank) -> None:
    wish: Any = {"limit": 1, "colour": "blue"}
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        gateway.client().v1.transfers.list(wish)
    assert (refusal.value.code, refusal.value.param) == ("parameter_unknown", "colour")


def test_nothing_was_made_in_the_future(bank: Bank) -> None:
    ahead = an_hour_ahead()
    lists = (
        readings.transfers_since,
        readings.refunds_since,
        readings.disputes_since,
        gateway.sessions_since,
    )
    assert [list(of(ahead)) for of in lists] == [[], [], [], []]


def test_a_payment_is_given_back_in_parts_and_never_beyond(bank: Bank) -> None:
    paid, key = bank.pay(20_00), fresh()
    part = RefundRequest(paid.intent_id, 4_00, "LEV-1")
    (first, status), (again, _status) = (gateway.create_refund(part, Key(key)) for _twice in range(2))
    assert (first == again, status in ("succeeded", "pending")) == (True, True)
    with pytest.raises(GatewayRefused):
        gateway.create_refund(RefundRequest(paid.intent_id, 17_00, "LEV-1"), Key(fresh()))
    gateway.create_refund(RefundRequest(paid.intent_id, 16_00, "LEV-1"), Key(fresh()))
    with pytest.raises(GatewayRefused):
        gateway.create_refund(RefundRequest(paid.intent_id, 1, "LEV-1"), Key(fresh()))
    states = readings.refunds_of(paid.intent_id)
    assert [(state.amount_cents, state.order) for state in states] == [(4_00, "LEV-1"), (16_00, "LEV-1")]
    assert states[0].key == key


def test_a_share_is_sent_once_and_taken_back_up_to_all_of_it(bank: Bank) -> None:
    if not bank.account:
        pytest.skip("no STRIPE_CONTRACT_ACCOUNT")
    paid, key = bank.pay(20_00), Key(fresh())
    wish = TransferRequest(18_00, bank.account, paid.charge_id, paid.group, "LEV-1")
    sent = {gateway.create_transfer(wish, key) for _twice in range(2)}
    assert sent == {gateway.find_transfer(key=key.name, group=paid.group)}
    (transfer_id,) = sent
    with pytest.raises(GatewayRefused):
        gateway.create_transfer(
            TransferRequest(3_00, bank.account, paid.charge_id, paid.group, "LEV-2"), Key(fresh())
        )
    gateway.reverse_transfer(transfer_id, 5_00, Key(fresh()))
    with pytest.raises(GatewayRefused):
        gateway.reverse_transfer(transfer_id, 14_00, Key(fresh()))
    state = readings.transfer(transfer_id)
    assert (state.amount_cents, state.reversed_cents, state.destination) == (18_00, 5_00, bank.account)


def test_a_share_for_an_account_that_is_not_there_is_refused(bank: Bank) -> None:
    paid = bank.pay(20_00)
    wish = TransferRequest(18_00, "acct_nobody", paid.charge_id, paid.group, "LEV-1")
    with pytest.raises(GatewayRefused):
        gateway.create_transfer(wish, Key(fresh()))


def test_without_a_good_key_nothing_is_known(bank: Bank, settings: Any) -> None:
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(GatewayUnavailable):
        gateway.retrieve_session("cs_test_unknown")
