"""« Inscriptions » in the admin: who says a page is theirs, and who registered; what the Chamber and Journal answer.

A code is told once, to whoever has just had it made: it is read out on the telephone, or printed in a letter, and kept
nowhere.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from directory import agreements, claims, moderation, sent_registrations
from directory.claims import AlreadyClaimed, CodeOver, NoSuchWay, NotProved, TooMany
from directory.enums import ClaimProof, ClaimStatus, RegistrationStatus
from directory.models import Claim, Registration
from directory.moderation import ChangedMeanwhile
from directory.page_changes import changes
from home import pdf
from home.exceptions import CannotPrint
from home.languages import FRENCH, speaking
from home.models import PortalRole, PortalSettings
from portal.joining import deciding, letters, papers, preview
from portal.merchant_space.plan_words import TITLES
from portal.staff_desk.rights import ALL_WHO_ENTER, for_roles, has_role
from portal.staff_desk.screens import screen
from portal.staffing import JOURNAL
from shop.payments.sessions import portal_url

TITLE = gettext_lazy("Inscriptions")


class CommentForm(forms.Form):
    comment = forms.CharField(
        label=gettext_lazy("Un mot à la personne"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy(
            "Elle le reçoit par courriel. Pour dire non, dites pourquoi, ou quoi changer."
        ),
        error_messages={"max_length": gettext_lazy("Plus court\u00a0: 1\u00a0000 caractères au plus.")},
    )

    def is_said(self) -> bool:
        """Whether there is a word; a refusal without one is sent back."""
        if self.is_valid() and not self.cleaned_data["comment"].strip():
            self.add_error("comment", _("Écrivez à la personne pourquoi, ou ce qu’il faut changer."))
        return self.is_valid()


# ------------------------------------------------------------------------------------------------ what waits


@never_cache
@require_safe
@for_roles(*ALL_WHO_ENTER)
def index(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    return screen(
        request, "joining_index", TITLE, claims=claim_rows(now), registrations=registration_rows(now),
    )  # fmt: skip


def claim_rows(now: datetime) -> list[dict[str, Any]]:
    """Claims that want an act of ours, the longest first, each with that act in words."""
    rows = [(row, _wanted(row)) for row in claims.waiting()]
    return [
        {"claim": row, "wanted": wanted, "days": moderation.days_waiting(row.created_at, now)}
        for row, wanted in rows
        if wanted
    ]


def _wanted(row: Claim) -> str:
    """Empty where the person's own act is awaited."""
    if row.status == ClaimStatus.PROVED:
        return _("prouvé\u00a0: à confirmer")
    if row.words:
        return _("à rappeler") if not row.merchant.is_claimed else _("conteste\u00a0: à rappeler")
    way = claims.way_of(row)
    if way is None or way.is_made:
        return ""
    return _("à appeler, au numéro public") if way.proof == ClaimProof.PHONE else _("lettre à poster")


def registration_rows(now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "registration": row,
            "name": row.answers.get("name", ""),
            "days": moderation.days_waiting(row.sent_at, now),
        }
        for row in sent_registrations.waiting()
        if row.sent_at
    ]


# ------------------------------------------------------------------------------------------------ one claim


@never_cache
@require_safe
@for_roles(*ALL_WHO_ENTER)
def claim(request: HttpRequest, claim_pk: int) -> HttpResponse:
    return _claim_screen(request, _claim_or_404(claim_pk), CommentForm(label_suffix=""))


def _claim_or_404(pk: int) -> Claim:
    rows = Claim.objects.select_related("merchant__sector", "merchant__site", "user", "site", "decided_by")
    return get_object_or_404(rows, pk=pk)


def _claim_screen(request: HttpRequest, row: Claim, form: CommentForm, **more: Any) -> HttpResponse:
    merchant = row.merchant
    return screen(
        request,
        "joining_claim",
        merchant.name,
        under=((reverse("joining_desk:index"), TITLE),),
        status=422 if form.errors else more.pop("status", 200),
        claim=row,
        merchant=merchant,
        wanted=_wanted(row),
        way=claims.way_of(row),
        is_open=row.status in ClaimStatus.open(),
        is_proved=row.status == ClaimStatus.PROVED,
        others=claims.open_to(merchant).exclude(pk=row.pk),
        owners=merchant.memberships.select_related("user").order_by("role", "pk"),
        may_vouch=has_role(request.user, PortalRole.ADVISER),
        form=form,
        **more,
    )


