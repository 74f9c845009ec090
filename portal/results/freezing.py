"""A week's figures as a letter keeps them: plain values, read back as they were put."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from directory.counting.figures import Contacts
from directory.enums import Source
from directory.models import Merchant
from home.periods import Period
from portal.results.breakdown import breakdown
from shop.merchant_results import Result, result_of
from shop.results import Sales


@dataclass(frozen=True, slots=True)
class Week:
    """``origin``: what led most people to the merchant, its title or "", and how many came. ``product``: most seen."""

    result: Result
    origin: tuple[Source, str, int] | None = None
    product: tuple[str, int] | None = None


def week_of(merchant: Merchant, period: Period, *, today: dt.date) -> Week:
    result = result_of(merchant, period, today=today)
    if result.is_empty:
        return Week(result)
    parts = breakdown(merchant, period)
    best, good = parts.best, parts.best_good
    return Week(
        result,
        (best.source, best.title, best.seen) if best else None,
        (good.title, good.seen) if good else None,
    )


def freeze(week: Week) -> dict[str, Any]:
    """What a JSON column keeps."""
    result = week.result
    return {
        "first": result.period.first.isoformat(),
        "last": result.period.last.isoformat(),
        "contacts": asdict(result.contacts),
        "sales": asdict(result.sales),
        "contacts_before": asdict(result.contacts_before) if result.contacts_before else None,
        "sales_before": asdict(result.sales_before) if result.sales_before else None,
        "origin": list(week.origin) if week.origin else None,
        "product": list(week.product) if week.product else None,
    }


def thaw(kept: Mapping[str, Any]) -> Week:
    """The week as it was frozen."""
    before, sold_before = kept["contacts_before"], kept["sales_before"]
    origin, product = kept["origin"], kept["product"]
    return Week(
        Result(
            Period(dt.date.fromisoformat(kept["first"]), dt.date.fromisoformat(kept["last"])),
            Contacts(**kept["contacts"]),
            Sales(**kept["sales"]),
            None if before is None else Contacts(**before),
            None if sold_before is None else Sales(**sold_before),
        ),
        (Source(origin[0]), origin[1], origin[2]) if origin else None,
        (product[0], product[1]) if product else None,
    )
