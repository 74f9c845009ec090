"""Wall 5: an address answers to whom portal/addresses.toml names, and does not exist for anybody else.

It closes what no hook of Wagtail's reaches, and what the next version of Wagtail adds.
"""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from home.roles import roles_of
from portal.walls.addresses import Class, table
from portal.walls.parameters import strangers

GetResponse = Callable[[HttpRequest], HttpResponse]


class FenceMiddleware:
    """After the portal's scope has been opened and the person is known."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        """Raises Http404. Who is not signed in goes on to Wagtail, which sends them to sign in."""
        match = request.resolver_match
        name = match.view_name if match else ""
        known = table().get(name)
        if known is None:
            raise Http404
        user = request.user
        if not known.is_of_the_admin or not user.is_authenticated or user.is_superuser:
            return
        if not may_ask(user, known):
            raise Http404
        if is_wagtails(view) and any(strangers(request, name, kwargs)):
            raise Http404


def may_ask(user: Any, known: Class) -> bool:
    """Whether a person may ask for an admin address, in the portal in scope."""
    return bool(user.is_superuser or roles_of(user) & known.roles)


def is_wagtails(view: Any) -> bool:
    """Its lookups are not ours: our own views find rows through scoped managers."""
    return owner(view).startswith(("wagtail.", "wagtail_localize."))


def owner(view: Any) -> str:
    """The module that a view is written in: of the class where it is one, and not of what is wrapped around it."""
    view_class = getattr(view, "view_class", None)
    return str((view_class or view).__module__)
