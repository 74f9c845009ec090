"""What containers cost until they come back: the deposits of a day, and of one unit of a variant. Not taxed."""

from collections.abc import Mapping
from datetime import date

from shop.enums import Container
from shop.models import DepositRate, Variant


def deposits_on(day: date) -> dict[Container, int]:
    """Each container's deposit in cents on ``day``: the newest row that had taken effect. One query."""
    rows = DepositRate.objects.filter(effective_from__lte=day).order_by("effective_from")
    return {Container(row.container): row.deposit_cents for row in rows}


def unit_deposit_cents(variant: Variant, rates: Mapping[Container, int]) -> int:
    """The deposit on one unit of a variant: its containers, each at the rate given; 0 for none or none yet."""
    if not variant.container:
        return 0
    return rates.get(Container(variant.container), 0) * variant.container_count
