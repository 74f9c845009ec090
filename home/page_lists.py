"""Pages of the portal in scope that everyone may read, without a query beside the list's own."""

from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from wagtail.models import PageViewRestriction

from home.addresses import portal_root_path


def public_pages(pages: QuerySet[Any]) -> QuerySet[Any]:
    """Of ``pages`` those that are live, of this portal, and in no private section."""
    root = portal_root_path()
    if not root:
        return pages.none()
    private = PageViewRestriction.objects.annotate(candidate=OuterRef("path")).filter(
        candidate__startswith=F("page__path")
    )
    return pages.filter(~Exists(private), live=True, url_path__startswith=root)
