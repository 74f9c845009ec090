"""Refunds: in parts, in the dashboard, late, failing; and a ledger that never loses a cent."""

import contextlib

import pytest
import stripe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.sandbox.server import ControlError, Sandbox
from tests.shop.sandbox.asking import client_of, error_of, line, session_params


def refund(client: stripe.StripeClient, **params) -> stripe.Refund:
    return client.v1.refunds.create(params=params)


def test_refund_in_parts_never_beyond(client, sandbox: Sandbox, paid_charge):
    part = refund(
        client, payment_intent=paid_charge.payment_intent, amount=1000, reason="requested_by_customer"
    )
    assert (part.amount, part.status, part.charge) == (1000, "succeeded", paid_charge.id)
    assert error_of(lambda: refund(client, charge=paid_charge.id, amount=3597))["param"] == "amount"
    charge = client.v1.charges.retrieve(paid_charge.id)
    assert (charge.amount_refunded, charge.refunded) == (1000, False)
    assert refund(client, charge=paid_charge.id).amount == 3596
    charge = client.v1.charges.retrieve(paid_charge.id)
    assert (charge.amount_refunded, charge.refunded) == (4596, True)
    assert (
        error_of(lambda: refund(client, charge=paid_charge.id, amount=1))["code"] == "charge_already_refunded"
    )
    assert sandbox.ledger()["holders"]["cards"] == 0


def test_refunds_are_found_by_id_intent_and_charge(client, paid_charge):
    made = refund(client, charge=paid_charge.id, amount=5, metadata={"row": "9"})
    assert client.v1.refunds.retrieve(made.id).metadata.to_dict() == {"row": "9"}
    by_intent = client.v1.refunds.list(params={"payment_intent": paid_charge.payment_intent})
    by_charge = client.v1.refunds.list(params={"charge": paid_charge.id})
    assert [[r.id for r in page.data] for page in (by_intent, by_charge)] == [[made.id], [made.id]]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, "parameter_missing"),
        ({"payment_intent": "pi_nobody"}, "resource_missing"),
        ({"charge": "ch_nobody"}, "resource_missing"),
    ],
)
def test_refund_of_nothing_is_refused(client, params, code):
    assert error_of(lambda: refund(client, **params))["code"] == code


def test_unpaid_intent_cannot_be_refunded(client, sandbox: Sandbox, new_session):
    with pytest.raises(ControlError):
        sandbox.pay(new_session().id, "4000000000000002")
    intent = client.v1.payment_intents.list().data[0]
    error = error_of(lambda: refund(client, payment_intent=intent.id))
    assert error["code"] == "payment_intent_unexpected_state"
    assert error_of(lambda: refund(client, charge=intent.latest_charge))["param"] == "charge"


def types(client: stripe.StripeClient, *, since: int = 3) -> list[str]:
    """The platform's events, oldest first, after those of the payment."""
    return [event.type for event in client.v1.events.list(params={"limit": 100}).data[::-1]][since:]


def held(sandbox: Sandbox, holder: str = "balance:") -> int:
    return sandbox.ledger()["holders"][holder]


def test_refund_made_in_the_dashboard_is_told(client, sandbox: Sandbox, paid_charge):
    made = sandbox.refund(paid_charge.id, 1000)
    assert client.v1.refunds.list(params={"charge": paid_charge.id}).data[0].id == made["id"]
    assert sandbox.refund(paid_charge.id)["amount"] == 3596
    assert client.v1.charges.retrieve(paid_charge.id).refunded is True
    assert types(client) == ["refund.created", "charge.refunded", "refund.updated"] * 2
    assert client.v1.events.list().data[0].request.id is None
    with pytest.raises(ControlError, match="already been refunded"):
        sandbox.refund(paid_charge.id, 1)


def test_dashboard_never_refunds_more_than_is_left(client, sandbox: Sandbox, paid_charge):
    refund(client, charge=paid_charge.id, amount=4000)
    with pytest.raises(ControlError, match="greater than unrefunded amount"):
        sandbox.refund(paid_charge.id, 597)
    assert client.v1.charges.retrieve(paid_charge.id).amount_refunded == 4000


