"""What the money desk's pages share: who may open them, and their frame."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from shop.admin.lists import trail

View = Callable[..., HttpResponse]
DESK = gettext_lazy("À régler")


def for_staff(may: Callable[[Any], bool]) -> Callable[[View], View]:
    """For all others the address does not exist. Who is not signed in was sent to sign in before."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(request.user):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return guard


def page(request: HttpRequest, name: str, title: Any, *, status: int = 200, **context: Any) -> HttpResponse:
    """One page of the desk, under its title and the way back to the desk."""
    steps = [("", title)] if name == "desk" else [(reverse("money_desk:index"), DESK), ("", title)]
    context |= {"title": title, "trail": trail(*steps)}
    return render(request, f"shop/admin/{name}.html", context, status=status)
