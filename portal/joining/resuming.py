"""Going on elsewhere: the link that was mailed opens one's registration once, on whichever device.

Its holder is let in where that gives nothing but the registration: whoever has a shop already, works for the portal or
has a second factor proves the address anew with a code.
"""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from directory import registrations
from directory.models import Membership, Registration
from home.models import PortalStaff
from home.tenancy import across_portals
from portal.accounts.second_factor import is_enrolled


def resume(request: HttpRequest, row: Registration) -> HttpResponse:
    """Asks before it opens: programs that read mails follow links, and press no buttons."""
    home = reverse("joining:registration", args=[row.pk])
    if row.user is None or not row.user.is_active:
        return render(request, "portal/joining/link_over.html", status=404)
    if request.user.pk == row.user_id:
        return redirect(home)
    if request.method == "POST" and not request.user.is_authenticated:
        return _let_in(request, row, home)
    context = {"registration": row, "is_another": request.user.is_authenticated}
    response = render(request, "portal/joining/resume.html", context)
    response["Referrer-Policy"] = "same-origin"  # the seal stands in this page's address
    return response


def _let_in(request: HttpRequest, row: Registration, home: str) -> HttpResponse:
    user: Any = row.user
    if has_more_to_lose(user):
        return redirect(f"{reverse('joining:email')}?next={home}")
    if not registrations.use_link(row, now=timezone.now()):
        return render(request, "portal/joining/link_over.html", status=404)
    record_authentication(request, user, method="code", email=user.email)
    messages.success(request, _("Vous revoilà. Rien n’est perdu\u00a0: on continue où vous étiez."))
    response: HttpResponse = perform_login(request, Login(user=user, email=user.email, redirect_url=home))
    return response


def has_more_to_lose(user: Any) -> bool:
    """The account opens more than a registration."""
    with across_portals():
        has_place = (
            Membership.objects.filter(user=user.pk).exists()
            or PortalStaff.objects.filter(user=user.pk).exists()
        )
    return has_place or bool(user.is_superuser) or is_enrolled(user)
