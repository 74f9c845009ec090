"""The basket: many merchants, one portal, one guest. Nothing is reserved before the checkout is placed."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.cards import prefetch_hours
from directory.counting.credit import Credit
from directory.models import Merchant
from home.compiled import Compiled
from home.models import PortalSettings
from home.tenancy import current_site_id
from shop import promotions, remise, slots, stock
from shop.baskets import Basket, BasketGroup, BasketLine, BasketPayment
from shop.credit import keep
from shop.delivery import prefetch_fees
from shop.deposits import deposits_on, unit_deposit_cents
from shop.enums import (
    ChargeModel,
    CheckoutStatus,
    Container,
    Fulfillment,
    Funder,
    LineState,
    ProductKind,
    ProductStatus,
    TaxClass,
)
from shop.models import Cart, CartFulfillment, CartItem, LineItem, Promotion, Shop, Variant
from shop.pricing import Line, TaxRates, price_order
from shop.promotions import Given, Goods, Wish
from shop.remise import Moment, Part
from shop.selling import commission_bps, is_charged_direct, shops_of, why_not_sold
from shop.taxes import SellerTaxes, rates_on, sellers_on

__all__ = ["Basket", "BasketGroup", "BasketLine", "BasketPayment"]

KEPT_FOR = timedelta(days=30)
MOST_OF_ONE = 99
MOST_LINES = 60
DAYS_OF_HOURS = 31
"""Special hours are read this far ahead: what is made to order is picked up late."""


def find(token: uuid.UUID | None) -> Cart | None:
    """The cart behind a cookie, or None: an unknown or another portal's token is no cart."""
    return _BY_TOKEN.first(token=token) if token else None


_BY_TOKEN = Compiled(lambda token: Cart.objects.filter(token=token), token=uuid.UUID)


def create() -> Cart:
    return Cart.objects.create(site_id=current_site_id())


@transaction.atomic
def add(cart: Cart, variant: Variant, quantity: int, *, credit: Credit | None = None) -> CartItem:
    """Put units of a variant in the cart, on top of those already there, up to 99 of one and 60 lines.

    Returns the item as it stands. A cart at its limit keeps what it has. ``credit``: what led here, in place of what
    the item named before; None leaves that. Raises Variant.DoesNotExist for another portal's.
    """
    if variant.site_id != cart.site_id:
        raise Variant.DoesNotExist
    Cart.objects.select_for_update().get(pk=cart.pk)
    known = {item.variant_id: item for item in _PLAIN.rows(cart=cart.pk)}
    item = known.get(variant.pk) or CartItem(cart=cart, variant=variant, quantity=0)
    item.seen_price_cents = variant.price_cents
    item.quantity = max(1, min(item.quantity + quantity, MOST_OF_ONE))
    keep(item, credit)
    if item.pk or len(known) < MOST_LINES:
        item.save()
    cart.save(update_fields=["updated_at"])
    return item


def units_in(cart: Cart) -> int:
    """How many things it holds, counted in the database."""
    return sum(item.quantity for item in _PLAIN.rows(cart=cart.pk))


_PLAIN = Compiled(lambda cart: CartItem.objects.filter(cart=cart), cart=int)


def set_quantity(cart: Cart, item_id: int, quantity: int) -> bool:
    """Say how many of an item; 0 removes it. False when the cart holds no such item."""
    items = CartItem.objects.filter(cart=cart, pk=item_id)
    changed = items.update(quantity=min(quantity, MOST_OF_ONE)) if quantity > 0 else items.delete()[0]
    cart.save(update_fields=["updated_at"])
    return bool(changed)


def use_code(cart: Cart, typed: str) -> None:
    """Keep the one code that a shopper typed, or none; whether it holds is said by the basket."""
    cart.promotion_code = promotions.folded_code(typed)
    cart.save(update_fields=["promotion_code", "updated_at"])


@dataclass(frozen=True, slots=True)
class Choice:
    """How one merchant's part will reach the shopper."""

    merchant: Merchant
    fulfillment: Fulfillment
    slot_id: int | None = None


