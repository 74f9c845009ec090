"""The one way to ask « which portal is this? ».

A portal is a Wagtail ``Site``. Rows that belong to a portal carry ``site`` (or reach it by a path), and their
default manager is scoped with django-scopes: a query outside a scope raises ``ScopeError`` instead of leaking.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import models
from django.db.models.expressions import Col
from django.db.models.sql.where import WhereNode
from django.http import Http404, HttpRequest
from django.http.request import split_domain_port
from django_scopes import ScopedManager, get_scope, scope, scopes_disabled
from django_scopes.manager import DisabledQuerySet
from wagtail.models import Page, Site

from home.compiled import CompiledForAll
from home.exceptions import JoinedCondition, NoPortal

__all__ = [
    "PortalQuerySet",
    "across_portals",
    "below_roots",
    "current_site",
    "current_site_id",
    "portal_manager",
    "portal_root_paths",
    "portal_scope",
    "site_for",
    "site_in_scope",
    "unjoined",
]

M = TypeVar("M", bound=models.Model)

across_portals = scopes_disabled
"""For the operator's jobs alone (worker, reconcile, invariants): they read every portal, row by row."""


class PortalQuerySet(models.QuerySet[Any]):
    """Rows of one portal. An UPDATE of them never decides a race by a join."""

    def update(self, **values: Any) -> int:
        """Raises JoinedCondition where the condition could be true for two racing workers: see ``unjoined``."""
        if self.query.count_active_tables() > 1 and not _only_names_rows(self.query.where):
            raise JoinedCondition(f"{self.model.__name__}: {self.query.where}")
        return super().update(**values)


def _only_names_rows(where: WhereNode) -> bool:
    """By keys, which never change; no condition looks at a value that another transaction may be changing."""
    return all(
        _only_names_rows(child) if isinstance(child, WhereNode) else _is_key(getattr(child, "lhs", None))
        for child in where.children
    )


def _is_key(side: object) -> bool:
    return isinstance(side, Col) and (side.target.primary_key or side.target.is_relation)


def unjoined(model: type[M]) -> models.QuerySet[M]:
    """The model's table alone, for the conditional UPDATE of rows that were found in their portal.

    Through a join, an UPDATE finds its rows by a subquery. Having waited for another transaction to change such a row,
    PostgreSQL does not look at that subquery again: both workers would see their update count.
    """
    with across_portals():
        return model._default_manager.all()


def portal_manager(path: str = "site", queryset: type[models.QuerySet[Any]] = models.QuerySet) -> Any:
    """A manager that only sees the portal in scope, found by following ``path`` from the row to its Site."""
    rows = type(f"Portal{queryset.__name__}", (PortalQuerySet, queryset), {})
    scoped = type(ScopedManager(models.Manager.from_queryset(rows), site=path))
    return type("PortalManager", (_RefusingManager, scoped), {})()


class UnscopedQuerySet(DisabledQuerySet):  # type: ignore[misc]
    """What a manager gives where no portal is in scope: whatever is asked of it, but ``none()``, raises ScopeError.

    django-scopes leaves a few doors open: ``exists()`` is one, and what only clones a query (``exclude()``) is another
    when it ends in a subquery of somebody else's.
    """

    error = DisabledQuerySet.error
    exists = aexists = contains = in_bulk = explain = error
    exclude = alias = distinct = defer = select_related = prefetch_related = extra = error
    difference = intersection = error
    bulk_update = resolve_expression = error


class _RefusingManager:
    def get_queryset(self) -> Any:
        rows = super().get_queryset()  # type: ignore[misc]
        if isinstance(rows, DisabledQuerySet):
            return UnscopedQuerySet(rows.model, using=rows.db, missing_scopes=rows.missing_scopes)
        return rows


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


def portal_root_paths() -> list[str]:
    """``path`` in the tree of the portal's root page in each language, which begins that of each of its pages.

    Raises NoPortal outside a scope.
    """
    here = Site.objects.filter(pk=current_site_id())
    roots = Page.objects.filter(translation_key__in=here.values("root_page__translation_key"))
    return list(roots.values_list("path", flat=True))


def below_roots(field: str = "path") -> models.Q:
    """Pages of the portal in scope, in every language; ``field`` leads to the ``path`` of a page."""
    inside = models.Q(pk=None)
    for path in portal_root_paths():
        inside |= models.Q(**{f"{field}__startswith": path})
    return inside


def site_for(request: HttpRequest) -> Site:
    """The portal that this request's host names. Raises Http404 for a host that is no portal."""
    if not hasattr(request, "_wagtail_site"):  # where Wagtail keeps what it found, too
        request._wagtail_site = _site_of(*_host_and_port(request))  # type: ignore[attr-defined]  # noqa: SLF001
    site = Site.find_for_request(request)
    if site is None:
        raise Http404("No portal answers to this host")
    return site


_SITES = CompiledForAll(
    lambda hostname: (
        Site.objects.filter(models.Q(hostname=hostname) | models.Q(is_default_site=True))
        .select_related("root_page")
        .order_by("pk")
    ),
    hostname=str,
)


def _host_and_port(request: HttpRequest) -> tuple[str, str]:
    """Whatever host was named: whether it is allowed is not asked here, as Wagtail does not."""
    host = request._get_raw_host()  # type: ignore[attr-defined]  # noqa: SLF001
    return split_domain_port(host)[0], request.get_port()


def _site_of(hostname: str, port: str) -> Site | None:
    """Wagtail's own choice: host and port, a default of that host, the only one of that host, the default."""
    sites = _SITES.rows(hostname=hostname)
    of_host = [site for site in sites if site.hostname == hostname]
    default = next((site for site in sites if site.is_default_site), None)
    if exact := [site for site in of_host if str(site.port) == port]:
        return exact[0]
    if default in of_host or (default and len(of_host) != 1):
        return default
    return of_host[0] if len(of_host) == 1 else None
