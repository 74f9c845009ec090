"""How often one may try to sign in: by account and address together, and more slowly by account from anywhere.

Both are counted by axes, in the database. The first lock stands in nobody else's way: whoever tries a stranger's
account from here is locked out from here. The second stops many addresses that try one account together; it lets a
device pass that the person has signed in from before, and the code by email, so that it locks no owner out.

Accounts that do not exist are counted like those that do.
"""

from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from home.visitor_address import NOWHERE, client_address
from portal.accounts import devices

__all__ = [
    "NOWHERE",
    "account_tried",
    "answer_to_locked_out",
    "client_address",
    "is_tried_from_everywhere",
]

FAILURES_FROM_ANYWHERE = 30
"""Wrong passwords of one account within AXES_COOLOFF_TIME, whoever tried them."""


def account_tried(_request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """Under which name a try is counted: the email, however it was typed."""
    told = credentials or {}
    return str(told.get("email") or told.get("username") or "").strip().lower()


def is_tried_from_everywhere(request: HttpRequest, email: str) -> bool:
    """The account had its fill of wrong passwords, and this device is not one that its owner signed in from."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    tries = AccessAttempt.objects.filter(
        username=account_tried(request, {"email": email}), attempt_time__gt=since
    )
    failures = tries.aggregate(sum=Sum("failures_since_start"))["sum"] or 0
    return failures >= FAILURES_FROM_ANYWHERE and not devices.is_known(request, email)


def answer_to_locked_out(
    request: HttpRequest, _response: HttpResponse | None = None, _credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """The same page for whoever is locked out, with the way in that stays open."""
    return render(request, "429.html", {"locked": True}, status=429)
