"""Forms in pages that are kept for everyone, and so hold no token: the browser says where they stood."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

View = Callable[..., HttpResponse]


def from_our_pages(view: View) -> View:
    """A post that no page of this host sent needs Django's token, and is answered 403 without it.

    Browsers write both headers themselves; no script changes them (Fetch, « forbidden request-header »).
    """
    guarded = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return (view if is_from_here(request) else guarded)(request, *args, **kwargs)

    return answered


def is_from_here(request: HttpRequest) -> bool:
    """False where the browser says nothing, too."""
    if said := request.headers.get("Sec-Fetch-Site"):
        return said == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
