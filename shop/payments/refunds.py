"""Giving money back, whole, by units or by amount: our Refund row first, then Stripe's refund, then the reversal.

What is promised counts at once (order, ledger); what Stripe made counts on the payment; what failed is put back.
Refunds made in Stripe's own dashboard flow in through ``sync``.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from home.tenancy import unjoined
from shop import checkouts, ledger, orders, outbox, pricing
from shop.enums import OrderStatus, RefundSource, RefundStatus
from shop.exceptions import ForbiddenMove, GatewayRefused
from shop.models import Checkout, Order, OutboxMessage, PaymentIntent, Refund, RefundLine
from shop.payments import effects, gateway, shares
from shop.payments.asked import RefundRequest
from shop.payments.effects import REFUND
from shop.payments.keys import key_of
from shop.payments.locks import lock_order
from shop.payments.transfers import is_disputed
from shop.pricing import Amount, NotRefundable, Parts, RefundSplit, SoldLine, Units, Whole, Wish

__all__ = [
    "Amount",
    "CannotRefund",
    "Units",
    "Whole",
    "Wish",
    "left_cents",
    "request",
    "retry",
    "send",
]

WHOLE = Whole()
REASON_LENGTH = 120


class CannotRefund(ForbiddenMove):
    """Nothing was written; ``reason`` is for whoever asked, in French."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def request(
    order: Order,
    wish: Wish = WHOLE,
    *,
    reason: str,
    restock: bool,
    now: datetime,
    source: RefundSource = RefundSource.STAFF,
    actor_id: int | None = None,
) -> Refund:
    """Give back ``wish`` of a paid order: all that is left, units with their taxes, or an amount.

    The row, the units and the books move now, the money from the outbox. ``restock``: units go back on the shelf,
    where they have one; else they are written off. Raises CannotRefund: not paid, disputed, or more than is left.
    """
    order = lock_order(order.pk)
    split = preview(order, wish)
    refund = record(order, split, reason=reason, restock=restock, source=source, actor_id=actor_id, now=now)
    outbox.put(
        site_id=order.site_id,
        key=f"re:{refund.pk}",
        kind=REFUND,
        payload={"refund": refund.pk, "order": order.pk},
        now=now,
    )
    return refund


def preview(order: Order, wish: Wish) -> RefundSplit:
    """What ``request`` would give back, part by part; writes nothing. Raises CannotRefund as it does."""
    _refuse(order)
    try:
        split = pricing.split_refund(
            wish, lines=sold_lines(order), paid=parts_of(order), given_back=parts_given_back(order)
        )
    except NotRefundable as error:
        raise CannotRefund(_("Il reste moins que cela à rembourser.")) from error
    if split.parts.total_cents > left_cents(order):
        raise CannotRefund(_("Il reste moins que cela à rembourser."))
    return split


def _refuse(order: Order) -> None:
    if not PaymentIntent.objects.filter(checkout=order.checkout_id, status="succeeded").exists():
        raise CannotRefund(_("Cette commande n’est pas payée\u00a0: il n’y a rien à rembourser."))
    if is_disputed(order.checkout):
        raise CannotRefund(_("Ce paiement est contesté\u00a0: c’est la banque qui décidera."))


@transaction.atomic
def retry(refund: Refund, *, now: datetime, actor_id: int | None = None) -> Refund:
    """Staff ask again for what failed: the same parts, in a new row. Raises CannotRefund when that is not left."""
    order = lock_order(refund.order_id)
    failed = Refund.objects.get(pk=refund.pk)
    if failed.status != RefundStatus.FAILED or failed.amount_cents > left_cents(order):
        raise CannotRefund(_("Ce remboursement n’est plus à refaire."))
    return request(
        order,
        Amount(failed.amount_cents),
        reason=failed.reason,
        restock=False,
        source=RefundSource(failed.source),
        actor_id=actor_id,
        now=now,
    )


def left_cents(order: Order) -> int:
    """What of the order its shopper has not got back, nor been promised, nor won from the bank."""
    return order.total_cents - order.refunded_cents - ledger.lost_cents(order)


def parts_of(order: Order) -> Parts:
    return Parts(
        items_cents=order.items_cents,
        delivery_cents=order.delivery_cents,
        deposit_cents=order.deposit_cents,
        gst_cents=order.gst_cents,
        qst_cents=order.qst_cents,
    )


def parts_given_back(order: Order) -> Parts:
    """The sum of the order's refunds that did not fail, part by part."""
    given = Refund.objects.filter(order=order).exclude(status=RefundStatus.FAILED)
    names = ("items_cents", "delivery_cents", "deposit_cents", "gst_cents", "qst_cents")
    rows = list(given.values_list(*names))
    return Parts(*(sum(row[i] for row in rows) for i in range(len(names))))


def sold_lines(order: Order) -> list[SoldLine]:
    return [
        SoldLine(
            line_id=line.pk,
            quantity=line.quantity,
            refunded_quantity=line.refunded_quantity,
            amount_cents=line.amount_cents,
            unit_deposit_cents=line.unit_deposit_cents,
            gst_rate_ppm=line.gst_rate_ppm,
            qst_rate_ppm=line.qst_rate_ppm,
        )
        for line in order.lines.order_by("pk")
    ]


