"""The basket: many merchants, one portal, one guest. Nothing is reserved before the checkout is placed."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.models import Merchant
from home.models import PortalSettings
from home.tenancy import current_site_id
from shop.enums import CheckoutStatus, LineState, ProductStatus, TaxClass
from shop.models import Cart, CartItem, LineItem, Shop, Variant
from shop.pricing import Line, PricedOrder, TaxRates, price_order
from shop.selling import commission_bps, why_not_sold
from shop.taxes import SellerTaxes, rates_on, sellers_on

KEPT_FOR = timedelta(days=30)
MOST_OF_ONE = 99
MOST_LINES = 60


@dataclass(frozen=True, slots=True)
class BasketLine:
    """A cart's item, how many units its shopper may have, and what stands in its way ("" when nothing does)."""

    item: CartItem
    units_free: int
    problem: str = ""

    @property
    def variant(self) -> Variant:
        return self.item.variant

    @property
    def amount_cents(self) -> int:
        return self.variant.price_cents * self.item.quantity


@dataclass(frozen=True, slots=True)
class BasketGroup:
    """One merchant's lines, priced as the order they would become."""

    merchant: Merchant
    shop: Shop
    taxes: SellerTaxes
    lines: tuple[BasketLine, ...]
    order: PricedOrder


@dataclass(frozen=True, slots=True)
class Basket:
    """A cart as it stands now, grouped by merchant in the order the shopper met them."""

    cart: Cart | None
    groups: tuple[BasketGroup, ...] = ()
    rates: TaxRates = field(default_factory=dict)

    @property
    def lines(self) -> tuple[BasketLine, ...]:
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def is_empty(self) -> bool:
        return not self.groups

    @property
    def problems(self) -> tuple[str, ...]:
        return tuple(line.problem for line in self.lines if line.problem)

    @property
    def units(self) -> int:
        return sum(line.item.quantity for line in self.lines)

    @property
    def items_cents(self) -> int:
        return sum(group.order.items_cents for group in self.groups)

    @property
    def gst_cents(self) -> int:
        return sum(group.order.gst_cents for group in self.groups)

    @property
    def qst_cents(self) -> int:
        return sum(group.order.qst_cents for group in self.groups)

    @property
    def total_cents(self) -> int:
        return sum(group.order.total_cents for group in self.groups)


def find(token: uuid.UUID | None) -> Cart | None:
    """The cart behind a cookie, or None: an unknown or another portal's token is no cart."""
    return Cart.objects.filter(token=token).first() if token else None


def create() -> Cart:
    return Cart.objects.create(site_id=current_site_id())


@transaction.atomic
def add(cart: Cart, variant: Variant, quantity: int) -> CartItem:
    """Put units of a variant in the cart, on top of those already there, up to 99 of one and 60 lines.

    Returns the item as it stands. A cart at its limit keeps what it has. Raises Variant.DoesNotExist for
    another portal's.
    """
    if variant.site_id != cart.site_id:
        raise Variant.DoesNotExist
    Cart.objects.select_for_update().get(pk=cart.pk)
    item = CartItem.objects.filter(cart=cart, variant=variant).first()
    if item is None:
        item = CartItem(cart=cart, variant=variant, quantity=0)
    item.quantity = max(1, min(item.quantity + quantity, MOST_OF_ONE))
    if item.pk or cart.items.count() < MOST_LINES:
        item.save()
    cart.save(update_fields=["updated_at"])
    return item


def set_quantity(cart: Cart, item_id: int, quantity: int) -> bool:
    """Say how many of an item; 0 removes it. False when the cart holds no such item."""
    items = CartItem.objects.filter(cart=cart, pk=item_id)
    changed = items.update(quantity=min(quantity, MOST_OF_ONE)) if quantity > 0 else items.delete()[0]
    cart.save(update_fields=["updated_at"])
    return bool(changed)


