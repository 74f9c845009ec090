"""A merchant's copy of what the portal reports of it each year. The owner's alone."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.merchant_space.access import owner_desk_or_404
from shop import seller_report, seller_report_csv


@never_cache
@login_required
@require_safe
def year_sheet(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """Of the year in « annee ». Raises Http404 for one in which it sold nothing."""
    desk = owner_desk_or_404(request, merchant_slug)
    text = request.GET.get("annee", "")
    if text not in map(str, seller_report.years_of(desk.merchant)):
        raise Http404
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{desk.merchant.slug}-{text}.csv"'
    seller_report_csv.write(response, seller_report.of_year(int(text), merchant=desk.merchant))
    desk.note("ledger.export", desk.merchant)
    return response
