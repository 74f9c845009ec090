"""The shelves' rules: a price and its history, and when a product is shown for sale or taken down.

The only writer of ``Variant.price_cents`` and of ``Product.status``.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from home.tenancy import across_portals
from shop import alcohol
from shop.enums import ProductStatus
from shop.exceptions import CannotPublish
from shop.models import AlcoholPermit, PriceChange, Product, Variant
from shop.publication import what_is_missing

__all__ = ["add_variant", "hide", "publish", "set_price", "unpublish_expired", "what_is_missing"]


@transaction.atomic
def add_variant(
    product: Product, *, sku: str, price_cents: int, actor_id: int | None, now: datetime, **fields: Any
) -> Variant:
    """A new variant of a product, its first price in the history. ``fields``: the others of Variant."""
    variant = Variant.objects.create(
        site_id=product.site_id, product=product, sku=sku, price_cents=price_cents, **fields
    )
    _remember_price(variant, actor_id=actor_id, now=now)
    return variant


@transaction.atomic
def set_price(variant: Variant, price_cents: int, *, actor_id: int | None, now: datetime) -> bool:
    """The price from now on, in cents; orders and receipts keep theirs. False when it is that already."""
    known = Variant.objects.select_for_update(of=("self",)).get(pk=variant.pk)
    if known.price_cents == price_cents:
        return False
    Variant.objects.filter(pk=variant.pk).update(price_cents=price_cents)
    variant.price_cents = price_cents
    _remember_price(variant, actor_id=actor_id, now=now)
    return True


def _remember_price(variant: Variant, *, actor_id: int | None, now: datetime) -> None:
    PriceChange.objects.create(variant=variant, price_cents=variant.price_cents, actor_id=actor_id, at=now)


def publish(product: Product, *, today: date) -> bool:
    """Show it for sale. False when it is already.

    Raises CannotPublish with all that the law still asks, in French; the product then stays as it is.
    """
    if reasons := what_is_missing(product, today=today):
        raise CannotPublish(reasons)
    return _move(product, to=ProductStatus.PUBLISHED)


def hide(product: Product) -> bool:
    """Take it down: nobody sees or buys it any more; what was sold of it stays sold. False when it is hidden."""
    return _move(product, to=ProductStatus.HIDDEN)


def _move(product: Product, *, to: ProductStatus) -> bool:
    moved = Product.objects.filter(pk=product.pk).exclude(status=to).update(status=to)
    product.status = to
    return bool(moved)


def unpublish_expired(now: datetime) -> int:
    """Hide, in every portal, the published alcohol of merchants without a valid producer's permit; how many."""
    today = timezone.localdate(now)
    with across_portals():
        kinds = AlcoholPermit.objects.filter(expires_on__gte=today).values_list("kind", flat=True).distinct()
        valid = AlcoholPermit.objects.filter(
            merchant=OuterRef("merchant"),
            expires_on__gte=today,
            kind__in=[kind for kind in kinds if alcohol.is_producers(kind)],
        )
        shown = Product.objects.filter(is_alcohol=True, status=ProductStatus.PUBLISHED)
        return shown.exclude(Exists(valid)).update(status=ProductStatus.HIDDEN)
