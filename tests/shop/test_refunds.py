"""Money given back: whole, once, taken back from who had it, or a debt on record."""

import pytest
from django.utils import timezone

from home.models import PortalSettings
from shop import outbox
from shop.enums import CheckoutStatus, OrderStatus, RefundStatus, TransferStatus
from shop.exceptions import ForbiddenMove
from shop.models import Cart, Checkout, Debt, Order, OutboxMessage, PaymentIntent, Refund, Transfer
from shop.payments import gateway, refunds
from shop.payments.handlers import deliver_outbox
from shop.payments.sync import close_checkout
from shop.sandbox.server import Sandbox
from tests.shop.conftest import Stall, complete, place, posts

REFUNDS = "/v1/refunds"


@pytest.fixture
def checkout(cart: Cart, portal: PortalSettings, sandbox: Sandbox) -> Checkout:
    """Paid, transferred, mailed."""
    completed = complete(place(cart, portal), sandbox)
    deliver()
    return completed


def deliver() -> int:
    outbox.hurry(now=timezone.now())
    return deliver_outbox(now=timezone.now())


def refund(checkout: Checkout, stall: Stall) -> Refund:
    order = checkout.orders.get(merchant=stall.merchant)
    return refunds.request(order, reason="retour", restock=True, now=timezone.now())


def test_an_order_is_refunded_whole_and_its_share_taken_back(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall, candles: Stall
) -> None:
    row = refund(checkout, cheese)
    assert deliver() == 4
    row.refresh_from_db()
    assert (row.status, row.amount_cents) == (RefundStatus.SUCCEEDED, 24_00)
    theirs = Transfer.objects.get(order__merchant=cheese.merchant)
    assert (theirs.status, theirs.reversed_cents) == (TransferStatus.SENT, 24_00 - 1_20)
    assert Transfer.objects.get(order__merchant=candles.merchant).reversed_cents == 0
    assert PaymentIntent.objects.get().refunded_cents == 24_00
    checkout.refresh_from_db()
    assert checkout.status == CheckoutStatus.PAID


def test_with_its_last_order_refunded_the_checkout_is_too(
    checkout: Checkout, cheese: Stall, candles: Stall
) -> None:
    refund(checkout, cheese)
    refund(checkout, candles)
    deliver()
    checkout.refresh_from_db()
    assert (checkout.status, PaymentIntent.objects.get().refunded_cents) == (CheckoutStatus.REFUNDED, 43_99)


def test_twice_is_once(checkout: Checkout, cheese: Stall, sandbox: Sandbox) -> None:
    refund(checkout, cheese)
    with pytest.raises(ForbiddenMove):
        refund(checkout, cheese)
    deliver()
    deliver()
    assert (Refund.objects.count(), len(posts(sandbox, REFUNDS))) == (1, 1)


def test_what_was_never_paid_cannot_be_given_back(cart: Cart, portal: PortalSettings, cheese: Stall) -> None:
    checkout = place(cart, portal)
    with pytest.raises(ForbiddenMove):
        refund(checkout, cheese)
    close_checkout(checkout.pk, to=CheckoutStatus.CANCELED, cause="test", now=timezone.now())
    with pytest.raises(ForbiddenMove):
        refund(checkout, cheese)
    assert (Refund.objects.count(), OutboxMessage.objects.count()) == (0, 0)
    assert set(Order.objects.values_list("status", flat=True)) == {OrderStatus.CANCELED}


def test_a_reversal_without_funds_is_the_merchants_debt(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    sandbox.control("POST", f"accounts/{cheese.account}/payout")
    row = refund(checkout, cheese)
    assert deliver() == 4
    row.refresh_from_db()
    assert row.status == RefundStatus.SUCCEEDED
    assert Transfer.objects.get(order=row.order).reversed_cents == 0
    assert list(Debt.objects.values_list("amount_cents", flat=True)) == [-22_80]


def test_a_refused_reversal_is_recorded_once(
    checkout: Checkout, cheese: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_wish: object) -> str:
        raise gateway.GatewayRefused("insufficient funds", code="balance_insufficient")

    monkeypatch.setattr(gateway, "reverse_transfer", refuse)
    row = refund(checkout, cheese)
    assert deliver() == 4
    refunds.settle_share(row, now=timezone.now())
    assert deliver() == 0
    debt = Debt.objects.get()
    assert (debt.merchant, debt.order, debt.amount_cents) == (cheese.merchant, row.order, -22_80)
    assert debt.reason == "insufficient funds"
    assert Transfer.objects.get(order=row.order).reversed_cents == 0


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "kind", ["500_before", "500_after", "429", "hang", "hang_after", "reset", "reset_after"]
)
@pytest.mark.parametrize("path", [REFUNDS, "/v1/transfers/*/reversals"])
def test_whatever_goes_wrong_money_goes_back_once(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall, kind: str, path: str
) -> None:
    refund(checkout, cheese)
    sandbox.fail("POST", path, kind, times=3, seconds=1)
    for _i in range(20):
        deliver()
        sandbox.clear_faults()
        if not OutboxMessage.objects.filter(sent_at=None).exists():
            break
    payment = PaymentIntent.objects.get()
    charge = gateway.client().v1.charges.retrieve(payment.charge_id)
    assert (payment.refunded_cents, charge.amount_refunded) == (24_00, 24_00)
    sent = Transfer.objects.get(order__merchant=cheese.merchant)
    transfer = gateway.client().v1.transfers.retrieve(str(sent.transfer_id))
    assert (sent.reversed_cents, transfer.amount_reversed) == (22_80, 22_80)


@pytest.mark.parametrize(
    ("word", "kept"), [("pending", "pending"), ("requires_action", "pending"), ("failed", "failed")]
)
def test_a_refund_that_stripe_has_not_finished_is_counted_once(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall, monkeypatch: pytest.MonkeyPatch, word: str, kept: str
) -> None:
    """Its reversal fails at first: the handler runs again."""
    made = gateway.create_refund
    monkeypatch.setattr(gateway, "create_refund", lambda *wish: (made(*wish)[0], word))
    row = refund(checkout, cheese)
    sandbox.fail("POST", "/v1/transfers/*/reversals", "429")
    deliver()
    deliver()
    row.refresh_from_db()
    assert (row.status, len(posts(sandbox, REFUNDS))) == (kept, 1)
    counted = (0, 0) if word == "failed" else (24_00, 22_80)
    assert (
        PaymentIntent.objects.get().refunded_cents,
        Transfer.objects.get(order=row.order).reversed_cents,
    ) == counted


def test_taxes_go_back_with_the_rest(checkout: Checkout, sandbox: Sandbox, candles: Stall) -> None:
    row = refund(checkout, candles)
    deliver()
    assert row.amount_cents == row.order.total_cents
    asked = posts(sandbox, REFUNDS)[0]
    assert (asked["params"]["amount"], asked["idempotency_key"]) == (str(19_99), f"re:{row.pk}")