def choose(cart: Cart, merchant: Merchant, fulfillment: Fulfillment, slot_id: int | None) -> None:
    """How this merchant's part will reach the shopper; the last word counts."""
    choose_all(cart, [Choice(merchant, fulfillment, slot_id)])


def choose_all(cart: Cart, choices: Iterable[Choice]) -> None:
    """Keep how each merchant's part will reach the shopper, in one statement; the last word counts."""
    CartFulfillment.objects.bulk_create(
        [
            CartFulfillment(
                cart=cart, merchant=each.merchant, fulfillment=each.fulfillment, slot_id=each.slot_id
            )
            for each in choices
        ],
        update_conflicts=True,
        unique_fields=("cart", "merchant"),
        update_fields=("fulfillment", "slot"),
    )


def choices_of(cart: Cart) -> dict[int, CartFulfillment]:
    """What was chosen, by merchant."""
    return {row.merchant_id: row for row in _CHOICES.rows(cart=cart.pk)}


def accept_prices(cart: Cart) -> None:
    """The shopper was shown today's prices and went on with them."""
    for item in _REPRICED.rows(cart=cart.pk):
        CartItem.objects.filter(pk=item.pk).update(seen_price_cents=item.variant.price_cents)


_REPRICED = Compiled(
    lambda cart: (
        CartItem.objects.filter(cart=cart)
        .filter(~Q(seen_price_cents=F("variant__price_cents")) | Q(seen_price_cents=None))
        .select_related("variant")
    ),
    cart=int,
)


def what_is_left(cart: Cart | None, *, settings: PortalSettings, now: datetime) -> BasketPayment | None:
    """The payment that comes next for this cart, once one of them was paid; None when all of it is.

    Only for the browser that holds the cart: see ``shop.cart_cookie``.
    """
    basket = basket_of(cart, settings=settings, today=timezone.localdate(now), now=now)
    return basket.payments[0] if basket.payments else None


@dataclass(frozen=True, slots=True)
class _Held:
    """What the cart's own open checkout holds: to who comes back from paying it is not gone."""

    units: dict[int, int]
    promotions: frozenset[int]
    slots: frozenset[tuple[int, datetime]]


@dataclass(frozen=True, slots=True)
class _Read:
    """All that pricing a basket reads, besides its items."""

    shops: dict[int, Shop]
    sellers: dict[int, SellerTaxes]
    rates: TaxRates
    deposits: dict[Container, int]
    promotions: list[Promotion]
    choices: dict[int, CartFulfillment]
    held: _Held
    moment: Moment
    settings: PortalSettings
    today: date

    def shop_of(self, merchant: Merchant) -> Shop:
        return self.shops.get(merchant.pk) or Shop(site_id=merchant.site_id, merchant=merchant)

    def is_direct(self, items: Iterable[CartItem], shop: Shop) -> bool:
        has_alcohol = any(item.variant.product.is_alcohol for item in items)
        return is_charged_direct(shop, self.settings, has_alcohol=has_alcohol)

    def commission(self, shop: Shop, *, is_direct: bool) -> int:
        return 0 if is_direct else commission_bps(shop, self.settings)


def basket_of(
    cart: Cart | None, *, settings: PortalSettings, today: date, now: datetime | None = None
) -> Basket:
    """The cart with today's prices, stock, discounts, fees and taxes, in a constant number of queries."""
    items = _items(cart)
    if cart is None or not items:
        return Basket(cart)
    read = _read(cart, items, settings, today, now or timezone.now())
    groups = _by_merchant(items)
    wishes, code_problem = _wishes(cart, groups, read)
    return Basket(
        cart,
        tuple(_group(lines, wish, read) for lines, wish in zip(groups, wishes, strict=True)),
        read.rates,
        read.moment,
        code_problem,
    )


def _items(cart: Cart | None) -> list[CartItem]:
    return _ITEMS.rows(cart=cart.pk) if cart else []


_ITEMS = Compiled(
    lambda cart: CartItem.objects.filter(cart=cart).select_related(
        *(f"variant__product__merchant__{name}" for name in ("sector", "category", "shop"))
    ),
    cart=int,
)


