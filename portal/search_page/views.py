"""/recherche/: one box over merchants, products and stories; and what is offered while somebody types in it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from portal.search_page.results import results_context
from portal.search_page.suggesting import suggestions_for

SUGGESTIONS_KEPT_S = 60


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/search.html", results_context(request))


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """A few lines of HTML, the same for everybody: no visitor is looked at, so that any cache may keep them."""
    offered = suggestions_for(request.GET.get("q") or "")
    answer = HttpResponse(render_to_string("portal/search_suggestions.html", {"offered": offered}))
    patch_cache_control(answer, public=True, max_age=SUGGESTIONS_KEPT_S)
    answer["X-Robots-Tag"] = "noindex"
    return answer