@never_cache
@require_POST
@for_roles(*ALL_WHO_ENTER)
def claim_act(request: HttpRequest, claim_pk: int) -> HttpResponse:
    row = _claim_or_404(claim_pk)
    act = CLAIM_ACTS.get(request.POST.get("acte", ""))
    if act is None:
        raise Http404
    try:
        return act(request, row)
    except (CodeOver, NotProved, AlreadyClaimed, NoSuchWay, TooMany) as refusal:
        messages.error(request, REFUSALS[type(refusal)])
        return redirect("joining_desk:claim", claim_pk=row.pk)


REFUSALS: dict[type[Exception], Any] = {
    CodeOver: gettext_lazy("Cette demande a déjà sa preuve ou sa réponse."),
    NotProved: gettext_lazy(
        "Rien ne montre encore que c’est son commerce\u00a0: il faut d’abord une preuve."
    ),
    AlreadyClaimed: gettext_lazy("Cette page a déjà quelqu’un\u00a0: répondez par un mot, ou appelez."),
    NoSuchWay: gettext_lazy("Le répertoire ne connaît pas de numéro public pour ce commerce."),
    TooMany: gettext_lazy("Assez de codes pour aujourd’hui."),
}


def _call(request: HttpRequest, row: Claim) -> HttpResponse:
    """The code, on this one answer alone, to be read out to who answers the public number."""
    code = claims.make_code(row, ClaimProof.PHONE, by_id=request.user.pk or 0, now=timezone.now())
    row.refresh_from_db()
    return _claim_screen(request, row, CommentForm(label_suffix=""), code=code)


def _letter(request: HttpRequest, row: Claim) -> HttpResponse:
    """The letter with its code, to print now: another printing makes another code."""
    code = claims.make_code(row, ClaimProof.LETTER, by_id=request.user.pk or 0, now=timezone.now())
    row.refresh_from_db()
    html = _letter_page(row, code)
    try:
        answer = HttpResponse(pdf.pdf_of(html), content_type="application/pdf")
    except CannotPrint:
        return HttpResponse(html)
    answer["Content-Disposition"] = f'attachment; filename="lettre-{row.merchant.slug}.pdf"'
    return answer


@speaking(FRENCH)
def _letter_page(row: Claim, code: str) -> str:
    """In French, whatever whoever prints it reads."""
    settings = PortalSettings.for_site(row.site)
    address = portal_url(row.site) + reverse("joining:claim", args=[row.merchant.slug])
    return render_to_string(
        "portal/documents/claim_letter.html",
        {
            "claim": row, "merchant": row.merchant, "code": code, "portal": settings, "address": address,
            "style": papers.style("claim_letter", settings), "qr": papers.qr_svg(address),
        },
    )  # fmt: skip


def _vouch(request: HttpRequest, row: Claim) -> HttpResponse:
    if not has_role(request.user, PortalRole.ADVISER):
        raise Http404
    if claims.vouch(row, by=request.user, now=timezone.now()):
        messages.success(request, _("C’est noté\u00a0: la Chambre se porte garante. Il reste à confirmer."))
    return redirect("joining_desk:claim", claim_pk=row.pk)


def _approve(request: HttpRequest, row: Claim) -> HttpResponse:
    names = {"name": row.merchant.name, "who": row.user}
    if deciding.approve_claim(row, by=request.user, now=timezone.now()):
        messages.success(request, _("%(name)s est à %(who)s, qui en reçoit un courriel.") % names)
    else:
        messages.info(request, _("Cette demande avait déjà sa réponse."))
    return redirect("joining_desk:index")


def _refuse(request: HttpRequest, row: Claim) -> HttpResponse:
    form = CommentForm(request.POST, label_suffix="")
    if not form.is_said():
        return _claim_screen(request, row, form)
    comment = form.cleaned_data["comment"]
    if deciding.refuse_claim(row, by=request.user, comment=comment, now=timezone.now()):
        messages.success(request, _("Votre mot est parti à %(who)s.") % {"who": row.user})
    else:
        messages.info(request, _("Cette demande avait déjà sa réponse."))
    return redirect("joining_desk:index")


CLAIM_ACTS: dict[str, Callable[[HttpRequest, Claim], HttpResponse]] = {
    "appeler": _call,
    "lettre": _letter,
    "garantir": _vouch,
    "approuver": _approve,
    "refuser": _refuse,
}


