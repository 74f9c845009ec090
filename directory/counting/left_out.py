"""Whose acts are not counted: programs', the portal's staff's, the merchant's own people's, and repeats."""

from typing import Any

from django.http import HttpRequest

from directory.counting.flood import flood
from directory.counting.robots import is_robot
from directory.models import Membership
from home.roles import roles_of
from home.visitor_address import client_address

AGAIN = ("no-cache", "max-age=0")
"""What a browser adds to what it asks for when somebody reloads a page."""


def is_left_out(request: HttpRequest, act: str) -> bool:
    """By what the request itself says. ``act``: what is asked to be counted, in any words that tell it from others."""
    headers = request.headers
    agent = headers.get("User-Agent", "")
    return (
        is_robot(agent)
        or is_ahead_of_time(request)
        or headers.get("Sec-Fetch-Site", "same-origin") == "cross-site"
        or flood.holds_back(client_address(request), agent, act)
    )


def is_reload(request: HttpRequest) -> bool:
    """The page was there already when its image was asked for again."""
    return request.headers.get("Cache-Control", "").strip() in AGAIN


def is_ahead_of_time(request: HttpRequest) -> bool:
    """The browser fetches what somebody may want to see later: nobody has seen it."""
    said = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    return any("prefetch" in each or "preview" in each for each in said)


def is_of_the_house(user: Any, merchant_id: int | None) -> bool:
    """Staff of the portal in scope, and who works at the merchant. Nobody who is not signed in is: no query then."""
    if not user.is_authenticated:
        return False
    if user.is_superuser or roles_of(user):
        return True
    return merchant_id is not None and Membership.objects.filter(user=user.pk, merchant=merchant_id).exists()
