"""Disputes: opened, answered, won, lost and let go."""

import pytest

from shop.sandbox.server import ControlError, Sandbox
from tests.shop.sandbox.asking import error_of


def test_dispute_takes_the_money_and_freezes_the_charge(client, sandbox: Sandbox, paid_charge):
    dispute = sandbox.dispute(paid_charge.id)
    assert (dispute["status"], dispute["amount"]) == ("needs_response", 4596)
    assert client.v1.charges.retrieve(paid_charge.id).disputed
    assert (
        error_of(lambda: client.v1.refunds.create(params={"charge": paid_charge.id}))["code"]
        == "charge_disputed"
    )
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
