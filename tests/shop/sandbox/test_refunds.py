"""Refunds, disputes, and a ledger that never loses a cent."""

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


def test_dispute_takes_the_money_and_freezes_the_charge(client, sandbox: Sandbox, paid_charge):
    dispute = sandbox.dispute(paid_charge.id)
    assert (dispute["status"], dispute["amount"]) == ("needs_response", 4596)
    assert client.v1.charges.retrieve(paid_charge.id).disputed
    assert error_of(lambda: refund(client, charge=paid_charge.id))["code"] == "charge_disputed"
    assert sandbox.ledger()["holders"]["balance:"] == -163 - 1500
    assert client.v1.disputes.retrieve(dispute["id"]).payment_intent == paid_charge.payment_intent
    with pytest.raises(ControlError):
        sandbox.dispute(paid_charge.id)


@pytest.mark.parametrize(("outcome", "left"), [("won", 4596 - 163 - 1500), ("lost", -163 - 1500)])
def test_dispute_is_won_or_lost_once(client, sandbox: Sandbox, paid_charge, outcome, left):
    dispute = sandbox.dispute(paid_charge.id)["id"]
    sandbox.control("POST", f"disputes/{dispute}/close", {"status": outcome})
    assert client.v1.disputes.list().data[0].status == outcome
    assert sandbox.ledger()["holders"]["balance:"] == left
    with pytest.raises(ControlError):
        sandbox.control("POST", f"disputes/{dispute}/close", {"status": "won"})


def test_card_that_is_disputed_later_pays_first(client, sandbox: Sandbox, new_session):
    paid = sandbox.pay(new_session().id, "4000000000000259")
    assert paid["payment_intent"]["status"] == "succeeded"
    assert client.v1.disputes.list().data == []
    opened = sandbox.control("POST", "disputes/open")["disputes"]
    assert [dispute["charge"] for dispute in opened] == [paid["payment_intent"]["latest_charge"]]
    types = [event.type for event in client.v1.events.list().data]
    assert types.count("charge.dispute.created") == 1
    assert sandbox.control("POST", "disputes/open")["disputes"] == []


steps = st.lists(
    st.tuples(st.sampled_from(["transfer", "refund", "reverse", "payout", "wait"]), st.integers(1, 6000)),
    max_size=12,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, price=st.integers(50, 9000))
def test_ledger_sums_to_zero_whatever_happens(shared: Sandbox, steps, price):
    shared.reset()
    client, account = client_of(shared), shared.add_account("acct_1Any")["id"]
    session = client.v1.checkout.sessions.create(params=session_params(line_items=[line(price)]))
    charge = shared.pay(session.id)["payment_intent"]["latest_charge"]
    for step, amount in steps:
        _try(shared, client, step, amount, charge=charge, account=account)
    report, paid = shared.ledger(), client.v1.charges.retrieve(charge)
    transfers = client.v1.transfers.list().data
    assert report["is_balanced"]
    assert report["holders"]["cards"] == paid.amount_refunded - price
    assert paid.amount_refunded <= price
    assert sum(transfer.amount for transfer in transfers) <= price
    assert all(transfer.amount_reversed <= transfer.amount for transfer in transfers)
    assert report["holders"].get(f"balance:{account}", 0) >= 0


def _try(
    shared: Sandbox, client: stripe.StripeClient, step: str, amount: int, *, charge: str, account: str
) -> None:
    try:
        if step == "transfer":
            wish = {"amount": amount, "currency": "cad", "destination": account, "source_transaction": charge}
            client.v1.transfers.create(params=wish)
        elif step == "refund":
            refund(client, charge=charge, amount=amount)
        elif step == "reverse" and (transfers := client.v1.transfers.list().data):
            client.v1.transfers.reversals.create(transfers[0].id, params={"amount": amount})
        elif step == "payout":
            shared.control("POST", f"accounts/{account}/payout")
        elif step == "wait":
            shared.advance(amount * 60)
    except stripe.InvalidRequestError:
        pass  # refused, as it should be: the sums are what is tested
