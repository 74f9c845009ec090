"""The same questions as in the weekly letter, on the merchant's own home."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from directory import still_true, timetable
from directory.hours import holiday_name
from home.dates import date_format
from portal.merchant_space.access import desk_or_404
from portal.merchant_space.hours import date_or_404, state_date
from portal.still_true.answers import CONFIRMED
from portal.still_true.views import CLOSED, OPEN
from shop import on_shelves


@login_required
@require_POST
def confirm(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """« Oui, tout est encore vrai »."""
    desk = desk_or_404(request, merchant_slug)
    before, now = still_true.facts(desk.merchant), timezone.now()
    with transaction.atomic():
        is_news = still_true.confirm(desk.merchant, now=now)
        goods = on_shelves.confirm_all(desk.merchant, now=now)
        if is_news or goods:
            after = {**still_true.facts(desk.merchant), "products": goods}
            desk.note(CONFIRMED, desk.merchant, before=before, after=after)
    messages.success(request, _("Merci! C’est noté\u00a0: tout est encore vrai aujourd’hui."))
    return redirect("merchant:home", merchant_slug=desk.merchant.slug)


@login_required
@require_POST
def holiday(request: HttpRequest, merchant_slug: str, day: str) -> HttpResponse:
    """Open as on any such weekday, or closed. Other hours have their own screen. Raises Http404 for no holiday."""
    desk, date, answer = desk_or_404(request, merchant_slug), date_or_404(day), request.POST.get("reponse")
    name = holiday_name(date)
    if not name or answer not in {OPEN, CLOSED}:
        raise Http404
    try:
        spans = timetable.spans_of_answer(desk.merchant, date, is_open=answer == OPEN)
    except ValueError:
        return redirect("merchant:hours_date", merchant_slug=desk.merchant.slug, day=day)
    words = _("C’est noté pour le %s.") % date_format(date, "l j F")
    state_date(request, desk, date, spans, words=words, reason=name)
    return redirect("merchant:home", merchant_slug=desk.merchant.slug)
