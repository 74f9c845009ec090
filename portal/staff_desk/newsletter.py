"""The Journal's letter: what is being written, what leaves, what left. Editors and the manager send.

The list of addresses is the manager's alone (``newsletter_addresses``): an editor sees how many they are.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from editorial.models import CopyState, Mailing, MailingStatus, NewsletterIndexPage, NewsletterPage
from editorial.newsletter import composing, figures, leaving, mailings
from home.languages import FRENCH, LANGUAGES
from home.models import PortalRole
from home.tenancy import below_roots
from portal.staff_desk import newsletter_addresses
from portal.staff_desk.rights import for_roles, has_role
from portal.staff_desk.screens import screen
from portal.staffing import JOURNAL
from shop import outbox

TITLE = gettext_lazy("Infolettre")
SENT_SHOWN = 30
TIME_TO_STOP = timedelta(minutes=2)
"""« Send now » leaves this much later: a slip is undone by a button."""
FARTHEST = timedelta(days=60)


class SendForm(forms.Form):
    """Now, or at an hour to come."""

    when = forms.ChoiceField(
        choices=(("now", gettext_lazy("Maintenant")), ("later", gettext_lazy("À cette heure"))),
        widget=forms.RadioSelect,
        label=gettext_lazy("Quand?"),
        error_messages={"required": gettext_lazy("Dites quand\u00a0: maintenant, ou à une heure.")},
    )
    at = forms.DateTimeField(
        required=False,
        label=gettext_lazy("Jour et heure"),
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "invalid": gettext_lazy("Cette heure ne se lit pas\u00a0: choisissez-la dans le calendrier.")
        },
    )

    def clean(self) -> dict[str, object]:
        said: dict[str, object] = super().clean() or self.cleaned_data
        at = self.cleaned_data.get("at")
        if said.get("when") == "later" and "at" not in self.errors:
            if at is None:
                self.add_error("at", _("Choisissez le jour et l’heure."))
            elif not timezone.now() < at < timezone.now() + FARTHEST:
                self.add_error("at", _("Choisissez une heure à venir, d’ici deux mois."))
        return said

    def moment(self) -> datetime:
        """When it leaves, of a valid form."""
        at: datetime | None = self.cleaned_data["at"] if self.cleaned_data["when"] == "later" else None
        return at or timezone.now() + TIME_TO_STOP


@dataclass(frozen=True, slots=True)
class Line:
    """One letter in the list."""

    page: NewsletterPage
    mailing: Mailing | None
    counts: dict[str, int]


def _pages() -> QuerySet[NewsletterPage]:
    """In the language they are written in: a translation leaves with its original."""
    rows: QuerySet[NewsletterPage] = NewsletterPage.objects.filter(
        below_roots("path"), locale__language_code=FRENCH
    )
    return rows.select_related("mailing")


@require_GET
@for_roles(*JOURNAL)
def index(request: HttpRequest) -> HttpResponse:
    pages = list(_pages().order_by("-latest_revision_created_at", "-pk")[: 2 * SENT_SHOWN])
    counts = figures.copies_of([page.mailing for page in pages if hasattr(page, "mailing")])
    lines = [_line(page, counts) for page in pages]
    sent = (MailingStatus.SENT, MailingStatus.STOPPED)
    return screen(
        request,
        "newsletter",
        TITLE,
        home=NewsletterIndexPage.objects.filter(below_roots("path")).order_by("path").first(),
        figures=figures.of_the_list(now=timezone.now()),
        is_manager=has_role(request.user, PortalRole.MANAGER),
        drafts=[line for line in lines if line.mailing is None],
        moving=[line for line in lines if line.mailing and line.mailing.status not in sent],
        past=[line for line in lines if line.mailing and line.mailing.status in sent][:SENT_SHOWN],
    )


def _line(page: NewsletterPage, counts: dict[int, dict[str, int]]) -> Line:
    mailing: Mailing | None = getattr(page, "mailing", None)
    return Line(page, mailing, counts.get(mailing.pk, {}) if mailing else {})


@require_GET
@for_roles(*JOURNAL)
def letter(request: HttpRequest, letter_pk: int) -> HttpResponse:
    return _letter(request, _page_or_404(letter_pk), SendForm())


def _page_or_404(letter_pk: int) -> NewsletterPage:
    return get_object_or_404(_pages(), pk=letter_pk)


def _letter(request: HttpRequest, page: NewsletterPage, form: SendForm) -> HttpResponse:
    mailing: Mailing | None = getattr(page, "mailing", None)
    counts = mailings.counts(mailing) if mailing else {}
    return screen(
        request,
        "newsletter_letter",
        page.title,
        under=((reverse("newsletter_desk:index"), TITLE),),
        status=422 if form.errors else 200,
        page=page,
        subject=composing.subject_of(page),
        mailing=mailing,
        states=[(state.label, counts[state]) for state in CopyState if counts.get(state)],
        total=sum(counts.values()),
        done=sum(
            number for state, number in counts.items() if state not in {CopyState.WAITING, CopyState.LEAVING}
        ),
        readers=mailings.readers(timezone.now()).count(),
        why_not=composing.why_not(page),
        may_send=mailing is None or (mailing.frozen_at is None and mailing.status != MailingStatus.SENDING),
        may_stop=bool(mailing and mailing.status in {MailingStatus.SCHEDULED, MailingStatus.SENDING}),
        is_manager=has_role(request.user, PortalRole.MANAGER),
        languages=LANGUAGES,
        form=form,
    )


@require_POST
@for_roles(*JOURNAL)
def trial(request: HttpRequest, letter_pk: int) -> HttpResponse:
    """To whoever asks, and to nobody else."""
    page = _page_or_404(letter_pk)
    said, now = request.POST.get("langue", ""), timezone.now()
    language = said if said in dict(LANGUAGES) else LANGUAGES[0][0]
    email = getattr(request.user, "email", "")
    outbox.put(
        site_id=composing.site_of(page).pk,
        key=f"{leaving.TRIAL}:{page.pk}:{request.user.pk}:{now:%y%m%d%H%M%S}",
        kind=leaving.TRIAL,
        now=now,
        recipient=email,
        payload={"page": page.pk, "language": language, "mark": _("[Essai]")},
    )
    messages.success(
        request, _("Un essai part vers %(email)s, tel que la lettre est écrite.") % {"email": email}
    )
    return redirect("newsletter_desk:letter", letter_pk=page.pk)


@require_POST
@for_roles(*JOURNAL)
def send(request: HttpRequest, letter_pk: int) -> HttpResponse:
    page, form = _page_or_404(letter_pk), SendForm(request.POST)
    if not form.is_valid():
        return _letter(request, page, form)
    now, by_id = timezone.now(), request.user.pk
    try:
        mailings.schedule(page, send_at=form.moment(), by_id=by_id, now=now)
    except mailings.CannotSend as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(
            request, _("C’est demandé. Jusqu’à l’heure dite, et même en route, un bouton l’arrête.")
        )
    return redirect("newsletter_desk:letter", letter_pk=page.pk)


@require_POST
@for_roles(*JOURNAL)
def stop(request: HttpRequest, letter_pk: int) -> HttpResponse:
    page = _page_or_404(letter_pk)
    mailing: Mailing | None = getattr(page, "mailing", None)
    if mailing and mailings.stop(mailing, by_id=request.user.pk, now=timezone.now()):
        messages.success(request, _("Arrêtée\u00a0: ce qui n’était pas parti ne partira pas."))
    else:
        messages.info(request, _("Il n’y avait plus rien à arrêter."))
    return redirect("newsletter_desk:letter", letter_pk=page.pk)


def urls() -> list[URLPattern]:
    return [
        path("", index, name="index"),
        path("lettres/<int:letter_pk>/", letter, name="letter"),
        path("lettres/<int:letter_pk>/essai/", trial, name="trial"),
        path("lettres/<int:letter_pk>/envoyer/", send, name="send"),
        path("lettres/<int:letter_pk>/arreter/", stop, name="stop"),
        *newsletter_addresses.urls(),
    ]
