"""What an order costs, who gets which cent, what goes back. Pure: no database, no clock. The only place that rounds.

GST and QST are each computed on the price before tax, once per merchant's order, rounded half up
(Revenu Québec; QUEBEC.md's vectors are this module's tests). Rates are parts per million.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shop.enums import Funder, Tax, TaxClass, TaxCollector

PPM = 1_000_000
BPS = 10_000

TaxRates = Mapping[tuple[Tax, TaxClass], int]
"""Rate in parts per million of each tax for each class; a missing pair is not taxed."""


@dataclass(frozen=True, slots=True)
class Collectors:
    """Who remits each tax of one merchant's goods; NONE means that it is not charged at all."""

    gst: TaxCollector
    qst: TaxCollector

    def of(self, tax: Tax) -> TaxCollector:
        return self.gst if tax is Tax.GST else self.qst


@dataclass(frozen=True, slots=True)
class Line:
    """Units of one variant. ``discount_cents`` is taken off the whole line, before taxes; ``funder`` pays for it."""

    variant_id: int
    unit_price_cents: int
    quantity: int
    tax_class: TaxClass
    discount_cents: int = 0
    funder: Funder = Funder.MERCHANT
    unit_deposit_cents: int = 0

    @property
    def amount_cents(self) -> int:
        return self.unit_price_cents * self.quantity - self.discount_cents

    @property
    def deposit_cents(self) -> int:
        return self.unit_deposit_cents * self.quantity

    @property
    def portal_discount_cents(self) -> int:
        return self.discount_cents if self.funder is Funder.PORTAL else 0


@dataclass(frozen=True, slots=True)
class PricedOrder:
    """One merchant's part of a purchase, in cents. Both sums hold, to the cent:

    total = items + delivery + deposit + gst + qst = merchant_share + commission + portal_tax.

    ``items_cents`` are net: the discount is off them already.
    """

    items_cents: int
    delivery_cents: int
    deposit_cents: int
    gst_cents: int
    qst_cents: int
    commission_cents: int
    portal_tax_cents: int
    discount_cents: int = 0

    @property
    def total_cents(self) -> int:
        return self.items_cents + self.delivery_cents + self.deposit_cents + self.gst_cents + self.qst_cents

    @property
    def full_cents(self) -> int:
        """The goods before discounts."""
        return self.items_cents + self.discount_cents

    @property
    def merchant_share_cents(self) -> int:
        return self.total_cents - self.commission_cents - self.portal_tax_cents


def price_order(
    lines: Iterable[Line],
    *,
    rates: TaxRates,
    collectors: Collectors,
    commission_bps: int,
    delivery_cents: int = 0,
) -> PricedOrder:
    """Price one merchant's order. Commission is taken on the goods, before taxes, delivery and deposits.

    A discount that the portal funds comes out of that commission: the merchant gets what it would have got without.
    Raises ValueError where the commission does not cover it (``discounts`` never gives so much).
    """
    lines = tuple(lines)
    taxes = {tax: _tax_of_order(tax, lines, rates, collectors, delivery_cents) for tax in Tax}
    return PricedOrder(
        items_cents=sum(line.amount_cents for line in lines),
        delivery_cents=delivery_cents,
        deposit_cents=sum(line.deposit_cents for line in lines),
        gst_cents=taxes[Tax.GST],
        qst_cents=taxes[Tax.QST],
        commission_cents=_commission_cents(lines, commission_bps),
        portal_tax_cents=sum(taxes[tax] for tax in Tax if collectors.of(tax) is TaxCollector.PORTAL),
        discount_cents=sum(line.discount_cents for line in lines),
    )


def applied_rate(tax: Tax, tax_class: TaxClass, *, rates: TaxRates, collectors: Collectors) -> int:
    """Parts per million charged on a line: 0 when the class is not taxed, or when nobody collects the tax."""
    return 0 if collectors.of(tax) is TaxCollector.NONE else rates.get((tax, tax_class), 0)


def left_to_pay(total_cents: int, gift_card_cents: int) -> int:
    """What a card must still pay after a gift card: tender, not discount, so that taxes stay what they are."""
    return max(0, total_cents - gift_card_cents)


def share_half_up(amount_cents: int, numerator: int, denominator: int) -> int:
    """``amount × numerator ÷ denominator`` in whole cents, a half going up. For amounts that are not negative."""
    return (2 * amount_cents * numerator + denominator) // (2 * denominator)


def split(cents: int, weights: Sequence[int]) -> list[int]:
    """Whole cents that add up to ``cents``, as near to the weights as can be (largest remainder; ties: the first).

    No part exceeds its weight while ``cents`` do not exceed their sum. Raises ValueError when no weight is positive
    and there is something to split.
    """
    whole = sum(weights)
    if whole == 0:
        if cents:
            raise ValueError(f"nothing to split {cents} cents over")
        return [0 for _weight in weights]
    parts = [cents * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(cents * weights[i] % whole), i))
    for i in by_remainder[: cents - sum(parts)]:
        parts[i] += 1
    return parts


