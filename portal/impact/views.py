"""/bilan/: what anybody may read of a portal's months, each as it was published, with its files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from home.exceptions import CannotPrint
from home.models import PortalSettings
from home.pdf import can_print
from home.periods import Period, town_day
from portal.impact import document, reporting, words
from portal.impact.choosing import Choice, slug
from portal.impact.closing import closes_at
from portal.impact.facts import first_month
from portal.impact.models import MerchantQuote
from portal.impact.report import Report
from portal.impact.sheet import sheet
from portal.impact.shown import shown
from portal.impact.structured import graph_of

QUOTES = 2
TRY_AGAIN_S = 10


@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """The month that was published last; before there is one, when the first will be."""
    months = _published()
    return _page(request, months, months[0]) if months else _nothing_yet(request)


@require_safe
def of_month(request: HttpRequest, month: str) -> HttpResponse:
    months = _published()
    return _page(request, months, _one_of(months, month))


@require_safe
def csv_file(request: HttpRequest, month: str) -> HttpResponse:
    del request
    content = sheet(_report(_one_of(_published(), month)))
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="bilan-{month}.csv"'
    return answer


@require_safe
def pdf_file(request: HttpRequest, month: str) -> HttpResponse:
    """Made once, when it is first asked for. Where none can be made: 404."""
    chosen, settings = _one_of(_published(), month), PortalSettings.for_request(request)
    try:
        content = document.published(shown(_report(chosen), settings), settings)
    except CannotPrint as error:
        raise Http404 from error
    except document.BeingMade:
        return being_made()
    return pdf_answer(content, month)


def being_made() -> HttpResponse:
    """Another one is in the making: it takes some seconds."""
    text = _("Un bilan est justement en préparation. Redemandez-le dans quelques secondes.")
    answer = HttpResponse(text, status=503, content_type="text/plain; charset=utf-8")
    answer["Retry-After"] = str(TRY_AGAIN_S)
    return answer


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="bilan-{name}.pdf"'
    return answer


def _published() -> list[Period]:
    """Newest first."""
    return reporting.published_months(now=timezone.now())[::-1]


def _one_of(months: list[Period], name: str) -> Period:
    """Raises Http404 for a month that is not published."""
    found = [month for month in months if slug(month) == name]
    if not found:
        raise Http404
    return found[0]


def _report(month: Period) -> Report:
    return reporting.report(month, now=timezone.now())


def _page(request: HttpRequest, months: list[Period], chosen: Period) -> HttpResponse:
    settings = PortalSettings.for_request(request)
    told = shown(_report(chosen), settings)
    csv_url = reverse("impact:csv", args=[slug(chosen)])
    pdf_url = reverse("impact:pdf", args=[slug(chosen)]) if can_print() else ""
    context = {
        "shown": told,
        "quotes": _quotes(),
        "months": [_choice(month, chosen) for month in months],
        "pdf_url": pdf_url,
        "csv_url": csv_url,
        "graph": graph_of(told, request, settings, csv_url=csv_url, pdf_url=pdf_url),
    }
    return render(request, "portal/impact/report.html", context)


def _choice(month: Period, chosen: Period) -> Choice:
    return Choice(month, reverse("impact:month", args=[slug(month)]), is_chosen=month == chosen)


def _quotes() -> list[MerchantQuote]:
    """Of merchants that one may still find."""
    seen = {"merchant__suspended_at": None, "merchant__removed_at": None}
    rows = MerchantQuote.objects.filter(is_shown=True, **seen).select_related("merchant")
    return list(rows[:QUOTES])


def _nothing_yet(request: HttpRequest) -> HttpResponse:
    """The first month in which something happened is published when it is due; if it is overdue, any moment now."""
    now = timezone.now()
    month = first_month() or Period.month_of(town_day(now))
    day = town_day(max(closes_at(month), now))
    return render(request, "portal/impact/report.html", {"first_day": words.day(day)})


def urls() -> list[URLPattern]:
    return [
        path("", latest, name="latest"),
        path("<str:month>/", of_month, name="month"),
        path("<str:month>/bilan.csv", csv_file, name="csv"),
        path("<str:month>/bilan.pdf", pdf_file, name="pdf"),
    ]
