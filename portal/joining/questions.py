"""One question a page: its words, its form, where it stands among the others."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory import agreements, look_alikes, questions, registrations
from directory.agreements import FRENCH
from directory.enums import RegistrationStatus
from directory.models import Registration
from directory.questions import Question
from directory.registrations import NotNow
from home.tenancy import site_for
from portal import staffing
from portal.joining import contract, letters, own_site, preview
from portal.joining.forms import FORMS, NameForm, QuestionForm
from portal.joining.own_site import NOT_READ

REVIEW = "verification"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is put. ``skip``: the button of who has nothing to say to it."""

    title: Any
    lead: Any = ""
    verb: Any = ""
    skip: Any = ""


ASKED = {
    Question.NAME: Asked(gettext_lazy("Comment s’appelle votre commerce?")),
    Question.WEB: Asked(
        gettext_lazy("Avez-vous un site web?"),
        gettext_lazy(
            "On ira y lire ce qui est public, pour vous éviter de l’écrire. Vous direz si c’est exact."
        ),
        skip=gettext_lazy("Je n’en ai pas"),
    ),
    Question.ADDRESS: Asked(gettext_lazy("Où vous trouve-t-on?")),
    Question.SECTOR: Asked(gettext_lazy("C’est dans quel secteur?")),
    Question.PHONE: Asked(
        gettext_lazy("À quel numéro vous appelle-t-on?"),
        gettext_lazy("Il se verra sur votre page. Un téléphone du commerce, plutôt que le vôtre."),
    ),
    Question.CATEGORY: Asked(gettext_lazy("Que fait-on chez vous?")),
    Question.HOURS: Asked(
        gettext_lazy("Quand êtes-vous ouvert?"),
        gettext_lazy(
            "Une fois suffit\u00a0: on copie à tous les jours cochés. Les jours à part se règlent plus tard."
        ),
    ),
    Question.SENTENCE: Asked(gettext_lazy("Votre commerce, en une phrase?")),
    Question.PHOTO: Asked(
        gettext_lazy("Une photo de chez vous?"),
        gettext_lazy(
            "La devanture, en largeur, par beau temps\u00a0: c’est elle qu’on reconnaît en passant."
        ),
        skip=gettext_lazy("Plus tard"),
    ),
    Question.TIER: Asked(
        gettext_lazy("Qu’est-ce qui vous aide le plus?"),
        gettext_lazy("Trois options, une seule page. Vous changez quand vous voulez, sans rien perdre."),
        verb=gettext_lazy("Je choisis celle-là"),
    ),
    Question.SHOP: Asked(gettext_lazy("Où est votre boutique en ligne?")),
    Question.LEGAL_NAME: Asked(
        gettext_lazy("À quel nom faire l’entente?"),
        gettext_lazy("Le nom légal n’est montré que là où la loi le demande."),
    ),
    Question.CONTRACT: Asked(
        gettext_lazy("Entre nous, noir sur blanc"), verb=gettext_lazy("J’accepte cette entente")
    ),
}

NOTHING: dict[Question, dict[str, Any]] = {
    Question.WEB: {"website_url": ""},
    Question.PHOTO: {"photo": None, "photo_shows": ""},
}
"""What is kept of a question that was skipped."""

GROUPS = (
    (gettext_lazy("Vous"), (Question.NAME, Question.WEB, Question.ADDRESS, Question.SECTOR, Question.PHONE,
                                Question.CATEGORY)),
    (gettext_lazy("Page"), (Question.HOURS, Question.SENTENCE, Question.PHOTO)),
    (gettext_lazy("Option"), (Question.TIER, Question.SHOP, Question.LEGAL_NAME, Question.CONTRACT)),
)  # fmt: skip


def own_or_404(request: HttpRequest, pk: int) -> Registration:
    """The signed-in person's registration; a stranger's does not exist."""
    row = registrations.own(request.user, pk)
    if row is None:
        raise Http404
    return row


def address(row: Registration, question: Question | None) -> str:
    """Of a question; of the check of all answers where there is none left."""
    if question is None:
        return reverse("joining:review", args=[row.pk])
    return reverse("joining:question", args=[row.pk, question.value])


