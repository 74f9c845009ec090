"""« À approuver »: what merchants changed on their pages, before and after, and the Journal's answer."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from directory import moderation
from directory.models import MerchantPage
from directory.moderation import ChangedMeanwhile, Stage
from directory.page_changes import changes
from home.models import AuditEntry
from home.tenancy import current_site
from portal.staff_desk.rights import for_roles
from portal.staff_desk.screens import screen
from portal.staffing import JOURNAL

TITLE = gettext_lazy("À approuver")
SHOWN_FOR = timedelta(days=14)
"""What trusted merchants published stays listed that long."""


class AnswerForm(forms.Form):
    """Approve, with a word or none; refuse, with one."""

    APPROVE, REFUSE = "approuver", "refuser"

    seen = forms.IntegerField(max_value=2**31 - 1, widget=forms.HiddenInput)
    answer = forms.ChoiceField(choices=((APPROVE, ""), (REFUSE, "")))
    comment = forms.CharField(
        label=gettext_lazy("Un mot au commerce"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy(
            "Il le lira dans son courriel et sur son écran. Pour refuser, dites quoi changer."
        ),
        error_messages={"max_length": gettext_lazy("Plus court\u00a0: 1\u00a0000 caractères au plus.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("answer") == self.REFUSE and not cleaned.get("comment"):
            self.add_error("comment", _("Écrivez au commerce ce qu’il faut changer."))
        return cleaned


@require_GET
@for_roles(*JOURNAL)
def index(request: HttpRequest) -> HttpResponse:
    """What waits, the longest first, and what trusted merchants published lately."""
    now = timezone.now()
    return screen(request, "approvals", TITLE, waiting=waiting(now=now), published=published(now=now))


def waiting(*, now: datetime, most: int | None = None) -> list[dict[str, Any]]:
    """Each page that waits with its merchant and how long, in two queries however many."""
    tasks = list(moderation.what_waits(current_site().root_page)[:most])
    keys = [int(task.revision.object_id) for task in tasks]
    pages = MerchantPage.objects.select_related("merchant").defer("body").in_bulk(keys)
    return [
        {
            "page": page,
            "days": moderation.days_waiting(task.started_at, now),
            "is_first": page.first_published_at is None,
            "url": reverse("approvals:page", args=[page.pk]),
        }
        for task in tasks
        if (page := pages.get(int(task.revision.object_id)))
    ]


def published(*, now: datetime, most: int | None = None) -> list[AuditEntry]:
    """What merchants that are trusted published lately, the newest first."""
    rows = AuditEntry.objects.filter(action="page.published", at__gte=now - SHOWN_FOR)
    return list(rows.select_related("merchant", "actor")[:most])


def _page_or_404(page_pk: int) -> MerchantPage:
    """A merchant's page of this portal."""
    pages = MerchantPage.objects.descendant_of(current_site().root_page)
    return get_object_or_404(pages.select_related("merchant", "latest_revision__user"), pk=page_pk)


@require_GET
@for_roles(*JOURNAL)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    found = _page_or_404(pk)
    if request.GET.get("depasse"):
        messages.warning(request, CHANGED)
    return _page_screen(
        request, found, AnswerForm(initial={"seen": found.latest_revision_id}, label_suffix="")
    )


CHANGED = gettext_lazy(
    "Rien n’a été publié\u00a0: le commerce a changé ou retiré son texte entre-temps. Voici où en est sa page."
)


def _page_screen(request: HttpRequest, found: MerchantPage, form: AnswerForm) -> HttpResponse:
    standing = moderation.standing(found)
    after = moderation.working_copy(found) if found.latest_revision_id else found
    return screen(
        request,
        "approval",
        found.merchant.name,
        under=((reverse("approvals:index"), TITLE),),
        status=422 if form.errors else 200,
        page=found,
        merchant=found.merchant,
        standing=standing,
        is_waiting=standing.stage == Stage.WAITING,
        days=moderation.days_waiting(standing.since) if standing.since else 0,
        changes=changes(found if found.live else None, after),
        written_by=found.latest_revision.user if found.latest_revision else None,
        form=form,
        # Wagtail's own comparison, for who wants every field.
        compare=_compare(found),
    )


def _compare(found: MerchantPage) -> str:
    if not found.live_revision_id or not found.latest_revision_id:
        return ""
    between = [found.pk, found.live_revision_id, found.latest_revision_id]
    return reverse("wagtailadmin_pages:revisions_compare", args=between)


@require_POST
@for_roles(*JOURNAL)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Exactly what was looked at goes live, or back to its merchant; or a sentence says that it changed since."""
    found = _page_or_404(pk)
    form = AnswerForm(request.POST, label_suffix="")
    if not form.is_valid():
        if "comment" not in form.errors:
            raise Http404
        return _page_screen(request, found, form)
    act = moderation.approve if form.cleaned_data["answer"] == AnswerForm.APPROVE else moderation.refuse
    try:
        act(found.pk, user=request.user, seen=form.cleaned_data["seen"], comment=form.cleaned_data["comment"])
    except ChangedMeanwhile:
        return redirect(f"{reverse('approvals:page', args=[found.pk])}?depasse=1")
    said = APPROVED if act is moderation.approve else REFUSED
    messages.success(request, said % {"name": found.merchant.name})
    return redirect("wagtailadmin_home")


APPROVED = gettext_lazy("La page de %(name)s est en ligne; le commerce en reçoit un courriel.")
REFUSED = gettext_lazy("Votre mot est parti à %(name)s; sa page reste comme elle était.")


@require_GET
@for_roles(*JOURNAL)
def change(request: HttpRequest, entry_pk: int) -> HttpResponse:
    """What a trusted merchant published, beside what it replaced."""
    entry: AuditEntry = get_object_or_404(
        AuditEntry.objects.select_related("merchant"), pk=entry_pk, action="page.published"
    )
    found = _page_or_404(int(entry.object_id))
    before, after = (
        _as_page(found, entry.before.get("live_revision")),
        _as_page(found, entry.after.get("revision")),
    )
    if after is None:
        raise Http404
    return screen(
        request,
        "approval_change",
        entry.merchant.name if entry.merchant else found.title,
        under=((reverse("approvals:index"), TITLE),),
        entry=entry,
        merchant=found.merchant,
        page=found,
        changes=changes(before, after),
    )


def _as_page(found: MerchantPage, revision_pk: int | None) -> MerchantPage | None:
    revision = moderation.revision_of(found, revision_pk) if revision_pk else None
    return revision.as_object() if revision else None


def urls() -> list[URLPattern]:
    return [
        path("", index, name="index"),
        path("<int:pk>/", page, name="page"),
        path("<int:pk>/repondre/", answer, name="answer"),
        path("changements/<int:entry_pk>/", change, name="change"),
    ]
