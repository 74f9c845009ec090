"""The one way to ask « which portal is this? ».

A portal is a Wagtail ``Site``. Rows that belong to a portal carry ``site`` (or reach it by a path), and their
default manager is scoped with django-scopes: a query outside a scope raises ``ScopeError`` instead of leaking.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from django_scopes import ScopedManager, get_scope, scope, scopes_disabled
from wagtail.models import Site

from home.exceptions import NoPortal

__all__ = [
    "across_portals",
    "current_site",
    "current_site_id",
    "portal_manager",
    "portal_scope",
    "site_for",
    "site_in_scope",
]

across_portals = scopes_disabled
"""For the operator's jobs alone (worker, reconcile, invariants): they read every portal, row by row."""


def portal_manager(path: str = "site", queryset: type[models.QuerySet[Any]] = models.QuerySet) -> Any:
    """A manager that only sees the portal in scope, found by following ``path`` from the row to its Site."""
    return ScopedManager(models.Manager.from_queryset(queryset), site=path)


@contextmanager
def portal_scope(site: Site | int) -> Iterator[None]:
    """Work for one portal, given as a Site or its primary key."""
    with scope(site=site.pk if isinstance(site, Site) else site):
        yield


def current_site_id() -> int:
    """Primary key of the portal in scope. Raises NoPortal outside a scope."""
    value = get_scope().get("site")
    if not isinstance(value, int):
        raise NoPortal("No portal in scope: wrap this in portal_scope(site)")
    return value


def site_in_scope() -> int | None:
    """A field's default: the portal in scope, or None, which a NOT NULL column then refuses."""
    value = get_scope().get("site")
    return value if isinstance(value, int) else None


def current_site() -> Site:
    """The portal in scope. Raises NoPortal outside a scope."""
    return Site.objects.select_related("root_page").get(pk=current_site_id())


def site_for(request: HttpRequest) -> Site:
    """The portal that this request's host names. Raises Http404 for a host that is no portal."""
    site = Site.find_for_request(request)
    if site is None:
        raise Http404("No portal answers to this host")
    return site
