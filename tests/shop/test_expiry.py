"""Nothing is released while it can still be paid."""

from datetime import timedelta

import pytest
from django.utils import timezone

from home.models import PortalSettings
from shop import carts
from shop.checkouts import PAYABLE_FOR
from shop.enums import CheckoutStatus
from shop.models import Cart, Checkout, CheckoutSession
from shop.payments import expiry
from shop.payments.expiry import expire_overdue
from shop.payments.sync import PaymentMismatch
from shop.sandbox.server import ControlError, Sandbox
from tests.shop.conftest import Stall, open_session, pay, place


@pytest.fixture
def checkout(cart: Cart, portal: PortalSettings) -> Checkout:
    return place(cart, portal)


def overdue(checkout: Checkout) -> None:
    Checkout.objects.filter(pk=checkout.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def outcome(checkout: Checkout, stall: Stall) -> tuple[str, int]:
    return Checkout.objects.get(pk=checkout.pk).status, stall.left()


def test_what_can_still_be_paid_in_time_is_left_alone(checkout: Checkout, cheese: Stall) -> None:
    open_session(checkout)
    assert expire_overdue(now=timezone.now()) == 0
    assert outcome(checkout, cheese) == (CheckoutStatus.OPEN, 8)


def test_a_session_that_stripe_let_expire_gives_its_stock_back(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    open_session(checkout)
    sandbox.advance(int(PAYABLE_FOR.total_seconds()) + 1)
    assert expire_overdue(now=checkout.expires_at) == 1
    assert outcome(checkout, cheese) == (CheckoutStatus.EXPIRED, 10)
    assert CheckoutSession.objects.get().closed_at is not None
    assert expire_overdue(now=checkout.expires_at) == 0


def test_our_clock_ahead_of_stripes_closes_the_page_first(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    session = open_session(checkout)
    overdue(checkout)
    assert expire_overdue(now=timezone.now()) == 1
    assert outcome(checkout, cheese) == (CheckoutStatus.EXPIRED, 10)
    with pytest.raises(ControlError, match="can no longer be paid"):
        sandbox.pay(str(session.session_id))


def test_what_was_paid_in_the_last_second_is_sold(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    pay(checkout, sandbox)
    overdue(checkout)
    assert expire_overdue(now=timezone.now()) == 1
    assert outcome(checkout, cheese) == (CheckoutStatus.PAID, 8)


def test_one_that_never_got_a_page_is_let_go(checkout: Checkout, cheese: Stall) -> None:
    overdue(checkout)
    assert expire_overdue(now=timezone.now()) == 1
    assert outcome(checkout, cheese) == (CheckoutStatus.EXPIRED, 10)


def test_with_stripe_down_nothing_is_released(checkout: Checkout, sandbox: Sandbox, cheese: Stall) -> None:
    open_session(checkout)
    overdue(checkout)
    sandbox.fail("*", "*", "500_before", times=100)
    assert expire_overdue(now=timezone.now()) == 0
    assert outcome(checkout, cheese) == (CheckoutStatus.OPEN, 8)
    sandbox.clear_faults()
    assert expire_overdue(now=timezone.now()) == 1


def test_one_that_fails_does_not_keep_the_others(
    checkout: Checkout, portal: PortalSettings, cheese: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = carts.create()
    carts.add(other, cheese.variant, 1)
    second = place(other, portal)
    overdue(checkout)
    overdue(second)
    close = expiry.close_checkout

    def refuse_the_first(pk: int, **how: object) -> bool:
        if pk == checkout.pk:
            raise PaymentMismatch("test")
        return close(pk, **how)

    monkeypatch.setattr(expiry, "close_checkout", refuse_the_first)
    assert expire_overdue(now=timezone.now()) == 1
    assert (outcome(checkout, cheese), outcome(second, cheese)) == (("open", 8), ("expired", 8))
