"""Lists made of favourites, and the links that show them to others."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from home import links
from home.tenancy import unjoined
from portal.favourites import keeping
from portal.favourites.models import FavouriteList, Holder, ListedFavourite

MOST = 20
PURPOSE = "favourites_list"


class TooMany(Exception):
    """The holder has as many lists as one may."""


def of_holder(holder: Holder) -> QuerySet[FavouriteList]:
    """With ``things``, how many each shows; the newest first."""
    shown = Count("entries", filter=Q(entries__favourite__removed_at=None))
    rows: QuerySet[FavouriteList] = FavouriteList.objects.filter(holder=holder).annotate(things=shown)
    return rows


@transaction.atomic
def make(holder: Holder, name: str, chosen: Collection[int], *, now: datetime) -> FavouriteList:
    """``chosen``: keys of the holder's favourites; any other is passed over. Raises TooMany."""
    keeping.touch(holder, now)
    if FavouriteList.objects.filter(holder=holder).count() >= MOST:
        raise TooMany
    row: FavouriteList = FavouriteList.objects.create(holder=holder, name=name, made_at=now)
    _fill(row, holder, chosen)
    return row


@transaction.atomic
def change(row: FavouriteList, name: str, chosen: Collection[int], *, now: datetime) -> None:
    """It has this name and shows these favourites from now on; its link stays."""
    keeping.touch(row.holder, now)
    unjoined(FavouriteList).filter(pk=row.pk).update(name=name)
    _fill(row, row.holder, chosen)


def _fill(row: FavouriteList, holder: Holder, chosen: Collection[int]) -> None:
    """What was taken out and can still be put back keeps its place."""
    kept = list(keeping.held(holder).filter(pk__in=chosen).values_list("pk", flat=True))
    gone = ListedFavourite.objects.filter(list=row, favourite__removed_at=None).exclude(favourite__in=kept)
    gone.delete()
    ListedFavourite.objects.bulk_create(
        [ListedFavourite(list=row, favourite_id=pk) for pk in kept], ignore_conflicts=True
    )


def keys_in(row: FavouriteList) -> list[int]:
    """Of the favourites it shows."""
    entries = ListedFavourite.objects.filter(list=row, favourite__removed_at=None)
    return list(entries.values_list("favourite", flat=True))


def share(row: FavouriteList, *, now: datetime) -> bool:
    """Its link opens it from now on. False when it did before."""
    return bool(unjoined(FavouriteList).filter(pk=row.pk, shared_at=None).update(shared_at=now))


def stop(row: FavouriteList) -> bool:
    """No link given until now opens it any more. False when none did."""
    standing = unjoined(FavouriteList).filter(pk=row.pk, shared_at__isnull=False)
    return bool(standing.update(shared_at=None, link_version=F("link_version") + 1))


def token_of(row: FavouriteList) -> str:
    return links.seal(PURPOSE, row.pk, row.link_version)


def opened_by(token: str) -> FavouriteList | None:
    """The list that the link shows, in the portal in scope; None for a forged, foreign or stopped one."""
    said = links.unseal(PURPOSE, token)
    if said is None:
        return None
    rows = FavouriteList.objects.filter(pk=said.pk, link_version=said.version, shared_at__isnull=False)
    found: FavouriteList | None = rows.select_related("holder").first()
    return found
