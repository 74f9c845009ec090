"""What a shopper sees of a placed checkout: its parts, each with a timeline, and what was paid in all."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from shop.enums import OrderStatus
from shop.models import Checkout, LineItem, Order


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

    @property
    def merchant_snapshot(self) -> dict[str, Any]:
        return self.order.seller

    @property
    def pickup(self) -> dict[str, Any]:
        return {
            "from": self.order.pickup_from,
            "instructions": self.order.seller.get("pickup_instructions", ""),
        }


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over a checkout's orders, in cents."""

    items_cents: int
    gst_cents: int
    qst_cents: int
    total_cents: int


def order_parts(checkout: Checkout) -> list[OrderPart]:
    """Every part of the checkout, in a constant number of queries."""
    orders = (
        checkout.orders.order_by("pk")
        .select_related("merchant__sector")
        .prefetch_related("lines", "status_changes")
    )
    return [OrderPart(order, list(order.lines.all()), timeline_of(order)) for order in orders]


def totals_of(checkout: Checkout) -> Totals:
    orders = list(checkout.orders.all())
    return Totals(
        items_cents=sum(order.items_cents for order in orders),
        gst_cents=sum(order.gst_cents for order in orders),
        qst_cents=sum(order.qst_cents for order in orders),
        total_cents=checkout.total_cents,
    )


def timeline_of(order: Order) -> list[Milestone]:
    """Placed, paid, ready, handed over; an order that ended otherwise stops at its end."""
    reached = {change.to_status: change.at for change in order.status_changes.all()}
    ended = {
        OrderStatus.CANCELED: _("Annulée"),
        OrderStatus.REFUNDED: _("Remboursée"),
    }
    if order.status in ended:
        label = ended[OrderStatus(order.status)]
        return [
            Milestone(_("Passée"), order.placed_at, done=True),
            Milestone(label, reached.get(order.status), done=True),
        ]
    steps = (
        (OrderStatus.PAID, _("Payée")),
        (OrderStatus.READY, _("Prête à la boutique")),
        (OrderStatus.FULFILLED, _("Remise")),
    )
    place = _progress(order.status)
    return [
        Milestone(_("Passée"), order.placed_at, done=True),
        *(
            Milestone(label, reached.get(status) if i < place else None, done=i < place)
            for i, (status, label) in enumerate(steps)
        ),
    ]


def _progress(status: str) -> int:
    """How many steps after « placed » are behind an order in this status."""
    return {
        OrderStatus.PENDING: 0,
        OrderStatus.PAID: 1,
        OrderStatus.READY: 2,
        OrderStatus.FULFILLED: 3,
    }[OrderStatus(status)]
