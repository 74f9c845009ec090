"""Connected accounts, and events as the API shows them."""

import pytest

from shop.sandbox.server import ControlError, Sandbox
from tests.shop.sandbox.asking import error_of

RECIPIENT = {"recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}}


def test_new_account_waits_for_onboarding(client, sandbox: Sandbox):
    made = client.v2.core.accounts.create(
        params={
            "display_name": "Fromagerie du Bac",
            "contact_email": "fromagerie@demo.test",
            "dashboard": "express",
            "configuration": RECIPIENT,
            "identity": {"country": "ca"},
            "metadata": {"merchant": "3"},
            "include": ["configuration.recipient", "identity"],
        }
    )
    transfers = made.configuration.recipient.capabilities.stripe_balance.stripe_transfers
    assert (transfers.status, made.applied_configurations) == ("restricted", ["recipient"])
    assert (made.display_name, made.identity.country) == ("Fromagerie du Bac", "ca")
    sandbox.set_capabilities(made.id, stripe_transfers="active")
    again = client.v2.core.accounts.retrieve(made.id, params={"include": ["configuration.recipient"]})
    assert again.configuration.recipient.capabilities.stripe_balance.stripe_transfers.status == "active"
    assert again.metadata.to_dict() == {"merchant": "3"}


def test_what_is_not_included_is_null(client, sandbox: Sandbox):
    account = client.v2.core.accounts.retrieve(sandbox.add_account()["id"])
    assert (account.configuration, account.identity, account.requirements) == (None, None, None)


def test_v1_sees_the_same_account(client, sandbox: Sandbox):
    account = client.v1.accounts.retrieve(sandbox.add_account(capabilities={"card_payments": "active"})["id"])
    assert (account.charges_enabled, account.capabilities.to_dict()) == (True, {"card_payments": "active"})
    assert [a.id for a in client.v1.accounts.list().data] == [account.id]


def test_accounts_are_listed(client, sandbox: Sandbox):
    ids = [sandbox.add_account()["id"] for _ in range(3)]
    assert [a.id for a in client.v2.core.accounts.list().data] == ids[::-1]
    assert client.v2.core.accounts.list(params={"applied_configurations": ["merchant"]}).data == []


def test_adding_an_account_twice_keeps_the_first(sandbox: Sandbox):
    sandbox.add_account("acct_1Same", display_name="Une")
    sandbox.set_capabilities("acct_1Same", stripe_transfers="restricted")
    assert sandbox.add_account("acct_1Same", display_name="Deux")["display_name"] == "Une"


@pytest.mark.parametrize("wish", [{"flying": "active"}, {"stripe_transfers": "superb"}])
def test_unknown_capability_or_status_is_refused(sandbox: Sandbox, wish):
    account = sandbox.add_account()["id"]
    with pytest.raises(ControlError):
        sandbox.set_capabilities(account, **wish)


def test_unknown_account_is_missing(client):
    assert error_of(lambda: client.v2.core.accounts.retrieve("acct_nobody"))["code"] == "resource_missing"
    assert error_of(lambda: client.v1.accounts.retrieve("acct_nobody"))["code"] == "resource_missing"


def test_events_tell_what_happened_in_order(client, sandbox: Sandbox, paid_charge):
    account = sandbox.add_account()["id"]
    wish = {"amount": 10, "currency": "cad", "destination": account, "source_transaction": paid_charge.id}
    transfer = client.v1.transfers.create(params=wish, options={"idempotency_key": "tr:1"})
    client.v1.transfers.reversals.create(transfer.id)
    client.v1.refunds.create(params={"charge": paid_charge.id, "amount": 7})
    events = client.v1.events.list().data[::-1]
    assert [event.type for event in events] == [
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
        "transfer.created",
        "transfer.reversed",
        "refund.created",
        "charge.refunded",
        "refund.updated",
    ]
    created = client.v1.events.retrieve(events[3].id)
    assert (created.data.object.id, created.request.idempotency_key) == (transfer.id, "tr:1")
    assert created.livemode is False
    assert events[-2].data.object.amount_refunded == 7


def test_failed_payment_is_an_event(client, sandbox: Sandbox, new_session):
    with pytest.raises(ControlError):
        sandbox.pay(new_session().id, "4000000000009995")
    failed = client.v1.events.list(params={"type": "payment_intent.payment_failed"}).data
    assert failed[0].data.object.last_payment_error.decline_code == "insufficient_funds"
