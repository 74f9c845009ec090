"""Addresses of pages without asking the database for the pages."""

from django.http import HttpRequest
from wagtail.models import Page, Site

from home.languages import FRENCH, in_language
from home.tenancy import current_site_id


def portal_root_path() -> str:
    """``url_path`` of the French root page of the portal in scope, which begins that of each of its French pages.

    Wagtail keeps the root paths in the cache: no query as a rule. Empty for a portal that is no more.
    """
    here = current_site_id()
    roots = Site.get_site_root_paths()
    return next((r.root_path for r in roots if r.site_id == here and r.language_code == FRENCH), "")


def address_of(url_path: str) -> str:
    """The address, from the host's root and in the language in use, of the French page with this ``url_path``.

    Empty for another portal's page, and for an English one: it answers at its original's address.
    """
    root = portal_root_path()
    return in_language("/" + url_path.removeprefix(root)) if root and url_path.startswith(root) else ""


def absolute_url(page: Page, request: HttpRequest) -> str:
    """The page's address with the scheme, host and port by which ``request`` came."""
    return request.build_absolute_uri(page.get_url(request) or "/")
