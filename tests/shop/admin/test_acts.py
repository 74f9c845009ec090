"""The acts of the money desk, on real purchases: each done once, on record, and refused in words."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from home.models import AuditEntry, PortalRole
from home.tenancy import portal_scope
from shop.admin.forms import cents_typed
from shop.enums import DisputeStatus, OrderStatus, RefundSource, RefundStatus, TransferStatus
from shop.models import Checkout, Debt, Dispute, LedgerEntry, Order, OutboxMessage, Refund, Shop, Transfer
from shop.payments import debts, refunds
from shop.payments.handlers import deliver_outbox
from shop.payments.sessions import ensure_session
from shop.sandbox.server import Sandbox
from tests.portal.conftest import make_staff
from tests.portal.towns import Purchase, Town, make_purchase, place
from tests.shop.books import owed_by_the_books


@pytest.fixture
def bought(here: Town, sandbox: Sandbox) -> Purchase:
    """Two candles at 20,00 $, paid."""
    return make_purchase(here, sandbox)


@pytest.fixture
def manager(here: Town) -> Client:
    return here.signed_in(make_staff(here.site, PortalRole.MANAGER))


@pytest.fixture
def _here(here: Town):
    with portal_scope(here.site):
        yield


pytestmark = pytest.mark.usefixtures("_here")


def post(client: Client, name: str, row: Any, **data: Any) -> Any:
    return client.post(reverse(f"money_desk:{name}", args=[row.pk]), data)


def said(client: Client) -> str:
    """The desk, which tells what was just done."""
    return str(client.get("/admin/a-regler/").content.decode())


def traces(action: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action=action))


# -------------------------------------------------------------------------------------------------------------- refund

ASK = {"scope": "whole", "reason": "article brisé", "seen": 0}


def test_preview_shows_the_parts_and_writes_nothing(manager: Client, bought: Purchase) -> None:
    answer = post(manager, "refund", bought.order, **{**ASK, "scope": "amount", "amount": "12,50 $"})
    html = answer.content.decode()
    assert "Rembourser 12,50\u00a0$" in html
    assert "article brisé" in html
    assert not Refund.objects.exists()
    assert not traces("order.refund_requested")


def test_confirmed_refund_is_made_once_and_is_on_record(manager: Client, bought: Purchase) -> None:
    answers = [post(manager, "refund", bought.order, **ASK, confirm="1") for _again in range(2)]
    made = Refund.objects.get()
    assert answers[0].url == reverse("shop_refund_modeladmin_inspect", args=[made.pk])
    assert (made.amount_cents, made.source, made.reason) == (40_00, RefundSource.STAFF, "article brisé")
    assert answers[1].status_code == 422
    assert "vient d’être fait" in answers[1].content.decode()
    (entry,) = traces("order.refund_requested")
    assert entry.before == {"status": "paid", "refunded_cents": 0}
    assert (entry.after["status"], entry.after["amount_cents"]) == ("refunded", 40_00)
    assert entry.actor_id == made.actor_id is not None


def test_second_amount_on_a_page_seen_before_the_first_is_refused(manager: Client, bought: Purchase) -> None:
    ask = {**ASK, "scope": "amount", "amount": "5", "confirm": "1"}
    assert post(manager, "refund", bought.order, **ask).status_code == 302
    assert post(manager, "refund", bought.order, **ask).status_code == 422
    assert [row.amount_cents for row in Refund.objects.all()] == [5_00]
    assert post(manager, "refund", bought.order, **{**ask, "seen": 1}).status_code == 302


def test_units_go_back_on_the_shelf_when_asked(manager: Client, bought: Purchase, here: Town) -> None:
    line = bought.order.lines.get()
    before = type(here.variant).objects.get(pk=here.variant.pk).on_hand
    post(manager, "refund", bought.order, **{
        **ASK, "scope": "units", f"line_{line.pk}": "1", "restock": "on", "confirm": "1",
    })  # fmt: skip
    made = Refund.objects.get()
    assert (made.amount_cents, made.lines.get().quantity) == (20_00, 1)
    assert type(here.variant).objects.get(pk=here.variant.pk).on_hand == before + 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"scope": "amount", "amount": "40,01"}, "d’au plus 40,00\u00a0$"),
        ({"scope": "amount", "amount": "0"}, "d’au plus"),
        ({"scope": "amount", "amount": "beaucoup"}, "comme 7,50"),
        ({"scope": "amount", "amount": "-5"}, "comme 7,50"),
        ({"scope": "units"}, "combien d’unités"),
        ({"reason": ""}, "pourquoi l’argent est rendu"),
    ],
)
def test_what_makes_no_sense_is_told_and_kept(
    manager: Client, bought: Purchase, wrong: dict[str, str], says: str
) -> None:
    answer = post(manager, "refund", bought.order, **{**ASK, "confirm": "1", **wrong})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert says in html
    kept = wrong.get("amount") or wrong.get("reason", "article brisé")
    assert not kept or f'value="{kept}"' in html
    assert not Refund.objects.exists()


def test_units_of_too_many_are_told(manager: Client, bought: Purchase) -> None:
    line = bought.order.lines.get()
    answer = post(manager, "refund", bought.order, **{**ASK, "scope": "units", f"line_{line.pk}": "3"})
    assert "Il n’en reste que 2." in answer.content.decode()


def test_contested_payment_is_not_refunded(manager: Client, bought: Purchase) -> None:
    contest(bought.checkout)
    answer = post(manager, "refund", bought.order, **ASK, confirm="1")
    assert "Ce paiement est contesté" in answer.content.decode()
    Dispute.objects.update(status=DisputeStatus.WON)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("7,50", 750),
        ("7.5", 750),
        ("7,50 $", 750),
        ("1 234,50", 123450),
        ("1\u00a0234,50\u00a0$", 123450),
        ("7", 700),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: str, cents: int) -> None:
    assert cents_typed(typed) == cents


# ------------------------------------------------------------------------------------------------------ failed refunds


@pytest.fixture
def failed(bought: Purchase) -> Refund:
    """Ten dollars that the bank refused."""
    row = refunds.request(
        bought.order, refunds.Amount(10_00), reason="geste", restock=False, now=timezone.now()
    )
    OutboxMessage.objects.filter(kind="refund").update(sent_at=timezone.now())
    refunds.fail(row, "expired_or_canceled_card", now=timezone.now())
    row.refresh_from_db()
    return row


def test_failed_refund_is_asked_again_once_however_often_one_clicks(manager: Client, failed: Refund) -> None:
    assert "carte expirée ou annulée" in said(manager)
    for _again in range(3):
        assert post(manager, "refund_again", failed).url == "/admin/a-regler/"
    again = Refund.objects.exclude(pk=failed.pk).get()
    assert (again.amount_cents, again.status) == (10_00, RefundStatus.PENDING)
    assert len(traces("refund.asked_again")) == 1
    html = said(manager)
    assert "C’était déjà fait" in html
    assert "carte expirée ou annulée" not in html


def test_money_given_back_otherwise_leaves_the_desk_with_a_note(manager: Client, failed: Refund) -> None:
    assert post(manager, "close_refund", failed, note="").status_code == 422
    assert post(manager, "close_refund", failed, note="argent comptant au comptoir").status_code == 302
    assert "carte expirée" not in said(manager)
    (entry,) = traces("refund.closed_by_hand")
    assert entry.after == {"note": "argent comptant au comptoir"}
    post(manager, "refund_again", failed)
    assert Refund.objects.count() == 1


# ---------------------------------------------------------------------------------------------------------- merchants


def test_refused_transfer_leaves_again_to_the_account_of_today(
    manager: Client, here: Town, sandbox: Sandbox
) -> None:
    shop = Shop.objects.get(merchant=here.merchant)
    good = shop.stripe_account_id
    Shop.objects.filter(pk=shop.pk).update(stripe_account_id="acct_gone")
    here.merchant.shop.stripe_account_id = good
    make_purchase(here, sandbox)
    deliver_outbox(now=timezone.now())
    transfer = Transfer.objects.get()
    assert transfer.status == TransferStatus.FAILED
    assert "n’a pu lui être envoyée" in said(manager)
    Shop.objects.filter(pk=shop.pk).update(stripe_account_id=good)
    for _again in range(2):
        post(manager, "send_transfer", transfer)
    assert len(traces("transfer.sent_again")) == 1
    deliver_outbox(now=timezone.now())
    transfer.refresh_from_db()
    assert (transfer.status, transfer.destination) == (TransferStatus.SENT, good)
    assert not Debt.objects.filter(settled_at=None).exists()


def test_debt_is_settled_by_hand_once_with_its_adjustment_and_a_note(
    manager: Client, here: Town, bought: Purchase
) -> None:
    deliver_outbox(now=timezone.now())
    refunds.request(bought.order, refunds.Amount(10_00), reason="geste", restock=False, now=timezone.now())
    Refund.objects.get()
    debt = owed_by_merchant(bought.order)
    assert post(manager, "settle", debt, note="oui").status_code == 422
    for _again in range(2):
        assert post(manager, "settle", debt, note="chèque 1234 reçu").status_code == 302
    debt.refresh_from_db()
    assert (debt.settled_at is not None, debt.settled_how) == (True, "chèque 1234 reçu")
    assert LedgerEntry.objects.filter(kind="adjustment").count() == 2
    (entry,) = traces("debt.settled_by_hand")
    assert (entry.before["amount_cents"], entry.after["note"]) == (debt.amount_cents, "chèque 1234 reçu")
    assert entry.merchant_id == here.merchant.pk


def owed_by_merchant(order: Order) -> Debt:
    """The merchant's balance was empty: what could not be taken back is owed."""
    from shop.models import Reversal

    Reversal.objects.filter(transfer__order=order).update(status=TransferStatus.FAILED)
    OutboxMessage.objects.filter(kind__in=("reversal", "refund")).update(sent_at=timezone.now())
    return debts.charge(
        order, -owed_by_the_books(order) or 10_00, reason="insufficient funds", now=timezone.now()
    )


