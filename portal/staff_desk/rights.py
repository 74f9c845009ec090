"""Whose screen is it? For staff without the role the address does not exist; the fence says the same before."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from home.models import PortalRole
from home.roles import roles_of
from portal.staffing import JOURNAL

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
ALL_WHO_ENTER = (*JOURNAL, PortalRole.ADVISER)


def has_role(user: Any, *roles: PortalRole) -> bool:
    """In the portal in scope; the operator has every role."""
    return bool(user.is_active and (user.is_superuser or roles_of(user) & set(roles)))


def for_roles(*roles: PortalRole) -> Callable[[View], View]:
    """Raises Http404 for everybody else. Who is not signed in was sent to sign in before."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not has_role(request.user, *roles):
                raise Http404
            return view(request, *args, **kwargs)

        return cast(View, guarded)

    return guard