def test_pending_refund_counts_and_settles_once(client, sandbox: Sandbox, paid_charge):
    sandbox.begin_refunds("pending")
    made = refund(client, charge=paid_charge.id, amount=1000)
    assert (made.status, made.pending_reason) == ("pending", "processing")
    assert client.v1.charges.retrieve(paid_charge.id).amount_refunded == 1000
    for _ in range(2):
        assert sandbox.settle_refund(made.id)["status"] == "succeeded"
    assert types(client) == ["refund.created", "charge.refunded", "refund.updated"]
    sandbox.begin_refunds(None)
    assert refund(client, charge=paid_charge.id, amount=1000).status == "succeeded"


@pytest.mark.parametrize("first", ["pending", "succeeded"])
def test_failed_refund_brings_the_money_back_once(client, sandbox: Sandbox, paid_charge, first):
    before = held(sandbox)
    made = sandbox.refund(paid_charge.id, 1000, status=first)
    assert held(sandbox) == before - 1000
    for _ in range(2):
        sandbox.settle_refund(made["id"], "failed", failure_reason="lost_or_stolen_card")
    failed = client.v1.refunds.retrieve(made["id"], params={"expand": ["failure_balance_transaction"]})
    assert (failed.status, failed.failure_reason) == ("failed", "lost_or_stolen_card")
    back = failed.failure_balance_transaction
    assert (back.type, back.amount, back.source) == ("refund_failure", 1000, failed.id)
    assert held(sandbox) == before
    assert client.v1.charges.retrieve(paid_charge.id).amount_refunded == 0
    assert types(client)[-2:] == ["refund.updated", "refund.failed"]
    assert types(client).count("refund.failed") == 1
    sandbox.settle_refund(made["id"])
    assert client.v1.refunds.retrieve(made["id"]).status == "failed"
    assert refund(client, charge=paid_charge.id).amount == 4596


def test_failure_needs_a_reason_stripe_knows(sandbox: Sandbox, paid_charge):
    made = sandbox.refund(paid_charge.id, 1000)
    with pytest.raises(ControlError, match="Unknown reason"):
        sandbox.settle_refund(made["id"], "failed", failure_reason="moon")
    with pytest.raises(ControlError, match="pending or succeeded"):
        sandbox.refund(paid_charge.id, 1, status="maybe")


@pytest.mark.parametrize(
    ("card", "first", "last"),
    [("4000000000007726", "pending", "succeeded"), ("4000000000005126", "succeeded", "failed")],
)
def test_cards_whose_refund_changes_later(client, sandbox: Sandbox, new_session, card, first, last):
    sandbox.freeze(1_800_000_000)
    paid = sandbox.pay(new_session().id, card)
    made = refund(client, payment_intent=paid["payment_intent"]["id"])
    assert made.status == first
    sandbox.advance(4)
    assert client.v1.refunds.retrieve(made.id).status == first
    sandbox.advance(1)
    assert client.v1.refunds.retrieve(made.id).status == last


def test_refunds_are_found_by_age_and_through_their_charge(client, sandbox: Sandbox, paid_charge):
    old = refund(client, charge=paid_charge.id, amount=5)
    sandbox.advance(100)
    new = refund(client, charge=paid_charge.id, amount=6)
    recent = client.v1.refunds.list(params={"created": {"gt": old.created + 50}})
    assert [each.id for each in recent.data] == [new.id]
    charge = client.v1.charges.retrieve(paid_charge.id, params={"expand": ["refunds", "balance_transaction"]})
    assert [each.id for each in charge.refunds.data] == [new.id, old.id]
    assert charge.balance_transaction.net == 4596 - 163


def test_metadata_of_a_refund_is_merged(client, paid_charge):
    made = refund(client, charge=paid_charge.id, amount=5, metadata={"a": "1", "b": "2"})
    change = {"metadata": {"b": "", "c": "3"}}
    assert client.v1.refunds.update(made.id, params=change).metadata.to_dict() == {"a": "1", "c": "3"}
    assert client.v1.refunds.update(made.id, params={"metadata": ""}).metadata.to_dict() == {}


