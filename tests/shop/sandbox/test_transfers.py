"""Transfers and their reversals."""

import pytest
import stripe

from shop.sandbox.server import Sandbox
from tests.shop.sandbox.asking import error_of


@pytest.fixture
def shop_account(sandbox: Sandbox) -> str:
    return sandbox.add_account("acct_1Librairie", display_name="Librairie")["id"]


def send(client: stripe.StripeClient, amount: int | None, destination: str, **changes) -> stripe.Transfer:
    params = (
        {"currency": "cad", "destination": destination} | ({"amount": amount} if amount else {}) | changes
    )
    return client.v1.transfers.create(params=params)


def balance(client: stripe.StripeClient, account: str = "") -> int:
    got = client.v1.balance.retrieve(options={"stripe_account": account} if account else {})
    return sum(part.amount for part in (*got.available, *got.pending))


def test_transfer_moves_money_from_the_charge(client, sandbox: Sandbox, paid_charge, shop_account):
    transfer = send(client, 4000, shop_account, source_transaction=paid_charge.id, metadata={"order": "L-1"})
    assert (transfer.amount, transfer.amount_reversed, transfer.reversed) == (4000, 0, False)
    assert transfer.transfer_group == "checkout:1"
    assert transfer.metadata.to_dict() == {"order": "L-1"}
    assert client.v1.transfers.retrieve(transfer.id).source_transaction == paid_charge.id
    assert balance(client, shop_account) == 4000
    assert balance(client) == 4596 - 163 - 4000
    assert sandbox.ledger()["is_balanced"]


def test_transfers_never_exceed_their_charge(client, paid_charge, shop_account):
    send(client, 4000, shop_account, source_transaction=paid_charge.id)
    error = error_of(lambda: send(client, 597, shop_account, source_transaction=paid_charge.id))
    assert (error["status"], error["param"]) == (400, "amount")
    assert send(client, 596, shop_account, source_transaction=paid_charge.id).amount == 596
    assert balance(client, shop_account) == 4596


def test_transfer_without_amount_sends_the_whole_charge(client, paid_charge, shop_account):
    assert send(client, None, shop_account, source_transaction=paid_charge.id).amount == 4596


def test_transfer_without_source_needs_available_funds(
    client, sandbox: Sandbox, new_session, paid_charge, shop_account
):
    assert error_of(lambda: send(client, 100, shop_account))["code"] == "balance_insufficient"
    sandbox.pay(new_session().id, "4000000000000077")
    assert send(client, 100, shop_account).amount == 100


def test_funds_become_available_after_three_days(client, sandbox: Sandbox, paid_charge, shop_account):
    assert client.v1.balance.retrieve().available[0].amount == 0
    sandbox.advance(3 * 86400)
    assert client.v1.balance.retrieve().available[0].amount == 4596 - 163
    assert send(client, 100, shop_account).amount == 100


@pytest.mark.parametrize("status", ["restricted", "pending", "unsupported"])
def test_destination_must_be_able_to_receive(client, sandbox: Sandbox, paid_charge, shop_account, status):
    sandbox.set_capabilities(shop_account, stripe_transfers=status)
    error = error_of(lambda: send(client, 100, shop_account, source_transaction=paid_charge.id))
    assert (error["code"], error["param"]) == ("insufficient_capabilities_for_transfer", "destination")
    assert client.v1.transfers.list().data == []


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"destination": "acct_nobody"}, "destination"),
        ({"source_transaction": "ch_nobody"}, "source_transaction"),
        ({"currency": "usd"}, "currency"),
        ({"currency": "zzz"}, "currency"),
        ({"amount": 0}, "amount"),
        ({"amount": -5}, "amount"),
    ],
)
def test_impossible_transfer_is_refused(client, paid_charge, shop_account, changes, param):
    wish = {
        "amount": 100,
        "currency": "cad",
        "destination": shop_account,
        "source_transaction": paid_charge.id,
    }
    assert error_of(lambda: client.v1.transfers.create(params=wish | changes))["param"] == param
    assert client.v1.transfers.list().data == []


def test_declined_charge_pays_for_nothing(client, sandbox: Sandbox, new_session, shop_account):
    session = new_session()
    sandbox.pay(session.id, "4000002500003155")
    with pytest.raises(Exception, match="declined"):
        sandbox.pay(session.id, "4000000000000002")
    charge = client.v1.charges.list().data[0]
    error = error_of(lambda: send(client, 100, shop_account, source_transaction=charge.id))
    assert error["param"] == "source_transaction"


def test_list_by_group_destination_and_time(client, sandbox: Sandbox, paid_charge, shop_account):
    other = sandbox.add_account()["id"]
    one = send(client, 100, shop_account, source_transaction=paid_charge.id)
    two = send(client, 100, other, source_transaction=paid_charge.id, transfer_group="checkout:2")
    ids = lambda **params: [t.id for t in client.v1.transfers.list(params=params).data]  # noqa: E731
    assert ids() == [two.id, one.id]
    assert ids(transfer_group="checkout:1") == [one.id]
    assert ids(destination=other) == [two.id]
    assert ids(created={"gt": two.created}) == []


def test_reversals_take_back_up_to_the_transfer(client, sandbox: Sandbox, paid_charge, shop_account):
    transfer = send(client, 4000, shop_account, source_transaction=paid_charge.id)
    part = client.v1.transfers.reversals.create(
        transfer.id, params={"amount": 1500, "metadata": {"refund": "1"}}
    )
    assert (part.amount, part.transfer) == (1500, transfer.id)
    error = error_of(lambda: client.v1.transfers.reversals.create(transfer.id, params={"amount": 2501}))
    assert error["param"] == "amount"
    assert client.v1.transfers.reversals.create(transfer.id).amount == 2500
    whole = client.v1.transfers.retrieve(transfer.id)
    assert (whole.amount_reversed, whole.reversed) == (4000, True)
    assert [r.amount for r in whole.reversals.data] == [2500, 1500]
    assert [r.amount for r in client.v1.transfers.reversals.list(transfer.id).data] == [2500, 1500]
    assert client.v1.transfers.reversals.retrieve(transfer.id, part.id).metadata.to_dict() == {"refund": "1"}
    assert (
        error_of(lambda: client.v1.transfers.reversals.create(transfer.id))["code"]
        == "transfer_already_reversed"
    )
    assert balance(client, shop_account) == 0
    assert sandbox.ledger()["is_balanced"]


def test_reversal_fails_when_the_money_has_left(client, sandbox: Sandbox, paid_charge, shop_account):
    transfer = send(client, 4000, shop_account, source_transaction=paid_charge.id)
    assert sandbox.control("POST", f"accounts/{shop_account}/payout")["amount"] == 4000
    error = error_of(lambda: client.v1.transfers.reversals.create(transfer.id, params={"amount": 1}))
    assert error["code"] == "balance_insufficient"
    assert client.v1.transfers.retrieve(transfer.id).amount_reversed == 0
