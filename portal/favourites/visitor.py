"""How a browser finds its favourites again, without an account and with one.

Two cookies, set by the visitor's own act and never before: a signed one with the holder's token, out of the reach of
scripts; and one with nothing but how many there are, so that pages stay the same for everyone and can be cached.
Signed in, the account says whose they are, and the token opens nothing.
"""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from home.tenancy import current_site_id
from portal.favourites import keeping, merging
from portal.favourites.models import Holder

COOKIE = "favoris"
COUNT_COOKIE = "favoris_n"
SALT = "achetons.favourites"
MAX_AGE_S = int(keeping.KEPT_FOR.total_seconds())


def holder_of(request: HttpRequest) -> Holder | None:
    """Of who is signed in, else of this browser, in this portal; None where nothing was ever kept."""
    if request.user.is_authenticated:
        found: Holder | None = Holder.objects.filter(user=request.user.pk).first()
        return found
    return guest_of(request)


def guest_of(request: HttpRequest) -> Holder | None:
    """What this browser keeps without an account; None for a forged, old or foreign cookie."""
    try:
        token = request.get_signed_cookie(COOKIE, salt=SALT, max_age=MAX_AGE_S)
        found: Holder | None = Holder.objects.filter(token=uuid.UUID(hex=token), user=None).first()
    except (KeyError, ValueError, signing.BadSignature):
        return None
    return found


def holder_for(request: HttpRequest, *, now: datetime) -> Holder:
    """The same for somebody who acts: made where there is none."""
    if request.user.is_authenticated and request.user.pk:
        return person_holder(request, request.user.pk, now=now)
    return guest_of(request) or Holder.objects.create(site_id=current_site_id(), touched_at=now)


def person_holder(request: HttpRequest, user_pk: int, *, now: datetime) -> Holder:
    """With whatever this browser had kept."""
    guest = guest_of(request)
    if guest is not None:
        return merging.merge(guest, user_pk, now=now)
    return merging.holder_of_person(current_site_id(), user_pk)


def carry_over(request: HttpRequest, response: HttpResponseBase, user_pk: int, *, now: datetime) -> None:
    """Somebody has just signed in: the browser's favourites are theirs, and theirs are counted here."""
    guest = guest_of(request)
    holder = merging.merge(guest, user_pk, now=now) if guest else Holder.objects.filter(user=user_pk).first()
    if holder is not None:
        remember(response, holder)


def remember(response: HttpResponseBase, holder: Holder) -> None:
    """The browser keeps it for thirteen months. A person's is not written into a browser, which may be anybody's."""
    how: dict[str, Any] = {
        "max_age": MAX_AGE_S,
        "samesite": "Lax",
        "secure": settings.SESSION_COOKIE_SECURE,
    }
    tell_count(response, keeping.count(holder))
    if holder.user_id is None:
        response.set_signed_cookie(COOKIE, holder.token.hex, salt=SALT, httponly=True, **how)
    else:
        response.delete_cookie(COOKIE, samesite="Lax")


def tell_count(response: HttpResponseBase, count: int) -> None:
    response.set_cookie(
        COUNT_COOKIE,
        str(count),
        max_age=MAX_AGE_S,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def forget(response: HttpResponseBase) -> None:
    """Nothing of favourites stays in the browser."""
    for name in (COOKIE, COUNT_COOKIE):
        response.delete_cookie(name, samesite="Lax")
