"""What belongs to the portal in scope, for every kind of row that something may refer to."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, QuerySet
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Site

from home.tenancy import below_roots, current_site_id

Rows = QuerySet[Any]


def of_the_portal(model: type[Model]) -> Rows:
    """The model's rows that the portal in scope owns. Raises ImproperlyConfigured for a model nobody has placed.

    A model with a scoped manager is placed by that; Wagtail's are placed here.
    """
    if is_scoped(model):
        return model._default_manager.all()
    for known, rows in PLACED:
        if issubclass(model, known()):
            return rows(model)
    raise ImproperlyConfigured(
        f"{model._meta.label} belongs to no portal: say in home.belongings which rows do"
    )


def is_scoped(model: type[Model]) -> bool:
    """Whether its default manager is ``home.tenancy.portal_manager``."""
    return hasattr(model._default_manager, "with_scopes_disabled")


def is_placed(model: type[Model]) -> bool:
    """Whether ``of_the_portal`` knows the model."""
    return is_scoped(model) or any(issubclass(model, known()) for known, _rows in PLACED)


def _pages(model: type[Model]) -> Rows:
    return model._default_manager.filter(below_roots())


def _with_site(model: type[Model]) -> Rows:
    return model._default_manager.filter(site=current_site_id())


PLACED: list[tuple[Callable[[], type[Model]], Callable[[type[Model]], Rows]]] = [
    (lambda: Page, _pages),
    (get_image_model, _with_site),
    (get_document_model, _with_site),
    (lambda: Site, lambda model: model._default_manager.filter(pk=current_site_id())),
]
