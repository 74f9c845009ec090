"""The one door: early, late, twice, at the same instant, and killed half-way."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone
from wagtail.models import Site

from home.models import PortalSettings
from shop import checkouts
from shop.enums import CheckoutStatus, LineState, OrderStatus, RefundStatus
from shop.exceptions import GatewayUnavailable
from shop.models import (
    Cart,
    CartItem,
    Checkout,
    CheckoutSession,
    LineItem,
    Order,
    OutboxMessage,
    PaymentIntent,
    Refund,
    Transfer,
)
from shop.payments import gateway, sync
from shop.payments.handlers import deliver_outbox
from shop.payments.sync import PaymentMismatch, close_checkout, sync_checkout
from shop.sandbox.server import ControlError, Sandbox
from tests.shop.conftest import Stall, at_once, complete, open_session, pay, place, posts


@pytest.fixture
def checkout(cart: Cart, portal: PortalSettings) -> Checkout:
    return place(cart, portal)


def sync_now(checkout: Checkout) -> bool:
    return sync_checkout(checkout.pk, now=timezone.now())


def close(checkout: Checkout, to: CheckoutStatus = CheckoutStatus.CANCELED) -> bool:
    return close_checkout(checkout.pk, to=to, cause="test", now=timezone.now())


def status(checkout: Checkout) -> str:
    return Checkout.objects.get(pk=checkout.pk).status


def let_go_too_early(checkout: Checkout) -> None:
    """What must not happen, and what we must survive: released though its page can still be paid."""
    with transaction.atomic():
        locked = Checkout.objects.select_for_update().get(pk=checkout.pk)
        checkouts.let_go(locked, to=CheckoutStatus.EXPIRED, cause="test", now=timezone.now())


def steal(stall: Stall, left: int = 0) -> None:
    """Somebody buys what was let go; the books say so."""
    taken = stall.left() - left
    stall.variant.movements.create(delta=-taken, reason="vendu", at=timezone.now())
    type(stall.variant).objects.filter(pk=stall.variant.pk).update(on_hand=left)


# ------------------------------------------------------------------------------------------------------- paid and open


def test_a_payment_is_recorded_with_its_charge_and_card(checkout: Checkout, sandbox: Sandbox) -> None:
    complete(checkout, sandbox)
    payment = PaymentIntent.objects.get()
    assert (payment.amount_cents, payment.status, payment.payment_method) == (43_99, "succeeded", "visa 4242")
    assert payment.charge_id.startswith("ch_")
    assert CheckoutSession.objects.get().closed_at is not None


def test_what_was_added_while_paying_stays_in_the_basket(
    checkout: Checkout, cart: Cart, sandbox: Sandbox, candles: Stall
) -> None:
    added = CartItem.objects.create(cart=cart, variant=candles.variant.product.variants.create(
        site=cart.site, sku="AUTRE", price_cents=1_00), quantity=3)  # fmt: skip
    complete(checkout, sandbox)
    assert list(cart.items.all()) == [added]


def test_a_declined_card_leaves_the_checkout_open(checkout: Checkout, sandbox: Sandbox) -> None:
    session = open_session(checkout)
    with pytest.raises(ControlError, match="declined"):
        sandbox.pay(str(session.session_id), "4000000000000002")
    assert sync_now(checkout) is False
    assert status(checkout) == CheckoutStatus.OPEN
    sandbox.pay(str(session.session_id))
    assert sync_now(checkout) is True


@pytest.mark.django_db(transaction=True)
def test_return_page_webhook_and_worker_at_the_same_instant_sell_once(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall, in_levis: Site
) -> None:
    pay(checkout, sandbox)
    outcomes = at_once(in_levis, *[lambda: sync_now(checkout)] * 4)
    assert sorted(outcomes) == [False, False, False, True]
    assert (PaymentIntent.objects.count(), Transfer.objects.count(), cheese.left()) == (1, 2, 8)
    assert OutboxMessage.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_canceled_and_paid_at_the_same_instant_ends_as_stripe_says(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall, in_levis: Site
) -> None:
    session = open_session(checkout)

    def pay_then_sync() -> bool:
        try:
            sandbox.pay(str(session.session_id))
        except ControlError:  # closed before the card was tried
            return False
        return True

    paid, _closed = at_once(in_levis, pay_then_sync, lambda: close(checkout))
    sync_now(checkout)
    expected = (CheckoutStatus.PAID, 8) if paid else (CheckoutStatus.CANCELED, 10)
    assert (status(checkout), cheese.left()) == expected


def test_canceling_what_was_just_paid_completes_it(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    pay(checkout, sandbox)
    assert close(checkout) is True
    assert (status(checkout), cheese.left()) == (CheckoutStatus.PAID, 8)


def test_canceling_closes_the_page_first(checkout: Checkout, sandbox: Sandbox, cheese: Stall) -> None:
    session = open_session(checkout)
    assert close(checkout) is True
    assert (status(checkout), cheese.left()) == (CheckoutStatus.CANCELED, 10)
    with pytest.raises(ControlError, match="can no longer be paid"):
        sandbox.pay(str(session.session_id))
    assert (close(checkout), sync_now(checkout)) == (False, False)


def test_canceling_before_any_page_was_opened(checkout: Checkout, cheese: Stall, sandbox: Sandbox) -> None:
    assert close(checkout) is True
    assert (status(checkout), cheese.left()) == (CheckoutStatus.CANCELED, 10)
    assert posts(sandbox, "/v1/checkout/sessions") == []


# ---------------------------------------------------------------------------------------------------------------- late


def test_paid_late_with_stock_still_there_is_sold_again(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    session = open_session(checkout)
    let_go_too_early(checkout)
    assert cheese.left() == 10
    sandbox.pay(str(session.session_id))
    assert sync_now(checkout) is True
    assert (status(checkout), cheese.left()) == (CheckoutStatus.PAID, 8)
    assert set(Order.objects.values_list("status", flat=True)) == {OrderStatus.PAID}
    assert deliver_outbox(now=timezone.now()) == 5
    assert sync_now(checkout) is False


def test_paid_late_with_stock_gone_is_refunded_whole_and_said(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall, candles: Stall
) -> None:
    session = open_session(checkout)
    let_go_too_early(checkout)
    steal(cheese, left=1)
    sandbox.pay(str(session.session_id))
    assert sync_now(checkout) is True
    assert status(checkout) == CheckoutStatus.REFUNDED
    assert (cheese.left(), candles.left()) == (1, 10)
    assert deliver_outbox(now=timezone.now()) == 3
    assert sum(Refund.objects.values_list("amount_cents", flat=True)) == 43_99
    assert set(Refund.objects.values_list("status", flat=True)) == {RefundStatus.SUCCEEDED}
    assert PaymentIntent.objects.get().refunded_cents == 43_99
    assert (Transfer.objects.count(), posts(sandbox, "/v1/transfers")) == (0, [])
    assert [m.to for m in mail.outbox] == [["marie@exemple.test"]]
    assert "rembours" in mail.outbox[0].body


def test_a_late_refund_is_made_once_however_often_it_is_synced(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    session = open_session(checkout)
    let_go_too_early(checkout)
    steal(cheese)
    sandbox.pay(str(session.session_id))
    assert [sync_now(checkout) for _i in range(3)] == [True, False, False]
    deliver_outbox(now=timezone.now())
    assert (Refund.objects.count(), len(posts(sandbox, "/v1/refunds"))) == (2, 2)


# ------------------------------------------------------------------------------------------------------------- killed


def without_its_session(checkout: Checkout) -> str:
    """Killed after Stripe made the session and before we wrote its id: the row alone remains."""
    session_id = str(open_session(checkout).session_id)
    CheckoutSession.objects.update(session_id=None, url="")
    return session_id


def test_a_row_without_its_session_finds_it_again_by_its_key(checkout: Checkout, sandbox: Sandbox) -> None:
    session_id = without_its_session(checkout)
    sandbox.pay(session_id)
    assert sync_now(checkout) is True
    assert CheckoutSession.objects.get().session_id == session_id
    assert status(checkout) == CheckoutStatus.PAID


def test_a_row_without_its_session_is_closed_through_its_key(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    session_id = without_its_session(checkout)
    assert close(checkout) is True
    assert gateway.retrieve_session(session_id).status == "expired"
    assert (status(checkout), cheese.left()) == (CheckoutStatus.CANCELED, 10)


def test_a_row_whose_session_was_never_made_is_let_go_in_time(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    """Stripe refuses to make it now: too late for its expiry."""
    old = timezone.now() - timedelta(minutes=40)
    CheckoutSession.objects.create(checkout=checkout, attempt=1, created_at=old)
    Checkout.objects.update(created_at=old, expires_at=old + checkouts.PAYABLE_FOR)
    assert sync_now(checkout) is True
    assert (status(checkout), cheese.left()) == (CheckoutStatus.EXPIRED, 10)
    assert (sync_now(checkout), CheckoutSession.objects.get().session_id) == (False, None)


def test_while_another_attempt_can_be_paid_nothing_is_let_go(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    """The first attempt's answer comes after a second attempt took its place."""
    now = timezone.now()
    first = CheckoutSession.objects.create(checkout=checkout, attempt=1, created_at=now, closed_at=now)
    CheckoutSession.objects.create(checkout=checkout, attempt=2, created_at=now)
    assert sync._apply(checkout.pk, first, None, now) is False
    assert (status(checkout), cheese.left()) == (CheckoutStatus.OPEN, 8)


