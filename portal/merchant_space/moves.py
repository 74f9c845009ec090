"""The one thing to do next with an order, in the words of the way it reaches its shopper."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from shop.enums import Fulfillment, OrderStatus
from shop.models import Order


@dataclass(frozen=True, slots=True)
class Move:
    """A button; ``asks_age``: with a box to tick, that somebody's age was looked at."""

    label: Any
    value: str
    asks_age: bool = False


READY_LABELS = {
    Fulfillment.PICKUP: gettext_lazy("C’est prêt"),
    Fulfillment.DELIVERY: gettext_lazy("Elle part en livraison"),
    Fulfillment.SHIPPING: gettext_lazy("Elle part par la poste"),
}
FULFILLED_LABELS = {
    Fulfillment.PICKUP: gettext_lazy("Remise au client"),
    Fulfillment.DELIVERY: gettext_lazy("Elle est livrée"),
    Fulfillment.SHIPPING: gettext_lazy("Elle est arrivée"),
}


def next_move(order: Order) -> Move | None:
    """None when there is nothing left to do; ``orders.move`` has the last word."""
    if order.status == OrderStatus.PAID and order.fulfillment in READY_LABELS:
        return Move(READY_LABELS[Fulfillment(order.fulfillment)], OrderStatus.READY)
    if order.status == OrderStatus.READY:
        label = FULFILLED_LABELS.get(Fulfillment(order.fulfillment), FULFILLED_LABELS[Fulfillment.PICKUP])
        return Move(label, OrderStatus.FULFILLED, asks_age=order.adult_required)
    return None