def _by_merchant(items: list[CartItem]) -> list[list[CartItem]]:
    """Merchants in the order they were first met, each with its lines in the order they were added."""
    met: dict[int, list[CartItem]] = {}
    for item in items:
        met.setdefault(item.variant.product.merchant_id, []).append(item)
    return list(met.values())


def _read(cart: Cart, items: list[CartItem], settings: PortalSettings, today: date, now: datetime) -> _Read:
    merchants = {lines[0].variant.product.merchant_id: lines[0] for lines in _by_merchant(items)}
    prefetch_hours([item.variant.product.merchant for item in merchants.values()], now, DAYS_OF_HOURS)
    shops = _shops(items)
    held = _held_by(cart)
    return _Read(
        shops=shops,
        sellers=sellers_on(today, merchants, settings=settings),
        rates=rates_on(today),
        deposits=deposits_on(today) if any(item.variant.container for item in items) else {},
        promotions=promotions.running(merchants.keys(), cart.promotion_code, now=now),
        choices=choices_of(cart),
        held=held,
        moment=Moment(now, cart.postal_code, slots.taken_in(shops.values(), now=now), held.slots),
        settings=settings,
        today=today,
    )


_CHOICES = Compiled(lambda cart: CartFulfillment.objects.filter(cart=cart).select_related("slot"), cart=int)


def _shops(items: list[CartItem]) -> dict[int, Shop]:
    """By merchant, with their zones and rates; with permits and tax numbers where alcohol asks for them."""
    merchants = [lines[0].variant.product.merchant for lines in _by_merchant(items)]
    if any(item.variant.product.is_alcohol for item in items):
        found = shops_of(merchant.pk for merchant in merchants)
    else:
        found = {merchant.pk: merchant.shop for merchant in merchants if hasattr(merchant, "shop")}
    prefetch_fees(found.values())
    return found


def _held_by(cart: Cart) -> _Held:
    lines = _HELD_LINES.rows(cart=cart.pk)
    slots_held = [line.order.slot for line in lines if line.order.slot]
    return _Held(
        units={line.variant_id: line.quantity for line in lines},
        promotions=frozenset(line.promotion_id for line in lines if line.promotion_id),
        slots=frozenset((slot.shop_id, slot.starts_at) for slot in slots_held),
    )


_HELD_LINES = Compiled(
    lambda cart: LineItem.objects.filter(
        order__checkout__cart=cart,
        order__checkout__status=CheckoutStatus.OPEN,
        state=LineState.RESERVED,
    ).select_related("order__slot"),
    cart=int,
)


def _wishes(cart: Cart, groups: Sequence[Sequence[CartItem]], read: _Read) -> tuple[list[list[Wish]], str]:
    """The promotions that hold for each group; and why the cart’s code does not, "" where nothing is amiss."""
    goods = [_goods(items) for items in groups]
    wishes = [promotions.wishes_by_itself(read.promotions, lines) for lines in goods]
    if not cart.promotion_code:
        return wishes, ""
    code = next((row for row in read.promotions if row.code == cart.promotion_code), None)
    problem = promotions.why_not(code, now=read.moment.now, held=read.held.promotions)
    if code is None or problem:
        return wishes, problem
    return wishes, _add_code(code, groups, goods, wishes, read)


def _add_code(
    code: Promotion,
    groups: Sequence[Sequence[CartItem]],
    goods: Sequence[Sequence[Goods]],
    wishes: list[list[Wish]],
    read: _Read,
) -> str:
    """Let the code hold for the first payment that has what it asks for; else say what is missing."""
    problem = ""
    for payment in _payments(groups, read):
        if code.funder == Funder.PORTAL and not any(_commission_of(groups[i], read) for i in payment):
            problem = problem or _("Ce code ne vaut que là où le portail touche une commission.")
            continue
        too_little = promotions.why_too_little(code, [line for i in payment for line in goods[i]])
        if too_little:
            problem = too_little
            continue
        for i, wish in zip(
            payment, promotions.code_over_orders(code, [goods[i] for i in payment]), strict=True
        ):
            wishes[i] += [wish] if wish else []
        return ""
    return problem


