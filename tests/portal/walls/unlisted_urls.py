"""The project's addresses, and two that nobody has placed."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal.urls import urlpatterns as placed


def tell(request: HttpRequest) -> HttpResponse:
    return HttpResponse("told")


urlpatterns = [
    path("pas-classee/", tell, name="unlisted"),
    path("admin/pas-classee/", tell, name="unlisted_admin"),
    *placed,
]
