"""Wall 4: what an object refers to stays inside its portal, whatever key a form was sent.

A chooser is no barrier: Wagtail takes any key in a foreign key, a block or a link of rich text. Wagtail's reference
index knows them all; here each is asked for its portal.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import ReferenceIndex

from home.belongings import of_the_portal

NOT_HERE = _("Ce choix n’existe pas dans ce portail. Choisissez-en un autre, ou retirez-le.")

NOBODYS = frozenset(
    {
        "contenttypes.contenttype",
        "portal.user",  # no form of the admin chooses a person
        "wagtailcore.collection",  # forms offer the shelves that the policy names
        "wagtailcore.locale",
        "wagtailcore.revision",
        "wagtailcore.task",
    }
)
"""Rows that are no portal's, or that only Wagtail itself refers to."""


class Stray(NamedTuple):
    """A reference that leads out. ``field`` of the object holds it, at the top of ``path``."""

    field: str
    path: str


def strays(instance: Model) -> list[Stray]:
    """References of the object, as it is in hand, to rows that are not of the portal in scope.

    A picture or document of one merchant is no other merchant's either.
    """
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for kind, key, _model_path, path in _references(instance):
        found[kind].append((str(key), path))
    return [
        Stray(path.partition(".")[0], path)
        for kind, references in found.items()
        for path in _leading_out(kind, references, instance)
    ]


def keys_referred_to(instance: Model, model: type[Model]) -> set[str]:
    """Primary keys, as text, of the rows of ``model`` that the object refers to, as it is in hand.

    A page is a row of Wagtail's ``Page``, whatever its type.
    """
    kind = ContentType.objects.get_for_model(model).pk
    return {str(key) for found, key, _model_path, _path in _references(instance) if found == kind}


def _references(instance: Model) -> Iterator[tuple[int, str, str, str]]:
    """Wagtail's own extraction, which its index is made of; it has no public name."""
    yield from ReferenceIndex._extract_references_from_object(instance)  # noqa: SLF001


def _leading_out(kind: int, references: list[tuple[str, str]], instance: Model) -> Iterator[str]:
    model = ContentType.objects.get_for_id(kind).model_class()
    if model is None or model._meta.label_lower in NOBODYS:
        return
    rows = _own(of_the_portal(model), instance)
    keys = {key for key, _path in references}
    inside = {str(key) for key in rows.filter(pk__in=keys).values_list("pk", flat=True)}
    yield from (path for key, path in references if key not in inside)


def _own(rows: QuerySet[Any], instance: Model) -> QuerySet[Any]:
    merchant_id = getattr(instance, "merchant_id", None)
    fields = {field.name for field in rows.model._meta.get_fields()}
    if merchant_id is None or not {"merchant", "file"} <= fields:
        return rows
    return rows.filter(merchant=None) | rows.filter(merchant=merchant_id)
