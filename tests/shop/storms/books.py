"""What the shop's tables say: as they stand, or without what is drawn at random, so that two stories compare."""

import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

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
    ranks = {model: _ranks(model) for model in shop_models()}
    return {model.__name__: sorted(_told(model, ranks), key=repr) for model in ranks}


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


def _ranks(model: type[models.Model]) -> dict[Any, int]:
    return {pk: rank for rank, pk in enumerate(_all(model).values_list("pk", flat=True))}


def _told(model: type[models.Model], ranks: dict[Any, dict[Any, int]]) -> Iterator[tuple[Any, ...]]:
    fields = [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in OF_THE_WAY
    ]
    for row in _all(model).values_list(*(field.attname for field in fields)):
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
