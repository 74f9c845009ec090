"""Disputes: opened, answered, won, lost and let go."""

import pytest
import stripe

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
    sandbox.close_dispute(dispute, outcome)
    assert client.v1.disputes.list().data[0].status == outcome
    assert sandbox.ledger()["holders"]["balance:"] == left
    with pytest.raises(ControlError):
        sandbox.close_dispute(dispute, "won")


def test_card_that_is_disputed_later_pays_first(client, sandbox: Sandbox, new_session):
    paid = sandbox.pay(new_session().id, "4000000000000259")
    assert paid["payment_intent"]["status"] == "succeeded"
    assert client.v1.disputes.list().data == []
    opened = sandbox.control("POST", "disputes/open")["disputes"]
    assert [dispute["charge"] for dispute in opened] == [paid["payment_intent"]["latest_charge"]]
    types = [event.type for event in client.v1.events.list().data]
    assert types.count("charge.dispute.created") == 1
    assert sandbox.control("POST", "disputes/open")["disputes"] == []


def types(client: stripe.StripeClient) -> list[str]:
    events = client.v1.events.list(params={"limit": 100}).data[::-1]
    return [event.type.removeprefix("charge.dispute.") for event in events if "dispute" in event.type]


def answer(client: stripe.StripeClient, dispute: str, **params) -> stripe.Dispute:
    return client.v1.disputes.update(dispute, params=params)


@pytest.fixture
def dispute(sandbox: Sandbox, paid_charge) -> str:
    return str(sandbox.dispute(paid_charge.id, "product_not_received")["id"])


def test_evidence_is_staged_then_submitted_then_judged(client, sandbox: Sandbox, dispute):
    staged = answer(client, dispute, evidence={"customer_name": "Marie"}, submit=False, metadata={"row": "1"})
    assert (staged.status, staged.evidence_details.has_evidence) == ("needs_response", True)
    assert staged.evidence_details.submission_count == 0
    sent = answer(client, dispute, evidence={"shipping_tracking_number": "123"})
    assert (sent.status, sent.evidence_details.submission_count) == ("under_review", 1)
    assert (sent.evidence.customer_name, sent.evidence.shipping_tracking_number) == ("Marie", "123")
    assert sent.metadata.to_dict() == {"row": "1"}
    assert error_of(lambda: answer(client, dispute, evidence={"customer_name": "X"}))["param"] == "evidence"
    sandbox.close_dispute(dispute, "won")
    assert types(client) == ["created", "funds_withdrawn", "updated", "updated", "closed", "funds_reinstated"]


def test_dispute_says_what_it_is_and_until_when(client, dispute, paid_charge):
    found = client.v1.disputes.retrieve(dispute, params={"expand": ["charge", "payment_intent"]})
    assert (found.reason, found.charge.id) == ("product_not_received", paid_charge.id)
    assert found.payment_intent.latest_charge == paid_charge.id
    assert found.evidence_details.due_by == found.created + 9 * 86400
    assert found.payment_method_details.card.network_reason_code == "13.1"
    taken = found.balance_transactions[0]
    assert (taken.type, taken.amount, taken.fee, taken.net) == ("adjustment", -4596, 1500, -6096)


@pytest.mark.parametrize(
    ("text", "status", "left"),
    [("winning_evidence", "won", 4596 - 163 - 1500), ("losing_evidence", "lost", -163 - 1500)],
)
def test_magic_evidence_decides_at_once(client, sandbox: Sandbox, dispute, text, status, left):
    assert answer(client, dispute, evidence={"uncategorized_text": text}).status == status
    assert sandbox.ledger()["holders"]["balance:"] == left


def test_merchant_may_let_it_go(client, dispute):
    assert client.v1.disputes.close(dispute).status == "lost"
    assert error_of(lambda: client.v1.disputes.close(dispute))["status"] == 400
    assert types(client) == ["created", "funds_withdrawn", "closed"]


def test_unanswered_dispute_is_lost_when_its_time_is_up(client, sandbox: Sandbox, dispute, paid_charge):
    sandbox.advance(9 * 86400 - 60)
    assert client.v1.disputes.retrieve(dispute).status == "needs_response"
    sandbox.advance(60)
    lost = client.v1.disputes.retrieve(dispute)
    assert (lost.status, lost.evidence_details.past_due) == ("lost", True)


def test_answered_dispute_waits_for_the_bank(client, sandbox: Sandbox, dispute):
    answer(client, dispute, evidence={"customer_name": "Marie"})
    sandbox.advance(30 * 86400)
    assert client.v1.disputes.retrieve(dispute).status == "under_review"


def test_part_of_a_charge_may_be_contested(client, sandbox: Sandbox, paid_charge):
    client.v1.refunds.create(params={"charge": paid_charge.id, "amount": 596})
    for wish in ({"amount": 4001}, {"reason": "moon"}):
        with pytest.raises(ControlError):
            sandbox.dispute(paid_charge.id, **wish)
    assert sandbox.dispute(paid_charge.id, amount=1000)["amount"] == 1000


def test_won_dispute_lets_the_charge_be_refunded(client, sandbox: Sandbox, dispute, paid_charge):
    assert (
        error_of(lambda: client.v1.refunds.create(params={"charge": paid_charge.id}))["code"]
        == "charge_disputed"
    )
    sandbox.close_dispute(dispute, "won")
    assert client.v1.refunds.create(params={"charge": paid_charge.id}).status == "succeeded"


def test_too_long_evidence_and_files_are_refused(client, dispute):
    error = error_of(lambda: answer(client, dispute, evidence={"uncategorized_text": "x" * 20_001}))
    assert error["param"] == "evidence[uncategorized_text]"
    assert error_of(lambda: answer(client, dispute, evidence={"receipt": "file_1"}))["status"] == 501


def test_dispute_on_an_account_debits_that_account(client, sandbox: Sandbox, new_session):
    account = sandbox.add_account(capabilities={"card_payments": "active"})["id"]
    charge = sandbox.pay(new_session(stripe_account=account).id)["payment_intent"]["latest_charge"]
    dispute, scope = sandbox.dispute(charge)["id"], {"stripe_account": account}
    assert error_of(lambda: client.v1.disputes.retrieve(dispute))["code"] == "resource_missing"
    assert error_of(lambda: answer(client, dispute, evidence={"customer_name": "X"}))["status"] == 404
    assert client.v1.disputes.list().data == []
    assert sandbox.ledger()["holders"][f"balance:{account}"] == -163 - 1500
    assert "balance:" not in sandbox.ledger()["holders"]
    sent = client.v1.disputes.update(dispute, params={"evidence": {"customer_name": "M"}}, options=scope)
    assert sent.status == "under_review"
    told = client.v1.events.list(params={"type": "charge.dispute.updated"}, options=scope).data
    assert [event.account for event in told] == [account]