def record(
    order: Order,
    split: RefundSplit,
    *,
    reason: str,
    restock: bool,
    source: RefundSource,
    now: datetime,
    actor_id: int | None = None,
) -> Refund:
    """The row, its units, the order's sum and status, the books. The caller holds the checkout's lock."""
    parts = split.parts
    refund = Refund.objects.create(
        order=order,
        source=source,
        actor_id=actor_id,
        items_cents=parts.items_cents,
        delivery_cents=parts.delivery_cents,
        deposit_cents=parts.deposit_cents,
        gst_cents=parts.gst_cents,
        qst_cents=parts.qst_cents,
        amount_cents=parts.total_cents,
        reason=reason[:REASON_LENGTH],
        created_at=now,
    )
    Order.objects.filter(pk=order.pk).update(refunded_cents=F("refunded_cents") + refund.amount_cents)
    order.refunded_cents += refund.amount_cents
    _take_units_back(order, refund, split, restock=restock, now=now)
    ledger.refund(refund, now=now)
    shares.settle(order, reason="refunded", now=now, may_reverse=False)
    effects.after_refund(refund, now=now)
    return refund


def _take_units_back(
    order: Order, refund: Refund, split: RefundSplit, *, restock: bool, now: datetime
) -> None:
    """The refund's own units; with the last cent given back, every unit that is left."""
    units = {line.line_id: line.quantity for line in split.lines if order.status in SOLD}
    restocked = orders.refund_units(order, units, restock=restock, now=now) if units else {}
    RefundLine.objects.bulk_create(
        RefundLine(
            refund=refund,
            line_id=line.line_id,
            quantity=line.quantity,
            items_cents=line.items_cents,
            restocked=restocked.get(line.line_id, False),
        )
        for line in split.lines
    )
    if order.refunded_cents == order.total_cents and order.status != OrderStatus.REFUNDED:
        close(order, restock=restock, cause=refund.reason, now=now)


SOLD = (OrderStatus.PAID, OrderStatus.READY, OrderStatus.FULFILLED)


def close(order: Order, *, restock: bool, cause: str, now: datetime) -> None:
    """All of the order was given back; with its last order the checkout is refunded too."""
    orders.mark_refunded(order, restock=restock, cause=cause[:60], now=now)
    checkout = Checkout.objects.get(pk=order.checkout_id)
    if not checkout.orders.exclude(status=OrderStatus.REFUNDED).exists():
        checkouts.mark_refunded(checkout, cause=cause[:60], now=now)


# ------------------------------------------------------------------------------------------------ Stripe's side of it


def send(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: Stripe's refund, then the merchant's part of it taken back.

    What Stripe understood and refused can never be made: the refund failed, and staff are told.
    """
    refund = Refund.objects.select_related("order__checkout").get(pk=message.payload["refund"])
    if refund.refund_id is None and refund.status != RefundStatus.FAILED:
        try:
            refund_id, status = _create(refund, message)
        except GatewayRefused as error:
            fail(refund, str(error), now=now)
            return
        note(refund, refund_id, status, now=now)
    settle_share(refund, now=now)


def _create(refund: Refund, message: OutboxMessage) -> tuple[str, str]:
    payment = PaymentIntent.objects.get(checkout=refund.order.checkout_id, status="succeeded")
    request = RefundRequest(
        payment_intent_id=payment.payment_intent_id,
        amount_cents=refund.amount_cents,
        order=refund.order.number,
        account=payment.account,
    )
    return gateway.create_refund(request, key_of(message))


@transaction.atomic
def settle_share(refund: Refund, *, now: datetime) -> None:
    """Stripe has refunded the shopper: the merchant's part comes back."""
    shares.settle(lock_order(refund.order_id), reason=refund.reason or "refunded", now=now)


@transaction.atomic
def note(refund: Refund, refund_id: str, status: str, *, now: datetime, why: str = "") -> bool:
    """What Stripe says of a refund: its id, counted once on the payment, and how far it is. True when that is news."""
    order = lock_order(refund.order_id)
    row = unjoined(Refund).filter(pk=refund.pk)
    counted = row.filter(refund_id=None).exclude(status=RefundStatus.FAILED).update(refund_id=refund_id)
    if counted:
        _count_on_payment(order, refund.amount_cents)
    if status in FAILED:
        return fail(refund, why or status, now=now)
    known = RefundStatus.SUCCEEDED if status == RefundStatus.SUCCEEDED else RefundStatus.PENDING
    moved = row.filter(status=RefundStatus.PENDING).exclude(status=known).update(status=known)
    return bool(moved) or bool(counted)


def _count_on_payment(order: Order, cents: int) -> None:
    """So much more of the order's payment is back with its shopper; negative: not, after all."""
    paid = unjoined(PaymentIntent).filter(checkout=order.checkout_id, status="succeeded")
    paid.update(refunded_cents=F("refunded_cents") + cents)


FAILED = (RefundStatus.FAILED, "canceled")


@transaction.atomic
def fail(refund: Refund, why: str, *, now: datetime) -> bool:
    """The shopper did not get it: the sums are put back, the books say so, the money desk shows it. Once.

    Units stay where they are, and so does the status of an order that was given back whole: staff ask again
    (``retry``).
    """
    order = lock_order(refund.order_id)
    row = Refund.objects.get(pk=refund.pk)
    if row.status == RefundStatus.FAILED:
        return False
    Refund.objects.filter(pk=row.pk).update(status=RefundStatus.FAILED, failure_reason=why[:REASON_LENGTH])
    Order.objects.filter(pk=order.pk).update(refunded_cents=F("refunded_cents") - row.amount_cents)
    if row.refund_id:
        _count_on_payment(order, -row.amount_cents)
    ledger.refund_failed(row, now=now)
    shares.settle(order, reason="a refund failed", now=now)
    effects.after_failed_refund(row, now=now)
    return True
