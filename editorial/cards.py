"""Cards of stories and merchants that the Journal's own site shows in a frame: signed, kept by whoever passes them on.

Deny by default: only the sites that the portal's settings name may frame a card, and where they name none there are no
cards at all. A card says what everybody may read, at that moment: what is taken down or suspended is gone within a
minute. No cookie is read or set, so that readers of another site are not followed.
"""

import hashlib
from typing import Any

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from directory.cards import visible_briefs
from directory.models import Merchant
from editorial.listing import published_stories
from editorial.models import StoryPage
from home import twins
from home.addresses import absolute_url
from home.links import seal, unseal
from home.models import PortalSettings
from home.portal_css import portal_css_url
from home.tenancy import site_for

EDITION = 1
"""Of the links: one more closes every card that was ever given."""

STORY, MERCHANT = "story_card", "merchant_card"
SECONDS_KEPT = 60


def story_path(page: StoryPage) -> str:
    """Where the story's card is, from the host's root."""
    return reverse("editorial:story_card", args=[seal(STORY, page.pk, EDITION)])


def merchant_path(merchant: Merchant) -> str:
    return reverse("editorial:merchant_card", args=[seal(MERCHANT, merchant.pk, EDITION)])


@require_safe
@xframe_options_exempt
def story(request: HttpRequest, token: str) -> HttpResponse:
    """A story as another site may show it. Raises Http404 for a forged link and for what not everybody may read."""
    origins, pk = _asked(request, STORY, token)
    page = published_stories().filter(pk=pk).first()
    if page is None:
        raise Http404
    twins.speak([page])
    context = {"story": page, "address": absolute_url(page, request)}
    return _framed(request, "editorial/cards/story.html", context, origins)


@require_safe
@xframe_options_exempt
def merchant(request: HttpRequest, token: str) -> HttpResponse:
    """A merchant with its hours of the moment, in the same way."""
    origins, pk = _asked(request, MERCHANT, token)
    found = visible_briefs([pk], moment=timezone.now())
    if not found:
        raise Http404
    context = {"merchant": found[0], "address": request.build_absolute_uri(found[0].page_url)}
    return _framed(request, "editorial/cards/merchant.html", context, origins)


def _asked(request: HttpRequest, purpose: str, token: str) -> tuple[list[str], int]:
    """Who may frame it, and which row. Raises Http404 where nobody may, and for a link that is not ours."""
    origins = PortalSettings.for_request(request).framed_by
    link = unseal(purpose, token)
    if not origins or link is None or link.version != EDITION:
        raise Http404
    return origins, link.pk


def _framed(request: HttpRequest, template: str, context: dict[str, Any], origins: list[str]) -> HttpResponse:
    """The card, or « not modified ». Rendered without the request: nothing of a visitor can be in it."""
    settings = PortalSettings.for_request(request)
    frame = {"portal": settings, "portal_css_url": portal_css_url(site_for(request), settings)}
    text = render_to_string(template, {**frame, **context})
    etag = quote_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    whole = HttpResponse(text, headers={"ETag": etag, "X-Robots-Tag": "noindex"})
    answer = get_conditional_response(request, etag=etag, response=whole) or whole
    answer["Cache-Control"] = f"public, max-age={SECONDS_KEPT}"
    csp_replace({"frame-ancestors": origins})(lambda _request: answer)(request)  # marks the answer
    return answer
