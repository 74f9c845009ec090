"""The yearly seller report, for the Journal's manager: read on the screen, taken away as a sheet."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from home import audit
from home.models import PortalRole
from home.tenancy import current_site
from portal.staff_desk.rights import for_roles
from portal.staff_desk.screens import screen
from shop import seller_report, seller_report_csv

YEARS_BACK = 6
"""For so long the Agency may ask for it again."""


def asked_year(request: HttpRequest) -> int:
    """The year in « annee », else the one that ended last. Raises Http404 for one that is not offered."""
    text = request.GET.get("annee", "") or str(timezone.localdate().year - 1)
    if not (text.isascii() and text.isdecimal() and int(text) in offered_years()):
        raise Http404
    return int(text)


def offered_years() -> range:
    """This one, which is not over, and those before."""
    this = timezone.localdate().year
    return range(this, this - YEARS_BACK, -1)


@require_GET
@for_roles(PortalRole.MANAGER)
def index(request: HttpRequest) -> HttpResponse:
    year = asked_year(request)
    sellers = seller_report.of_year(year)
    return screen(
        request,
        "seller_report",
        _("Rapport annuel des vendeurs"),
        year=year,
        years=offered_years(),
        reported=[seller for seller in sellers if seller.is_reported],
        excluded=[seller for seller in sellers if not seller.is_reported],
        is_over=year < timezone.localdate().year,
    )


@require_GET
@for_roles(PortalRole.MANAGER)
def sheet(request: HttpRequest) -> HttpResponse:
    """Everybody, each marked as reported or not."""
    year = asked_year(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rapport-vendeurs-{year}.csv"'
    seller_report_csv.write(response, seller_report.of_year(year))
    audit.note("export", current_site(), actor_id=request.user.pk, after={"rapport-vendeurs": year})
    return response


def urls() -> list[URLPattern]:
    return [path("", index, name="index"), path("rapport.csv", sheet, name="sheet")]
