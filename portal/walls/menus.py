"""What the fence does not open, no menu shows."""

from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from portal.walls.addresses import table
from portal.walls.fence import may_ask


def leads_somewhere(request: HttpRequest, item: Any) -> bool:
    """Whether this person may ask for where the menu item leads. A submenu is judged by its own items."""
    url = str(getattr(item, "url", "") or "")
    if not url.startswith("/admin/"):
        return True
    try:
        known = table().get(resolve(url.partition("?")[0]).view_name)
    except Resolver404:
        return False
    return known is not None and (not known.is_of_the_admin or may_ask(request.user, known))


def leave_out_closed_doors(request: HttpRequest, items: list[Any]) -> None:
    """In place, as Wagtail's hooks want it."""
    items[:] = [item for item in items if leads_somewhere(request, item)]