def test_refund_on_an_account_stays_there(client, sandbox: Sandbox, new_session):
    account = sandbox.add_account(capabilities={"card_payments": "active"})["id"]
    charge = sandbox.pay(new_session(stripe_account=account).id)["payment_intent"]["latest_charge"]
    scope = {"stripe_account": account}
    assert error_of(lambda: refund(client, charge=charge))["code"] == "resource_missing"
    made = client.v1.refunds.create(params={"charge": charge, "amount": 100}, options=scope)
    assert client.v1.refunds.list().data == []
    assert sandbox.refund(charge, 50)["charge"] == charge
    assert [each.amount for each in client.v1.refunds.list(options=scope).data] == [50, 100]
    assert error_of(lambda: client.v1.refunds.retrieve(made.id))["code"] == "resource_missing"
    assert held(sandbox, f"balance:{account}") == 4596 - 163 - 150
    assert {event.account for event in client.v1.events.list(options=scope).data} == {account}


ACTS = ("transfer", "refund", "reverse", "payout", "bounce", "fail", "dispute", "close", "wait")
steps = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, 6000)), max_size=14)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, price=st.integers(50, 9000), is_direct=st.booleans())
def test_ledger_sums_to_zero_whatever_happens(shared: Sandbox, steps, price, is_direct):
    shared.reset()
    able = {"card_payments": "active", "stripe_transfers": "active"}
    client, account = client_of(shared), shared.add_account("acct_1Any", capabilities=able)["id"]
    scope = {"stripe_account": account} if is_direct else {}
    wish = session_params(line_items=[line(price)])
    session = client.v1.checkout.sessions.create(params=wish, options=scope)
    charge = shared.pay(session.id)["payment_intent"]["latest_charge"]
    for act, amount in steps:
        with contextlib.suppress(stripe.InvalidRequestError, ControlError):  # refused, as it should be
            _do(shared, client, act, amount, charge=charge, scope=scope)
    report, paid = shared.ledger(), client.v1.charges.retrieve(charge, options=scope)
    transfers, disputes = client.v1.transfers.list().data, client.v1.disputes.list(options=scope).data
    contested = sum(dispute.amount for dispute in disputes if dispute.status != "won")
    assert report["is_balanced"]
    assert report["holders"]["cards"] == paid.amount_refunded + contested - price
    assert paid.amount_refunded <= price
    assert sum(transfer.amount for transfer in transfers) <= price
    assert all(transfer.amount_reversed <= transfer.amount for transfer in transfers)
    for holder in ("", "acct_1Any"):
        options = {"stripe_account": holder} if holder else {}
        traces = client.v1.balance_transactions.list(params={"limit": 100}, options=options).data
        assert sum(trace.net for trace in traces) == report["holders"].get(f"balance:{holder}", 0)


def _do(
    shared: Sandbox, client: stripe.StripeClient, act: str, amount: int, *, charge: str, scope: dict[str, str]
) -> None:
    first = lambda service: service.list(options=scope).data[:1]  # noqa: E731
    if act == "transfer":
        wish = {"amount": amount, "currency": "cad", "destination": "acct_1Any", "source_transaction": charge}
        client.v1.transfers.create(params=wish)
    elif act == "refund":
        client.v1.refunds.create(params={"charge": charge, "amount": amount}, options=scope)
    elif act == "payout":
        shared.pay_out("acct_1Any", amount=amount)
    elif act == "dispute":
        shared.dispute(charge, amount=amount)
    elif act == "wait":
        shared.advance(amount * 60)
    for found in first(client.v1.transfers) if act == "reverse" else ():
        client.v1.transfers.reversals.create(found.id, params={"amount": amount})
    for found in (
        client.v1.payouts.list(options={"stripe_account": "acct_1Any"}).data[:1] if act == "bounce" else ()
    ):
        shared.settle_payout(found.id, "failed")
    for found in first(client.v1.refunds) if act == "fail" else ():
        shared.settle_refund(found.id, "failed")
    for found in first(client.v1.disputes) if act == "close" else ():
        shared.close_dispute(found.id, "won" if amount % 2 else "lost")
