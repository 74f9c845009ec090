"""What the shop's tables say: as they stand, or without what is drawn at random, so that two stories compare."""

import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models

from shop.models import StripeEvent

BY_CHANCE = re.compile(
    r"\b(?:cs_test|pi|ch|py|tr|trr|re|evt|dp|du|po|txn|req)_\w+"  # Stripe's names
    r"|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"  # ours
    r"|\b[A-Z]{3}-[2-9A-Z]{6}\b"  # an order's number
    r"|\d+(?=:|$)"  # a primary key at the end of an outbox key, or inside it
)
OF_THE_WAY = {"attempts", "last_error", "not_before", "cause", "attempt"}
"""How it came about, not how it ended."""

Rows = dict[str, list[tuple[Any, ...]]]


def shop_models() -> Iterator[type[models.Model]]:
    """Every table of the shop but the inbox, which says what was heard."""
    return (model for model in apps.get_app_config("shop").get_models() if model is not StripeEvent)


def rows() -> Rows:
    """Every row of the shop, as it stands, whatever portal it belongs to."""
    return {model.__name__: list(_all(model).values_list()) for model in shop_models()}


def ending() -> Rows:
    """Every row of the shop, each name, key and hour drawn at random replaced by whether it is there."""
    filled = _filled()
    values = {model: list(_values(model)) if model in filled else [] for model in shop_models()}
    ranks = {model: {row[0]: rank for rank, row in enumerate(rows)} for model, rows in values.items()}
    return {model.__name__: sorted(_told(model, rows, ranks), key=repr) for model, rows in values.items()}


def _filled() -> set[type[models.Model]]:
    """Those with rows: the other two thirds need not be read."""
    known = {model.__name__: model for model in shop_models()}
    each = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{model._meta.db_table}\")"
        for name, model in known.items()
    )
    with connection.cursor() as cursor:
        return {known[name] for (name,) in cursor.execute(each).fetchall()}


def differences(before: Rows, after: Rows) -> dict[str, tuple[list[Any], list[Any]]]:
    """By table: the rows that are only in the one, and only in the other."""
    return {
        name: (_only(before.get(name, []), after.get(name, [])), _only(after[name], before.get(name, [])))
        for name in after
        if before.get(name) != after[name]
    }


def _only(here: list[Any], there: list[Any]) -> list[Any]:
    return [row for row in here if row not in there]


def _all(model: type[models.Model]) -> models.QuerySet[Any]:
    return model._base_manager.order_by("pk")


def _fields(model: type[models.Model]) -> list[Any]:
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in OF_THE_WAY
    ]


def _values(model: type[models.Model]) -> models.QuerySet[Any]:
    """Of each row its key, and what ``_fields`` names."""
    return _all(model).values_list("pk", *(field.attname for field in _fields(model)))


def _told(
    model: type[models.Model], rows: list[tuple[Any, ...]], ranks: dict[Any, dict[Any, int]]
) -> Iterator[tuple[Any, ...]]:
    fields = _fields(model)
    for _pk, *row in rows:
        yield tuple(
            (field.name, _plain(field, value, ranks)) for field, value in zip(fields, row, strict=True)
        )


def _plain(field: models.Field, value: Any, ranks: dict[Any, dict[Any, int]]) -> Any:
    if value is None:
        return None
    if field.related_model in ranks:
        return ranks[field.related_model].get(value)
    if isinstance(field, models.DateTimeField | models.UUIDField | models.TextField):
        return bool(value)
    if isinstance(field, models.JSONField):
        return sorted(value) if isinstance(value, dict) else len(value)
    return BY_CHANCE.sub("…", value) if isinstance(value, str) else value
