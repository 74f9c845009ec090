"""The City's screen: the whole report of any months that are over, with the period before; CSV and PDF of the same."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.admin.ui.components import Component

from home import audit
from home.exceptions import CannotPrint
from home.models import PortalRole, PortalSettings
from home.pdf import can_print
from home.periods import Period
from home.tenancy import current_site
from portal.impact import document, reporting, settings_desk, words
from portal.impact.choosing import MOST_MONTHS, asked_period, slug
from portal.impact.report import Report
from portal.impact.sheet import sheet
from portal.impact.shown import Shown, shown
from portal.impact.views import being_made, pdf_answer
from portal.staff_desk.rights import for_roles, has_role
from portal.staff_desk.screens import screen

READERS = (PortalRole.CITY, PortalRole.MANAGER, PortalRole.ADVISER)
TITLE = gettext_lazy("Bilan")


@require_safe
@for_roles(*READERS)
def index(request: HttpRequest) -> HttpResponse:
    offered = _offered()
    if not offered:
        return screen(request, "impact", TITLE, shown=None, may_write=_may_write(request))
    period = _period(request, offered)
    if period is None:
        text = _("Ces mois ne sont pas tous là. Voici le dernier; %(months)s mois au plus à la fois.")
        messages.error(request, text % {"months": words.number(MOST_MONTHS)})
        return redirect("impact_desk:index")
    return _screen(request, period, offered)


def _screen(request: HttpRequest, period: Period, offered: list[Period]) -> HttpResponse:
    settings = PortalSettings.for_request(request)
    return screen(
        request,
        "impact",
        TITLE,
        shown=shown(_report(period), settings),
        choices=[{"value": slug(month), "label": words.period(month)} for month in offered],
        first=f"{period.first:%Y-%m}",
        last=f"{period.last:%Y-%m}",
        may_write=_may_write(request),
        has_pdf=can_print(),
    )


@require_safe
@for_roles(*READERS)
def csv_file(request: HttpRequest) -> HttpResponse:
    period = _period(request, _offered())
    if period is None:
        return redirect("impact_desk:index")
    answer = HttpResponse(sheet(_report(period)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="bilan-{_name(period)}.csv"'
    _note(request, period, "csv")
    return answer


@require_safe
@for_roles(*READERS)
def pdf_file(request: HttpRequest) -> HttpResponse:
    """Where none can be made, the page itself, which prints."""
    period = _period(request, _offered())
    if period is None:
        return redirect("impact_desk:index")
    settings = PortalSettings.for_request(request)
    told = shown(_report(period), settings)
    try:
        content = document.for_staff(told, settings)
    except CannotPrint:
        return HttpResponse(document.page_of(told, settings))
    except document.BeingMade:
        return being_made()
    _note(request, period, "pdf")
    return pdf_answer(content, _name(period))


def _offered() -> list[Period]:
    """Months that are over, newest first."""
    return reporting.published_months(now=timezone.now(), with_provisional=True)[::-1]


def _period(request: HttpRequest, offered: list[Period]) -> Period | None:
    return asked_period(request.GET.get("du", ""), request.GET.get("au", ""), offered)


def _report(period: Period) -> Report:
    return reporting.report(period, now=timezone.now(), with_provisional=True)


def _name(period: Period) -> str:
    return "-a-".join(dict.fromkeys((f"{period.first:%Y-%m}", f"{period.last:%Y-%m}")))


def _note(request: HttpRequest, period: Period, kind: str) -> None:
    audit.note("export", current_site(), actor_id=request.user.pk, after={"bilan": _name(period), "as": kind})


def _may_write(request: HttpRequest) -> bool:
    return has_role(request.user, *settings_desk.MANAGER)


class ImpactPanel(Component):
    """On the admin's home, for whoever reads the report: what the last published month says."""

    name = "impact"
    order = 55
    template_name = "portal/admin/impact_home.html"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        if not has_role(self.request.user, *READERS):
            return {"reads": False}
        now = timezone.now()
        published = reporting.published_months(now=now)
        told: Shown | None = None
        if published:
            told = shown(reporting.report(published[-1], now=now), PortalSettings.for_request(self.request))
        return {"reads": True, "shown": told, "url": reverse("impact_desk:index")}


def urls() -> list[URLPattern]:
    return [
        path("", index, name="index"),
        path("bilan.csv", csv_file, name="csv"),
        path("bilan.pdf", pdf_file, name="pdf"),
        *settings_desk.urls(),
    ]
