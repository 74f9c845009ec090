"""Taxes on the lines of an invoice: each rate on the line's own amount, rounded half up to the cent.

*Verify*: that Stripe rounds each line, rather than the invoice's whole, where an invoice has several.
"""

from decimal import ROUND_HALF_UP, Decimal

from shop.sandbox.errors import Json, not_simulated


def taxes_on(amount: int, rates: list[Json]) -> list[Json]:
    """What each rate adds to an amount, in cents, in the shape of an invoice line's `taxes`."""
    return [
        {
            "amount": tax_on(amount, rate), "tax_behavior": "exclusive",
            "tax_rate_details": {"tax_rate": rate["id"]}, "taxability_reason": "not_available",
            "taxable_amount": amount, "type": "tax_rate_details",
        } for rate in rates
    ]  # fmt: skip


def tax_on(amount: int, rate: Json) -> int:
    """One rate on one amount: 3900 at 9.975 % is 389."""
    exact = Decimal(amount) * Decimal(str(rate["percentage"])) / 100
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def total_taxes(lines: list[Json]) -> list[Json]:
    """The taxes of all lines, one entry for each rate, in the order in which the rates first appear."""
    totals: dict[str, Json] = {}
    for tax in (tax for line in lines for tax in line["taxes"]):
        total = totals.setdefault(
            tax["tax_rate_details"]["tax_rate"], tax | {"amount": 0, "taxable_amount": 0}
        )
        total["amount"] += tax["amount"]
        total["taxable_amount"] += tax["taxable_amount"]
    return list(totals.values())


def require_exclusive(rates: list[Json], param: str) -> list[Json]:
    """The rates, if each is added to the price. Raises Refusal (501) for one that prices contain."""
    if any(rate["inclusive"] for rate in rates):
        raise not_simulated("subscriptions whose prices contain a tax", param=param)
    return rates
