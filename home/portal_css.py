"""The portal's one style sheet: the house's style, its own colours, a class per sector. No page carries inline style.

It is named by its content, hence kept for a year by browsers. The text is made at most once a minute per portal.
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

SECONDS_KEPT = 60
_HEX_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_SLUG = re.compile(r"[-a-zA-Z0-9_]+")


@dataclass(frozen=True)
class Stylesheet:
    text: str
    digest: str

    @property
    def url(self) -> str:
        return reverse("portal_css", args=[self.digest])


def portal_stylesheet(site: Site, settings: PortalSettings) -> Stylesheet:
    """The style sheet of a portal, at most SECONDS_KEPT old. To be called within the portal's scope."""
    text = str(cache.get_or_set(f"portal-css-{site.pk}", lambda: stylesheet_text(settings), SECONDS_KEPT))
    return Stylesheet(text, hashlib.sha256(text.encode()).hexdigest()[:12])


def stylesheet_text(settings: PortalSettings) -> str:
    """Only colours written ``#rrggbb`` and proper slugs are let through: whatever a row holds, it cannot add a rule."""
    colors = {name: getattr(settings, f"color_{name}") for name in ("ink", "accent", "paper")}
    root = "".join(
        f"--portal-{name}:{color};" for name, color in colors.items() if _HEX_COLOR.fullmatch(color)
    )
    return f"{house_css()}:root{{{root}}}\n" + "".join(_sector_rules())


def _sector_rules() -> Iterable[str]:
    sectors = apps.get_model("directory.Sector").objects.order_by("slug").values_list("slug", "color")
    for slug, color in sectors:
        if _SLUG.fullmatch(slug) and _HEX_COLOR.fullmatch(color):
            yield f".sector-{slug}{{--sector:{color}}}\n"
