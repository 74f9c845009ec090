"""« Mon affiche »: a poster for the window and a card for the counter, with the code of the merchant's page.

Its address says that it was read from there (``?v=affiche``), and nothing of who reads it. What hangs in a window is
French, whatever its merchant reads.
"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from directory import moderation
from directory.models import MerchantPage
from home import pdf
from home.exceptions import CannotPrint
from home.languages import FRENCH, speaking
from home.models import PortalSettings
from portal.joining import papers
from portal.merchant_space.access import Desk, desk_or_404
from portal.merchant_space.screens import show
from shop.payments.sessions import portal_url

MARK = "v=affiche"
SIZES = ("affiche", "carte")


@never_cache
@login_required
@require_safe
def poster(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """Both papers, as they will look, once there is a page that their code leads to."""
    desk = desk_or_404(request, merchant_slug)
    page = _live_page(desk)
    more = _told(desk, page) if page is not None else {}
    return show(request, desk, "joining/poster.html", page_is_live=page is not None, **more)


@never_cache
@login_required
@require_safe
def poster_pdf(request: HttpRequest, merchant_slug: str, size: str) -> HttpResponse:
    desk = desk_or_404(request, merchant_slug)
    page = _live_page(desk)
    if size not in SIZES or page is None:
        raise Http404
    desk.note("poster.printed", desk.merchant, after={"size": size})
    html = _paper(desk, page, size)
    try:
        answer = HttpResponse(pdf.pdf_of(html), content_type="application/pdf")
    except CannotPrint:
        return HttpResponse(html)
    answer["Content-Disposition"] = f'inline; filename="{size}-{desk.merchant.slug}.pdf"'
    return answer


def _live_page(desk: Desk) -> MerchantPage | None:
    page = moderation.window_of(desk.merchant)
    return page if page is not None and page.live else None


@speaking(FRENCH)
def _paper(desk: Desk, page: MerchantPage, size: str) -> str:
    settings = PortalSettings.for_site(desk.merchant.site)
    facts = {**_told(desk, page), "merchant": desk.merchant, "portal": settings, "size": size}
    return render_to_string(
        "portal/documents/poster.html", {**facts, "style": papers.style("poster", settings)}
    )


@speaking(FRENCH)
def _told(desk: Desk, page: MerchantPage) -> dict[str, Any]:
    """``address`` as a telephone opens it; ``short`` as a person types it."""
    root = portal_url(desk.merchant.site)
    place = root + (page.get_url() or "/")
    place = place if not (page.get_url() or "").startswith("http") else str(page.get_url())
    short = place.split("://", 1)[-1].rstrip("/")
    return {
        "address": f"{place}?{MARK}",
        "short": short,
        "short_in_parts": papers.in_parts(short),
        "qr": papers.qr_svg(f"{place}?{MARK}"),
        "page_row": page,
    }
