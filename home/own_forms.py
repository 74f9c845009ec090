"""Forms in pages that are kept for everyone, and so hold no token: the browser says where they stood.

Browsers write both headers themselves; no script changes them (Fetch, « forbidden request-header »).
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

View = Callable[..., HttpResponse]


def from_our_pages(view: View) -> View:
    """A post that no page of this host sent needs Django's token, and is answered 403 without it."""
    return _without_token(view, where=is_from_here)


def from_no_other_site(view: View) -> View:
    """A post that a page of another site sent needs Django's token, and is answered 403 without it.

    One of which nothing is said passes: every browser that heeds SameSite says where a post comes from. For what does
    no harm to who is not signed in.
    """
    return _without_token(view, where=lambda request: is_from_here(request) or not _says_where(request))


def _without_token(view: View, *, where: Callable[[HttpRequest], bool]) -> View:
    guarded = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return (view if where(request) else guarded)(request, *args, **kwargs)

    return answered


def is_from_here(request: HttpRequest) -> bool:
    """False where the browser says nothing, too."""
    if said := request.headers.get("Sec-Fetch-Site"):
        return said == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def _says_where(request: HttpRequest) -> bool:
    return "Sec-Fetch-Site" in request.headers or "Origin" in request.headers
