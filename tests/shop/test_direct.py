"""Charged on the merchant's own account: no transfer, no commission, and events of that account alone."""

from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from home.models import PortalSettings
from shop import carts, checkouts, outbox
from shop.enums import ChargeModel, CheckoutStatus, OrderStatus
from shop.exceptions import ForbiddenMove
from shop.models import (
    Checkout,
    CheckoutSession,
    Dispute,
    LedgerEntry,
    PaymentIntent,
    Refund,
    Shop,
    StripeEvent,
    Transfer,
)
from shop.payments import disputes, refunds, webhooks
from shop.payments.handlers import deliver_outbox
from shop.payments.reconcile import Report, reconcile
from shop.payments.sync import close_checkout
from shop.sandbox.server import Sandbox
from tests.shop.conftest import Stall, complete, open_session, pay, place, posts


@pytest.fixture
def checkout(cheese: Stall, portal: PortalSettings, sandbox: Sandbox) -> Checkout:
    """Placed at a shop that charges cards itself."""
    Shop.objects.filter(merchant=cheese.merchant).update(
        charge_model=ChargeModel.DIRECT, charges_status="active"
    )
    sandbox.set_capabilities(cheese.account, card_payments="active", stripe_transfers="active")
    cart = carts.create()
    carts.add(cart, cheese.variant, 2)
    placed = place(cart, portal)
    assert (placed.charge_model, placed.account) == (ChargeModel.DIRECT, cheese.account)
    return placed


def deliver() -> int:
    outbox.hurry(now=timezone.now())
    return deliver_outbox(now=timezone.now())


def status(checkout: Checkout) -> str:
    return str(Checkout.objects.get(pk=checkout.pk).status)


def test_it_is_paid_on_the_merchants_account_and_nothing_is_sent(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    complete(checkout, sandbox)
    deliver()
    payment = PaymentIntent.objects.get()
    assert (payment.account, payment.amount_cents) == (cheese.account, 24_00)
    assert (Transfer.objects.count(), posts(sandbox, "/v1/transfers")) == (0, [])
    assert sandbox.ledger()["holders"][f"balance:{cheese.account}"] > 0
    books = LedgerEntry.objects.order_by("account").values_list("account", "amount_cents")
    assert list(books) == [("shopper", -24_00), ("stripe", 24_00)]
    asked = posts(sandbox, "/v1/checkout/sessions")[0]["params"]
    assert not [name for name in asked if "application_fee" in name or "transfer" in name]


def test_refunded_in_part_and_then_whole_it_is_the_merchants_money(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    complete(checkout, sandbox)
    deliver()
    order = checkout.orders.get()
    for wish in (refunds.Amount(4_00), refunds.Whole()):
        refunds.request(order, wish, reason="retour", restock=True, now=timezone.now())
        deliver()
    assert set(Refund.objects.values_list("status", flat=True)) == {"succeeded"}
    assert (status(checkout), cheese.left()) == (CheckoutStatus.REFUNDED, 10)
    assert sum(LedgerEntry.objects.filter(account="stripe").values_list("amount_cents", flat=True)) == 0


def test_let_go_its_page_is_closed_on_that_account(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    open_session(checkout)
    assert close_checkout(checkout.pk, to=CheckoutStatus.CANCELED, cause="test", now=timezone.now())
    assert (status(checkout), cheese.left()) == (CheckoutStatus.CANCELED, 10)


def test_with_every_event_lost_reconcile_reads_that_account_too(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    session = pay(checkout, sandbox)
    now = timezone.now()
    # Its row was closed by mistake: only that account's own list tells of the payment.
    CheckoutSession.objects.filter(pk=session.pk).update(closed_at=now)
    with transaction.atomic():
        checkouts.let_go(checkout, to=CheckoutStatus.EXPIRED, cause="test", now=now)
    assert reconcile(now=now).checkouts_synced == 1
    sandbox.refund(PaymentIntent.objects.get().charge_id, account=cheese.account)
    assert reconcile(now=now).refunds_synced == 1
    assert status(checkout) == CheckoutStatus.REFUNDED
    assert reconcile(now=now) == Report()


def event(kind: str, about: dict[str, Any], account: str) -> None:
    now = timezone.now()
    StripeEvent.objects.create(
        event_id=f"evt_{StripeEvent.objects.count()}",
        type=kind,
        account=account,
        object_id=about["id"],
        payload={"data": {"object": about}},
        received_at=now,
        not_before=now,
    )


@pytest.mark.parametrize("whose", ["", "another's"])
def test_an_event_of_another_account_changes_nothing(
    checkout: Checkout, sandbox: Sandbox, candles: Stall, cheese: Stall, whose: str
) -> None:
    session = pay(checkout, sandbox)
    about = {"id": session.session_id, "client_reference_id": str(checkout.public_id)}
    event("checkout.session.completed", about, candles.account if whose else "")
    assert webhooks.process(now=timezone.now()) == 0
    assert (status(checkout), PaymentIntent.objects.count()) == (CheckoutStatus.OPEN, 0)
    event("checkout.session.completed", about, cheese.account)
    assert webhooks.process(now=timezone.now()) == 1
    assert status(checkout) == CheckoutStatus.PAID


def test_its_dispute_is_recorded_and_is_the_merchants_own(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    complete(checkout, sandbox)
    deliver()
    payment = PaymentIntent.objects.get()
    told = sandbox.dispute(payment.charge_id, account=cheese.account)
    event("charge.dispute.created", {"id": told["id"], "charge": payment.charge_id}, cheese.account)
    assert webhooks.process(now=timezone.now()) == 1
    dispute = Dispute.objects.get()
    with pytest.raises(ForbiddenMove):
        disputes.submit_evidence(dispute, "", now=timezone.now())
    deliver()
    (told_to_shop,) = (sent for sent in mail.outbox if "contesté" in sent.subject)
    assert "tableau de bord Stripe" in told_to_shop.body
    assert "votre part" not in told_to_shop.body
    sandbox.close_dispute(dispute.dispute_id, "lost")
    assert reconcile(now=timezone.now()).disputes_synced == 1
    lost = LedgerEntry.objects.filter(kind="dispute").order_by("account")
    assert list(lost.values_list("account", "amount_cents")) == [("shopper", 24_00), ("stripe", -24_00)]
    assert (refunds.left_cents(checkout.orders.get()), Transfer.objects.count()) == (0, 0)
    assert reconcile(now=timezone.now()) == Report()
    assert set(checkout.orders.values_list("status", flat=True)) == {OrderStatus.PAID}