def steps(row: Registration, here: Question | None) -> list[dict[str, Any]]:
    """The three parts and the check, for the steps on top of the page."""
    asked = questions.asked(row.answers)
    shown = []
    for number, (label, group) in enumerate(GROUPS, start=1):
        mine = [question for question in group if question in asked]
        done = all(questions.is_answered(row.answers, question) for question in mine)
        shown.append(
            {
                "number": number,
                "label": label,
                "url": address(row, mine[0]),
                "current": here in mine,
                "done": done,
            }
        )
    last = {
        "number": 4,
        "label": _("Vérifier"),
        "url": address(row, None),
        "current": here is None,
        "done": False,
    }
    return [*shown, last]


@never_cache
@login_required
@require_safe
def registration(request: HttpRequest, registration_pk: int) -> HttpResponse:
    """Where one was: the first question without an answer, the check, or the waiting page."""
    row = own_or_404(request, registration_pk)
    if row.status != RegistrationStatus.STARTED:
        return redirect("joining:waiting", registration_pk=row.pk)
    return redirect(address(row, questions.next_question(row.answers)))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, registration_pk: int, question: str) -> HttpResponse:
    row = own_or_404(request, registration_pk)
    try:
        asked = Question(question)
    except ValueError:
        raise Http404 from None
    if row.status != RegistrationStatus.STARTED or not questions.can_look_at(row.answers, asked):
        return redirect("joining:registration", registration_pk=row.pk)
    row = own_site.learn(row)
    if asked == Question.CONTRACT:
        return _contract(request, row)
    if request.POST.get("passer") and ASKED[asked].skip:
        return _kept(request, row, asked, NOTHING[asked])
    form = _form(request, row, asked)
    if form.is_bound and form.is_valid():
        return _kept(request, row, asked, form.values())
    return show(request, row, asked, form)


def _form(request: HttpRequest, row: Registration, asked: Question) -> QuestionForm:
    if request.method != "POST":
        return FORMS[asked](row=row)
    shelf = staffing.collection_of(site_for(request)) if request.FILES else None
    return FORMS[asked](request.POST, request.FILES, row=row, shelf=shelf)


def _kept(request: HttpRequest, row: Registration, asked: Question, values: dict[str, Any]) -> HttpResponse:
    try:
        kept = registrations.answer(row, asked, values)
    except NotNow:
        return redirect("joining:registration", registration_pk=row.pk)
    if asked == Question.WEB and values["website_url"] and not own_site.ask(request, kept):
        messages.info(request, NOT_READ)
    if asked == Question.NAME and kept.merchant is None and look_alikes.named_like(values["name"]):
        return redirect("joining:matches", registration_pk=kept.pk)
    return redirect(_next(request, kept, asked))


def _next(request: HttpRequest, row: Registration, asked: Question) -> str:
    """Back to the check where one came from it; else the next question in line."""
    if request.POST.get("retour") == REVIEW and questions.next_question(row.answers) is None:
        return address(row, None)
    line = questions.asked(row.answers)
    later = line[line.index(asked) + 1 :]
    return address(row, later[0] if later else None)


def show(
    request: HttpRequest, row: Registration, asked: Question, form: QuestionForm | None, **more: Any
) -> HttpResponse:
    """A question's page, filled with what was found elsewhere since; 422 with what to correct."""
    before = questions.before(row.answers, asked)
    line = questions.asked(row.answers)
    context = {
        "registration": row,
        "form": form,
        "asked": ASKED[asked],
        "question": asked.value,
        "is_known": form is not None and not form.is_bound and _is_known(row, asked),
        "number": line.index(asked) + 1,
        "count": len(line),
        "steps": steps(row, asked),
        "back_url": address(row, before) if before else "",
        "return_to": REVIEW if REVIEW in (request.GET.get("retour"), request.POST.get("retour")) else "",
        "shown": preview.of(row),
        **more,
    }
    status = 422 if form is not None and form.errors else more.get("status", 200)
    return render(request, "portal/joining/question.html", context, status=status)


def _is_known(row: Registration, asked: Question) -> bool:
    """Something to look at rather than to write: « is this right? »."""
    if questions.is_answered(row.answers, asked) or asked not in CAN_BE_KNOWN:
        return False
    return any(row.answers.get(key) for key in questions.KEYS[asked])


CAN_BE_KNOWN = frozenset(Question) - {Question.TIER, Question.CONTRACT, Question.PHOTO}


