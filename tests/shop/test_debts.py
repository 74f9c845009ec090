"""What a merchant owes is taken back from its next sale; what it is owed is sent again, or settled by hand."""

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from home.models import PortalSettings
from shop import carts, outbox
from shop.exceptions import ForbiddenMove
from shop.models import Cart, Checkout, Debt, LedgerEntry, Reversal, Transfer
from shop.payments import debts, refunds, shares, transfers
from shop.payments.handlers import deliver_outbox
from shop.payments.reconcile import Report, reconcile
from shop.sandbox.server import Sandbox
from tests.shop.books import owed_by_the_books
from tests.shop.conftest import Stall, complete, place, posts


def deliver() -> int:
    outbox.hurry(now=timezone.now())
    return deliver_outbox(now=timezone.now())


@pytest.fixture
def debt(cart: Cart, portal: PortalSettings, sandbox: Sandbox, cheese: Stall) -> Debt:
    """Refunded after the merchant's money had left for its bank: it owes 22.80 $."""
    checkout = complete(place(cart, portal), sandbox)
    deliver()
    sandbox.pay_out(cheese.account)
    order = checkout.orders.get(merchant=cheese.merchant)
    refunds.request(order, reason="retour", restock=True, now=timezone.now())
    deliver()
    return Debt.objects.get(amount_cents=-22_80)


def sell(stall: Stall, portal: PortalSettings, sandbox: Sandbox, units: int) -> Checkout:
    cart = carts.create()
    carts.add(cart, stall.variant, units)
    checkout = complete(place(cart, portal), sandbox)
    deliver()
    return checkout


def owed() -> list[int]:
    return list(Debt.objects.filter(settled_at=None).values_list("amount_cents", flat=True))


def test_it_is_taken_back_from_the_next_sales_a_part_at_a_time(
    debt: Debt, portal: PortalSettings, sandbox: Sandbox, cheese: Stall
) -> None:
    first = sell(cheese, portal, sandbox, 1)
    sent = Transfer.objects.get(order__checkout=first)
    assert (sent.amount_cents, sent.reversed_cents, owed()) == (11_40, 11_40, [-11_40])
    second = sell(cheese, portal, sandbox, 3)
    sent = Transfer.objects.get(order__checkout=second)
    assert (sent.amount_cents, sent.reversed_cents, owed()) == (34_20, 11_40, [])
    assert owed_by_the_books(debt.order) == 0
    assert list(Reversal.objects.filter(cause="debt").values_list("amount_cents", flat=True)) == [
        11_40,
        11_40,
    ]
    assert reconcile(now=timezone.now()) == Report(payouts_synced=1)


def test_settled_by_hand_it_is_adjusted_once(debt: Debt, portal: PortalSettings, sandbox: Sandbox) -> None:
    debts.settle_by_hand(debt, how="chèque reçu", now=timezone.now())
    with pytest.raises(ForbiddenMove):
        debts.settle_by_hand(debt, how="encore", now=timezone.now())
    assert (owed(), owed_by_the_books(debt.order)) == ([], 0)
    entries = LedgerEntry.objects.filter(kind="adjustment").order_by("account")
    assert list(entries.values_list("account", "amount_cents")) == [("merchant", 22_80), ("portal", -22_80)]


def test_a_transfer_that_failed_is_sent_again_under_a_new_key(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, cheese: Stall
) -> None:
    sandbox.set_capabilities(cheese.account, stripe_transfers="restricted")
    complete(place(cart, portal), sandbox)
    deliver()
    failed = Transfer.objects.get(order__merchant=cheese.merchant)
    assert (failed.status, owed()) == ("failed", [22_80])
    sandbox.set_capabilities(cheese.account, stripe_transfers="active")
    transfers.retry(failed, now=timezone.now())
    with pytest.raises(ForbiddenMove):
        transfers.retry(failed, now=timezone.now())
    deliver()
    failed.refresh_from_db()
    assert (failed.status, owed(), len(posts(sandbox, "/v1/transfers"))) == ("sent", [], 3)


def test_owed_to_the_merchant_and_settled_by_hand_it_is_not_sent_again(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, cheese: Stall
) -> None:
    sandbox.set_capabilities(cheese.account, stripe_transfers="restricted")
    complete(place(cart, portal), sandbox)
    deliver()
    debts.settle_by_hand(Debt.objects.get(), how="virement bancaire", now=timezone.now())
    with pytest.raises(ForbiddenMove):
        transfers.retry(Transfer.objects.get(status="failed"), now=timezone.now())
    assert owed() == []


def test_what_a_merchant_is_still_owed_is_asked_in_one_statement(
    debt: Debt, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Two statements could see a debt open, and its adjustment made: the merchant would be owed it anew."""
    order = debt.order
    with django_assert_num_queries(1):
        assert shares.gap_cents(order) == 0
    Debt.objects.filter(pk=debt.pk).update(amount_cents=-20_00)
    assert shares.gap_cents(order) == -2_80
    Debt.objects.filter(pk=debt.pk).update(amount_cents=-22_80)
