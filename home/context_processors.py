"""What every page knows about its portal. Error pages may have no portal: then these are empty."""

import hashlib
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_scopes import get_scope
from wagtail.blocks import StreamValue
from wagtail.models import Site

from home.languages import in_language
from home.models import PortalSettings
from home.portal_css import portal_css_url

NO_PORTAL: dict[str, Any] = {"portal": None, "site_nav": [], "portal_css_url": "", "frame_mark": ""}


def portal(request: HttpRequest) -> dict[str, Any]:
    """``portal`` (PortalSettings), ``site_nav`` and ``portal_css_url`` of the portal that the host names.

    ``frame_mark`` changes with whatever masthead and footer show of it: templates keep them for a minute under it.
    """
    return NO_PORTAL if request.path_info.startswith("/admin/") else frame_of(request)


def frame_of(request: HttpRequest) -> dict[str, Any]:
    """The same, whatever the address: for the few screens of the admin that wear the portal's own frame."""
    if "site" not in get_scope():
        return NO_PORTAL
    site = Site.find_for_request(request)
    if site is None:
        return NO_PORTAL
    settings = PortalSettings.for_request(request)
    nav = site_nav(request.path_info)
    return {
        "portal": settings,
        "site_nav": nav,
        "portal_css_url": portal_css_url(site, settings),
        "frame_mark": frame_mark(settings, nav),
    }


def frame_mark(settings: PortalSettings, nav: list[dict[str, Any]]) -> str:
    """The same for the same settings and the same place in the menu; nothing of a visitor is in it."""
    values = [field.value_from_object(settings) for field in settings._meta.concrete_fields]
    shown = [value.get_prep_value() if isinstance(value, StreamValue) else value for value in values]
    return hashlib.sha256(repr((get_language(), shown, nav)).encode()).hexdigest()


def site_nav(path: str) -> list[dict[str, Any]]:
    """The main menu; the entry whose section ``path`` is in is active."""
    entries = (
        (_("Commerces"), in_language("/commerces/")),
        (_("Boutique"), in_language("/boutique/")),
        (_("Histoires"), in_language("/histoires/")),
        (_("À propos"), in_language("/a-propos/")),
    )
    return [{"label": label, "url": url, "active": path.startswith(url)} for label, url in entries]