# ------------------------------------------------------------------------------------------------ the first one


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """The first question of a new shop; or where one was, for who has begun already."""
    known = registrations.started_by(request.user).first()
    if known is not None and request.GET.get("autre") != "1":
        return redirect("joining:registration", registration_pk=known.pk)
    empty = Registration(site=site_for(request), answers={})
    form = NameForm(request.POST if request.method == "POST" else None, row=empty)
    if form.is_bound and form.is_valid():
        row = _begun(request)
        return _kept(request, row, Question.NAME, form.values())
    context = {
        "form": form, "asked": ASKED[Question.NAME], "question": Question.NAME.value, "number": 1,
        "count": len(questions.asked({})), "shown": preview.of(empty),
    }  # fmt: skip
    return render(request, "portal/joining/question.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _begun(request: HttpRequest) -> Registration:
    """With the letter by which it can be gone on with elsewhere."""
    now = timezone.now()
    row = registrations.begin(site_for(request), user=request.user, now=now)
    letters.send_link(row, now=now)
    return row


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def matches(request: HttpRequest, registration_pk: int) -> HttpResponse:
    """Shops of nearly that name: perhaps it is one of them, with a page that waits."""
    row = own_or_404(request, registration_pk)
    found = look_alikes.named_like(row.answers.get("name", "")) if row.merchant is None else []
    if request.method == "POST" or not found or row.status != RegistrationStatus.STARTED:
        return redirect("joining:registration", registration_pk=row.pk)
    context = {"registration": row, "found": found, "back_url": address(row, Question.NAME)}
    return render(request, "portal/joining/matches.html", context)


@login_required
@require_POST
def later(request: HttpRequest, registration_pk: int) -> HttpResponse:
    """The link by which to go on, on whichever device, is on its way."""
    row = own_or_404(request, registration_pk)
    with transaction.atomic():
        sent = letters.send_link(row, now=timezone.now())
    if sent:
        told = {"email": row.email}
        messages.success(
            request,
            _("Le lien est parti à %(email)s. Tout est gardé\u00a0: reprenez quand vous voulez.") % told,
        )
    else:
        messages.info(request, _("Un lien vient de partir\u00a0: regardez vos courriels. Tout est gardé."))
    return redirect("joining:registration", registration_pk=row.pk)


@never_cache
@login_required
@require_safe
def look(request: HttpRequest, registration_pk: int) -> HttpResponse:
    """The page so far, on a page of its own: for telephones, which have no room beside the question."""
    row = own_or_404(request, registration_pk)
    back = reverse("joining:registration", args=[row.pk])
    return render(
        request, "portal/joining/look.html", {"registration": row, "shown": preview.of(row), "back_url": back}
    )


# ------------------------------------------------------------------------------------------------ the contract


def _contract(request: HttpRequest, row: Registration) -> HttpResponse:
    """French first. The English text is reached from it, with the sealed word that it was shown."""
    language = request.POST.get("langue") or request.GET.get("langue") or FRENCH
    seen = contract.shown_before(request.POST.get("vu") or request.GET.get("vu") or "", row.pk)
    if language not in contract.LANGUAGES or (language != FRENCH and seen is None):
        return redirect(address(row, Question.CONTRACT))
    if request.method == "POST" and request.POST.get("accepte"):
        if seen is None:
            messages.info(
                request, _("Le texte a changé, ou il est là depuis longtemps\u00a0: relisez-le d’abord.")
            )
            return redirect(address(row, Question.CONTRACT))
        return _accepted(request, row, language, seen)
    shown = request.GET.get("vu") if seen and language != FRENCH else contract.shown_now(row.pk)
    text = contract.text(language)
    return show(request, row, Question.CONTRACT, None, contract=text, shown_word=shown, language=language)


@transaction.atomic
def _accepted(request: HttpRequest, row: Registration, language: str, seen: contract.Seen) -> HttpResponse:
    text = contract.text(language)
    agreed = agreements.accept(
        row, by=request.user, version=text.version, language=language, words=text.words, french_shown_at=seen.at,
        now=timezone.now(),
    )  # fmt: skip
    facts = {"version": text.version, "language": language, "agreement": agreed.pk}
    return _kept(request, row, Question.CONTRACT, {"contract": facts})
