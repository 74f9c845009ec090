"""« Ne plus recevoir cette lettre »: one act of the letter's addressee, without signing in; « reprendre » undoes it.

The link names the place somebody has in a merchant, and no version: it stays good as long as that place, so that any
letter's link works (CASL, s. 11). Mail programs post to it by themselves (RFC 8058), without a cookie, hence without
a CSRF token: the seal shows who asks. Looking changes nothing, for link checkers look at every link.
"""

import datetime as dt

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from directory.models import Membership
from home import audit, links
from home.models import PortalSettings
from portal.results.models import ResultsStop
from shop.payments.sessions import portal_url

PURPOSE, EVERY_VERSION = "results_letter", 0
STOPPED, RESUMED = "results.stopped", "results.resumed"


def is_stopped(place: Membership) -> bool:
    return bool(ResultsStop.objects.filter(place=place).exists())


@transaction.atomic
def stop(place: Membership, *, now: dt.datetime) -> bool:
    """No more of that letter to that person about that merchant. False when it was stopped already."""
    _row, is_new = ResultsStop.objects.get_or_create(
        place=place, defaults={"site_id": place.merchant.site_id, "stopped_at": now}
    )
    if is_new:
        _note(STOPPED, place)
    return bool(is_new)


@transaction.atomic
def resume(place: Membership) -> bool:
    """The letter comes again. False when it was never stopped."""
    gone, _of_each = ResultsStop.objects.filter(place=place).delete()
    if gone:
        _note(RESUMED, place)
    return bool(gone)


def _note(action: str, place: Membership) -> None:
    audit.note(action, place, actor_id=place.user_id, merchant_id=place.merchant_id)


def link(place: Membership) -> str:
    """Absolute, in the language that is spoken."""
    return portal_url(place.merchant.site) + reverse("results:letter", args=[token_of(place)])


def token_of(place: Membership) -> str:
    return links.seal(PURPOSE, place.pk, EVERY_VERSION)


def place_of(token: str) -> Membership | None:
    """Whose link it is, in the portal in scope; None for any other link, and for somebody who left the merchant."""
    said = links.unseal(PURPOSE, token)
    if said is None or said.version != EVERY_VERSION:
        return None
    rows = Membership.objects.select_related("merchant__site", "user")
    found: Membership | None = rows.filter(pk=said.pk).first()
    return found


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, token: str) -> HttpResponse:
    """Raises Http404 for a link that says nothing here."""
    place = place_of(token)
    if place is None:
        raise Http404
    if request.method == "POST":
        resume(place) if "reprendre" in request.POST else stop(place, now=timezone.now())
    settings = PortalSettings.for_request(request)
    context = {
        "merchant": place.merchant,
        "is_stopped": is_stopped(place),
        "brand": settings.brand,
        "person": {"name": settings.contact_name, "phone": settings.contact_phone},
    }
    response = render(request, "portal/results_letter.html", context)
    response["Referrer-Policy"] = "same-origin"  # the seal stands in this page's address
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
