"""Every request works for one portal: the one its host names."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.translation import activate

from home.languages import FRENCH, TAGS, current_tag, is_english, language_of, speaking, without_language
from home.models import PortalSettings
from home.tenancy import portal_scope, site_for
from portal import health
from portal.walls.addresses import table
from shop.payments import patience

GetResponse = Callable[[HttpRequest], HttpResponse]


class ProbeMiddleware:
    """The operator's probes answer whatever host asks, over plain HTTP too, even before a portal exists."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if probe := PROBES.get(request.path):
            return probe(request)
        return self.get_response(request)


PROBES = {"/healthz": health.healthz, "/readyz": health.readyz}


class LanguageMiddleware:
    """The address alone says the language, never a cookie or the browser: whatever is answered may be cached.

    Wagtail's admin then speaks as each person prefers.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request.path_info)
        request.LANGUAGE_CODE = language
        with speaking(language):
            response = self.get_response(request)
            spoken = current_tag()  # French, where the portal does without the language of the address
        if response.get("Content-Type", "").startswith(TEXTS) and not request.path_info.startswith("/admin/"):
            response.headers.setdefault("Content-Language", spoken)
        return response


TEXTS = ("text/html", "application/rss+xml", "application/pdf")
"""What people read, and so has a language."""


class PortalScopeMiddleware:
    """Open the scope of the request's portal. Raises Http404 for a host that is no portal.

    Streamed answers are consumed after the scope has closed: a view that streams must query before.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with portal_scope(site_for(request)):
            return self.get_response(request)


class OfferedLanguageMiddleware:
    """A portal may do without English: there /en/ is nowhere. Raises Http404, and says so in French.

    But for the links of letters that left while it was offered (an order, an unsubscription): they open in French.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_english() or PortalSettings.for_request(request).offers_english:
            return self.get_response(request)
        activate(FRENCH)  # until the language of the request ends
        request.path, request.path_info = without_language(request.path), without_language(request.path_info)
        if not is_of_a_letter(request.path_info):
            raise Http404
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", TAGS[FRENCH])
        return response


def is_of_a_letter(path: str) -> bool:
    """Whether who has the link may open it, and nobody else: such addresses are sent, and kept in mailboxes."""
    try:
        known = table().get(resolve(path).view_name)
    except Resolver404:
        return False
    return known is not None and known.name == "token"


class PatienceMiddleware:
    """Whatever page asks Stripe, nobody waits for it longer than a few seconds."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with patience.at_most(patience.WEB_SECONDS):
            return self.get_response(request)
