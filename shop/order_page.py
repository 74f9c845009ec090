"""What a shopper sees of a placed checkout: its parts, each with a timeline, and what was paid in all."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.cancellation import why_not_cancelable
from shop.downloads import Download, downloads_of
from shop.enums import Fulfillment, OrderStatus, ProductKind, RefundStatus
from shop.models import Checkout, LineItem, Order, Refund


@dataclass(frozen=True, slots=True)
class Milestone:
    """One step of an order's timeline; ``at`` is None while it is to come."""

    label: str
    at: datetime | None
    done: bool


@dataclass(frozen=True, slots=True)
class OrderPart:
    """One merchant's order, read from what was frozen at the sale."""

    order: Order
    lines: list[LineItem]
    timeline: list[Milestone]
    refunds: list[Refund]
    why_not_cancelable: str
    files: list[Download]

    @property
    def merchant_snapshot(self) -> dict[str, Any]:
        return self.order.seller

    @property
    def pickup(self) -> dict[str, Any]:
        return {
            "from": self.order.pickup_from,
            "instructions": self.order.seller.get("pickup_instructions", ""),
        }

    @property
    def is_under_way(self) -> bool:
        """Paid, and not handed over yet: where and when still matters."""
        return self.order.status in (OrderStatus.PAID, OrderStatus.READY)

    @property
    def given_back_cents(self) -> int:
        """Promised or made; what the bank refused is not given back."""
        return sum(row.amount_cents for row in self.refunds if row.status != RefundStatus.FAILED)


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over a checkout's orders, in cents."""

    items_cents: int
    delivery_cents: int
    deposit_cents: int
    discount_cents: int
    gst_cents: int
    qst_cents: int
    total_cents: int
    refunded_cents: int


def order_parts(checkout: Checkout, *, now: datetime) -> list[OrderPart]:
    """Every part of the checkout, in a constant number of queries."""
    orders = (
        checkout.orders.order_by("pk")
        .select_related("merchant__sector", "slot")
        .prefetch_related("lines", "status_changes", "refunds")
    )
    return [part_of(order, now=now) for order in orders]


def part_of(order: Order, *, now: datetime) -> OrderPart:
    lines = list(order.lines.all())
    has_files = any(line.kind == ProductKind.DIGITAL for line in lines)
    return OrderPart(
        order=order,
        lines=lines,
        timeline=timeline_of(order),
        refunds=sorted(order.refunds.all(), key=lambda row: (row.created_at, row.pk)),
        why_not_cancelable=why_not_cancelable(order, now),
        files=downloads_of(order, now=now) if has_files else [],
    )


def totals_of(checkout: Checkout) -> Totals:
    orders = list(checkout.orders.all())
    names = (
        "items_cents",
        "delivery_cents",
        "deposit_cents",
        "discount_cents",
        "gst_cents",
        "qst_cents",
        "refunded_cents",
    )
    sums = {name: sum(getattr(order, name) for order in orders) for name in names}
    return Totals(total_cents=checkout.total_cents, **sums)


READY_LABELS = {
    Fulfillment.PICKUP: gettext_lazy("Prête à la boutique"),
    Fulfillment.DELIVERY: gettext_lazy("En route avec la boutique"),
    Fulfillment.SHIPPING: gettext_lazy("Partie par la poste"),
}
HANDED_OVER_LABELS = {
    Fulfillment.PICKUP: gettext_lazy("Remise"),
    Fulfillment.DELIVERY: gettext_lazy("Livrée"),
    Fulfillment.SHIPPING: gettext_lazy("Reçue"),
    Fulfillment.DOWNLOAD: gettext_lazy("À télécharger"),
}


def timeline_of(order: Order) -> list[Milestone]:
    """Placed, paid, ready, handed over; an order that ended otherwise stops at its end."""
    reached = {change.to_status: change.at for change in order.status_changes.all()}
    placed = Milestone(_("Passée"), order.placed_at, done=True)
    if order.status == OrderStatus.CANCELED:
        return [placed, Milestone(_("Annulée"), reached.get(order.status), done=True)]
    if order.status == OrderStatus.REFUNDED:
        paid = [Milestone(_("Payée"), order.paid_at, done=True)] if order.paid_at else []
        return [placed, *paid, Milestone(_("Remboursée"), reached.get(order.status), done=True)]
    steps = _steps(Fulfillment(order.fulfillment))
    place = _progress(order.status)
    return [
        placed,
        *(
            Milestone(str(label), reached.get(status) if i < place else None, done=i < place)
            for i, (status, label) in enumerate(steps)
        ),
    ]


def _steps(fulfillment: Fulfillment) -> list[tuple[OrderStatus, Any]]:
    steps: list[tuple[OrderStatus, Any]] = [(OrderStatus.PAID, _("Payée"))]
    if fulfillment in READY_LABELS:
        steps.append((OrderStatus.READY, READY_LABELS[fulfillment]))
    return [*steps, (OrderStatus.FULFILLED, HANDED_OVER_LABELS[fulfillment])]


def _progress(status: str) -> int:
    """How many steps after « placed » are behind an order in this status."""
    return {
        OrderStatus.PENDING: 0,
        OrderStatus.PAID: 1,
        OrderStatus.READY: 2,
        OrderStatus.FULFILLED: 3,
    }[OrderStatus(status)]
