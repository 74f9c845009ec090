"""With every message lost, one run brings our rows to where Stripe's objects stand; the next finds nothing to do."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from home.models import PortalSettings
from shop import carts, checkouts
from shop.checkouts import PAYABLE_FOR
from shop.enums import CheckoutStatus
from shop.models import Cart, Checkout, CheckoutSession, OutboxMessage, PaymentIntent, Shop, Transfer
from shop.payments import gateway
from shop.payments import reconcile as module
from shop.payments.reconcile import Report, reconcile
from shop.payments.sync import PaymentMismatch
from shop.sandbox.server import Sandbox
from tests.shop.conftest import Stall, complete, open_session, pay, place


def another(portal: PortalSettings, stall: Stall) -> Checkout:
    cart = carts.create()
    carts.add(cart, stall.variant, 1)
    return place(cart, portal)


def status(checkout: Checkout) -> str:
    return Checkout.objects.get(pk=checkout.pk).status


def test_nothing_to_do_is_nothing_done(cart: Cart, portal: PortalSettings) -> None:
    place(cart, portal)
    assert reconcile(now=timezone.now()) == Report()


def test_one_run_completes_closes_pays_and_the_next_does_nothing(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, cheese: Stall
) -> None:
    sandbox.webhooks("drop")
    paid, unpaid = place(cart, portal), another(portal, cheese)
    pay(paid, sandbox)
    open_session(unpaid)
    sandbox.advance(int(PAYABLE_FOR.total_seconds()) + 1)
    report = reconcile(now=unpaid.expires_at + timedelta(seconds=1))
    assert report == Report(checkouts_synced=2, effects_done=5)
    assert (status(paid), status(unpaid), cheese.left()) == ("paid", "expired", 8)
    assert set(Transfer.objects.values_list("status", flat=True)) == {"sent"}
    assert reconcile(now=unpaid.expires_at + timedelta(seconds=2)) == Report()


def test_a_paid_session_behind_a_checkout_that_was_let_go_is_found(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox
) -> None:
    """Its row was closed by mistake: only Stripe's own list tells of the payment."""
    checkout = place(cart, portal)
    pay(checkout, sandbox)
    now = timezone.now()
    CheckoutSession.objects.update(closed_at=now)
    assert reconcile(now=now).checkouts_synced == 0
    with transaction.atomic():
        checkouts.let_go(checkout, to=CheckoutStatus.EXPIRED, cause="test", now=now)
    assert reconcile(now=now).checkouts_synced == 1
    assert status(checkout) == CheckoutStatus.PAID


def test_paid_sessions_that_no_checkout_asked_for_are_named(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox
) -> None:
    strangers = [stranger(sandbox, **who) for who in ({}, {}, {"client_reference_id": "another program's"})]
    report = reconcile(now=timezone.now())
    assert sorted(report.unknown_sessions) == sorted(strangers)
    assert report == Report(unknown_sessions=report.unknown_sessions)


def stranger(sandbox: Sandbox, **who: str) -> str:
    price = {"currency": "cad", "unit_amount": 100, "product_data": {"name": "autre"}}
    wish = {
        "mode": "payment",
        "success_url": "https://autre.test/",
        "line_items": [{"quantity": 1, "price_data": price}],
        **who,
    }
    session = gateway.client().v1.checkout.sessions.create(wish)
    sandbox.pay(session.id)
    return str(session.id)


def test_a_second_payment_of_one_checkout_is_named(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox
) -> None:
    checkout = complete(place(cart, portal), sandbox)
    second = stranger(sandbox, client_reference_id=str(checkout.public_id))
    report = reconcile(now=timezone.now())
    assert report.unknown_sessions == [second]
    assert PaymentIntent.objects.count() == 1


def test_one_that_fails_is_named_and_does_not_stop_the_others(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, cheese: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = place(cart, portal), another(portal, cheese)
    pay(good, sandbox)
    sync = module.sync_checkout

    def refuse(pk: int, **when: object) -> bool:
        if pk == bad.pk:
            raise PaymentMismatch("ne va pas")
        return sync(pk, **when)

    monkeypatch.setattr(module, "sync_checkout", refuse)
    report = reconcile(now=timezone.now())
    assert report.failures == [f"checkout {bad.pk}: ne va pas"]
    assert (report.checkouts_synced, status(good)) == (1, CheckoutStatus.PAID)


def test_with_stripe_down_everything_is_named_and_nothing_changes(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, cheese: Stall
) -> None:
    checkout = place(cart, portal)
    pay(checkout, sandbox)
    sandbox.fail("*", "*", "500_before", times=1000)
    report = reconcile(now=timezone.now())
    assert (report.checkouts_synced, report.effects_done) == (0, 0)
    named = {failure.split(":")[0].split()[0] for failure in report.failures}
    assert named == {
        "checkout",
        "sessions",
        "account",
        "payouts",
        "refunds",
        "disputes",
        "plans",
        "transfers",
    }
    assert (status(checkout), cheese.left()) == (CheckoutStatus.OPEN, 8)
    sandbox.clear_faults()
    assert reconcile(now=timezone.now()) == Report(checkouts_synced=1, effects_done=5)


def test_a_capability_that_is_lost_pauses_the_shop_and_comes_back(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, cheese: Stall
) -> None:
    sandbox.set_capabilities(cheese.account, stripe_transfers="restricted")
    assert reconcile(now=timezone.now()) == Report(accounts_changed=1)
    shop = Shop.objects.get(merchant=cheese.merchant)
    assert (shop.transfers_status, shop.can_be_paid) == ("restricted", False)
    basket = carts.basket_of(cart, settings=portal, today=timezone.localdate())
    assert len(basket.problems) == 1
    sandbox.set_capabilities(cheese.account, stripe_transfers="active")
    assert reconcile(now=timezone.now()) == Report(accounts_changed=1)
    assert Shop.objects.get(merchant=cheese.merchant).can_be_paid


def test_what_waits_after_a_failure_is_done_now(cart: Cart, portal: PortalSettings, sandbox: Sandbox) -> None:
    complete(place(cart, portal), sandbox)
    sandbox.fail("POST", "/v1/transfers", "429", times=2)
    first = reconcile(now=timezone.now())
    assert (first.effects_done, len(first.failures)) == (3, 2)
    assert reconcile(now=timezone.now()) == Report(effects_done=2)
    assert not OutboxMessage.objects.filter(sent_at=None).exists()


def test_the_command_prints_the_report_and_fails_with_it(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    pay(place(cart, portal), sandbox)
    call_command("reconcile", "--json")
    assert json.loads(capsys.readouterr().out)["checkouts_synced"] == 1
    call_command("reconcile")
    assert "checkouts synced: 0" in capsys.readouterr().out
    sandbox.fail("*", "*", "500_before", times=1000)
    with pytest.raises(SystemExit):
        call_command("reconcile")
