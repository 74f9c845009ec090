"""The image that counts is answered before anything else is begun: it costs a few hundredths of a page."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound

from directory.counting.hosts import site_id_for
from directory.counting.views import seen_by_nobody_known

GetResponse = Callable[[HttpRequest], HttpResponse]

PREFIX = "/vu/"
_IMAGE = re.compile(r"/vu/([\w.-]{1,100})\.gif", re.ASCII)


class CountingMiddleware:
    """For who has no session; anybody else goes on to the view, which knows them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX) or not _is_quick(request):
            return self.get_response(request)
        asked = _IMAGE.fullmatch(request.path_info)
        if asked is None:
            return HttpResponseNotFound()
        try:
            return seen_by_nobody_known(request, asked[1], site_id=site_id_for(request))
        except Http404:
            return HttpResponseNotFound()


def _is_quick(request: HttpRequest) -> bool:
    return request.method == "GET" and settings.SESSION_COOKIE_NAME not in request.COOKIES
