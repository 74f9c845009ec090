"""Wall 6, pictures and documents: the admin's own API, limited to what the policy lets this person see.

The admin links to these addresses on every page: they are registered anew, not taken away.
"""

from typing import Any

from django.db.models import QuerySet
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.permissions import policy_registry


class OwnLibrary:
    """Put it before the endpoint: rows of the portal in scope that this person may choose or change."""

    request: Any

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset()  # type: ignore[misc]
        policy = policy_registry.get_by_type(rows.model)
        known = policy.instances_user_has_any_permission_for(self.request.user, ["choose", "change"])
        return rows.filter(pk__in=known.values("pk"))


class PortalImages(OwnLibrary, ImagesAdminAPIViewSet):
    pass


class PortalDocuments(OwnLibrary, DocumentsAdminAPIViewSet):
    pass


def filtered_endpoints() -> bool:
    """Whether every endpoint of the library that answers is one of these."""
    from wagtail.admin.api.urls import admin_api

    endpoints = admin_api._endpoints  # noqa: SLF001 - it has no public name
    return all(issubclass(endpoints[name], OwnLibrary) for name in ("images", "documents"))
