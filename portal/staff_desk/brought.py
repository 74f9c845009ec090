"""What the Journal brought: its stories, campaigns and letters, with what each led to, on the screen and as a sheet.

For the Journal alone, which sees orders already: where a story speaks of one merchant, its line is that merchant's.
"""

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from directory.counting.figures import Contacts
from editorial.brought import Brought, brought
from home import audit
from home.periods import Period, town_day
from home.tenancy import current_site
from portal.staff_desk.rights import for_roles
from portal.staff_desk.screens import screen
from portal.staffing import JOURNAL
from shop.admin.exports import BYTE_ORDER_MARK, escaped
from shop.results import Sales

TITLE = gettext_lazy("Ce que le Journal a amené")

CENT = Decimal("0.01")

LATELY, THIS_MONTH, LAST_MONTH, THIS_YEAR = "30-jours", "mois", "mois-dernier", "annee"
NAMES = {
    LATELY: gettext_lazy("30 derniers jours"),
    THIS_MONTH: gettext_lazy("Ce mois-ci"),
    LAST_MONTH: gettext_lazy("Le mois dernier"),
    THIS_YEAR: gettext_lazy("Cette année"),
}


def period_of(name: str, today: dt.date) -> Period:
    """The days that one of NAMES stands for."""
    if name == THIS_MONTH:
        return Period(today.replace(day=1), today)
    if name == LAST_MONTH:
        return Period.month_of(today).before
    if name == THIS_YEAR:
        return Period(today.replace(month=1, day=1), today)
    return Period.ending(today, days=30)


class Sheet(SpreadsheetExportMixin):
    """The list as Wagtail writes lists: amounts are numbers in dollars, and no title becomes a formula."""

    export_filename = "ce-que-le-journal-a-amene"
    export_headings: ClassVar[dict[str, Any]] = {
        "kind": gettext_lazy("Sorte"),
        "title": gettext_lazy("Page"),
        "seen": gettext_lazy("Lectures, ou copies envoyées"),
        "contacts.calls": gettext_lazy("Appels"),
        "contacts.directions": gettext_lazy("Itinéraires"),
        "contacts.site_visits": gettext_lazy("Visites au site"),
        "contacts.shop_visits": gettext_lazy("Visites à la boutique"),
        "contacts.contacts": gettext_lazy("Contacts"),
        "contacts.baskets": gettext_lazy("Mises au panier"),
        "sales.orders": gettext_lazy("Commandes"),
        "sales.charged_cents": gettext_lazy("Payé ($)"),
        "sales.given_back_cents": gettext_lazy("Rendu ($)"),
        "sales.reached_cents": gettext_lazy("Aux commerces ($)"),
    }
    list_export: ClassVar[list[str]] = list(export_headings)

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        if value is None:
            return ""
        if field.endswith("_cents"):
            return (Decimal(value) / 100).quantize(CENT)
        return escaped(value) if isinstance(value, str) else value

    def write_csv_response(self, queryset: Any) -> HttpResponse:
        """Whole, with the mark by which a spreadsheet knows its accents."""
        body = BYTE_ORDER_MARK.encode() + b"".join(self.stream_csv(queryset))
        disposition = f'attachment; filename="{self.get_filename()}.csv"'
        return HttpResponse(
            body, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition}
        )


@require_GET
@for_roles(*JOURNAL)
def index(request: HttpRequest) -> HttpResponseBase:
    asked = request.GET.get("periode", "")
    name = asked if asked in NAMES else LATELY
    period = period_of(name, town_day(timezone.now()))
    rows = brought(period)
    if (wanted := request.GET.get("export", "")) in Sheet.FORMATS:
        return _sheet(request, rows, wanted, name)
    return screen(
        request,
        "brought",
        TITLE,
        rows=rows,
        period=period,
        periods=[(key, label, key == name) for key, label in NAMES.items()],
        asked=name,
        contacts=Contacts.of_all(row.contacts for row in rows),
        sales=Sales.of_all(row.sales for row in rows),
    )


def _sheet(request: HttpRequest, rows: list[Brought], wanted: str, name: str) -> HttpResponseBase:
    audit.note("export", current_site(), actor_id=request.user.pk, after={"amene": name, "rows": len(rows)})
    answer: HttpResponseBase = Sheet().as_spreadsheet(rows, wanted)
    return answer


def urls() -> list[URLPattern]:
    return [path("", index, name="index")]
