"""What every page knows about its portal. Error pages may have no portal: then these are empty."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django_scopes import get_scope
from wagtail.models import Site

from home.models import PortalSettings
from home.portal_css import portal_css_url

NO_PORTAL: dict[str, Any] = {"portal": None, "site_nav": [], "portal_css_url": ""}


def portal(request: HttpRequest) -> dict[str, Any]:
    """``portal`` (PortalSettings), ``site_nav`` and ``portal_css_url`` of the portal that the host names."""
    if request.path_info.startswith("/admin/") or "site" not in get_scope():
        return NO_PORTAL
    site = Site.find_for_request(request)
    if site is None:
        return NO_PORTAL
    settings = PortalSettings.for_request(request)
    return {
        "portal": settings,
        "site_nav": site_nav(request.path_info),
        "portal_css_url": portal_css_url(site, settings),
    }


def site_nav(path: str) -> list[dict[str, Any]]:
    """The main menu; the entry whose section ``path`` is in is active."""
    entries = (
        (_("Commerces"), "/commerces/"),
        (_("Boutique"), "/boutique/"),
        (_("Histoires"), "/histoires/"),
        (_("À propos"), "/a-propos/"),
    )
    return [{"label": label, "url": url, "active": path.startswith(url)} for label, url in entries]
