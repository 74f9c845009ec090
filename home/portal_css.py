"""The portal's one style sheet: the house's style, its own colours, a class per sector. No page carries inline style.

It is named by its content, hence kept for a year by browsers. The name is made at most once a minute per portal.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.core.cache import cache
from django.urls import reverse
from wagtail.models import Site

from home.house_css import house_css
from home.models import PortalSettings
from home.nameplate import width_in_ems

SECONDS_KEPT = 60
_HEX_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_SLUG = re.compile(r"[-a-zA-Z0-9_]+")


@dataclass(frozen=True)
class Stylesheet:
    text: str
    digest: str


def portal_css_url(site: Site, settings: PortalSettings) -> str:
    """Where the portal's style sheet is, by a name at most SECONDS_KEPT old. Within the portal's scope."""
    digest = cache.get_or_set(
        f"portal-css-{site.pk}", lambda: portal_stylesheet(settings).digest, SECONDS_KEPT
    )
    return reverse("portal_css", args=[digest])


def portal_stylesheet(settings: PortalSettings) -> Stylesheet:
    """The present style sheet of the portal in scope."""
    text = stylesheet_text(settings)
    return Stylesheet(text, hashlib.sha256(text.encode()).hexdigest()[:12])


def stylesheet_text(settings: PortalSettings) -> str:
    """Only colours written ``#rrggbb`` and proper slugs are let through: whatever a row holds, it cannot add a rule."""
    colors = {name: getattr(settings, f"color_{name}") for name in ("ink", "accent", "paper")}
    root = "".join(
        f"--portal-{name}:{color};" for name, color in colors.items() if _HEX_COLOR.fullmatch(color)
    )
    return f"{house_css()}{name_rule(settings.brand)}:root{{{root}}}\n" + "".join(_sector_rules())


def name_rule(brand: str) -> str:
    """By how much the front page divides the sheet's width to set the portal's name on one line."""
    return f":root{{--portal-name:{width_in_ems(brand)}}}\n"


def _sector_rules() -> Iterable[str]:
    sectors = apps.get_model("directory.Sector").objects.order_by("slug").values_list("slug", "color")
    for slug, color in sectors:
        if _SLUG.fullmatch(slug) and _HEX_COLOR.fullmatch(color):
            yield f".sector-{slug}{{--sector:{color}}}\n"
