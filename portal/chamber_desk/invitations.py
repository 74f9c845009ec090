"""Inviting many at once: whom, what the letter says exactly, who is left out and why; then one letter each, once ever.

The letter is JOIN's own (``portal.joining.letters``), put in the outbox with the invitation it is about. It names the
portal, the Chamber and a postal address, or it does not leave.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings as django_settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from directory import registrations
from directory.claims import AlreadyClaimed
from directory.models import Merchant, Registration
from home.models import PortalSettings
from home.tenancy import current_site, current_site_id
from portal.chamber_desk.filters import NAMES
from portal.chamber_desk.identity import Sender, sender_of
from portal.chamber_desk.models import PipelineRow
from portal.chamber_desk.pipeline import TITLE as LIST_TITLE
from portal.chamber_desk.pipeline import WHO, Asked, asked_by
from portal.chamber_desk.stages import Stage
from portal.joining import letters as joining_letters
from portal.staff_desk.rights import for_roles
from portal.staff_desk.screens import screen
from shop.letters import LANGUAGE

TITLE = gettext_lazy("Inviter des commerces")
LETTERS_A_DAY = 100
"""Of one portal: so that no slip of the hand writes to a whole town, and mail providers stay on our side."""
WRITER = "join_invitation"
FIELD = "commerce"

NOT_FREE = gettext_lazy("déjà réclamé, ou en train de s’inscrire")
NO_EMAIL = gettext_lazy("aucun courriel au dossier\u00a0: appelez, ou envoyez une lettre avec un code")
REFUSES = gettext_lazy("ne veut plus de lettres")
INVITED = gettext_lazy("déjà invité\u00a0: une seule lettre par commerce")
SAME_ADDRESS = gettext_lazy("même courriel qu’un autre commerce de cette liste")
FULL = gettext_lazy("la limite du jour est atteinte\u00a0: reprenez demain")


@dataclass(frozen=True, slots=True)
class Sorting:
    """Who would be written to, and who is left out, each with the reason."""

    invited: list[Any]
    left_out: list[tuple[Any, Any]]

    @property
    def reasons(self) -> list[tuple[Any, int]]:
        """How many are left out for each reason, the commonest first."""
        return Counter(reason for _row, reason in self.left_out).most_common()


def why_not(row: Any) -> Any:
    """The reason why this merchant gets no letter; "" for none. ``row``: of the pipeline, its standing annotated."""
    if any((row.claimed_at, row.answered_at, row.proving_since, row.waiting_since, row.refused_at)):
        return NOT_FREE
    if row.was_invited_at or row.stage != Stage.UNCLAIMED:
        return INVITED
    if not row.email:
        return NO_EMAIL
    return REFUSES if row.refuses_mail else ""


def sort_out(rows: Iterable[Any], *, room: int) -> Sorting:
    """In the order given; ``room``: how many letters may still leave today."""
    sorting, written_to = Sorting([], []), set[str]()
    for row in rows:
        address = row.email.lower()
        reason = why_not(row) or (SAME_ADDRESS if address in written_to else "")
        if not reason and len(sorting.invited) >= room:
            reason = FULL
        if reason:
            sorting.left_out.append((row, reason))
        else:
            written_to.add(address)
            sorting.invited.append(row)
    return sorting


def room_today(now: datetime) -> int:
    """How many letters may still leave before midnight here."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    sent = Registration.objects.filter(invited_at__gte=midnight).exclude(email="").count()
    return max(0, LETTERS_A_DAY - sent)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*WHO)
def invite(request: HttpRequest) -> HttpResponse:
    """Those chosen in the list, or else all that its filters leave; posted, the letters leave."""
    sender = sender_of(PortalSettings.for_site(current_site()))
    if request.method == "POST":
        return _send(request, sender)
    asked = asked_by(request)
    keys = _keys(request.GET.getlist(FIELD))
    sorting = sort_out(_rows(asked, keys), room=room_today(asked.now))
    return screen(
        request,
        "chamber_invite",
        TITLE,
        under=((_list_url(asked), LIST_TITLE),),
        sorting=sorting,
        sender=sender,
        lacks=sender.lacks(),
        shown=_letter_for(request, sorting.invited, asked.now) if not sender.lacks() else None,
        room=room_today(asked.now),
        back_url=_list_url(asked),
        query=asked.filters.querystring(),
        limit=LETTERS_A_DAY,
    )


