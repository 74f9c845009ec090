"""Keeping a shop or a product, letting go of it, putting it back. Each twice is once."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from directory.models import Merchant
from home.tenancy import unjoined
from portal.favourites.models import Favourite, Holder
from shop.models import Product

MOST = 200
"""Of shops and products together; what comes from signing in may pass it, for nothing is lost there."""
KEPT_FOR = timedelta(days=395)
"""Thirteen months after the last act, without an account."""
PUT_BACK_WITHIN = timedelta(days=1)

Thing = Merchant | Product


class Full(Exception):
    """The holder keeps as much as one may."""


def held(holder: Holder) -> QuerySet[Favourite]:
    """What it keeps now, newest first."""
    rows: QuerySet[Favourite] = Favourite.objects.filter(holder=holder, removed_at=None)
    return rows


def count(holder: Holder) -> int:
    return held(holder).count()


@transaction.atomic
def keep(holder: Holder, thing: Thing, *, now: datetime) -> Favourite:
    """Whoever keeps it twice, in two windows at once, keeps it once. Raises Full.

    Raises Merchant.DoesNotExist or Product.DoesNotExist for another portal's.
    """
    if thing.site_id != holder.site_id:
        raise type(thing).DoesNotExist
    touch(holder, now)
    row = Favourite.objects.filter(_of(thing), holder=holder).first()
    if row is not None and row.removed_at is None:
        return row
    if count(holder) >= MOST:
        raise Full
    if row is None:
        return Favourite.objects.create(holder=holder, added_at=now, **_fields(thing))
    unjoined(Favourite).filter(pk=row.pk).update(removed_at=None)
    return row


def _fields(thing: Thing) -> dict[str, Thing]:
    return {"merchant" if isinstance(thing, Merchant) else "product": thing}


def _of(thing: Thing) -> Q:
    return Q(**_fields(thing))


def touch(holder: Holder, now: datetime) -> None:
    """It is kept for thirteen months from now on. Its row stays locked until the transaction ends."""
    unjoined(Holder).filter(pk=holder.pk).update(touched_at=now)


@transaction.atomic
def let_go(holder: Holder, found: Q, *, now: datetime) -> Favourite | None:
    """``found`` says which of the holder's. It can be put back for a day. None where it was not kept."""
    row = held(holder).filter(found).first()
    if row is None:
        return None
    touch(holder, now)
    unjoined(Favourite).filter(pk=row.pk, removed_at=None).update(removed_at=now)
    return row


@transaction.atomic
def put_back(holder: Holder, pk: int, *, now: datetime) -> bool:
    """As it was, in its lists too. False for what is not the holder's, or was forgotten."""
    touch(holder, now)
    return bool(unjoined(Favourite).filter(pk=pk, holder=holder.pk).update(removed_at=None))


def forget_old(now: datetime) -> int:
    """What nobody touched for thirteen months, and what was let go of a day ago. Every portal is in scope."""
    browsers = Holder.objects.filter(user=None, touched_at__lt=now - KEPT_FOR)
    let_go_of = Favourite.objects.filter(removed_at__lt=now - PUT_BACK_WITHIN)
    return browsers.delete()[0] + let_go_of.delete()[0]
