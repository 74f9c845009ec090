"""What was done at a merchant's desk, by whom, and for whom."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import audit_trail
from portal.merchant_space.access import desk_context, owner_desk_or_404

ROWS_SHOWN = 50


@never_cache
@login_required
@require_safe
def activity(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """The owner's alone, newest first; « by X for Y » where the Chamber helped."""
    desk = owner_desk_or_404(request, merchant_slug)
    page = Paginator(audit_trail.of_merchant(desk.merchant), ROWS_SHOWN).get_page(request.GET.get("page"))
    rows = [{"entry": entry, "words": audit_trail.words_of(entry)} for entry in page.object_list]
    return render(request, "portal/merchant_activity.html", desk_context(request, desk, rows=rows, page=page))
