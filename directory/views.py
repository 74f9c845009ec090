from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directory.route_page import route_context


@require_safe
def route(request: HttpRequest) -> HttpResponse:
    return render(request, "directory/route.html", route_context(request))
