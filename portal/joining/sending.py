"""Check your answers, send them, and wait for the Journal: with somewhere to go on meanwhile."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory import look_alikes, moderation, questions, registrations, sent_registrations
from directory.claims import AlreadyClaimed
from directory.enums import RegistrationStatus, Tier
from directory.models import Category, Registration, Sector
from directory.questions import Question
from directory.sent_registrations import NotComplete, NotProved, Sent
from home.tenancy import site_for
from portal.accounts.second_factor import is_enrolled
from portal.joining import letters, preview
from portal.joining.deciding import tell_others
from portal.joining.questions import REVIEW, address, own_or_404, steps
from portal.merchant_space.plan_words import TITLES
from portal.staff_desk.letters import tell_the_journal
from portal.staff_desk.opening import open_staff_desk

LABELS = {
    Question.NAME: gettext_lazy("Nom"),
    Question.WEB: gettext_lazy("Site web"),
    Question.ADDRESS: gettext_lazy("Adresse"),
    Question.SECTOR: gettext_lazy("Secteur"),
    Question.PHONE: gettext_lazy("Téléphone"),
    Question.CATEGORY: gettext_lazy("Catégorie"),
    Question.HOURS: gettext_lazy("Heures"),
    Question.SENTENCE: gettext_lazy("En une phrase"),
    Question.PHOTO: gettext_lazy("Photo"),
    Question.TIER: gettext_lazy("Option"),
    Question.SHOP: gettext_lazy("Boutique en ligne"),
    Question.LEGAL_NAME: gettext_lazy("Nom légal"),
    Question.CONTRACT: gettext_lazy("Entente"),
}
LANGUAGES = {
    "fr": gettext_lazy("acceptée, en français"),
    "en": gettext_lazy("acceptée, dans sa version anglaise"),
}


def lines(row: Registration) -> list[dict[str, Any]]:
    """Each answer in words, with where it is changed."""
    back = f"?retour={REVIEW}"
    return [
        {
            "label": LABELS[question], "words": _words(row, question), "url": address(row, question) + back,
            "is_phone": question == Question.PHONE,
            "is_photo": question == Question.PHOTO, "is_hours": question == Question.HOURS,
        }
        for question in questions.asked(row.answers)
    ]  # fmt: skip


def _words(row: Registration, question: Question) -> str:
    """Empty for what is shown otherwise: the telephone, the hours, the photo."""
    if question in SHOWN_OTHERWISE:
        return ""
    if question in WORDS:
        return str(WORDS[question](row.answers) or "")
    return str(row.answers.get(questions.KEYS[question][0]) or "")


SHOWN_OTHERWISE = frozenset({Question.PHONE, Question.PHOTO, Question.HOURS})
WORDS: dict[Question, Callable[[dict[str, Any]], Any]] = {
    Question.ADDRESS: lambda answers: ", ".join((answers["street_address"], answers["postal_code"])),
    Question.SECTOR: lambda answers: Sector.objects.filter(pk=answers["sector"]).first(),
    Question.CATEGORY: lambda answers: Category.objects.filter(pk=answers["category"]).first(),
    Question.TIER: lambda answers: TITLES[Tier(answers["tier"])],
    Question.CONTRACT: lambda answers: LANGUAGES[answers["contract"]["language"]],
}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, registration_pk: int) -> HttpResponse:
    row = registrations.reopen_what_is_gone(own_or_404(request, registration_pk))
    if row.status != RegistrationStatus.STARTED or questions.next_question(row.answers) is not None:
        return redirect("joining:registration", registration_pk=row.pk)
    same = the_same(row)
    is_another = request.POST.get("autre") == "1"
    if request.method == "POST" and (is_another or not same):
        return _sent(request, row)
    context = {
        "registration": row, "lines": lines(row), "shown": preview.of(row), "steps": steps(row, None), "same": same,
        "must_say": request.method == "POST", "back_url": address(row, Question.CONTRACT),
    }  # fmt: skip
    return render(
        request, "portal/joining/review.html", context, status=422 if request.method == "POST" else 200
    )


def the_same(row: Registration) -> list[Any]:
    """Shops of the directory that are most likely this one, where it is said to be a new one."""
    if row.merchant is not None:
        return []
    answers = row.answers
    return look_alikes.the_same(
        name=answers["name"], postal_code=answers["postal_code"], phone=answers["phone"]
    )


def _sent(request: HttpRequest, row: Registration) -> HttpResponse:
    try:
        send(request, row)
    except NotComplete:
        return redirect("joining:registration", registration_pk=row.pk)
    except (NotProved, AlreadyClaimed) as refusal:
        messages.info(request, REFUSALS[type(refusal)])
        return redirect("joining:claim", merchant_slug=row.merchant.slug if row.merchant else "")
    return redirect("joining:waiting", registration_pk=row.pk)


REFUSALS = {
    NotProved: gettext_lazy("Il reste à montrer que c’est votre commerce\u00a0: choisissez comment."),
    AlreadyClaimed: gettext_lazy(
        "Quelqu’un d’autre a pris cette page entre-temps. Dites-nous ce qu’il en est."
    ),
}


@transaction.atomic
def send(request: HttpRequest, row: Registration) -> Sent:
    """Sent, written, traced and told to whom it concerns, or none of it. Raises as ``sent_registrations.send``."""
    now = timezone.now()
    open_staff_desk(site_for(request))
    sent = sent_registrations.send(row, now=now)
    if sent.is_new:
        letters.tell_it_waits(sent.registration, now=now)
    if sent.merchant is not None and sent.revision_pk is not None:
        page = moderation.window_of(sent.merchant)
        if page is not None:
            tell_the_journal(sent.merchant, page, revision_pk=sent.revision_pk, now=now)
        tell_others(sent.merchant, but_id=row.user_id, now=now)
    return sent


@never_cache
@login_required
@require_safe
def waiting(request: HttpRequest, registration_pk: int) -> HttpResponse:
    """What happens now, and what can be done meanwhile."""
    row = own_or_404(request, registration_pk)
    if row.status in (RegistrationStatus.STARTED, RegistrationStatus.INVITED):
        return redirect("joining:registration", registration_pk=row.pk)
    has_desk = row.merchant is not None and sent_registrations.owns(row.merchant, request.user)
    context = {
        "registration": row,
        "status": row.status,
        "days": moderation.days_waiting(row.sent_at) if row.sent_at else 0,
        "has_desk": has_desk,
        "sells": row.tier == Tier.TRANSACTIONAL,
        "shown": preview.of(row),
        "offers_passkey": not is_enrolled(request.user),
    }
    return render(request, "portal/joining/waiting.html", context)


@login_required
@require_POST
def give_up(request: HttpRequest, registration_pk: int) -> HttpResponse:
    """Not to be gone on with: the answers go."""
    row = own_or_404(request, registration_pk)
    if row.status == RegistrationStatus.STARTED and registrations.give_up(
        row, by=request.user, now=timezone.now()
    ):
        messages.success(request, _("C’est effacé. Vous pouvez recommencer quand vous voulez."))
    return redirect("joining:start")
