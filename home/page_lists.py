"""Pages of the portal in scope that everyone may read, without a query beside the list's own."""

from typing import Any

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from wagtail.models import Locale, PageViewRestriction

from home.addresses import portal_root_path
from home.languages import FRENCH


def in_french() -> Q:
    """For a queryset of pages: the originals. Whatever is counted, listed or found once is of these alone.

    The language's key is looked up once per query, not joined to each row.
    """
    return Q(locale=Subquery(Locale.objects.filter(language_code=FRENCH).values("pk")[:1]))


def public_pages(pages: QuerySet[Any]) -> QuerySet[Any]:
    """Of ``pages`` those in French that are live, of this portal, and in no private section."""
    root = portal_root_path()
    if not root:
        return pages.none()
    return pages.filter(~in_private_section(), live=True, url_path__startswith=root)


def in_private_section() -> Exists:
    """For a queryset of pages: whether the page, or one above it, has a view restriction."""
    candidate = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    above = PageViewRestriction.objects.annotate(candidate=candidate).filter(
        candidate__startswith=F("page__path")
    )
    return Exists(above)