@pytest.mark.parametrize("kind", ["500_before", "429", "reset"])
@pytest.mark.parametrize("path", ["/v1/checkout/sessions/*", "/v1/checkout/sessions/*/expire"])
def test_stripe_silent_means_nothing_changes(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall, kind: str, path: str
) -> None:
    pay(checkout, sandbox)
    sandbox.fail("*", path, kind, times=6)
    with pytest.raises(GatewayUnavailable):
        close(checkout)
    assert (status(checkout), cheese.left(), PaymentIntent.objects.count()) == (CheckoutStatus.OPEN, 8, 0)
    sandbox.clear_faults()
    assert sync_now(checkout) is True


def test_no_transaction_is_open_while_stripe_is_asked(
    checkout: Checkout, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Depth one is the test's own."""
    depths = []
    ask = gateway.client
    monkeypatch.setattr(gateway, "client", lambda: depths.append(len(connection.savepoint_ids)) or ask())
    complete(checkout, sandbox)
    close(checkout)
    assert set(depths) == {0}


# ----------------------------------------------------------------------------------------------------------- mismatch


@pytest.mark.parametrize(
    "fields",
    [{"amount_total_cents": 1}, {"currency": "usd"}, {"client_reference_id": "another"}],
)
def test_a_payment_that_is_not_for_this_checkout_is_not_taken_for_it(
    checkout: Checkout,
    sandbox: Sandbox,
    cheese: Stall,
    monkeypatch: pytest.MonkeyPatch,
    fields: dict[str, object],
) -> None:
    session = pay(checkout, sandbox)
    told = replace(gateway.retrieve_session(str(session.session_id)), **fields)
    monkeypatch.setattr(gateway, "retrieve_session", lambda _id, **_on: told)
    with pytest.raises(PaymentMismatch):
        sync_now(checkout)
    assert (status(checkout), cheese.left(), PaymentIntent.objects.count()) == (CheckoutStatus.OPEN, 8, 0)
    assert set(LineItem.objects.values_list("state", flat=True)) == {LineState.RESERVED}
