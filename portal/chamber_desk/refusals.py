"""« Ne plus recevoir ces lettres »: the page that a letter leads to. No account, no question, one act.

Mail programs post to the same address by themselves (RFC 8058): without a cookie, hence without a CSRF token; the seal
in the address shows who asks. Looking at the page changes nothing: link checkers look at every link.
"""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from directory import mail_refusals
from directory.models import MailRefusal, Membership, Registration
from home import audit
from home.models import PortalSettings
from portal.chamber_desk.identity import chamber_of
from shop.payments.sessions import portal_url


def link(registration: Registration) -> str:
    """The absolute address where whoever was written to refuses more letters, for as long as the row is there."""
    token = mail_refusals.token_of(registration)
    return portal_url(registration.site) + reverse("letters:refuse", args=[token])


def link_of_member(place: Membership) -> str:
    """The same for a letter to somebody who works in a merchant."""
    token = mail_refusals.token_of_member(place)
    return portal_url(place.merchant.site) + reverse("letters:refuse", args=[token])


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, token: str) -> HttpResponse:
    """Raises Http404 for a link that says nothing here."""
    address = mail_refusals.address_of(token)
    if not address:
        raise Http404
    if request.method == "POST":
        _refuse(address)
    settings = PortalSettings.for_request(request)
    context = {
        "address": masked(address),
        "member_of": mail_refusals.member_of(token),
        "is_refused": mail_refusals.is_refused(address),
        "chamber": chamber_of(settings),
        "brand": settings.brand,
        "person": {"name": settings.contact_name, "phone": settings.contact_phone},
    }
    response = render(request, "portal/letters_refused.html", context)
    response["Referrer-Policy"] = "same-origin"  # the seal stands in this page's address
    return response


@transaction.atomic
def _refuse(address: str) -> None:
    """Kept once, with its trace, which does not repeat the address."""
    if mail_refusals.refuse(address):
        row = MailRefusal.objects.get(email__iexact=address.strip())
        audit.note("mail.refused", row, actor_id=None)


def masked(address: str) -> str:
    """Enough for its owner to know it: « m…@exemple.test »."""
    name, _at, host = address.partition("@")
    return f"{name[:1]}…@{host}"
