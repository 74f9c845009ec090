"""What people say of pages that nobody has claimed, and the answer: mended, or removed."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from directory import page_reports
from directory.enums import ReportKind
from directory.models import PageReport
from portal.staff_desk.imports import MINE
from portal.staff_desk.imports import TITLE as IMPORTS
from portal.staff_desk.screens import screen
from shop.letters import Letter, post

TITLE = gettext_lazy("Signalements du public")
REMOVE = "retirer"


@require_GET
@MINE
def index(request: HttpRequest) -> HttpResponse:
    return screen(
        request,
        "page_reports",
        TITLE,
        under=((reverse("imports:index"), IMPORTS),),
        reports=page_reports.waiting(),
        removal=ReportKind.REMOVAL,
    )


@require_POST
@MINE
def answer(request: HttpRequest, report_pk: int) -> HttpResponse:
    report: PageReport = get_object_or_404(PageReport.objects.select_related("merchant"), pk=report_pk)
    done, nothing = (
        _removed(request, report) if request.POST.get("acte") == REMOVE else _settled(request, report)
    )
    if done:
        messages.success(request, done % {"name": report.merchant.name})
    else:
        messages.info(request, nothing % {"name": report.merchant.name})
    return redirect("page_reports:index")


def _settled(request: HttpRequest, report: PageReport) -> tuple[str, str]:
    done = page_reports.settle(report, by_id=request.user.pk or 0, now=timezone.now())
    return _("C’est classé, pour %(name)s.") if done else "", _("Quelqu’un a déjà répondu, pour %(name)s.")


def _removed(request: HttpRequest, report: PageReport) -> tuple[str, str]:
    now = timezone.now()
    with transaction.atomic():
        done = page_reports.remove(report, by_id=request.user.pk or 0, now=now)
        if done and report.email:
            post(
                _letter(report),
                to=[report.email],
                site_id=report.site_id,
                key=f"page-report-{report.pk}",
                now=now,
            )
    words = _("%(name)s ne paraît plus, et aucune importation ne ramènera cette fiche.")
    return words if done else "", _(
        "Rien n’est retiré\u00a0: on a déjà répondu, ou %(name)s tient sa page depuis."
    )


def _letter(report: PageReport) -> Letter:
    return Letter(
        subject=_("La fiche de %(name)s est retirée") % {"name": report.merchant.name},
        paragraphs=(
            _("Comme vous l’avez demandé, cette fiche ne paraît plus, et elle ne reviendra pas d’elle-même."),
        ),
    )


def urls() -> list[URLPattern]:
    return [
        path("", index, name="index"),
        path("<int:report_pk>/repondre/", answer, name="answer"),
    ]
