"""Every request works for one portal: the one its host names."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from home.tenancy import portal_scope, site_for

GetResponse = Callable[[HttpRequest], HttpResponse]

WITHOUT_PORTAL = frozenset({"/healthz", "/readyz"})
"""The operator's probes answer whatever host asks, even before a portal exists."""


class PortalScopeMiddleware:
    """Open the scope of the request's portal. Raises Http404 for a host that is no portal.

    Streamed answers are consumed after the scope has closed: a view that streams must query before.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in WITHOUT_PORTAL:
            return self.get_response(request)
        with portal_scope(site_for(request)):
            return self.get_response(request)
