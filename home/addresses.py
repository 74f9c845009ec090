"""Addresses of pages without asking the database for the pages."""

from django.http import HttpRequest
from wagtail.models import Page, Site

from home.tenancy import current_site_id


def portal_root_path() -> str:
    """``url_path`` of the root page of the portal in scope, which begins that of each of its pages.

    Wagtail keeps the root paths in the cache: no query as a rule. Empty for a portal that is no more.
    """
    here = current_site_id()
    return next((root.root_path for root in Site.get_site_root_paths() if root.site_id == here), "")


def address_of(url_path: str) -> str:
    """The address, from the host's root, of the page with this ``url_path``; empty for another portal's page."""
    root = portal_root_path()
    return "/" + url_path.removeprefix(root) if root and url_path.startswith(root) else ""


def absolute_url(page: Page, request: HttpRequest) -> str:
    """The page's address with the scheme, host and port by which ``request`` came."""
    return request.build_absolute_uri(page.get_url(request) or "/")