# ------------------------------------------------------------------------------------------------ one registration


@never_cache
@require_safe
@for_roles(*ALL_WHO_ENTER)
def registration(request: HttpRequest, registration_pk: int) -> HttpResponse:
    if request.GET.get("depasse"):
        messages.warning(request, CHANGED)
    return _registration_screen(request, _registration_or_404(registration_pk), CommentForm(label_suffix=""))


CHANGED = gettext_lazy(
    "Rien n’a été publié\u00a0: la page a changé entre-temps. Voici ce qu’elle est maintenant."
)


def _registration_or_404(pk: int) -> Registration:
    rows = Registration.objects.select_related("site", "merchant__sector", "user", "invited_by")
    return get_object_or_404(rows.exclude(status=RegistrationStatus.WITHDRAWN), pk=pk)


def _registration_screen(request: HttpRequest, row: Registration, form: CommentForm) -> HttpResponse:
    page = moderation.window_of(row.merchant) if row.merchant and row.merchant.is_claimed else None
    after = moderation.working_copy(page) if page and page.latest_revision_id else page
    standing = moderation.standing(page)
    return screen(
        request,
        "joining_registration",
        row.answers.get("name") or row.email,
        under=((reverse("joining_desk:index"), TITLE),),
        status=422 if form.errors else 200,
        registration=row,
        shown=preview.of(row),
        tier=TITLES.get(row.tier, ""),  # type: ignore[call-overload]
        agreement=agreements.of_registration(row),
        page=page,
        changes=changes(page if page and page.live else None, after) if after else [],
        seen=page.latest_revision_id if page else None,
        can_answer=standing.stage == moderation.Stage.WAITING and has_role(request.user, *JOURNAL),
        waits_for_journal=standing.stage == moderation.Stage.WAITING,
        claim=_claim_of(row),
        form=form,
        **_by_hand(row),
    )


def _by_hand(row: Registration) -> dict[str, Any]:
    """The invitation as an adviser shows it across a counter: its link, and the link's code."""
    is_good = row.status == RegistrationStatus.INVITED and row.expires_at and row.expires_at > timezone.now()
    if not is_good:
        return {}
    address = letters.link(row)
    return {"invitation_url": address, "invitation_qr": papers.qr_svg(address)}


def _claim_of(row: Registration) -> Claim | None:
    """The claim that this registration waits for."""
    if row.merchant is None or row.user is None or row.merchant.is_claimed:
        return None
    return claims.open_claim(row.merchant, row.user)


@never_cache
@require_POST
@for_roles(*JOURNAL)
def answer(request: HttpRequest, registration_pk: int) -> HttpResponse:
    """Exactly what was looked at is published, or sent back with a word."""
    row = _registration_or_404(registration_pk)
    page = moderation.window_of(row.merchant) if row.merchant else None
    seen, said = request.POST.get("seen", ""), request.POST.get("reponse", "")
    if page is None or said not in ("approuver", "refuser") or not seen.isdecimal() or len(seen) > 9:
        raise Http404
    form = CommentForm(request.POST, label_suffix="")
    if said == "refuser" and not form.is_said():
        return _registration_screen(request, row, form)
    comment = form.cleaned_data["comment"] if form.is_valid() else ""
    act = moderation.approve if said == "approuver" else moderation.refuse
    try:
        act(page.pk, user=request.user, seen=int(seen), comment=comment)
    except ChangedMeanwhile:
        return redirect(f"{reverse('joining_desk:registration', args=[row.pk])}?depasse=1")
    told = {"name": page.title}
    messages.success(request, (PUBLISHED if said == "approuver" else SENT_BACK) % told)
    return redirect("joining_desk:index")


PUBLISHED = gettext_lazy("La page de %(name)s est en ligne; le commerce en reçoit un courriel.")
SENT_BACK = gettext_lazy("Votre mot est parti à %(name)s, qui peut corriger et renvoyer.")


def urls() -> list[URLPattern]:
    return [
        path("", index, name="index"),
        path("<int:registration_pk>/", registration, name="registration"),
        path("<int:registration_pk>/repondre/", answer, name="answer"),
        path("pages/<int:claim_pk>/", claim, name="claim"),
        path("pages/<int:claim_pk>/geste/", claim_act, name="claim_act"),
    ]
