"""The least page there is: one view, one query, no middleware. Everything else is told as a multiple of it."""

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from bench.guest import Guest


def page(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return HttpResponse(str(cursor.fetchone()))


urlpatterns = [path("", page)]


class BareRequest(WSGIRequest):
    urlconf = __name__


class BareHandler(WSGIHandler):
    request_class = BareRequest


def application() -> WSGIHandler:
    """Beside the town's own, in the same process."""
    with override_settings(MIDDLEWARE=[]):
        return BareHandler()


def visit(application: WSGIHandler, times: int) -> None:
    """Ask for the page so many times, each by a guest without a cookie."""
    for _visit in range(times):
        Guest(application).get("/")