def basket_of(cart: Cart | None, *, settings: PortalSettings, today: date) -> Basket:
    """The cart with today's prices, stock and taxes, in a constant number of queries."""
    items = _items(cart)
    if cart is None or not items:
        return Basket(cart)
    shops = {shop.merchant_id: shop for shop in Shop.objects.filter(merchant__in=_merchants(items))}
    taxes = sellers_on(today, _merchants(items), settings=settings)
    rates = rates_on(today)
    held = _held_by(cart)
    groups = tuple(
        _group([_line(item, shops, held) for item in lines], shops, taxes, rates, settings)
        for _merchant_id, lines in groupby(
            _by_merchant(items), key=lambda item: item.variant.product.merchant_id
        )
    )
    return Basket(cart, groups, rates)


def _items(cart: Cart | None) -> list[CartItem]:
    if cart is None:
        return []
    related = ("variant__product__merchant__sector", "variant__product__merchant__category")
    return list(CartItem.objects.filter(cart=cart).select_related(*related))


def _merchants(items: Iterable[CartItem]) -> set[int]:
    return {item.variant.product.merchant_id for item in items}


def _by_merchant(items: list[CartItem]) -> list[CartItem]:
    """Merchants in the order they were first met, each with its lines in the order they were added."""
    met: dict[int, int] = {}
    for item in items:
        met.setdefault(item.variant.product.merchant_id, len(met))
    return sorted(items, key=lambda item: met[item.variant.product.merchant_id])


def _held_by(cart: Cart) -> dict[int, int]:
    """Units that the cart's own open checkout holds: to who comes back from paying they are not sold out."""
    lines = LineItem.objects.filter(order__checkout__cart=cart, order__checkout__status=CheckoutStatus.OPEN)
    return dict(lines.filter(state=LineState.RESERVED).values_list("variant", "quantity"))


def _line(item: CartItem, shops: dict[int, Shop], held: dict[int, int]) -> BasketLine:
    units_free = item.variant.on_hand + held.get(item.variant_id, 0)
    return BasketLine(item, units_free, problem_with(item, _shop_of(item, shops), units_free))


def _shop_of(item: CartItem, shops: dict[int, Shop]) -> Shop:
    merchant = item.variant.product.merchant
    return shops.get(merchant.pk) or Shop(site_id=merchant.site_id, merchant=merchant)


def _group(
    lines: list[BasketLine],
    shops: dict[int, Shop],
    taxes: dict[int, SellerTaxes],
    rates: TaxRates,
    settings: PortalSettings,
) -> BasketGroup:
    merchant, shop = lines[0].variant.product.merchant, _shop_of(lines[0].item, shops)
    order = price_order(
        [as_priced_line(line.item) for line in lines],
        rates=rates,
        collectors=taxes[merchant.pk].collectors,
        commission_bps=commission_bps(shop, settings),
    )
    return BasketGroup(merchant, shop, taxes[merchant.pk], tuple(lines), order)


def as_priced_line(item: CartItem) -> Line:
    variant = item.variant
    return Line(variant.pk, variant.price_cents, item.quantity, TaxClass(variant.product.tax_class))


def problem_with(item: CartItem, shop: Shop, units_free: int) -> str:
    """What a shopper must change before this item can be bought, in French; "" when nothing."""
    variant = item.variant
    if variant.product.status != ProductStatus.PUBLISHED:
        return _("«\u00a0%(title)s\u00a0» n’est plus en vente.") % {"title": variant}
    if reason := why_not_sold(variant.product, shop):
        return reason
    return shortage_sentence(str(variant), units_free) if units_free < item.quantity else ""


def shortage_sentence(label: str, left: int) -> str:
    """How the shopper is told that fewer units are left than were asked for."""
    if left <= 0:
        return _("«\u00a0%(title)s\u00a0» est épuisé.") % {"title": label}
    return ngettext(
        "Il ne reste que %(left)d exemplaire de «\u00a0%(title)s\u00a0».",
        "Il ne reste que %(left)d exemplaires de «\u00a0%(title)s\u00a0».",
        left,
    ) % {"left": left, "title": label}


def forget_old(*, now: datetime) -> int:
    """Delete the carts nobody touched for 30 days; returns how many."""
    stale = Cart.objects.filter(updated_at__lt=now - KEPT_FOR).exclude(checkouts__status="open")
    count = stale.count()
    stale.delete()
    return count
