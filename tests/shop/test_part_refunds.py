"""Given back by units or by amount, from here or in Stripe's dashboard, late or in vain: every part adds up."""

from datetime import timedelta

import pytest
from django.utils import timezone

from home.models import PortalSettings
from shop import outbox
from shop.enums import CheckoutStatus, OrderStatus, RefundSource, RefundStatus, TransferStatus
from shop.models import (
    Cart,
    Checkout,
    Debt,
    LineItem,
    Order,
    OutboxMessage,
    PaymentIntent,
    Refund,
    RefundLine,
    Reversal,
    StripeEvent,
    Transfer,
)
from shop.payments import gateway, refunds, webhooks
from shop.payments.handlers import deliver_outbox
from shop.payments.reconcile import Report, reconcile
from shop.payments.stripe_refunds import MoreThanIsLeft, sync_refunds
from shop.sandbox.server import Sandbox
from tests.shop.conftest import Stall, complete, place, posts


@pytest.fixture
def checkout(cart: Cart, portal: PortalSettings, sandbox: Sandbox) -> Checkout:
    """Paid, transferred, mailed: two cheeses for 24.00 $, a candle for 19.99 $."""
    completed = complete(place(cart, portal), sandbox)
    deliver()
    return completed


def deliver() -> int:
    outbox.hurry(now=timezone.now())
    return deliver_outbox(now=timezone.now())


def order_of(checkout: Checkout, stall: Stall) -> Order:
    return checkout.orders.get(merchant=stall.merchant)


def ask(order: Order, wish: refunds.Wish, *, restock: bool = True) -> Refund:
    return refunds.request(order, wish, reason="retour", restock=restock, now=timezone.now())


def reversed_of(stall: Stall) -> int:
    return int(Transfer.objects.get(order__merchant=stall.merchant).reversed_cents)


def status(order: Order) -> str:
    return str(Order.objects.get(pk=order.pk).status)


# ------------------------------------------------------------------------------------------------------- from here


