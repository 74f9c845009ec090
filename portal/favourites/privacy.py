"""What favourites tell of a person, and how they are forgotten."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from portal.favourites import keeping
from portal.favourites.models import Favourite, Holder, ListedFavourite
from portal.models import User


def held_on(user: User) -> Iterator[dict[str, Any]]:
    """One row for each thing the person keeps in the portal in scope, with the lists that it stands in."""
    rows = Favourite.objects.filter(holder__user=user).select_related("merchant", "product__merchant")
    lists: dict[int, list[str]] = {}
    for entry in ListedFavourite.objects.filter(favourite__in=rows).select_related("list"):
        lists.setdefault(entry.favourite_id, []).append(entry.list.name)
    for row in rows:
        shop = row.merchant or (row.product.merchant if row.product else None)
        yield {
            "commerce": shop.name if shop else "",
            "produit": row.product.title if row.product else "",
            "garde_le": row.added_at.isoformat(),
            "enleve_le": row.removed_at.isoformat() if row.removed_at else None,
            "listes": ", ".join(lists.get(row.pk, [])),
        }


def forget(user: User) -> None:
    """Nothing is kept for the person in the portals in scope; links to its lists open nothing."""
    Holder.objects.filter(user=user).delete()


def forget_old(now: datetime) -> int:
    return keeping.forget_old(now)
