"""Payouts and balances as the merchant sees them; capabilities as Stripe grants and takes them."""

from typing import Any

import pytest
from django.utils import timezone

from home.models import PortalSettings
from shop.models import Cart, Payout, Shop, StripeEvent
from shop.payments import payouts, webhooks
from shop.payments.handlers import deliver_outbox
from shop.payments.readings import Balance
from shop.payments.reconcile import Report, reconcile
from shop.sandbox.server import Sandbox
from tests.shop.conftest import Stall, complete, place


@pytest.fixture
def paid(cart: Cart, portal: PortalSettings, sandbox: Sandbox) -> None:
    complete(place(cart, portal), sandbox)
    deliver_outbox(now=timezone.now())


def event(kind: str, payload: dict[str, Any], account: str = "") -> None:
    now = timezone.now()
    about = (payload.get("data") or {}).get("object") or {}
    StripeEvent.objects.create(
        event_id=f"evt_{StripeEvent.objects.count()}",
        type=kind,
        account=account,
        object_id=about.get("id", ""),
        payload=payload,
        received_at=now,
        not_before=now,
    )


def test_a_payout_is_written_as_stripe_tells_it_by_event_or_by_reconcile(
    paid, sandbox: Sandbox, cheese: Stall
) -> None:
    told = sandbox.pay_out(cheese.account, status="pending")
    payout_id = str(told["payout"]["id"])
    for _twice in range(2):
        event("payout.created", {"data": {"object": {"id": payout_id}}}, cheese.account)
    assert webhooks.process(now=timezone.now()) == 2
    row = Payout.objects.get()
    assert (row.shop, row.amount_cents, row.status) == (cheese.merchant.shop, 22_80, "pending")
    sandbox.settle_payout(payout_id, "failed", failure_code="account_closed")
    assert reconcile(now=timezone.now()).payouts_synced == 1
    row.refresh_from_db()
    assert (row.status, bool(row.failure_message)) == ("failed", True)
    assert reconcile(now=timezone.now()) == Report()


def test_a_balance_is_shown_live_or_not_at_all(paid, sandbox: Sandbox, cheese: Stall) -> None:
    shop = cheese.merchant.shop
    found = payouts.balance_of(shop)
    assert isinstance(found, Balance)
    assert found.available_cents + found.pending_cents == 22_80
    sandbox.fail("GET", "/v1/balance", "500_before", times=9)
    assert payouts.balance_of(shop) is None
    assert payouts.balance_of(Shop(stripe_account_id="")) is None


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_capability_taken_away_pauses_the_shop_by_event(
    paid, sandbox: Sandbox, cheese: Stall, version: str
) -> None:
    sandbox.set_capabilities(cheese.account, stripe_transfers="restricted", card_payments="active")
    if version == "v1":
        event("account.updated", {"data": {"object": {"id": cheese.account}}}, cheese.account)
    else:
        about = {"related_object": {"id": cheese.account, "type": "v2.core.account"}}
        event("v2.core.account[configuration.recipient].capability_status_updated", about)
    assert webhooks.process(now=timezone.now()) == 1
    shop = Shop.objects.get(merchant=cheese.merchant)
    assert (shop.transfers_status, shop.charges_status) == ("restricted", "active")
    assert (shop.can_be_paid, shop.can_charge) == (False, True)
