"""The price of a food per 100 g, per 100 ml or per piece. For display alone: nobody pays a unit price.

Rounded to the cent, a half going up, from exact decimals (the Consumer Protection Act's unit price).
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from home.money import cad
from shop.enums import MeasureUnit
from shop.models import Product, Variant

PER: dict[MeasureUnit, Decimal] = {
    MeasureUnit.GRAM: Decimal(100),
    MeasureUnit.MILLILITRE: Decimal(100),
    MeasureUnit.PIECE: Decimal(1),
}
"""How much of each unit its price is told for."""

UN_CODES = {MeasureUnit.GRAM: "GRM", MeasureUnit.MILLILITRE: "MLT", MeasureUnit.PIECE: "C62"}
"""The units' names for machines (UN/CEFACT, which schema.org's unitCode wants)."""


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """So many cents for ``per`` of ``unit``: 2,40 $ for 100 g."""

    cents: int
    per: Decimal
    unit: MeasureUnit

    @property
    def text(self) -> str:
        """« 2,40 $ / 100 g »; « 0,75 $ / unité »."""
        measure = _("unité") if self.unit is MeasureUnit.PIECE else f"{self.per}\u00a0{self.unit.value}"
        return f"{cad(self.cents)} / {measure}"


def unit_price(price_cents: int, quantity: Decimal | None, unit: str) -> UnitPrice | None:
    """The price per measure of something that holds ``quantity`` of ``unit``; None where that is not said."""
    if quantity is None or quantity <= 0 or not unit:
        return None
    measure = MeasureUnit(unit)
    exact = Decimal(price_cents) * PER[measure] / Decimal(quantity)
    return UnitPrice(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)), PER[measure], measure)


def unit_price_of(product: Product, variant: Variant) -> UnitPrice | None:
    """A food's; None for anything else, whatever quantity is written with it."""
    if not product.is_food:
        return None
    return unit_price(variant.price_cents, variant.net_quantity, variant.net_unit)


def unit_price_text(product: Product, variant: Variant) -> str:
    """What is shown, and frozen on a sold line, like « 2,40 $ / 100 g »; "" where there is none."""
    price = unit_price_of(product, variant)
    return price.text if price else ""