def discounts(
    amounts_cents: Sequence[int],
    *,
    percent_bps: int | None = None,
    amount_cents: int | None = None,
    most_cents: int | None = None,
) -> list[int]:
    """What a promotion takes off each of these lines: a share of each, or an amount spread over them.

    A share is rounded half up once, on their sum. Never more than the lines, nor than ``most_cents``.
    """
    whole = sum(amounts_cents)
    wished = share_half_up(whole, percent_bps, BPS) if percent_bps is not None else amount_cents or 0
    off = min(wished, whole) if most_cents is None else min(wished, whole, most_cents)
    return split(off, amounts_cents)


def most_portal_discount(items_cents: int, commission_bps: int) -> int:
    """What the portal can give on goods of that price (before its discount): its commission, and no more."""
    return share_half_up(items_cents, commission_bps, BPS)


def _commission_cents(lines: Sequence[Line], commission_bps: int) -> int:
    given = sum(line.portal_discount_cents for line in lines)
    full = share_half_up(sum(line.amount_cents for line in lines) + given, commission_bps, BPS)
    if given > full:
        raise ValueError(f"a commission of {full} cents does not pay for a discount of {given}")
    return full - given


def _tax_of_order(
    tax: Tax, lines: Sequence[Line], rates: TaxRates, collectors: Collectors, delivery_cents: int
) -> int:
    charged = [applied_rate(tax, line.tax_class, rates=rates, collectors=collectors) for line in lines]
    bases = [(line.amount_cents, rate) for line, rate in zip(lines, charged, strict=True)]
    return _tax_on([*bases, (delivery_cents, _delivery_rate(charged))])


def _delivery_rate(rates_of_goods: Iterable[int]) -> int:
    """Delivery follows the goods: untaxed only where all of them are."""
    return max(rates_of_goods, default=0)


def _tax_on(bases: Iterable[tuple[int, int]]) -> int:
    """One tax on amounts (cents, rate): gathered per rate, each rounded once."""
    gathered: dict[int, int] = defaultdict(int)
    for cents, rate in bases:
        gathered[rate] += cents
    return sum(share_half_up(cents, rate, PPM) for rate, cents in gathered.items())


# ------------------------------------------------------------------------------------------------------------- refunds


@dataclass(frozen=True, slots=True)
class Parts:
    """What a sum of money is made of, in cents: of an order that was paid, or of a refund."""

    items_cents: int = 0
    delivery_cents: int = 0
    deposit_cents: int = 0
    gst_cents: int = 0
    qst_cents: int = 0

    @property
    def total_cents(self) -> int:
        return self.items_cents + self.delivery_cents + self.deposit_cents + self.gst_cents + self.qst_cents

    def minus(self, other: "Parts") -> "Parts":
        return Parts(
            items_cents=self.items_cents - other.items_cents,
            delivery_cents=self.delivery_cents - other.delivery_cents,
            deposit_cents=self.deposit_cents - other.deposit_cents,
            gst_cents=self.gst_cents - other.gst_cents,
            qst_cents=self.qst_cents - other.qst_cents,
        )


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A frozen line as refunds see it: ``amount_cents`` is net of its discount, for all of its ``quantity``."""

    line_id: int
    quantity: int
    refunded_quantity: int
    amount_cents: int
    unit_deposit_cents: int
    gst_rate_ppm: int
    qst_rate_ppm: int

    @property
    def units_left(self) -> int:
        return self.quantity - self.refunded_quantity

    def goods_of(self, units: int) -> int:
        """Cents of the next ``units`` to go back: of the last one, what the others left of the line."""
        return self._first(self.refunded_quantity + units) - self._first(self.refunded_quantity)

    def goods_left_after(self, units: int) -> int:
        return self.amount_cents - self._first(self.refunded_quantity + units)

    def _first(self, units: int) -> int:
        return share_half_up(self.amount_cents, units, self.quantity)


@dataclass(frozen=True, slots=True)
class Whole:
    """Wish: all that is left of the order."""


@dataclass(frozen=True, slots=True)
class Units:
    """Wish: so many units (``quantities``: line id → units, each at least 1) with their deposits and taxes."""

    quantities: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Amount:
    """Wish: so many cents, taxes included, that no unit answers for (a gesture)."""

    cents: int


Wish = Whole | Units | Amount


@dataclass(frozen=True, slots=True)
class UnitsBack:
    """Units of one line that a refund gives back, and their goods in cents, before deposits and taxes."""

    line_id: int
    quantity: int
    items_cents: int


@dataclass(frozen=True, slots=True)
class RefundSplit:
    """A refund's parts, and the units it answers for (none for an amount): their goods add up to ``items_cents``."""

    parts: Parts
    lines: tuple[UnitsBack, ...] = ()


