"""An order's life: placed, paid, ready, fulfilled; or canceled, refunded. The only writer of ``Order.status``.

Orders do not know that payments exist: the payment side calls ``mark_paid`` and the others.
"""

import secrets
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import F
from django.utils.text import slugify
from django.utils.translation import gettext as _

from home.models import PortalSettings
from shop import pricing, stock
from shop.carts import Basket, BasketGroup, BasketLine
from shop.enums import ORDER_EDGES, LineState, OrderStatus, Tax, TaxClass
from shop.exceptions import ForbiddenMove
from shop.models import Checkout, LineItem, Order, StatusChange
from shop.pickup import ready_from
from shop.selling import commission_bps

NUMBER_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0/O, 1/I/L, U/V pairs: a number is read aloud at a counter."""


def new_number(town: str) -> str:
    """Like ``LEV-7K3M9Q``: says nothing about how many orders there are. Unique by constraint."""
    prefix = slugify(town).replace("-", "")[:3].upper()
    return f"{prefix}-{''.join(secrets.choice(NUMBER_ALPHABET) for _i in range(6))}"


def _free_number(town: str) -> str:
    """One that no order of the portal in scope has. Two drawn alike at the same instant meet the constraint."""
    while Order.objects.filter(number=(number := new_number(town))).exists():
        continue
    return number


def place(checkout: Checkout, basket: Basket, *, settings: PortalSettings, now: datetime) -> list[Order]:
    """Freeze the basket as one pending order per merchant. Must run in the checkout's transaction."""
    orders = [
        _place_one(checkout, group, basket.rates, settings=settings, now=now) for group in basket.groups
    ]
    _log(orders, from_status="", to_status=OrderStatus.PENDING, cause="placed", now=now)
    return orders


def _place_one(
    checkout: Checkout,
    group: BasketGroup,
    rates: pricing.TaxRates,
    *,
    settings: PortalSettings,
    now: datetime,
) -> Order:
    priced = group.order
    order = Order.objects.create(
        site_id=checkout.site_id,
        checkout=checkout,
        merchant=group.merchant,
        number=_free_number(settings.town_name or settings.brand),
        charge_model=group.shop.charge_model,
        items_cents=priced.items_cents,
        delivery_cents=priced.delivery_cents,
        deposit_cents=priced.deposit_cents,
        gst_cents=priced.gst_cents,
        qst_cents=priced.qst_cents,
        total_cents=priced.total_cents,
        commission_bps=commission_bps(group.shop, settings),
        commission_cents=priced.commission_cents,
        portal_tax_cents=priced.portal_tax_cents,
        merchant_share_cents=priced.merchant_share_cents,
        seller=_seller_snapshot(group),
        pickup_from=ready_from(group.merchant, group.shop, now=now),
        placed_at=now,
    )
    LineItem.objects.bulk_create(_frozen_line(order, line, group, rates) for line in group.lines)
    return order


def _seller_snapshot(group: BasketGroup) -> dict[str, str]:
    """What the receipt says of the seller, as it was on the day of the sale (QUEBEC.md, receipts and 54.4)."""
    merchant, shop = group.merchant, group.shop
    return {
        "name": merchant.name,
        "slug": merchant.slug,
        "legal_name": merchant.legal_name or merchant.name,
        "street_address": merchant.street_address,
        "city": merchant.city,
        "postal_code": merchant.postal_code,
        "phone": merchant.phone.as_e164 if merchant.phone else "",
        "gst_number": group.taxes.gst_number,
        "qst_number": group.taxes.qst_number,
        "return_policy": shop.return_policy,
        "pickup_instructions": shop.pickup_instructions,
    }


def _frozen_line(order: Order, line: BasketLine, group: BasketGroup, rates: pricing.TaxRates) -> LineItem:
    variant, collectors = line.variant, group.taxes.collectors
    tax_class = TaxClass(variant.product.tax_class)
    return LineItem(
        order=order,
        variant=variant,
        sku=variant.sku,
        title=variant.product.title,
        variant_title=variant.title,
        quantity=line.item.quantity,
        unit_price_cents=variant.price_cents,
        tax_class=tax_class,
        gst_rate_ppm=pricing.applied_rate(Tax.GST, tax_class, rates=rates, collectors=collectors),
        qst_rate_ppm=pricing.applied_rate(Tax.QST, tax_class, rates=rates, collectors=collectors),
        gst_collector=collectors.gst,
        qst_collector=collectors.qst,
    )


def mark_paid(orders: Iterable[Order], *, now: datetime) -> None:
    """The payment of their checkout succeeded: reserved units are sold."""
    for order in orders:
        _must_move(order, to=OrderStatus.PAID, cause="payment", now=now)
        Order.objects.filter(pk=order.pk).update(paid_at=now)
        order.lines.filter(state=LineState.RESERVED).update(state=LineState.SOLD)


def mark_paid_again(orders: Iterable[Order], *, now: datetime) -> None:
    """Paid after the stock was let go: take it again. Raises OutOfStock; roll back then, and refund."""
    orders = list(orders)
    stock.reserve(_units(orders, LineState.RELEASED))
    LineItem.objects.filter(order__in=orders, state=LineState.RELEASED).update(state=LineState.RESERVED)
    mark_paid(orders, now=now)


def cancel_unpaid(orders: Iterable[Order], *, cause: str, now: datetime) -> None:
    """Nothing was paid and nothing can be any more: reserved units go back to the shelf."""
    orders = list(orders)
    for order in orders:
        _must_move(order, to=OrderStatus.CANCELED, cause=cause, now=now)
    stock.put_back(_units(orders, LineState.RESERVED))
    LineItem.objects.filter(order__in=orders, state=LineState.RESERVED).update(state=LineState.RELEASED)


def mark_refunded(order: Order, *, restock: bool, cause: str, now: datetime) -> None:
    """All of the order was given back. Units return to the shelf, or are written off the books."""
    sold = _units([order], LineState.SOLD)
    _must_move(order, to=OrderStatus.REFUNDED, cause=cause, now=now)
    if restock:
        stock.put_back(sold)
    else:
        stock.write_off_returned(sold, reason=_("remboursé sans retour, %s") % order.number, now=now)
    order.lines.update(state=LineState.REFUNDED, refunded_quantity=F("quantity"))


def move(order: Order, *, to: OrderStatus, cause: str, now: datetime) -> bool:
    """Move along an allowed edge; of two racing callers exactly one gets True.

    False: the order already stands there. Raises ForbiddenMove when no edge leads there.
    """
    sources = [source for source, targets in ORDER_EDGES.items() if to in targets]
    for source in sources:
        if Order.objects.filter(pk=order.pk, status=source).update(status=to):
            _log([order], from_status=source, to_status=to, cause=cause, now=now)
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
    for line in LineItem.objects.filter(order__in=list(orders), state=state):
        units[line.variant_id] += line.quantity
    return dict(units)


def _log(orders: Iterable[Order], *, from_status: str, to_status: str, cause: str, now: datetime) -> None:
    StatusChange.objects.bulk_create(
        StatusChange(
            site_id=o.site_id, order=o, from_status=from_status, to_status=to_status, cause=cause, at=now
        )
        for o in orders
    )
