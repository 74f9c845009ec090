"""Freezing a basket's payment as orders: one per merchant, with all that was said when it was placed."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.utils.text import slugify
from django.utils.translation import gettext as _

from home.compiled import Compiled, Texts
from home.languages import speaking
from home.models import PortalSettings
from shop import credit, pricing, slots
from shop.baskets import BasketGroup, BasketLine, BasketPayment
from shop.delivery import province_of
from shop.enums import Tax, TaxClass
from shop.exceptions import CannotSell, Undecided
from shop.models import Cart, Checkout, LineItem, Order, Product, StatusChange, Variant
from shop.remise import Remise
from shop.unit_prices import unit_price_text

NUMBER_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0/O, 1/I/L, U/V pairs: a number is read aloud at a counter."""


def new_number(town: str) -> str:
    """Like ``LEV-7K3M9Q``: says nothing about how many orders there are. Unique by constraint."""
    prefix = slugify(town).replace("-", "")[:3].upper()
    return f"{prefix}-{''.join(secrets.choice(NUMBER_ALPHABET) for _i in range(6))}"


def _free_numbers(town: str, count: int) -> list[str]:
    """That no order of the portal in scope has. Two drawn alike at the same instant meet the constraint."""
    numbers: list[str] = []
    while len(numbers) < count:
        drawn = {new_number(town) for _i in range(count - len(numbers))} - set(numbers)
        numbers += drawn - {order.number for order in _NUMBERED.rows(numbers=list(drawn))}
    return numbers


_NUMBERED = Compiled(
    lambda numbers: Order.objects.filter(number__any_of=numbers).only("number"), numbers=Texts
)


def place(
    checkout: Checkout,
    payment: BasketPayment,
    *,
    rates: pricing.TaxRates,
    settings: PortalSettings,
    now: datetime,
) -> list[Order]:
    """Freeze a payment as one pending order per merchant, and take its places in their slots. Logs the checkout too.

    Must run in the checkout's transaction. Raises CannotSell for a slot that is full by now: roll back then.
    """
    _take_slots(payment.groups)
    numbers = _free_numbers(settings.town_name or settings.brand, len(payment.groups))
    orders = Order.objects.bulk_create(
        _order(checkout, group, number, now=now)
        for group, number in zip(payment.groups, numbers, strict=True)
    )
    LineItem.objects.bulk_create(
        _frozen_line(order, line, group, rates)
        for order, group in zip(orders, payment.groups, strict=True)
        for line in group.lines
    )
    _log(checkout, orders, now)
    return orders


def _take_slots(groups: Iterable[BasketGroup]) -> None:
    """In primary key order, as all rows that several checkouts may want."""
    chosen = [(group.remise.slot, group.shop) for group in groups if group.remise and group.remise.slot]
    for slot, shop in sorted(chosen, key=lambda pair: pair[0].pk):
        if not slots.take(slot, capacity=shop.pickup_slot_capacity):
            raise CannotSell(
                _("La plage du %(slot)s vient d’être prise chez %(shop)s\u00a0: choisissez-en une autre.")
                % {"slot": slots.slot_sentence(slot.starts_at, slot.ends_at), "shop": shop.merchant.name}
            )


def _order(checkout: Checkout, group: BasketGroup, number: str, *, now: datetime) -> Order:
    priced, remise = group.order, group.remise
    if remise is None:
        raise Undecided(choose_sentence(group))
    led_here = credit.of_items((line.item for line in group.lines), placed_at=now)
    return Order(
        site_id=checkout.site_id,
        checkout=checkout,
        merchant=group.merchant,
        number=number,
        charge_model=group.charge_model,
        items_cents=priced.items_cents,
        delivery_cents=priced.delivery_cents,
        deposit_cents=priced.deposit_cents,
        discount_cents=priced.discount_cents,
        gst_cents=priced.gst_cents,
        qst_cents=priced.qst_cents,
        total_cents=priced.total_cents,
        commission_bps=group.commission_bps,
        commission_cents=priced.commission_cents,
        portal_tax_cents=priced.portal_tax_cents,
        merchant_share_cents=priced.merchant_share_cents,
        fulfillment=remise.fulfillment,
        delivery_address=_address(checkout, remise),
        slot=remise.slot,
        adult_required=group.has_alcohol,
        seller=_seller_snapshot(group),
        pickup_from=remise.ready_at,
        pickup_until=remise.slot.ends_at if remise.slot else None,
        promised_at=remise.promised_at,
        credit_source=led_here.source if led_here else "",
        credit_id=led_here.page_id if led_here else 0,
        placed_at=now,
    )


def choose_sentence(group: BasketGroup) -> str:
    return _("Choisissez comment recevoir vos articles de %(shop)s.") % {"shop": group.merchant.name}


def _address(checkout: Checkout, remise: Remise) -> dict[str, str]:
    cart: Cart | None = checkout.cart
    if cart is None or not remise.needs_address:
        return {}
    return {
        "name": checkout.contact_name,
        "street_address": cart.street_address,
        "city": cart.city,
        "province": province_of(cart.postal_code),
        "postal_code": cart.postal_code,
    }


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
        "shopper_may_cancel": shop.shopper_may_cancel,
    }


def _frozen_line(order: Order, line: BasketLine, group: BasketGroup, rates: pricing.TaxRates) -> LineItem:
    variant, collectors, given = line.variant, group.taxes.collectors, line.given
    product = variant.product
    tax_class = TaxClass(product.tax_class)
    return LineItem(
        order=order,
        variant=variant,
        sku=variant.sku,
        title=product.title,
        variant_title=variant.title,
        quantity=line.item.quantity,
        unit_price_cents=variant.price_cents,
        discount_cents=line.discount_cents,
        discount_title=given.promotion.title if given else "",
        discount_funder=given.funder if given else "",
        promotion=given.promotion if given else None,
        unit_deposit_cents=line.unit_deposit_cents,
        unit_price_text=_unit_price(product, variant, language=order.checkout.contract_language),
        kind=product.kind,
        is_alcohol=product.is_alcohol,
        tax_class=tax_class,
        gst_rate_ppm=pricing.applied_rate(Tax.GST, tax_class, rates=rates, collectors=collectors),
        qst_rate_ppm=pricing.applied_rate(Tax.QST, tax_class, rates=rates, collectors=collectors),
        gst_collector=collectors.gst,
        qst_collector=collectors.qst,
    )


def _unit_price(product: Product, variant: Variant, *, language: str) -> str:
    """As the contract, which alone says it afterwards, will be written."""
    with speaking(language):
        return unit_price_text(product, variant)


def _log(checkout: Checkout, orders: Iterable[Order], now: datetime) -> None:
    """That the checkout and its orders were placed, in one statement."""
    began = {"site_id": checkout.site_id, "from_status": "", "cause": "placed", "at": now}
    StatusChange.objects.bulk_create(
        [
            StatusChange(checkout=checkout, to_status=checkout.status, **began),
            *(StatusChange(order=order, to_status=order.status, **began) for order in orders),
        ]
    )
