"""The town in numbers: one grouped query answers the masthead, the front page's index and the directory's filters.

The directory's own pages count at the moment, beside the list that they count. Everywhere else a count may be a minute
old: it moves with the clock, and it is no visitor's own.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.core.cache import cache
from django.db.models import BooleanField, Count, ExpressionWrapper, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from directory.delivery import delivers_condition
from directory.models import Merchant
from directory.open_now import is_open_condition
from home.tenancy import current_site_id

GROUPED_BY = (
    *(f"category__{name}" for name in ("slug", "name", "sort_order", "icon")),
    *(f"sector__{name}" for name in ("slug", "name", "sort_order", "color")),
    "tier",
    "is_open",
)

Group = dict[str, Any]

SECONDS_KEPT = 60


def groups_of(found: QuerySet[Merchant], moment: dt.datetime, *, postal_code: str = "") -> list[Group]:
    """How many merchants of ``found`` (``count``) share each combination of what one can filter by.

    With a normal postal code, ``delivers`` too: whether they bring things there.
    """
    conditions = {"is_open": is_open_condition(moment)}
    if postal_code:
        conditions["delivers"] = delivers_condition(postal_code)
    told = {name: ExpressionWrapper(q, output_field=BooleanField()) for name, q in conditions.items()}
    names = dict.fromkeys((*GROUPED_BY, *told))
    grouped = found.order_by().annotate(**told).values(*names)
    return list(grouped.annotate(count=Count("pk")))


def groups_of_town(request: HttpRequest | None) -> list[Group]:
    """The groups of all merchants that shoppers may see, at this moment: asked once per request."""
    known: list[Group] | None = getattr(request, "groups_of_town", None)
    if known is not None:
        return known
    groups = groups_of(Merchant.objects.visible(), timezone.now())
    if request is not None:
        request.groups_of_town = groups  # type: ignore[attr-defined]
    return groups


def groups_of_the_minute() -> list[Group]:
    """The same, counted once a minute for all pages of the portal in scope."""
    groups = cache.get_or_set(
        _key("groups"), lambda: groups_of(Merchant.objects.visible(), timezone.now()), SECONDS_KEPT
    )
    return groups or []


def open_count_of_the_minute(request: HttpRequest | None) -> int:
    """How many are open; as counted for this page where it was."""
    known: list[Group] | None = getattr(request, "groups_of_town", None)
    if known is not None:
        return open_count(known)
    count = cache.get_or_set(_key("open"), lambda: open_count(groups_of_the_minute()), SECONDS_KEPT)
    return count or 0


def keys_of_the_minute(name: str, find: Callable[[], QuerySet[Merchant]]) -> list[int]:
    """The primary keys of the merchants that were found, within the last minute, in the portal in scope."""
    keys = cache.get_or_set(_key(name), lambda: list(find().values_list("pk", flat=True)), SECONDS_KEPT)
    return keys or []


def _key(name: str) -> str:
    return f"town-{name}-{current_site_id()}"


def open_count(groups: Iterable[Group]) -> int:
    return sum(group["count"] for group in groups if group["is_open"])


def index_of(groups: Iterable[Group], kind: str, mark: str) -> list[dict[str, Any]]:
    """The categories or sectors (``kind``) that have merchants, in their order: name, slug, ``mark``, count."""
    rows: dict[str, dict[str, Any]] = {}
    for group in sorted(groups, key=lambda group: (group[f"{kind}__sort_order"], group[f"{kind}__name"])):
        row = {name: group[f"{kind}__{name}"] for name in ("name", "slug", mark)}
        rows.setdefault(row["slug"], {**row, "count": 0})["count"] += group["count"]
    return list(rows.values())
