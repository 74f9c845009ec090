"""What an editor copies to show our cards on the Journal's own site."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from directory.models import Merchant
from editorial import cards
from editorial.models import StoryPage
from home.models import PortalSettings

STORY_HEIGHT, MERCHANT_HEIGHT = 240, 190
"""Of the frames, in pixels."""

MARKUP = '<iframe src="{}" title="{}" width="100%" height="{}" style="border:0" loading="lazy"></iframe>'


@dataclass(frozen=True)
class Snippet:
    """``html`` goes into a page of the Journal's own site; ``address`` shows the card alone."""

    title: str
    html: str
    address: str


def cards_context(page: StoryPage, request: HttpRequest) -> dict[str, Any]:
    """What the panel of cards shows of a story; nothing to copy before it has appeared, or where nobody may frame."""
    settings = PortalSettings.for_request(request)
    origins = settings.framed_by
    return {
        "origins": ", ".join(origins),
        "is_live": page.live,
        "snippets": snippets(page, request) if origins and page.live else [],
        "settings_url": _settings_url(settings, request),
    }


def snippets(page: StoryPage, request: HttpRequest) -> list[Snippet]:
    """The story's own first, then those of the merchants it speaks of, by name: one query."""
    told = Merchant.objects.visible().filter(story_links__page=page.pk).order_by("name")
    shops = [_snippet(row.name, cards.merchant_path(row), MERCHANT_HEIGHT, request) for row in told]
    return [_snippet(page.title, cards.story_path(page), STORY_HEIGHT, request), *shops]


def _snippet(title: str, path: str, height: int, request: HttpRequest) -> Snippet:
    address = request.build_absolute_uri(path)
    return Snippet(title, str(format_html(MARKUP, address, title, height)), address)


def _settings_url(settings: PortalSettings, request: HttpRequest) -> str:
    """Where the sites are named; "" for who may not name them."""
    if not request.user.has_perm("home.change_portalsettings"):
        return ""
    return reverse("wagtailsettings:edit", args=["home", "portalsettings", settings.site_id])
