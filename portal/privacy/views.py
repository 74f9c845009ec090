"""The privacy page, open to all; and what a signed-in person does about what is held on it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from editorial.newsletter import privacy as newsletter
from home import audit
from home.models import Consent, ContentPage, PortalSettings
from home.page_lists import public_pages
from portal.favourites import visitor
from portal.merchant_space.access import person_id
from portal.models import User
from portal.privacy import erasure, holdings, retention

CONFIRM = "EFFACER"


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """Who is in charge, what is kept how long, and one's rights; around it whatever the Journal wrote."""
    page = public_pages(ContentPage.objects.filter(slug="confidentialite")).first()
    context = {"settings": PortalSettings.for_request(request), "text": page, "table": retention.TABLE}
    return render(request, "portal/privacy.html", context)


@never_cache
@login_required
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, **more: Any) -> HttpResponse:
    user = _person(request)
    held = holdings.holdings_of(user)
    context = {
        "counts": {"achats": len({row["commande"] for row in held["achats"]}), "gestes": len(held["gestes"])},
        "account": held["compte"][0],
        "roles": held["roles"],
        "consents": holdings.consents_of(user),
        "why_not": erasure.why_not(user),
        "confirm": CONFIRM,
        **more,
    }
    return render(request, "portal/my_data.html", context, status=422 if more else 200)


def _person(request: HttpRequest) -> User:
    return User.objects.get(pk=person_id(request))


@never_cache
@login_required
@require_safe
def my_data_json(request: HttpRequest) -> HttpResponse:
    return _file(request, holdings.as_json, "application/json", "mes-renseignements.json")


@never_cache
@login_required
@require_safe
def my_data_csv(request: HttpRequest) -> HttpResponse:
    return _file(request, holdings.as_csv_files, "application/zip", "mes-renseignements.zip")


def _file(request: HttpRequest, write: Any, content_type: str, name: str) -> HttpResponse:
    user = _person(request)
    body = write(holdings.holdings_of(user))
    audit.note("data.exported", user, actor_id=user.pk, after={"as": name})
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(body, content_type=content_type, headers={"Content-Disposition": disposition})


@login_required
@require_POST
@transaction.atomic
def withdraw_consent(request: HttpRequest, pk: int) -> HttpResponse:
    """Taken back at once; twice is once. Somebody else's is 404."""
    consent: Consent = get_object_or_404(holdings.consents_of(_person(request)), pk=pk)
    if newsletter.withdraw(consent, now=timezone.now()):
        audit.note("consent.withdrawn", consent, actor_id=request.user.pk, after={"purpose": consent.purpose})
    messages.success(request, _("C’est noté\u00a0: ce consentement est repris."))
    return redirect("privacy:my_data")


@never_cache
@login_required
@require_http_methods(["POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """For good, after the word was written out. Back on the front page, signed out."""
    if request.POST.get("word", "").strip().upper() != CONFIRM:
        return _page(request, word_problem=_("Écrivez %(word)s pour confirmer.") % {"word": CONFIRM})
    try:
        erasure.erase(_person(request), now=timezone.now())
    except erasure.CannotErase as refusal:
        return _page(request, word_problem=refusal.reason)
    logout(request)
    messages.success(
        request, _("Votre compte est effacé. Ce que les lois fiscales demandent de garder l’est encore.")
    )
    response = redirect("/")
    visitor.forget(response)
    return response
