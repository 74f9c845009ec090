"""Signing in: what the browser kept is the person's from then on, beside what the person had."""

from datetime import datetime

from django.db import transaction

from home.tenancy import unjoined
from portal.favourites import keeping
from portal.favourites.models import Favourite, FavouriteList, Holder, ListedFavourite


def holder_of_person(site_id: int, user_pk: int) -> Holder:
    """The person's in that portal, made where there is none. Two requests at once make one."""
    row, _new = Holder.objects.get_or_create(site_id=site_id, user_id=user_pk)
    return row


@transaction.atomic
def merge(guest: Holder, user_pk: int, *, now: datetime) -> Holder:
    """Nothing is lost: favourites, lists and the links to them are the person's. Twice is once."""
    theirs = holder_of_person(guest.site_id, user_pk)
    locked = Holder.objects.select_for_update().filter(pk__in=[guest.pk, theirs.pk]).order_by("pk")
    if any(row.pk == guest.pk and row.user_id is None for row in locked):
        _move(guest, theirs)
        unjoined(FavouriteList).filter(holder=guest.pk).update(holder=theirs.pk)
        unjoined(Holder).filter(pk=guest.pk).delete()
        keeping.touch(theirs, now)
    return theirs


def _move(guest: Holder, theirs: Holder) -> None:
    known = {_thing(row): row for row in Favourite.objects.filter(holder=theirs)}
    for row in Favourite.objects.filter(holder=guest).order_by("pk"):
        if twin := known.get(_thing(row)):
            _join(row, twin)
        else:
            unjoined(Favourite).filter(pk=row.pk).update(holder=theirs.pk)


def _thing(row: Favourite) -> tuple[int | None, int | None]:
    return row.merchant_id, row.product_id


def _join(row: Favourite, twin: Favourite) -> None:
    """Kept by both: the lists of the one show the other, and it is kept if either was."""
    unjoined(ListedFavourite).filter(favourite=row.pk).update(favourite=twin.pk)
    if row.removed_at is None:
        unjoined(Favourite).filter(pk=twin.pk).update(removed_at=None)
