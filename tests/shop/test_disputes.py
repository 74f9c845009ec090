"""A contested payment: its shares wait, staff answer, the bank decides; told early, late, twice or never."""

import pytest
from django.utils import timezone

from home.models import PortalSettings
from shop import orders, outbox
from shop.enums import OrderStatus, TransferStatus
from shop.exceptions import ForbiddenMove
from shop.models import Cart, Checkout, Debt, Dispute, OutboxMessage, PaymentIntent, Transfer
from shop.payments import disputes, refunds
from shop.payments.handlers import deliver_outbox
from shop.payments.reconcile import Report, reconcile
from shop.sandbox.server import Sandbox
from tests.shop.conftest import Stall, complete, place, posts


@pytest.fixture
def checkout(cart: Cart, portal: PortalSettings, sandbox: Sandbox) -> Checkout:
    """Paid; nothing of the outbox was delivered yet."""
    return complete(place(cart, portal), sandbox)


def deliver() -> int:
    outbox.hurry(now=timezone.now())
    return deliver_outbox(now=timezone.now())


def contest(checkout: Checkout, sandbox: Sandbox) -> Dispute:
    told = sandbox.dispute(PaymentIntent.objects.get(checkout=checkout).charge_id)
    assert bring_in(told["id"]) is True
    return Dispute.objects.get(dispute_id=told["id"])


def bring_in(dispute_id: str) -> bool:
    return disputes.sync_dispute(PaymentIntent.objects.get(), dispute_id, now=timezone.now())


def decide(dispute: Dispute, sandbox: Sandbox, how: str) -> None:
    sandbox.close_dispute(dispute.dispute_id, how)
    assert [bring_in(dispute.dispute_id) for _i in range(2)] == [True, False]


def transfers() -> list[tuple[str, int]]:
    return list(Transfer.objects.order_by("pk").values_list("status", "reversed_cents"))


def test_while_it_is_open_no_share_leaves_and_won_they_do(checkout: Checkout, sandbox: Sandbox) -> None:
    dispute = contest(checkout, sandbox)
    deliver()
    assert (posts(sandbox, "/v1/transfers"), dispute.is_open) == ([], True)
    waiting = OutboxMessage.objects.filter(kind="transfer")
    assert set(waiting.values_list("attempts", "last_error", "sent_at")) == {(0, "", None)}
    decide(dispute, sandbox, "won")
    deliver()
    assert transfers() == [("sent", 0), ("sent", 0)]
    assert not Debt.objects.exists()


def test_lost_before_the_shares_left_they_go_and_come_back_whole(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    dispute = contest(checkout, sandbox)
    decide(dispute, sandbox, "lost")
    deliver()
    assert transfers() == [("sent", row.amount_cents) for row in Transfer.objects.order_by("pk")]
    assert set(checkout.orders.values_list("status", flat=True)) == {OrderStatus.PAID}


def test_lost_after_the_shares_left_they_are_taken_back_or_owed(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    deliver()
    sandbox.pay_out(cheese.account)
    decide(contest(checkout, sandbox), sandbox, "lost")
    deliver()
    assert Debt.objects.get().amount_cents == -22_80
    assert [back for _status, back in transfers()] == [0, Transfer.objects.order_by("pk").last().amount_cents]
    with pytest.raises(refunds.CannotRefund):
        refunds.request(checkout.orders.first(), reason="trop tard", restock=False, now=timezone.now())


def test_lost_after_a_part_was_given_back_only_the_rest_is_taken(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    deliver()
    order = checkout.orders.get(merchant=cheese.merchant)
    refunds.request(order, refunds.Amount(4_00), reason="geste", restock=False, now=timezone.now())
    deliver()
    decide(contest(checkout, sandbox), sandbox, "lost")
    deliver()
    assert transfers() == [("sent", row.amount_cents) for row in Transfer.objects.order_by("pk")]


def test_no_refund_is_promised_while_the_bank_decides(checkout: Checkout, sandbox: Sandbox) -> None:
    contest(checkout, sandbox)
    with pytest.raises(refunds.CannotRefund) as refusal:
        refunds.request(checkout.orders.first(), reason="retour", restock=True, now=timezone.now())
    assert "contesté" in refusal.value.reason


def test_with_every_event_lost_reconcile_finds_it_and_its_end(checkout: Checkout, sandbox: Sandbox) -> None:
    deliver()
    told = sandbox.dispute(PaymentIntent.objects.get().charge_id)
    assert reconcile(now=timezone.now()).disputes_synced == 1
    assert reconcile(now=timezone.now()) == Report()
    sandbox.close_dispute(told["id"], "lost")
    assert reconcile(now=timezone.now()).disputes_synced == 1
    assert reconcile(now=timezone.now()) == Report()
    assert {back > 0 for _status, back in transfers()} == {True}


def test_the_answer_is_what_was_frozen_at_the_sale_and_leaves_once(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    deliver()
    order = checkout.orders.get(merchant=cheese.merchant)
    orders.move(order, to=OrderStatus.FULFILLED, cause="test", now=timezone.now())
    dispute = contest(checkout, sandbox)
    disputes.submit_evidence(dispute, "La cliente a signé.", now=timezone.now())
    with pytest.raises(ForbiddenMove):
        disputes.submit_evidence(dispute, "encore", now=timezone.now())
    deliver()
    deliver()
    dispute.refresh_from_db()
    assert dispute.submitted_at is not None
    asked = posts(sandbox, f"/v1/disputes/{dispute.dispute_id}")
    assert len(asked) == 1
    sent = asked[0]["params"]
    assert sent["evidence[customer_email_address]"] == "marie@exemple.test"
    assert order.number in sent["evidence[product_description]"]
    assert sent["evidence[uncategorized_text]"].endswith("La cliente a signé.")
    assert "\u00a0: remise" in sent["evidence[uncategorized_text]"]
    assert sent["evidence[service_date]"]


def test_over_it_takes_no_answer(checkout: Checkout, sandbox: Sandbox) -> None:
    dispute = contest(checkout, sandbox)
    decide(dispute, sandbox, "lost")
    with pytest.raises(ForbiddenMove):
        disputes.submit_evidence(dispute, "", now=timezone.now())
    assert Transfer.objects.exclude(status=TransferStatus.PENDING).count() == 0
