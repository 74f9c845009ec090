"""The only writer of ``Variant.on_hand``. Rows are taken in primary key order, so that no two buyers deadlock."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from shop.exceptions import OutOfStock, Shortage
from shop.models import StockMovement, Variant


def reserve(quantities: Mapping[int, int]) -> None:
    """Take units (variant pk → units) off the shelf, all or nothing.

    Must run inside a transaction. Raises OutOfStock naming every variant that is short; the caller's
    transaction must then be rolled back, as the units before the first shortage are already taken.
    """
    short = [pk for pk in sorted(quantities) if not _take(pk, quantities[pk])]
    if short:
        raise OutOfStock(_shortages(short, quantities))


def _take(variant_id: int, units: int) -> bool:
    """The condition and the change are one statement: of two buyers of the last unit, one gets False."""
    return bool(
        Variant.objects.filter(pk=variant_id, on_hand__gte=units).update(on_hand=F("on_hand") - units)
    )


def _shortages(variant_ids: list[int], quantities: Mapping[int, int]) -> list[Shortage]:
    rows = Variant.objects.select_related("product").in_bulk(variant_ids)
    return [
        Shortage(variant_id=pk, label=str(rows[pk]), asked=quantities[pk], left=rows[pk].on_hand)
        for pk in variant_ids
        if pk in rows
    ]


def put_back(quantities: Mapping[int, int]) -> None:
    """Return reserved or refunded units to the shelf. Must run inside a transaction."""
    for pk in sorted(quantities):
        Variant.objects.filter(pk=pk).update(on_hand=F("on_hand") + quantities[pk])


@transaction.atomic
def receive(variant: Variant, units: int, *, reason: str, now: datetime) -> None:
    """Put units on the shelf, or write some off (negative units).

    Raises OutOfStock when more would be written off than is free.
    """
    if units < 0:
        reserve({variant.pk: -units})
    else:
        put_back({variant.pk: units})
    StockMovement.objects.create(variant=variant, delta=units, reason=reason, at=now)


def write_off_returned(quantities: Mapping[int, int], *, reason: str, now: datetime) -> None:
    """Sold units that were refunded but will not be sold again leave the books; the shelf is unchanged."""
    StockMovement.objects.bulk_create(
        StockMovement(variant_id=pk, delta=-units, reason=reason, at=now) for pk, units in quantities.items()
    )
