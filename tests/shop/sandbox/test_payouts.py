"""Balances, what moved on them, and payouts to the bank."""

import pytest
import stripe

from shop.sandbox.server import ControlError, Sandbox
from tests.shop.sandbox.asking import error_of

DAY = 86400


@pytest.fixture
def account(sandbox: Sandbox) -> str:
    return str(sandbox.add_account("acct_1Fromagerie", display_name="Fromagerie")["id"])


@pytest.fixture
def scope(account: str) -> dict[str, str]:
    return {"stripe_account": account}


@pytest.fixture
def transfer(client: stripe.StripeClient, paid_charge, account: str) -> stripe.Transfer:
    """40 $ for the account, available with the charge in three days."""
    wish = {"amount": 4000, "currency": "cad", "destination": account, "source_transaction": paid_charge.id}
    return client.v1.transfers.create(params=wish)


def parts(client: stripe.StripeClient, scope: dict[str, str]) -> tuple[int, int]:
    balance = client.v1.balance.retrieve(options=scope)
    return balance.available[0].amount, balance.pending[0].amount


def types(client: stripe.StripeClient, scope: dict[str, str]) -> list[str]:
    return [event.type for event in client.v1.events.list(options=scope).data[::-1]]


def pay_out(client: stripe.StripeClient, scope: dict[str, str], amount: int, **params) -> stripe.Payout:
    return client.v1.payouts.create(params={"amount": amount, "currency": "cad"} | params, options=scope)


def test_money_waits_then_is_available_then_leaves(client, sandbox: Sandbox, transfer, scope):
    assert parts(client, scope) == (0, 4000)
    assert error_of(lambda: pay_out(client, scope, 1))["code"] == "balance_insufficient"
    sandbox.advance(3 * DAY)
    assert parts(client, scope) == (4000, 0)
    payout = pay_out(client, scope, 3000, metadata={"week": "3"})
    assert (payout.status, payout.automatic, payout.metadata.to_dict()) == ("pending", False, {"week": "3"})
    assert parts(client, scope) == (1000, 0)
    sandbox.advance(2 * DAY)
    paid = client.v1.payouts.retrieve(payout.id, options=scope)
    assert paid.status == "paid"
    assert types(client, scope) == ["payout.created", "payout.paid"]
    assert sandbox.ledger()["holders"]["bank:acct_1Fromagerie"] == 3000
    assert sandbox.ledger()["is_balanced"]


def test_payouts_belong_to_their_account(client, sandbox: Sandbox, transfer, scope, account):
    made = sandbox.pay_out(account)["payout"]
    other = {"stripe_account": sandbox.add_account()["id"]}
    for elsewhere in ({}, other):
        assert client.v1.payouts.list(options=elsewhere).data == []
        assert error_of(lambda: client.v1.payouts.retrieve(made["id"], options=elsewhere))["status"] == 404  # noqa: B023
    assert [p.id for p in client.v1.payouts.list(params={"status": "paid"}, options=scope).data] == [
        made["id"]
    ]
    assert client.v1.payouts.list(params={"status": "failed"}, options=scope).data == []


def test_control_takes_what_is_pending_too(client, sandbox: Sandbox, transfer, scope, account):
    gone = sandbox.pay_out(account)
    assert (gone["amount"], gone["payout"]["status"]) == (4000, "paid")
    assert parts(client, scope) == (0, 0)
    assert sandbox.pay_out(account) == {"account": account, "amount": 0, "payout": None}
    error = error_of(lambda: client.v1.transfers.reversals.create(transfer.id, params={"amount": 1}))
    assert error["code"] == "balance_insufficient"


def test_reversal_takes_what_is_left_and_no_more(client, sandbox: Sandbox, transfer, account):
    sandbox.pay_out(account, amount=3000)
    reverse = lambda amount: client.v1.transfers.reversals.create(transfer.id, params={"amount": amount})  # noqa: E731
    assert error_of(lambda: reverse(1001))["code"] == "balance_insufficient"
    assert reverse(1000).amount == 1000
    assert sandbox.ledger()["holders"][f"balance:{account}"] == 0


def test_failed_payout_brings_the_money_back(client, sandbox: Sandbox, transfer, scope, account):
    made = sandbox.pay_out(account)["payout"]
    failed = sandbox.settle_payout(made["id"], "failed", failure_code="no_account")
    assert (failed["status"], failed["failure_code"]) == ("failed", "no_account")
    assert parts(client, scope) == (4000, 0)
    assert types(client, scope) == ["payout.created", "payout.paid", "payout.failed"]
    found = client.v1.payouts.retrieve(
        made["id"], params={"expand": ["failure_balance_transaction", "destination"]}, options=scope
    )
    assert (found.failure_balance_transaction.type, found.destination.status) == ("payout_failure", "errored")
    with pytest.raises(ControlError):
        sandbox.settle_payout(made["id"], "failed")