def _payments(groups: Sequence[Sequence[CartItem]], read: _Read) -> list[list[int]]:
    """Which groups are paid together, by their numbers, in the order of ``Basket.payments``."""
    direct = [read.is_direct(items, read.shop_of(items[0].variant.product.merchant)) for items in groups]
    together = [i for i, is_direct in enumerate(direct) if not is_direct]
    return ([together] if together else []) + [[i] for i, is_direct in enumerate(direct) if is_direct]


def _commission_of(items: Sequence[CartItem], read: _Read) -> int:
    shop = read.shop_of(items[0].variant.product.merchant)
    return read.commission(shop, is_direct=read.is_direct(items, shop))


def _goods(items: Iterable[CartItem]) -> list[Goods]:
    return [
        Goods(
            item.variant.product_id,
            item.variant.product.merchant_id,
            item.variant.price_cents * item.quantity,
        )
        for item in items
    ]


def _group(items: list[CartItem], wishes: list[Wish], read: _Read) -> BasketGroup:
    merchant = items[0].variant.product.merchant
    shop = read.shop_of(merchant)
    is_direct = read.is_direct(items, shop)
    commission = read.commission(shop, is_direct=is_direct)
    given = promotions.give(_goods(items), wishes, commission_bps=commission)
    lines = tuple(
        _line(item, shop, got, read, is_direct=is_direct) for item, got in zip(items, given, strict=True)
    )
    part = _part(merchant, shop, lines)
    chosen = remise.chosen(part, read.choices.get(merchant.pk), read.moment)
    order = price_order(
        [_as_priced(line) for line in lines],
        rates=read.rates,
        collectors=read.sellers[merchant.pk].collectors,
        commission_bps=commission,
        delivery_cents=chosen.fee_cents if chosen else 0,
    )
    model = ChargeModel.DIRECT if is_direct else ChargeModel.SEPARATE
    return BasketGroup(
        merchant, shop, read.sellers[merchant.pk], lines, order, commission, model, part, chosen
    )


def _part(merchant: Merchant, shop: Shop, lines: Sequence[BasketLine]) -> Part:
    products = [line.variant.product for line in lines]
    made = [p.made_in_days or 0 for p in products if p.kind == ProductKind.MADE_TO_ORDER]
    return Part(
        merchant,
        shop,
        items_cents=sum(line.full_cents for line in lines if not _is_copied(line)),
        made_in_days=max(made, default=0),
        is_digital=all(_is_copied(line) for line in lines),
        has_alcohol=any(p.is_alcohol for p in products),
    )


def _is_copied(line: BasketLine) -> bool:
    return line.variant.product.kind == ProductKind.DIGITAL


def _line(item: CartItem, shop: Shop, given: Given | None, read: _Read, *, is_direct: bool) -> BasketLine:
    units_free = stock.units_free(item.variant)
    if item.variant.product.kind == ProductKind.STOCKED:
        units_free += read.held.units.get(item.variant_id, 0)
    problem = problem_with(item, shop, units_free, settings=read.settings, today=read.today)
    if not problem and is_direct and not shop.can_charge:
        names = {"shop": shop.merchant.name}
        problem = _("%(shop)s ne peut pas encore recevoir de paiements en ligne.") % names
    deposit = unit_deposit_cents(item.variant, read.deposits)
    return BasketLine(item, units_free, problem, given, deposit)


def _as_priced(line: BasketLine) -> Line:
    variant = line.variant
    return Line(
        variant.pk,
        variant.price_cents,
        line.item.quantity,
        TaxClass(variant.product.tax_class),
        discount_cents=line.discount_cents,
        funder=line.given.funder if line.given else Funder.MERCHANT,
        unit_deposit_cents=line.unit_deposit_cents,
    )


def problem_with(
    item: CartItem,
    shop: Shop,
    units_free: int,
    *,
    settings: PortalSettings | None = None,
    today: date | None = None,
) -> str:
    """What a shopper must change before this item can be bought, in French; "" when nothing."""
    variant = item.variant
    if variant.product.status != ProductStatus.PUBLISHED or not variant.is_active:
        return _("«\u00a0%(title)s\u00a0» n’est plus en vente.") % {"title": variant}
    if reason := why_not_sold(variant.product, shop, settings=settings, today=today):
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
