"""What Stripe holds of a payment's refunds, brought into our rows: how far ours are, and its dashboard's own."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from home.tenancy import across_portals, portal_scope
from shop import pricing
from shop.enums import OrderStatus, RefundSource, RefundStatus
from shop.exceptions import ShopError
from shop.models import Checkout, Order, PaymentIntent, Refund
from shop.payments import readings, refunds, shares
from shop.payments.locks import lock_checkout
from shop.payments.readings import RefundState
from shop.pricing import Amount, Whole

OUR_KEY = "re:"


class MoreThanIsLeft(ShopError):
    """Stripe gave back what our books hold for another refund: that one must settle first, or a person must look."""


def sync_refunds(payment: PaymentIntent, *, now: datetime) -> bool:
    """Bring every refund of one payment to where Stripe says it is. True when something changed.

    Raises MoreThanIsLeft, and GatewayUnavailable when Stripe does not answer.
    """
    states = readings.refunds_of(payment.payment_intent_id, account=payment.account)
    with across_portals():
        site_id = Checkout.objects.values_list("site", flat=True).get(pk=payment.checkout_id)
    with portal_scope(site_id):
        return sum(_bring_in(payment, state, now) for state in states) > 0


@transaction.atomic
def _bring_in(payment: PaymentIntent, state: RefundState, now: datetime) -> bool:
    lock_checkout(payment.checkout_id)
    rows = list(_rows_of(payment, state))
    if rows:
        news = [
            refunds.note(row, state.refund_id, state.status, why=state.failure_reason, now=now)
            for row in rows
        ]
        return any(news)
    if state.status in refunds.FAILED:
        return False
    for row in _record(payment, state, now):
        refunds.note(row, state.refund_id, state.status, now=now)
        shares.settle(row.order, reason="refunded in Stripe", now=now)
    return True


def _rows_of(payment: PaymentIntent, state: RefundState) -> Sequence[Refund]:
    """By Stripe's id; else the row whose key asked for it, killed before it noted the answer."""
    ours = Refund.objects.filter(order__checkout=payment.checkout_id).select_related("order")
    if known := list(ours.filter(refund_id=state.refund_id).order_by("pk")):
        return known
    number = state.key.removeprefix(OUR_KEY)
    if not state.key.startswith(OUR_KEY) or not number.isascii() or not number.isdigit():
        return []
    return list(ours.filter(pk=int(number), refund_id=None, amount_cents=state.amount_cents))


def _record(payment: PaymentIntent, state: RefundState, now: datetime) -> list[Refund]:
    """Made in the dashboard: for the order it names, else spread over the checkout's by what is left of each."""
    orders = list(
        Order.objects.filter(checkout=payment.checkout_id).select_related("checkout").order_by("pk")
    )
    left = [refunds.left_cents(order) for order in orders]
    named = [i for i, order in enumerate(orders) if order.number == state.order]
    if named and left[named[0]] >= state.amount_cents:
        cents = [state.amount_cents if i in named else 0 for i in range(len(orders))]
    elif sum(left) >= state.amount_cents:
        cents = pricing.split(state.amount_cents, left)
    else:
        raise MoreThanIsLeft(f"{state.refund_id}: {state.amount_cents} of {sum(left)} left")
    return [_give_back(order, part, now) for order, part in zip(orders, cents, strict=True) if part]


def _give_back(order: Order, cents: int, now: datetime) -> Refund:
    """No units are named: they go back with the last cent, to the shelf where they were not handed over."""
    whole = cents == order.total_cents - order.refunded_cents
    split = pricing.split_refund(
        Whole() if whole else Amount(cents),
        lines=refunds.sold_lines(order),
        paid=refunds.parts_of(order),
        given_back=refunds.parts_given_back(order),
    )
    return refunds.record(
        order,
        split,
        reason="Stripe",
        restock=order.status != OrderStatus.FULFILLED,
        source=RefundSource.STRIPE,
        now=now,
    )


def payment_named(payment_intent_id: str, charge_id: str, *, account: str) -> PaymentIntent | None:
    """The payment that an event or object of ``account`` is about; None when it is not known (yet)."""
    with across_portals():
        rows = PaymentIntent.objects.filter(account=account, status="succeeded").select_related("checkout")
        found = rows.filter(payment_intent_id=payment_intent_id).first() if payment_intent_id else None
        return found or (rows.filter(charge_id=charge_id).first() if charge_id else None)


def payments_with_pending_refunds() -> list[PaymentIntent]:
    """Those of which Stripe has not said the last word on some refund it made."""
    with across_portals():
        pending = Refund.objects.filter(status=RefundStatus.PENDING, refund_id__isnull=False)
        rows = PaymentIntent.objects.filter(
            status="succeeded", checkout__in=pending.values("order__checkout")
        )
        return list(rows.order_by("pk"))
