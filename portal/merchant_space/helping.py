"""Helping and being helped: an owner opens its screens to the Chamber, an adviser sits down there and gets up again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory import help_consents
from directory.enums import MembershipRole
from directory.models import HelpConsent, Merchant
from directory.search import named_like
from home import audit
from home.dates import date_format
from home.models import AuditEntry, PortalRole, PortalSettings, PortalStaff
from portal import audit_trail
from portal.merchant_space import acting
from portal.merchant_space.access import desk_context, owner_desk_or_404, person_id
from shop import letters
from shop.letters import Letter

TRACES_SHOWN = 20
FOUND_SHOWN = 30

# --------------------------------------------------------------------------------------------------- the owner's side


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """The owner gives the Chamber its consent, or ends it, and reads what was done under it."""
    desk = owner_desk_or_404(request, merchant_slug)
    now = timezone.now()
    if request.method == "POST":
        _decide(request, desk.merchant)
        return redirect("merchant:help", merchant_slug=merchant_slug)
    done = AuditEntry.objects.filter(on_behalf_of=desk.merchant).select_related("actor")[:TRACES_SHOWN]
    context = desk_context(
        request,
        desk,
        words=help_consents.WORDS,
        consent=help_consents.standing(desk.merchant, now=now),
        acts=[{"entry": entry, "words": audit_trail.words_of(entry)} for entry in done],
    )
    return render(request, "portal/merchant_help.html", context)


def _decide(request: HttpRequest, merchant: Merchant) -> None:
    now, by_id = timezone.now(), person_id(request)
    held = help_consents.standing(merchant, now=now)
    if request.POST.get("act") == "end":
        if held and help_consents.end(held, by_id=by_id, for_merchant=False, now=now):
            messages.success(request, _("C’est terminé\u00a0: la Chambre n’entre plus dans vos écrans."))
        return
    if request.POST.get("act") != "give":
        raise Http404
    given = help_consents.give(merchant, by_id=by_id, words=str(help_consents.WORDS), now=now)
    messages.success(
        request,
        _("Merci. La Chambre peut vous aider jusqu’au %(day)s.")
        % {"day": date_format(timezone.localtime(given.expires_at), "j F Y")},
    )


# ------------------------------------------------------------------------------------------------- the adviser's side


def _adviser_or_404(request: HttpRequest) -> None:
    if not PortalStaff.objects.filter(user=request.user.pk, role=PortalRole.ADVISER).exists():
        raise Http404


def _open(consents: QuerySet[HelpConsent]) -> QuerySet[HelpConsent]:
    """Those that hold now, of merchants whose door is open."""
    return consents.filter(ended_at=None, expires_at__gt=timezone.now(), merchant__suspended_at=None)


@never_cache
@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Whom an adviser may help today; and, found by name, whom to ask."""
    _adviser_or_404(request)
    query = request.GET.get("q", "").strip()[:80]
    consents = _open(HelpConsent.objects.select_related("merchant__sector")).order_by("merchant__name")
    context = {
        "consents": consents,
        "query": query,
        "found": _whom_to_ask(query) if query else [],
        "person": _person(request),
    }
    return render(request, "portal/helping.html", context)


def _whom_to_ask(query: str) -> list[Merchant]:
    helped = Prefetch("help_consents", _open(HelpConsent.objects.all()), to_attr="open_consents")
    rows = named_like(Merchant.objects.filter(suspended_at=None, removed_at=None), query)
    owned = rows.filter(memberships__role=MembershipRole.OWNER).distinct().select_related("sector")
    return list(owned.prefetch_related(helped)[:FOUND_SHOWN])


def _person(request: HttpRequest) -> dict[str, Any]:
    settings = PortalSettings.for_request(request)
    return {"name": settings.contact_name, "phone": settings.contact_phone}


@login_required
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """A letter to the merchant's owners, once a day at most: would they let the Chamber help?"""
    _adviser_or_404(request)
    merchant = get_object_or_404(Merchant, pk=pk, suspended_at=None, removed_at=None)
    if _post_letter(request, merchant):
        messages.success(request, _("La demande est partie à %(name)s.") % {"name": merchant.name})
    else:
        messages.info(request, _("La demande de ce jour est déjà partie, ou personne n’est propriétaire."))
    return redirect("helping:index")


@transaction.atomic
def _post_letter(request: HttpRequest, merchant: Merchant) -> int:
    now = timezone.now()
    owners = merchant.memberships.filter(role=MembershipRole.OWNER, user__is_active=True)
    sent = letters.post_to_each(
        lambda: _letter(request, merchant),
        to=owners.values_list("user__email", flat=True),
        site_id=merchant.site_id,
        key=f"help:{merchant.pk}:{timezone.localdate(now)}",
        now=now,
    )
    if sent:
        audit.note("help.asked", merchant, actor_id=request.user.pk, merchant_id=merchant.pk)
    return sent


def _letter(request: HttpRequest, merchant: Merchant) -> Letter:
    who = {"person": str(request.user), "merchant": merchant.name}
    return Letter(
        subject=_("%(person)s, de la Chambre, propose de vous aider") % who,
        paragraphs=(
            _("Bonjour,"),
            _("%(person)s, de la Chambre de commerce, peut travailler avec vous dans les écrans de %(merchant)s.")
            % who,
            _("Il suffit d’accepter\u00a0: c’est pour 30 jours, sans l’argent, et vous arrêtez quand vous voulez."),
        ),
        button_label=_("Lire et décider"),
        button_url=request.build_absolute_uri(reverse("merchant:help", args=[merchant.slug])),
    )  # fmt: skip


@login_required
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """The adviser sits down at the merchant's desk. Without a consent that holds, there is no such desk."""
    _adviser_or_404(request)
    consent = get_object_or_404(_open(HelpConsent.objects.select_related("merchant")), pk=pk)
    acting.begin(request, consent)
    audit.note(
        "help.began",
        consent,
        actor_id=request.user.pk,
        merchant_id=consent.merchant_id,
        on_behalf_of_id=consent.merchant_id,
    )
    return redirect("merchant:home", merchant_slug=consent.merchant.slug)


@login_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """The adviser gets up; with « act=end » the consent itself ends."""
    _adviser_or_404(request)
    consent = acting.consent_in_use(request)
    acting.leave(request)
    if consent is not None:
        _note_leaving(request, consent)
    return redirect("helping:index")


def _note_leaving(request: HttpRequest, consent: HelpConsent) -> None:
    by_id, merchant_id = person_id(request), consent.merchant_id
    if request.POST.get("act") == "end":
        help_consents.end(consent, by_id=by_id, for_merchant=True, now=timezone.now())
        messages.success(request, _("L’accord est terminé."))
        return
    audit.note("help.left", consent, actor_id=by_id, merchant_id=merchant_id, on_behalf_of_id=merchant_id)
