"""What an order costs and who gets which cent. Pure: no database, no clock. The only place that rounds.

GST and QST are each computed on the price before tax, once per merchant's order, rounded half up
(Revenu Québec; QUEBEC.md's vectors are this module's tests). Rates are parts per million.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shop.enums import Tax, TaxClass, TaxCollector

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
    """Units of one variant. ``discount_cents`` is taken off the whole line, before taxes."""

    variant_id: int
    unit_price_cents: int
    quantity: int
    tax_class: TaxClass
    discount_cents: int = 0

    @property
    def amount_cents(self) -> int:
        return self.unit_price_cents * self.quantity - self.discount_cents


@dataclass(frozen=True, slots=True)
class PricedOrder:
    """One merchant's part of a purchase, in cents. Both sums hold, to the cent:

    total = items + delivery + deposit + gst + qst = merchant_share + commission + portal_tax.
    """

    items_cents: int
    delivery_cents: int
    deposit_cents: int
    gst_cents: int
    qst_cents: int
    commission_cents: int
    portal_tax_cents: int

    @property
    def total_cents(self) -> int:
        return self.items_cents + self.delivery_cents + self.deposit_cents + self.gst_cents + self.qst_cents

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
    deposit_cents: int = 0,
) -> PricedOrder:
    """Price one merchant's order. Commission is taken on the goods, before taxes, delivery and deposits."""
    lines = tuple(lines)
    taxes = {tax: _tax_cents(tax, lines, rates, collectors, delivery_cents) for tax in Tax}
    items_cents = sum(line.amount_cents for line in lines)
    return PricedOrder(
        items_cents=items_cents,
        delivery_cents=delivery_cents,
        deposit_cents=deposit_cents,
        gst_cents=taxes[Tax.GST],
        qst_cents=taxes[Tax.QST],
        commission_cents=share_half_up(items_cents, commission_bps, BPS),
        portal_tax_cents=sum(taxes[tax] for tax in Tax if collectors.of(tax) is TaxCollector.PORTAL),
    )


def applied_rate(tax: Tax, tax_class: TaxClass, *, rates: TaxRates, collectors: Collectors) -> int:
    """Parts per million charged on a line: 0 when the class is not taxed, or when nobody collects the tax."""
    return 0 if collectors.of(tax) is TaxCollector.NONE else rates.get((tax, tax_class), 0)


def share_half_up(amount_cents: int, numerator: int, denominator: int) -> int:
    """``amount × numerator ÷ denominator`` in whole cents, a half going up. For amounts that are not negative."""
    return (2 * amount_cents * numerator + denominator) // (2 * denominator)


def _tax_cents(
    tax: Tax, lines: tuple[Line, ...], rates: TaxRates, collectors: Collectors, delivery_cents: int
) -> int:
    """One tax on one order: its base gathered per rate, each rounded once."""
    bases: dict[int, int] = defaultdict(int)
    for line in lines:
        bases[applied_rate(tax, line.tax_class, rates=rates, collectors=collectors)] += line.amount_cents
    if any(bases):  # Some goods bear this tax, so their delivery does too.
        bases[applied_rate(tax, TaxClass.STANDARD, rates=rates, collectors=collectors)] += delivery_cents
    return sum(share_half_up(base, rate, PPM) for rate, base in bases.items())
