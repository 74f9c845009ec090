"""A basket as it stands now: lines, merchants' parts, payments. Plain values; ``shop.carts`` reads them from rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from directory.models import Merchant
from home.money import cad
from shop.enums import ChargeModel
from shop.models import Cart, CartItem, Shop, Variant
from shop.pricing import PricedOrder, TaxRates
from shop.promotions import Given
from shop.remise import Moment, Part, Remise
from shop.taxes import SellerTaxes


@dataclass(frozen=True, slots=True)
class BasketLine:
    """A cart's item, how many units its shopper may have, and what stands in its way ("" when nothing does)."""

    item: CartItem
    units_free: int
    problem: str = ""
    given: Given | None = None
    unit_deposit_cents: int = 0

    @property
    def variant(self) -> Variant:
        return self.item.variant

    @property
    def full_cents(self) -> int:
        """Its goods before any discount."""
        return self.variant.price_cents * self.item.quantity

    @property
    def discount_cents(self) -> int:
        return self.given.cents if self.given else 0

    @property
    def amount_cents(self) -> int:
        return self.full_cents - self.discount_cents

    @property
    def price_note(self) -> str:
        """How the price moved since the shopper last saw it; "" when it did not."""
        seen = self.item.seen_price_cents
        if seen is None or seen == self.variant.price_cents:
            return ""
        return _("Le prix est passé de %(before)s à %(now)s.") % {
            "before": cad(seen),
            "now": cad(self.variant.price_cents),
        }


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over merchants' parts, in cents. ``discount_cents`` is off ``items_cents`` already."""

    items_cents: int
    discount_cents: int
    delivery_cents: int
    deposit_cents: int
    gst_cents: int
    qst_cents: int
    total_cents: int

    @property
    def full_cents(self) -> int:
        """The goods before discounts."""
        return self.items_cents + self.discount_cents


def totals_of(orders: Iterable[PricedOrder]) -> Totals:
    orders = tuple(orders)
    return Totals(
        items_cents=sum(order.items_cents for order in orders),
        discount_cents=sum(order.discount_cents for order in orders),
        delivery_cents=sum(order.delivery_cents for order in orders),
        deposit_cents=sum(order.deposit_cents for order in orders),
        gst_cents=sum(order.gst_cents for order in orders),
        qst_cents=sum(order.qst_cents for order in orders),
        total_cents=sum(order.total_cents for order in orders),
    )


@dataclass(frozen=True, slots=True)
class BasketGroup:
    """One merchant's lines, priced as the order they would become.

    ``remise``: how they reach the shopper; None while that is to be chosen, and then no delivery is priced.
    """

    merchant: Merchant
    shop: Shop
    taxes: SellerTaxes
    lines: tuple[BasketLine, ...]
    order: PricedOrder
    commission_bps: int
    charge_model: ChargeModel
    part: Part
    remise: Remise | None

    @property
    def account(self) -> str:
        """The Stripe account that charges: "" is the portal's."""
        return self.shop.stripe_account_id if self.charge_model is ChargeModel.DIRECT else ""

    @property
    def has_alcohol(self) -> bool:
        return any(line.variant.product.is_alcohol for line in self.lines)


@dataclass(frozen=True, slots=True)
class BasketPayment:
    """What one card payment covers: all parts that the portal charges, or one that a merchant charges itself."""

    charge_model: ChargeModel
    account: str
    groups: tuple[BasketGroup, ...]

    @property
    def totals(self) -> Totals:
        return totals_of(group.order for group in self.groups)

    @property
    def total_cents(self) -> int:
        return self.totals.total_cents

    @property
    def lines(self) -> tuple[BasketLine, ...]:
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def has_alcohol(self) -> bool:
        return any(group.has_alcohol for group in self.groups)

    @property
    def shop_names(self) -> str:
        """« Fromagerie des Chutes, Chandelles Lauzon »."""
        return ", ".join(group.merchant.name for group in self.groups)


@dataclass(frozen=True, slots=True)
class Basket:
    """A cart as it stands now, grouped by merchant in the order the shopper met them."""

    cart: Cart | None
    groups: tuple[BasketGroup, ...] = ()
    rates: TaxRates = field(default_factory=dict)
    moment: Moment | None = None
    code_problem: str = ""

    @property
    def payments(self) -> tuple[BasketPayment, ...]:
        """One for all that the portal charges, first; then one for each merchant that charges itself."""
        separate = tuple(group for group in self.groups if group.charge_model is ChargeModel.SEPARATE)
        first = (BasketPayment(ChargeModel.SEPARATE, "", separate),) if separate else ()
        direct = tuple(
            BasketPayment(ChargeModel.DIRECT, group.account, (group,))
            for group in self.groups
            if group.charge_model is ChargeModel.DIRECT
        )
        return first + direct

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
    def undecided(self) -> tuple[BasketGroup, ...]:
        """The parts whose shopper has yet to choose how to have them."""
        return tuple(group for group in self.groups if group.remise is None)

    @property
    def units(self) -> int:
        return sum(line.item.quantity for line in self.lines)

    @property
    def totals(self) -> Totals:
        return totals_of(group.order for group in self.groups)

    @property
    def items_cents(self) -> int:
        return self.totals.items_cents

    @property
    def gst_cents(self) -> int:
        return self.totals.gst_cents

    @property
    def qst_cents(self) -> int:
        return self.totals.qst_cents

    @property
    def total_cents(self) -> int:
        return self.totals.total_cents