def test_unit_by_unit_the_last_one_closes_the_order(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    order = order_of(checkout, cheese)
    line = order.lines.get()
    first = ask(order, refunds.Units({line.pk: 1}))
    deliver()
    assert (first.amount_cents, status(order), reversed_of(cheese), cheese.left()) == (
        12_00,
        OrderStatus.PAID,
        11_40,
        9,
    )
    line.refresh_from_db()
    assert (line.refunded_quantity, line.state) == (1, "sold")
    with pytest.raises(refunds.CannotRefund):
        ask(order, refunds.Units({line.pk: 2}))
    ask(order, refunds.Units({line.pk: 1}), restock=False)
    deliver()
    assert (status(order), reversed_of(cheese), cheese.left()) == (OrderStatus.REFUNDED, 22_80, 9)
    assert list(RefundLine.objects.order_by("pk").values_list("quantity", "restocked")) == [
        (1, True),
        (1, False),
    ]
    assert [int(asked["params"]["amount"]) for asked in posts(sandbox, "/v1/refunds")] == [12_00, 12_00]


def test_cent_by_cent_each_reversal_is_the_floor_of_what_is_due(checkout: Checkout, cheese: Stall) -> None:
    order = order_of(checkout, cheese)
    for cents in (1, 1, 1, 23_97):
        ask(order, refunds.Amount(cents))
        deliver()
        given = Order.objects.get(pk=order.pk).refunded_cents
        assert reversed_of(cheese) == 22_80 * given // 24_00
    assert (status(order), cheese.left()) == (OrderStatus.REFUNDED, 10)
    assert set(LineItem.objects.filter(order=order).values_list("state", flat=True)) == {"refunded"}


def test_a_part_given_back_before_the_share_left_comes_back_after_it(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, cheese: Stall
) -> None:
    checkout = complete(place(cart, portal), sandbox)
    ask(order_of(checkout, cheese), refunds.Amount(10_00))
    deliver()
    sent = Transfer.objects.get(order__merchant=cheese.merchant)
    assert (sent.status, sent.amount_cents, sent.reversed_cents) == ("sent", 22_80, 9_50)


def test_what_is_not_left_cannot_be_given_back(checkout: Checkout, cheese: Stall) -> None:
    order = order_of(checkout, cheese)
    ask(order, refunds.Amount(20_00))
    for wish in (refunds.Amount(4_01), refunds.Amount(0)):
        with pytest.raises(refunds.CannotRefund):
            ask(order, wish)
    assert ask(order, refunds.Whole()).amount_cents == 4_00
    with pytest.raises(refunds.CannotRefund):
        ask(order, refunds.Whole())
    assert Refund.objects.count() == 2


def test_in_part_for_a_share_that_could_not_be_sent_less_is_owed(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, cheese: Stall
) -> None:
    sandbox.set_capabilities(cheese.account, stripe_transfers="restricted")
    checkout = complete(place(cart, portal), sandbox)
    deliver()
    ask(order_of(checkout, cheese), refunds.Amount(12_00))
    deliver()
    assert list(Debt.objects.filter(settled_at=None).values_list("amount_cents", flat=True)) == [11_40]
    assert not Reversal.objects.exists()


# -------------------------------------------------------------------------------------------------------- in vain


def test_a_refund_that_fails_later_is_put_back_and_asked_again(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    order = order_of(checkout, cheese)
    sandbox.begin_refunds("pending")
    row = ask(order, refunds.Whole())
    deliver()
    row.refresh_from_db()
    assert (row.status, reversed_of(cheese)) == (RefundStatus.PENDING, 22_80)
    sandbox.settle_refund(str(row.refund_id), "failed", failure_reason="expired_or_canceled_card")
    now = timezone.now()
    assert reconcile(now=now).refunds_synced == 1
    row.refresh_from_db()
    assert (row.status, row.failure_reason) == (RefundStatus.FAILED, "expired_or_canceled_card")
    assert (Order.objects.get(pk=order.pk).refunded_cents, PaymentIntent.objects.get().refunded_cents) == (
        0,
        0,
    )
    assert Debt.objects.get(settled_at=None).amount_cents == 22_80
    assert OutboxMessage.objects.filter(kind="mail.staff_refund_failed").count() == 1
    assert reconcile(now=now + timedelta(seconds=1)) == Report()
    sandbox.begin_refunds(None)
    again = refunds.retry(row, now=now)
    deliver()
    again.refresh_from_db()
    assert (again.status, again.amount_cents) == (RefundStatus.SUCCEEDED, 24_00)
    assert not Debt.objects.filter(settled_at=None).exists()
    with pytest.raises(refunds.CannotRefund):
        refunds.retry(row, now=now)


def test_what_stripe_refuses_has_failed_at_once(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_wish: object) -> tuple[str, str]:
        raise gateway.GatewayRefused("charge_already_refunded")

    monkeypatch.setattr(gateway, "create_refund", refuse)
    order = order_of(checkout, cheese)
    row = ask(order, refunds.Amount(5_00))
    deliver()
    row.refresh_from_db()
    assert (row.status, status(order), reversed_of(cheese)) == ("failed", OrderStatus.PAID, 0)
    assert Order.objects.get(pk=order.pk).refunded_cents == 0


# ----------------------------------------------------------------------------------------------- in the dashboard


def charge_of(checkout: Checkout) -> str:
    return str(PaymentIntent.objects.get(checkout=checkout).charge_id)


def told(sandbox: Sandbox, types: tuple[str, ...]) -> None:
    """The sandbox's events of these types, as if the webhook had brought them, each twice."""
    for event in sandbox.events():
        if event["type"] in types:
            row = {"type": event["type"], "object_id": event["data"]["object"]["id"], "payload": event}
            now = timezone.now()
            for number in range(2):
                StripeEvent.objects.get_or_create(
                    event_id=f"{event['id']}:{number}",
                    defaults={
                        **row,
                        "account": event.get("account") or "",
                        "received_at": now,
                        "not_before": now,
                    },
                )


def test_made_in_the_dashboard_it_flows_back_over_the_orders(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall, candles: Stall
) -> None:
    sandbox.refund(charge_of(checkout), 10_00)
    told(sandbox, ("charge.refunded", "refund.created"))
    assert webhooks.process(now=timezone.now()) == 4
    deliver()
    rows = Refund.objects.order_by("pk")
    assert [(row.source, row.status, row.amount_cents) for row in rows] == [
        (RefundSource.STRIPE, "succeeded", 5_46),
        (RefundSource.STRIPE, "succeeded", 4_54),
    ]
    assert len({row.refund_id for row in rows}) == 1
    assert PaymentIntent.objects.get().refunded_cents == 10_00
    assert (reversed_of(cheese), reversed_of(candles) > 0) == (22_80 * 5_46 // 24_00, True)
    assert reconcile(now=timezone.now()) == Report(events_applied=0)


def test_the_whole_charge_in_the_dashboard_closes_everything_by_reconcile_alone(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall, candles: Stall
) -> None:
    ask(order_of(checkout, cheese), refunds.Amount(4_00))
    deliver()
    sandbox.refund(charge_of(checkout))
    now = timezone.now()
    assert reconcile(now=now).refunds_synced == 1
    checkout.refresh_from_db()
    assert (checkout.status, cheese.left(), candles.left()) == (CheckoutStatus.REFUNDED, 10, 10)
    assert (reversed_of(cheese), PaymentIntent.objects.get().refunded_cents) == (22_80, 43_99)
    assert reconcile(now=now) == Report()


def test_one_that_names_its_order_is_that_orders(
    checkout: Checkout, sandbox: Sandbox, candles: Stall
) -> None:
    order = order_of(checkout, candles)
    payment = PaymentIntent.objects.get()
    gateway.client().v1.refunds.create(
        {"payment_intent": payment.payment_intent_id, "amount": 5_00, "metadata": {"order": order.number}}
    )
    assert sync_refunds(payment, now=timezone.now()) is True
    assert sync_refunds(payment, now=timezone.now()) is False
    assert list(Refund.objects.values_list("order", "amount_cents")) == [(order.pk, 5_00)]


def test_made_by_us_and_not_noted_it_is_ours_not_the_dashboards(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between Stripe's refund and our note; its event comes before the worker tries again."""
    with monkeypatch.context() as killed:
        killed.setattr(refunds, "note", lambda *_row, **_fields: 1 / 0)
        row = ask(order_of(checkout, cheese), refunds.Amount(6_00))
        deliver()
    told(sandbox, ("refund.created",))
    assert webhooks.process(now=timezone.now()) == 2
    deliver()
    row.refresh_from_db()
    assert (Refund.objects.count(), row.status, PaymentIntent.objects.get().refunded_cents) == (
        1,
        "succeeded",
        6_00,
    )
    assert reversed_of(cheese) == 22_80 * 6_00 // 24_00


def test_promised_here_and_given_there_only_one_of_them_happens(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    row = ask(order_of(checkout, cheese), refunds.Whole())
    sandbox.refund(charge_of(checkout))
    payment = PaymentIntent.objects.get()
    with pytest.raises(MoreThanIsLeft):
        sync_refunds(payment, now=timezone.now())
    deliver()  # Stripe refuses ours: the charge is refunded already.
    row.refresh_from_db()
    assert row.status == RefundStatus.FAILED
    assert sync_refunds(payment, now=timezone.now()) is True
    deliver()
    assert PaymentIntent.objects.get().refunded_cents == 43_99
    assert set(Transfer.objects.values_list("status", flat=True)) == {TransferStatus.SENT}
    assert reconcile(now=timezone.now()).mismatches == []