def test_payout_is_canceled_before_it_arrives_only(client, sandbox: Sandbox, transfer, scope):
    sandbox.advance(3 * DAY)
    payout = pay_out(client, scope, 500)
    assert client.v1.payouts.cancel(payout.id, options=scope).status == "canceled"
    assert parts(client, scope) == (4000, 0)
    assert error_of(lambda: client.v1.payouts.cancel(payout.id, options=scope))["status"] == 400
    sandbox.advance(9 * DAY)
    assert client.v1.payouts.retrieve(payout.id, options=scope).status == "canceled"


def test_each_side_of_a_transfer_has_its_trace(client, transfer, scope, paid_charge):
    client.v1.transfers.reversals.create(transfer.id, params={"amount": 1500})
    client.v1.refunds.create(params={"charge": paid_charge.id, "amount": 2000})
    trace = lambda options: [  # noqa: E731
        (each.type, each.amount) for each in client.v1.balance_transactions.list(options=options).data[::-1]
    ]
    assert trace({}) == [("charge", 4596), ("transfer", -4000), ("transfer_refund", 1500), ("refund", -2000)]
    assert trace(scope) == [("payment", 4000), ("payment_refund", -1500)]
    newest = client.v1.balance_transactions.list(params={"expand": ["data.source"]}, options=scope).data
    assert [each.source.id[:4] for each in newest] == ["pyr_", "py_1"]
    assert newest[0].source.charge == newest[1].source.id == transfer.destination_payment
    assert newest[1].source.source_transfer == transfer.id
    assert newest[1].source.amount_refunded == 1500


def test_trace_is_found_by_kind_and_turns_available(client, sandbox: Sandbox, transfer, scope):
    wish = {"type": "payment"}
    one = client.v1.balance_transactions.list(params=wish, options=scope).data[0]
    assert one.status == "pending"
    sandbox.advance(3 * DAY)
    assert client.v1.balance_transactions.retrieve(one.id, options=scope).status == "available"
    assert client.v1.balance_transactions.list(params={"type": "payout"}, options=scope).data == []
    assert error_of(lambda: client.v1.balance_transactions.retrieve(one.id))["code"] == "resource_missing"


def test_schedule_delays_an_accounts_own_charges(client, sandbox: Sandbox, new_session):
    account = sandbox.add_account(capabilities={"card_payments": "active"})["id"]
    scope = {"stripe_account": account}
    wish = {
        "payouts": {"schedule": {"interval": "weekly", "weekly_payout_days": ["friday"]}},
        "settlement_timing": {"delay_days_override": 10},
    }
    changed = client.v1.balance_settings.update(params={"payments": wish}, options=scope)
    assert changed.payments.settlement_timing.delay_days == 10
    kept = client.v1.balance_settings.retrieve(options=scope).payments.payouts.schedule
    assert (kept.interval, kept.weekly_payout_days) == ("weekly", ["friday"])
    assert client.v1.balance_settings.retrieve().payments.settlement_timing.delay_days == 3
    sandbox.pay(new_session(stripe_account=account).id)
    sandbox.advance(9 * DAY)
    assert parts(client, scope) == (0, 4596 - 163)
    sandbox.advance(DAY)
    assert parts(client, scope) == (4596 - 163, 0)
    low = {"payments": {"settlement_timing": {"delay_days_override": 1}}}
    assert (
        error_of(lambda: client.v1.balance_settings.update(params=low, options=scope))["param"]
        == "delay_days"
    )


def test_a_run_pays_out_what_is_available_unless_manual(client, sandbox: Sandbox, transfer, scope, account):
    assert sandbox.control("POST", "payouts/run")["payouts"] == []
    sandbox.advance(3 * DAY)
    manual = {"payments": {"payouts": {"schedule": {"interval": "manual"}}}}
    client.v1.balance_settings.update(params=manual, options=scope)
    assert sandbox.control("POST", "payouts/run")["payouts"] == []
    daily = {"payments": {"payouts": {"schedule": {"interval": "daily"}}}}
    client.v1.balance_settings.update(params=daily, options=scope)
    assert [payout["amount"] for payout in sandbox.control("POST", "payouts/run")["payouts"]] == [4000]
    assert parts(client, scope) == (0, 0)


def test_platform_pays_out_too(client, sandbox: Sandbox, new_session):
    sandbox.pay(new_session().id, "4000000000000077")
    assert pay_out(client, {}, 1000).amount == 1000
    assert error_of(lambda: pay_out(client, {}, 4000))["code"] == "balance_insufficient"
    assert error_of(lambda: pay_out(client, {}, 1, method="instant"))["status"] == 501
