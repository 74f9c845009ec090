"""The devices that a person has signed in from: a signed cookie of this host, which says so and no more.

Strictly necessary: it is what keeps an account open to its owner while strangers try its password.
"""

import json

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

COOKIE = "appareil"
SALT = "portal.accounts.devices"
SECONDS_KEPT = 180 * 24 * 3600
PEOPLE_KEPT = 8
"""A family's tablet; the oldest is forgotten first."""


def is_known(request: HttpRequest, email: str) -> bool:
    return _mark(email) in _marks(request)


def remember(request: HttpRequest, response: HttpResponseBase, email: str) -> None:
    marks = [mark for mark in _marks(request) if mark != _mark(email)]
    response.set_cookie(
        COOKIE,
        signing.dumps([*marks, _mark(email)][-PEOPLE_KEPT:], salt=SALT),
        max_age=SECONDS_KEPT,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _mark(email: str) -> str:
    """Tells the account to us alone."""
    return salted_hmac(SALT, email.strip().lower(), algorithm="sha256").hexdigest()[:32]


def _marks(request: HttpRequest) -> list[str]:
    try:
        marks = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=SECONDS_KEPT)
    except (signing.BadSignature, json.JSONDecodeError):
        return []
    return [str(mark) for mark in marks] if isinstance(marks, list) else []
