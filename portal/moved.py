"""Old addresses lead to the new. Asked only when nothing answers: what is there is never redirected.

Wagtail remembers where pages were, in French; here are its English addresses, and those with a merchant's word in them.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect

from directory.renaming import present_slug
from home.languages import ENGLISH, ENGLISH_PREFIX, FRENCH, language_of, speaking, without_language


class MovedMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in {"GET", "HEAD"}:
            return response
        address = _of_renamed_merchant(request) or _of_english_page(request)
        return HttpResponsePermanentRedirect(address) if address else response


def _of_renamed_merchant(request: HttpRequest) -> str:
    """The same address with the word that its merchant goes by today; "" when it goes by that one, or by none."""
    match = request.resolver_match
    slug = str(match.kwargs.get("merchant_slug") or "") if match else ""
    present = present_slug(slug) if match and slug else ""
    if not match or not present:
        return ""
    return reverse(match.view_name, kwargs={**match.kwargs, "merchant_slug": present})


def _of_english_page(request: HttpRequest) -> str:
    """Where the page of a French address moved to, under /en/; "" for what never moved."""
    if language_of(request.path) != ENGLISH:
        return ""
    path = Redirect.normalise_path(without_language(request.path), decode_unicode=False)
    found = get_redirect(request, path)
    if found is None or found.redirect_page is None:
        return ""
    with speaking(FRENCH):
        return ENGLISH_PREFIX + urlsplit(found.link or "/").path
