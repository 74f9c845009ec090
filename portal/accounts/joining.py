"""/compte/invitation/<secret>/: answering a letter. It proves its address; who has an account signs in first."""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import EmailAddress, Login
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from directory import invitations
from directory.models import Invitation
from home.languages import current
from portal import staffing
from portal.accounts import letters
from portal.models import User
from shop.letters import Letter
from shop.payments.sessions import portal_url


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Asks before anything is given: programs that read mails follow links, and press no buttons."""
    row = invitations.by_secret(secret, timezone.now())
    if row is None:
        answered = invitations.answered_by(request.user, secret)
        return redirect(_next(answered)) if answered else _over(request)
    standing = _standing(request, row)
    if request.method != "POST" or standing not in {"theirs", "new"}:
        return _page(request, "account/invitation.html", invitation=row, standing=standing, host=_house(row))
    return _join(request, row, secret)


def _standing(request: HttpRequest, row: Invitation) -> str:
    """Who looks at the letter: its addressee, somebody else, or nobody yet: with an account to sign in to, or new."""
    user: Any = request.user
    if user.is_authenticated:
        return "theirs" if user.email.lower() == row.email.lower() else "another"
    return "known" if get_user_model().objects.filter(email__iexact=row.email).exists() else "new"


def _join(request: HttpRequest, row: Invitation, secret: str) -> HttpResponse:
    user = request.user if request.user.is_authenticated else None
    try:
        person = _joined(row, secret, user)
    except (invitations.NotAllowed, IntegrityError):  # answered a moment ago: the button was pressed twice
        return _over(request)
    messages.success(request, _("Bienvenue\u00a0: %(house)s vous est ouvert.") % {"house": _house(row)})
    if user is not None:
        return redirect(_next(row))
    record_authentication(request, person, method="code", email=person.email)
    response: HttpResponse = perform_login(
        request, Login(user=person, email=person.email, redirect_url=_next(row))
    )
    return response


@transaction.atomic
def _joined(row: Invitation, secret: str, user: User | None) -> User:
    """The person in its new place, its email proved. Raises NotAllowed, or IntegrityError for a newcomer made twice."""
    person = user or _newcomer(row.email)
    if invitations.accept(secret, person, grant=staffing.grant, now=timezone.now()) is None:
        raise invitations.NotAllowed
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )
    return person


def _over(request: HttpRequest) -> HttpResponse:
    return _page(request, "account/invitation_over.html", status=404)


def _newcomer(email: str) -> User:
    return get_user_model().objects.create_user(email, language=current())


def _next(row: Invitation) -> str:
    if row.merchant is not None:
        return reverse("merchant:home", args=[row.merchant.slug])
    return reverse("wagtailadmin_home")


def _house(row: Invitation) -> str:
    return str(row.merchant.name if row.merchant else row.site.site_name)


def _page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["Referrer-Policy"] = "same-origin"  # the secret stands in this page's address
    return response


def post(row: Invitation, secret: str) -> None:
    """The letter itself. Raises what the mail server raises: nothing is kept that could be sent again."""
    told = {"who": row.invited_by, "house": _house(row), "role": row.get_role_display()}
    letter = Letter(
        _("%(house)s vous invite") % told,
        (
            _("%(who)s vous ouvre %(house)s. Votre rôle\u00a0: %(role)s.") % told,
            _("Cette invitation vaut deux semaines, une seule fois, pour vous seul."),
            _("Vous ne connaissez pas cette personne? Laissez ce courriel\u00a0: il ne se passera rien."),
        ),
        _("Voir l’invitation"),
        portal_url(row.site) + reverse("account:invitation", args=[secret]),
    )
    letters.post(letter, to=row.email, site=row.site)
