"""An order's life once placed: paid, ready, fulfilled; or canceled, refunded. The only writer of ``Order.status``.

Orders do not know that payments exist: the payment side calls ``mark_paid`` and the others.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from home.tenancy import unjoined
from shop import slots, stock
from shop.enums import ORDER_EDGES, LineState, OrderStatus, ProductKind
from shop.exceptions import ForbiddenMove
from shop.models import LineItem, Order, StatusChange


def mark_paid(orders: Iterable[Order], *, now: datetime) -> None:
    """The payment of their checkout succeeded: reserved units are sold."""
    for order in orders:
        _must_move(order, to=OrderStatus.PAID, cause="payment", now=now)
        Order.objects.filter(pk=order.pk).update(paid_at=now)
        _lines([order], LineState.RESERVED).update(state=LineState.SOLD)


def mark_paid_again(orders: Iterable[Order], *, now: datetime) -> None:
    """Paid after the stock was let go: take it again. Raises OutOfStock; roll back then, and refund."""
    orders = list(orders)
    stock.reserve(_units(orders, LineState.RELEASED))
    _lines(orders, LineState.RELEASED).update(state=LineState.RESERVED)
    mark_paid(orders, now=now)


def cancel_unpaid(orders: Iterable[Order], *, cause: str, now: datetime) -> None:
    """Nothing was paid and nothing can be any more: reserved units go back to the shelf."""
    orders = list(orders)
    for order in orders:
        _must_move(order, to=OrderStatus.CANCELED, cause=cause, now=now)
    stock.put_back(_units(orders, LineState.RESERVED))
    _lines(orders, LineState.RESERVED).update(state=LineState.RELEASED)


def refund_units(order: Order, units: Mapping[int, int], *, restock: bool, now: datetime) -> dict[int, bool]:
    """Sold units (line id → units) are given back: on the shelf again, or off the books.

    Returns which lines went back on the shelf: what was made for one shopper, or copied from a file, never does. Raises
    ForbiddenMove for more units than a line has left. The caller holds the lock of the order's checkout.
    """
    lines = order.lines.filter(pk__in=units, state=LineState.SOLD).order_by("variant_id")
    found = {line.pk: line for line in lines}
    for pk, line in found.items():
        _give_back(line, units[pk])
    if missing := set(units) - set(found):
        raise ForbiddenMove(f"{order.number}: lines {sorted(missing)} are not sold")
    back = {pk: restock and line.kind == ProductKind.STOCKED for pk, line in found.items()}
    stock.put_back({line.variant_id: units[pk] for pk, line in found.items() if back[pk]}, now=now)
    stock.write_off_returned(
        {line.variant_id: units[pk] for pk, line in found.items() if not back[pk]},
        reason=_("remboursé sans retour, %s") % order.number,
        now=now,
    )
    return back


def _give_back(line: LineItem, units: int) -> None:
    """The condition and the change are one statement: no unit is given back twice."""
    row = unjoined(LineItem).filter(pk=line.pk)
    enough = row.filter(refunded_quantity__lte=F("quantity") - units)
    if not enough.update(refunded_quantity=F("refunded_quantity") + units):
        raise ForbiddenMove(f"line {line.pk} has not {units} units left")
    row.filter(refunded_quantity=F("quantity")).update(state=LineState.REFUNDED)


def mark_refunded(order: Order, *, restock: bool, cause: str, now: datetime) -> None:
    """All of the order was given back; the units it still had return to the shelf, or leave the books."""
    sold = order.lines.filter(state=LineState.SOLD)
    left = {line.pk: line.units_left for line in sold}
    before = order.status
    _must_move(order, to=OrderStatus.REFUNDED, cause=cause, now=now)
    refund_units(order, left, restock=restock, now=now)
    if order.slot_id and before != OrderStatus.CANCELED:  # Let go unpaid, it gave its place back then.
        slots.give_back([order.slot_id])
    # Paid too late: its units were put back long before.
    _lines([order], LineState.RELEASED).update(state=LineState.REFUNDED, refunded_quantity=F("quantity"))


def move(order: Order, *, to: OrderStatus, cause: str, now: datetime) -> bool:
    """Move along an allowed edge; of two racing callers exactly one gets True.

    False: the order already stands there. Raises ForbiddenMove when no edge leads there.
    """
    sources = [source for source, targets in ORDER_EDGES.items() if to in targets]
    for source in sources:
        if Order.objects.filter(pk=order.pk, status=source).update(status=to):
            _log([order], from_status=source, to_status=to, cause=cause, now=now)
            if to == OrderStatus.REFUNDED and source in (OrderStatus.PAID, OrderStatus.READY):
                slots.give_back([order.slot_id])  # Nobody will come at that hour.
            order.status = to
            return True
    order.refresh_from_db(fields=["status"])
    if order.status == to:
        return False
    raise ForbiddenMove(f"{order.number}: {order.status} → {to}")


def _must_move(order: Order, *, to: OrderStatus, cause: str, now: datetime) -> None:
    if not move(order, to=to, cause=cause, now=now):
        raise ForbiddenMove(f"{order.number} is already {to}")


def _units(orders: Iterable[Order], state: LineState) -> dict[int, int]:
    units: Counter[int] = Counter()
    for line in _lines(orders, state):
        units[line.variant_id] += line.quantity
    return dict(units)


def _lines(orders: Iterable[Order], state: LineState) -> QuerySet[LineItem]:
    return unjoined(LineItem).filter(order__in=[order.pk for order in orders], state=state)


def _log(orders: Iterable[Order], *, from_status: str, to_status: str, cause: str, now: datetime) -> None:
    StatusChange.objects.bulk_create(
        StatusChange(
            site_id=o.site_id, order=o, from_status=from_status, to_status=to_status, cause=cause, at=now
        )
        for o in orders
    )
