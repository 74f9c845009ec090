"""What an adviser reads in a merchant's file: facts, what is left to do, notes, papers. Never payouts nor revenue."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from directory import callbacks, follow_up, help_consents
from directory.documents import kind_of
from directory.enums import ClaimStatus, Tier
from directory.models import (
    Agreement,
    Claim,
    Invitation,
    Merchant,
    MerchantDocument,
    Note,
    Registration,
)
from home.dates import date_format
from home.models import AuditEntry, PortalRole, PortalSettings
from home.roles import roles_of
from portal import audit_trail
from portal.care.facts import facts_of
from portal.care.file_forms import ActForm, AdviserForm, DocumentForm, NoteForm
from portal.care.moments import told
from portal.care.proposals import is_overtaken, latest_of
from portal.care.tasks import TaskList, task_list
from portal.staff_desk.rights import has_role
from shop.enums import ProductStatus
from shop.models import Product

NOTES_SHOWN = 30
PAPERS_SHOWN = 50
TRACES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    words: str
    url: str = ""


def context_of(request: HttpRequest, merchant: Merchant) -> dict[str, Any]:
    """For the staff of the portal; the Chamber's own part for its advisers alone. As many queries for any merchant."""
    is_adviser = has_role(request.user, PortalRole.ADVISER)
    call, proposal = callbacks.waiting_of(merchant), latest_of(merchant)
    common = {
        "facts": facts(merchant),
        "tasks": tasks_of(request, merchant),
        "history": history(request, merchant),
        "proposal": proposal,
        "is_overtaken": bool(proposal and is_overtaken(proposal)),
        "call": call,
        "call_asked": told(call.asked_at, now=timezone.now()) if call else "",
        "is_adviser": is_adviser,
    }
    return {**common, **(_of_the_chamber(merchant) if is_adviser else {})}


def _of_the_chamber(merchant: Merchant) -> dict[str, Any]:
    followed = follow_up.of_merchant(merchant)
    papers = list(
        MerchantDocument.objects.filter(merchant=merchant).select_related("added_by")[:PAPERS_SHOWN]
    )
    return {
        "followed": followed,
        "is_late": bool(followed.next_act_on and followed.next_act_on < timezone.localdate()),
        "notes": Note.objects.filter(merchant=merchant).select_related("written_by")[:NOTES_SHOWN],
        "papers": [{"row": row, "kind": kind_of(row).upper()} for row in papers],
        "note_form": NoteForm(),
        "act_form": ActForm(initial={"words": followed.next_act, "on": followed.next_act_on}),
        "adviser_form": AdviserForm(initial={"adviser": followed.adviser_id or ""}),
        "document_form": DocumentForm(),
    }


def tasks_of(request: HttpRequest, merchant: Merchant) -> TaskList:
    return task_list(facts_of(merchant, PortalSettings.for_request(request)))


def history(request: HttpRequest, merchant: Merchant) -> list[dict[str, Any]]:
    """What was done, newest first, in plain words, as far as the person's roles read the trail."""
    user: Any = request.user
    roles = {PortalRole.MANAGER} if user.is_superuser else roles_of(user)
    entries: QuerySet[AuditEntry] = audit_trail.seen_by(roles).filter(merchant=merchant)
    return [{"entry": entry, "words": audit_trail.words_of(entry)} for entry in entries[:TRACES_SHOWN]]


def facts(merchant: Merchant) -> list[Fact]:
    """Beside those that every reader of the file sees."""
    now = timezone.now()
    return [
        _option(merchant),
        _hours(merchant),
        *_products(merchant),
        *_people(merchant, now),
        _last_change(merchant, now),
        *_way_in(merchant, now),
        _consent(merchant, now),
    ]


def _option(merchant: Merchant) -> Fact:
    words = merchant.get_tier_display()
    if merchant.chosen_tier and merchant.chosen_tier != merchant.tier:
        words = _("%(now)s; a choisi %(chosen)s") % {
            "now": words,
            "chosen": merchant.get_chosen_tier_display(),
        }
    return Fact(_("Option"), words)


def _hours(merchant: Merchant) -> Fact:
    days = merchant.opening_hours.values("weekday").distinct().count()
    words = _("ouvert %(days)s jours par semaine") % {"days": days} if days else _("pas encore dites")
    if days == 1:
        words = _("ouvert un jour par semaine")
    return Fact(_("Heures"), words)


def _products(merchant: Merchant) -> list[Fact]:
    """How many, never what they brought."""
    shown = Count("pk", filter=Q(status=ProductStatus.PUBLISHED))
    counted = Product.objects.filter(merchant=merchant).aggregate(shown=shown, all=Count("pk"))
    if merchant.tier != Tier.TRANSACTIONAL and not counted["all"]:
        return []
    numbers = {"shown": counted["shown"], "hidden": counted["all"] - counted["shown"]}
    return [Fact(_("Produits"), _("%(shown)s en vente, %(hidden)s que personne ne voit") % numbers)]


def _people(merchant: Merchant, now: datetime) -> list[Fact]:
    rows = merchant.memberships.select_related("user").order_by("role", "pk")
    return [
        Fact(
            _("%(name)s (%(role)s)") % {"name": row.user, "role": row.get_role_display()},
            _("dernière connexion %(moment)s") % {"moment": told(row.user.last_login, now=now)}
            if row.user.last_login
            else _("aucune connexion"),
        )
        for row in rows
    ]


def _last_change(merchant: Merchant, now: datetime) -> Fact:
    """By its own people or in its name; what staff did of their own accord is no sign of life."""
    people = merchant.memberships.values("user")
    theirs = AuditEntry.objects.filter(merchant=merchant).filter(
        Q(actor__in=people) | Q(on_behalf_of=merchant)
    )
    last = theirs.first()
    return Fact(_("Dernier changement"), told(last.at, now=now) if last else _("aucun"))


def _way_in(merchant: Merchant, now: datetime) -> list[Fact]:
    found = []
    claim = Claim.objects.filter(merchant=merchant).exclude(status=ClaimStatus.WITHDRAWN).first()
    if claim is not None:
        found.append(Fact(_("Réclamation"), _stood(claim.get_status_display(), claim.created_at, now)))
    registration = Registration.objects.filter(merchant=merchant).first()
    if registration is not None:
        words = _stood(registration.get_status_display(), registration.updated_at, now)
        found.append(Fact(_("Inscription"), words))
    agreement = Agreement.objects.filter(merchant=merchant).first()
    if agreement is not None:
        words = _("version %(version)s, %(moment)s") % {
            "version": agreement.version,
            "moment": told(agreement.accepted_at, now=now),
        }
        found.append(Fact(_("Contrat accepté"), words))
    waiting = Invitation.objects.filter(merchant=merchant, accepted_at=None, revoked_at=None).first()
    if waiting is not None:
        found.append(Fact(_("Invitation sans réponse"), told(waiting.created_at, now=now)))
    return found


def _stood(status: Any, moment: datetime, now: datetime) -> str:
    return _("%(status)s, %(moment)s") % {"status": status, "moment": told(moment, now=now)}


def _consent(merchant: Merchant, now: datetime) -> Fact:
    consent = help_consents.standing(merchant, now=now)
    if consent is None:
        return Fact(_("Aide acceptée"), _("non"), reverse("helping:index"))
    day = date_format(timezone.localtime(consent.expires_at), "j F Y")
    return Fact(_("Aide acceptée"), _("jusqu’au %(day)s") % {"day": day}, reverse("helping:index"))