# ------------------------------------------------------------------------------------------- effects, events, checkouts


def test_effect_is_tried_again_now(manager: Client, bought: Purchase) -> None:
    later = timezone.now() + timedelta(hours=6)
    OutboxMessage.objects.update(not_before=later, last_error="GatewayUnavailable: timeout")
    row = OutboxMessage.objects.order_by("pk").first()
    post(manager, "retry_effect", row)
    row.refresh_from_db()
    assert row.not_before <= timezone.now()
    assert OutboxMessage.objects.exclude(pk=row.pk).filter(not_before=later).exists()
    (entry,) = traces("effect.retried")
    assert entry.before["last_error"] == "GatewayUnavailable: timeout"


def test_effect_done_meanwhile_is_left_alone(manager: Client, bought: Purchase) -> None:
    OutboxMessage.objects.update(sent_at=timezone.now())
    post(manager, "retry_effect", OutboxMessage.objects.order_by("pk").first())
    assert "C’était déjà fait" in said(manager)
    assert not traces("effect.retried")


def test_overdue_checkout_is_closed_once_stripe_was_asked(
    manager: Client, here: Town, sandbox: Sandbox
) -> None:
    checkout = place(here)
    ensure_session(checkout, now=timezone.now())
    Checkout.objects.filter(pk=checkout.pk).update(expires_at=timezone.now() - timedelta(hours=1))
    assert "n’a pu être fermé à l’heure" in said(manager)
    post(manager, "ask_stripe", checkout)
    checkout.refresh_from_db()
    assert (checkout.status, checkout.orders.get().status) == ("expired", OrderStatus.CANCELED)
    assert traces("checkout.synced")[0].after == {"status": "expired"}


# ------------------------------------------------------------------------------------------------------------- dispute


def contest(checkout: Checkout) -> Dispute:
    now = timezone.now()
    return Dispute.objects.create(
        checkout=checkout, dispute_id="dp_test", charge_id="ch_test", amount_cents=40_00, reason="fraudulent",
        status=DisputeStatus.NEEDS_RESPONSE, evidence_due_by=now + timedelta(days=7), created_at=now,
    )  # fmt: skip


def test_bank_is_answered_once_with_what_was_frozen_and_what_staff_add(
    manager: Client, here: Town, bought: Purchase
) -> None:
    dispute = contest(bought.checkout)
    address = reverse("money_desk:answer", args=[dispute.pk])
    html = manager.get(address).content.decode()
    assert f"Produit {here.canary}" in html
    assert manager.post(address, {"text": "Venue la chercher mardi."}).status_code == 302
    assert manager.post(address, {"text": "Encore."}).status_code == 404
    dispute.refresh_from_db()
    assert dispute.evidence["uncategorized_text"].endswith("Venue la chercher mardi.")
    assert OutboxMessage.objects.filter(kind="dispute_evidence").count() == 1
    assert len(traces("dispute.answered")) == 1
    Dispute.objects.update(status=DisputeStatus.WON)
