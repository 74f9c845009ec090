"""The only writer of ``Variant.on_hand``. Rows are taken in primary key order, so that no two buyers deadlock.

What is made to order or copied from a file has no shelf: reserving it writes the units into the books, giving it
back writes them out, and ``on_hand`` stays as it is. So, of every sku: on hand + reserved + sold = received.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.enums import ProductKind, ProductStatus
from shop.exceptions import OutOfStock, Shortage, StockMoved
from shop.models import Product, StockMovement, Variant

MOST_WITHOUT_STOCK = 99
"""Units of one thing made to order, or of one file, that one checkout may ask for."""

ORDERED = _("commandé")
NOT_MADE = _("commande annulée ou remboursée")


@dataclass(frozen=True, slots=True)
class _Facts:
    """What reserving a variant depends on besides its shelf."""

    kind: str
    is_offered: bool

    @property
    def has_shelf(self) -> bool:
        return self.kind == ProductKind.STOCKED


def units_free(variant: Variant) -> int:
    """How many units one may ask for now: those on the shelf, or a sane maximum of what has none."""
    if not variant.is_active:
        return 0
    return variant.on_hand if variant.product.kind == ProductKind.STOCKED else MOST_WITHOUT_STOCK


def reserve(quantities: Mapping[int, int], *, now: datetime | None = None) -> None:
    """Take units (variant pk → units), all or nothing: only active variants of published products.

    Must run inside a transaction. Raises OutOfStock naming every variant that is short; the caller's
    transaction must then be rolled back, as the units before the first shortage are already taken.
    """
    facts = _facts_of(quantities)
    short = [pk for pk in sorted(quantities) if not _reserve_one(pk, quantities[pk], facts)]
    if short:
        raise OutOfStock(_shortages(short, quantities, facts))
    ordered = {pk: units for pk, units in quantities.items() if not facts[pk].has_shelf}
    _record(ordered, reason=str(ORDERED), now=now)


def _facts_of(variant_ids: Iterable[int]) -> dict[int, _Facts]:
    rows = Variant.objects.filter(pk__in=list(variant_ids)).values_list(
        "pk", "product__kind", "product__status", "is_active"
    )
    return {
        pk: _Facts(kind, is_active and status == ProductStatus.PUBLISHED)
        for pk, kind, status, is_active in rows
    }


def _reserve_one(variant_id: int, units: int, facts: Mapping[int, _Facts]) -> bool:
    known = facts.get(variant_id)
    if known is None or not known.is_offered:
        return False
    return _take(variant_id, units) if known.has_shelf else units <= MOST_WITHOUT_STOCK


def _take(variant_id: int, units: int) -> bool:
    """The condition and the change are one statement: of two buyers of the last unit, one gets False."""
    return bool(
        Variant.objects.filter(pk=variant_id, on_hand__gte=units).update(on_hand=F("on_hand") - units)
    )


def _shortages(
    variant_ids: list[int], quantities: Mapping[int, int], facts: Mapping[int, _Facts]
) -> list[Shortage]:
    rows = Variant.objects.select_related("product").in_bulk(variant_ids)
    return [
        Shortage(
            variant_id=pk,
            label=str(rows[pk]),
            asked=quantities[pk],
            left=units_free(rows[pk]) if facts[pk].is_offered else 0,
        )
        for pk in variant_ids
        if pk in rows
    ]


def put_back(quantities: Mapping[int, int], *, now: datetime | None = None) -> None:
    """Return reserved or refunded units to the shelf, or out of the books. Must run inside a transaction.

    A product whose kind changed since keeps its books: what comes back to a shelf can be sold from it, and what
    has no shelf any more is written off.
    """
    facts = _facts_of(quantities)
    for pk in sorted(quantities):
        if facts[pk].has_shelf:
            Variant.objects.filter(pk=pk).update(on_hand=F("on_hand") + quantities[pk])
    unmade = {pk: -units for pk, units in quantities.items() if not facts[pk].has_shelf}
    _record(unmade, reason=str(NOT_MADE), now=now)


@transaction.atomic
def receive(variant: Variant, units: int, *, reason: str, now: datetime) -> None:
    """Put units on the shelf, or write some off (negative units), whether the product is published or not.

    Raises OutOfStock when more would be written off than is free.
    """
    if units < 0 and not _take(variant.pk, -units):
        raise OutOfStock([Shortage(variant.pk, str(variant), asked=-units, left=_on_hand(variant.pk))])
    if units > 0:
        Variant.objects.filter(pk=variant.pk).update(on_hand=F("on_hand") + units)
    StockMovement.objects.create(variant=variant, delta=units, reason=reason, at=now)
    _confirm(variant, now)


@transaction.atomic
def count(variant: Variant, units: int, *, seen: int, reason: str, now: datetime) -> bool:
    """So many units are on the shelf, by somebody who saw ``seen`` written there. False when it says so already.

    Either way its people looked: the product is confirmed.
    Raises StockMoved when units were sold or received meanwhile: the count was of another shelf, nothing changes.
    """
    if units == seen:
        _confirm(variant, now)
        return False
    if not Variant.objects.filter(pk=variant.pk, on_hand=seen).update(on_hand=units):
        if (left := _on_hand(variant.pk)) == units:
            return False
        raise StockMoved(left)
    StockMovement.objects.create(variant=variant, delta=units - seen, reason=reason, at=now)
    _confirm(variant, now)
    return True


def _confirm(variant: Variant, now: datetime) -> None:
    """Somebody has the product in hand (``shop.on_shelves``)."""
    Product.objects.filter(pk=variant.product_id, confirmed_at__lt=now).update(confirmed_at=now)


def _on_hand(variant_id: int) -> int:
    return Variant.objects.values_list("on_hand", flat=True).get(pk=variant_id)


def write_off_returned(quantities: Mapping[int, int], *, reason: str, now: datetime) -> None:
    """Sold units that were refunded but will not be sold again leave the books; the shelf is unchanged."""
    _record({pk: -units for pk, units in quantities.items()}, reason=reason, now=now)


def _record(deltas: Mapping[int, int], *, reason: str, now: datetime | None) -> None:
    """Movements in primary key order; none for nothing."""
    at = now or timezone.now()
    StockMovement.objects.bulk_create(
        StockMovement(variant_id=pk, delta=deltas[pk], reason=reason, at=at)
        for pk in sorted(deltas)
        if deltas[pk]
    )