class NotRefundable(ValueError):
    """More was wished back than is left, or nothing at all."""


def split_refund(wish: Wish, *, lines: Sequence[SoldLine], paid: Parts, given_back: Parts) -> RefundSplit:
    """What a refund is made of. ``paid``: the order; ``given_back``: the sum of its refunds that did not fail.

    - Whole: every part of what is left, and every unit left.
    - Units: the units' goods (a discount is spread evenly over a line's units) and their deposits. Each tax is the
      tax on the units left before less the tax on those left after, so that returning unit by unit gives back exactly
      what was paid (QUEBEC.md, V23). Delivery stays paid, and its taxes with it.
    - Amount: over goods, delivery and both taxes in proportion to what is left of each; deposits come last.

    No part ever exceeds what is left of it, so any sequence of refunds that ends with nothing left adds up to what was
    paid, part by part. Raises NotRefundable for more than is left (units or cents), or for nothing.
    """
    left = paid.minus(given_back)
    match wish:
        case Whole():
            found = _refund_of_all(lines, left)
        case Units(quantities):
            found = _refund_of_units(_units_asked(quantities, lines), lines, paid, left)
        case Amount(cents):
            found = _refund_of_amount(cents, left)
    if found.parts.total_cents <= 0:
        raise NotRefundable("nothing is left to give back")
    return found


def _units_asked(quantities: Mapping[int, int], lines: Sequence[SoldLine]) -> dict[int, int]:
    """Units per line id. Raises NotRefundable for a line of another order, or more units than it has left."""
    left = {line.line_id: line.units_left for line in lines}
    for line_id, units in quantities.items():
        if not 1 <= units <= left.get(line_id, 0):
            raise NotRefundable(f"line {line_id} has not {units} units to give back")
    return dict(quantities)


def _refund_of_all(lines: Sequence[SoldLine], left: Parts) -> RefundSplit:
    return RefundSplit(
        left, _units_back({line.line_id: line.units_left for line in lines}, lines, left.items_cents)
    )


def _refund_of_units(
    units: Mapping[int, int], lines: Sequence[SoldLine], paid: Parts, left: Parts
) -> RefundSplit:
    goods = sum(line.goods_of(units.get(line.line_id, 0)) for line in lines)
    deposit = sum(line.unit_deposit_cents * units.get(line.line_id, 0) for line in lines)
    parts = Parts(
        items_cents=min(goods, left.items_cents),
        deposit_cents=min(deposit, left.deposit_cents),
        gst_cents=min(_tax_back(Tax.GST, units, lines, paid.delivery_cents), left.gst_cents),
        qst_cents=min(_tax_back(Tax.QST, units, lines, paid.delivery_cents), left.qst_cents),
    )
    return RefundSplit(parts, _units_back(units, lines, parts.items_cents))


def _refund_of_amount(cents: int, left: Parts) -> RefundSplit:
    if cents > left.total_cents:
        raise NotRefundable(f"{cents} cents are more than the {left.total_cents} left")
    deposit_cents = max(0, cents - (left.total_cents - left.deposit_cents))
    items, delivery, gst, qst = split(
        cents - deposit_cents, (left.items_cents, left.delivery_cents, left.gst_cents, left.qst_cents)
    )
    return RefundSplit(Parts(items, delivery, deposit_cents, gst, qst))


def _tax_back(tax: Tax, units: Mapping[int, int], lines: Sequence[SoldLine], delivery_cents: int) -> int:
    rates = [line.gst_rate_ppm if tax is Tax.GST else line.qst_rate_ppm for line in lines]
    delivery = (delivery_cents, _delivery_rate(rates))
    before = [line.goods_left_after(0) for line in lines]
    after = [line.goods_left_after(units.get(line.line_id, 0)) for line in lines]
    return _tax_on([*zip(before, rates, strict=True), delivery]) - _tax_on(
        [*zip(after, rates, strict=True), delivery]
    )


def _units_back(
    units: Mapping[int, int], lines: Sequence[SoldLine], items_cents: int
) -> tuple[UnitsBack, ...]:
    """The refund's goods over its units; after refunds of an amount there may be less of them than the units cost."""
    asked = [line for line in lines if units.get(line.line_id)]
    goods = [line.goods_of(units[line.line_id]) for line in asked]
    shares = split(items_cents, goods if any(goods) else [1 for _line in asked]) if asked else []
    return tuple(
        UnitsBack(line.line_id, units[line.line_id], cents) for line, cents in zip(asked, shares, strict=True)
    )
