"""Wall 3: no view of a viewset finds a row of another portal, nor one that this person has no right to.

Wagtail 8's generic views ask whether a person may change rows of a kind, and never whether this one. Every viewset of
ours begins with ``GuardedViewSet``; ``portal.walls.checks`` refuses to start with one that does not.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404
from wagtail.permissions import policy_registry

from home.belongings import of_the_portal


class GuardedViewSet:
    """Put it first among the bases of a viewset."""

    def construct_view(self, view_class: type, **kwargs: Any) -> Any:
        return super().construct_view(guarded(view_class), **kwargs)  # type: ignore[misc]


class GuardedView:
    """What every guarded view is, so that the check can tell."""


def guarded(view_class: type) -> type:
    """The view, limited wherever it looks rows up; nothing is added to a view that looks up none."""
    if issubclass(view_class, GuardedView):
        return view_class
    lookups = {name: _limited(name, limit) for name, limit in LIMITS.items() if hasattr(view_class, name)}
    return type(
        f"Guarded{view_class.__name__}", (GuardedView, view_class), {"__guards__": view_class, **lookups}
    )


def _limited(name: str, limit: Any) -> Any:
    def lookup(self: Any, *args: Any, **kwargs: Any) -> Any:
        # The view's own, whatever it is, with what stands beyond the guard taken away.
        try:
            return limit(self, getattr(super(GuardedView, self), name)(*args, **kwargs))
        except (ValueError, OverflowError) as not_a_key:
            raise Http404 from not_a_key

    lookup.__name__ = name
    return lookup


def _one(view: Any, row: Any) -> Any:
    """Raises Http404 for another portal's, PermissionDenied for one of this portal that is not for this person."""
    if isinstance(row, Model) and row.pk is not None:
        if not of_the_portal(type(row)).filter(pk=row.pk).exists():
            raise Http404
        if not _may(view, row):
            raise PermissionDenied
    return row


def _may(view: Any, row: Model) -> bool:
    """As the view asks of the kind of row, asked of this one."""
    policy = policy_registry.get_by_type(type(row))
    if required := getattr(view, "permission_required", None):
        return bool(policy.user_has_permission_for_instance(view.request.user, required, row))
    if any_of := getattr(view, "any_permission_required", None):
        return bool(policy.user_has_any_permission_for_instance(view.request.user, any_of, row))
    return True


def _many(view: Any, rows: Any) -> Any:
    """By a subquery, never a join: a search backend takes no other filter. Rows of another kind are left alone."""
    model = getattr(view, "model_class", None) or getattr(view, "model", None)
    if not isinstance(rows, QuerySet) or model is None or not issubclass(rows.model, model):
        return rows
    return rows.filter(pk__in=of_the_portal(rows.model).values("pk"))


def _each(view: Any, rows: Iterable[Any]) -> list[Any]:
    """Those among the chosen that are of the portal."""
    chosen = list(rows)
    if not chosen:
        return chosen
    here = of_the_portal(type(chosen[0])).filter(pk__in=[row.pk for row in chosen])
    known = set(here.values_list("pk", flat=True))
    return [row for row in chosen if row.pk in known]


LIMITS = {
    "get_object": _one,
    "get_base_queryset": _many,
    "get_base_object_queryset": _many,
    "get_object_list": _many,
    "get_objects": _each,
}