def _list_url(asked: Asked) -> str:
    query = asked.filters.querystring()
    return f"{reverse('chamber:index')}{f'?{query}' if query else ''}"


def _keys(told: list[str]) -> list[int]:
    return [int(key) for key in told if key.isascii() and key.isdigit() and len(key) < 18]


def _rows(asked: Asked, keys: list[int]) -> list[Any]:
    """In the list's order; those chosen where some are, and merchants alone."""
    rows = asked.shown.filter(merchant__isnull=False)
    if not keys and not asked.filters.stage:
        rows = rows.filter(stage=Stage.UNCLAIMED)
    return list(rows.filter(pk__in=keys) if keys else rows)


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter exactly as it would leave now, to its first addressee."""

    to: str
    subject: str
    html: str


def _letter_for(request: HttpRequest, rows: list[Any], now: datetime) -> Shown | None:
    """The invitation is made, its letter written as the outbox would, and all of it taken back."""
    if not rows:
        return None
    with transaction.atomic():
        try:
            row = _invitation(rows[0].merchant_id, request.user, now)
            with translation.override(LANGUAGE):
                letter = import_string(django_settings.LETTER_WRITERS[WRITER])(row.pk)
        finally:
            transaction.set_rollback(True)
    portal = PortalSettings.objects.select_related("site").get(site=current_site_id())
    with translation.override(LANGUAGE):
        html = render_to_string("shop/mail/letter.html", {"letter": letter, "portal": portal})
    return Shown(rows[0].email, str(letter.subject), html)


def _invitation(merchant_pk: int, user: Any, now: datetime) -> Registration:
    """Raises what ``registrations.invite`` raises."""
    merchant = Merchant.objects.select_related("site").get(pk=merchant_pk)
    return registrations.invite(
        merchant.site, merchant=merchant, email=merchant.email, answers={}, by=user, now=now
    )


def _send(request: HttpRequest, sender: Sender) -> HttpResponse:
    now, keys = timezone.now(), _keys(request.POST.getlist(FIELD))
    if sender.lacks():
        messages.error(
            request,
            _("Rien n’est parti\u00a0: la loi demande de dire qui écrit. %(lacks)s")
            % {"lacks": " ".join(sender.lacks())},
        )
        return redirect("chamber:invite")
    if not keys:
        messages.info(request, _("Choisissez au moins un commerce."))
        return redirect("chamber:index")
    done = send_to(keys, user=request.user, now=now)
    return screen(
        request,
        "chamber_invited",
        TITLE,
        under=((reverse("chamber:index"), LIST_TITLE),),
        sorting=done,
        unclaimed_url=f"{reverse('chamber:index')}?{NAMES['stage']}={Stage.UNCLAIMED}",
    )


@transaction.atomic
def send_to(keys: list[int], *, user: Any, now: datetime) -> Sorting:
    """One invitation and one letter for each who may have one, or none at all. Two at once wait for each other."""
    PortalSettings.objects.select_for_update().get(site=current_site_id())
    rows = (
        PipelineRow.objects.standing(now)
        .filter(pk__in=keys, merchant__isnull=False)
        .order_by("folded_text", "pk")
    )
    sorting = sort_out(list(rows), room=room_today(now))
    sent: list[Any] = []
    for row in sorting.invited:
        if reason := _write_to(row, user, now):
            sorting.left_out.append((row, reason))
        else:
            sent.append(row)
    return Sorting(sent, sorting.left_out)


def _write_to(row: Any, user: Any, now: datetime) -> Any:
    """ "" when its letter is in the outbox; else why it is not."""
    try:
        with transaction.atomic():
            invitation = _invitation(row.merchant_id, user, now)
            joining_letters.send_invitation(invitation, now=now)
    except AlreadyClaimed:
        return NOT_FREE
    except registrations.AlreadyInvited:
        return INVITED
    except registrations.MailRefused:
        return REFUSES
    return ""
