"""The vacation switch: the shop pauses, everybody is told until when, and it ends by itself."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from directory import timetable
from directory.schedules import vacation_of
from portal.merchant_space import undo
from portal.merchant_space.access import Desk, desk_or_404
from portal.merchant_space.hours import form_view, today_in_town
from portal.merchant_space.hours_forms import VacationForm
from portal.merchant_space.screens import show
from portal.merchant_space.undo import Undo


@never_cache
@login_required
@form_view
def vacation(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """From which day to which, and a word for people."""
    desk, today = desk_or_404(request, merchant_slug), today_in_town()
    known = vacation_of(desk.merchant)
    known = known if known and known.last >= today else None
    initial = {"first": known.first, "last": known.last, "note": desk.merchant.vacation_note} if known else {}
    data = request.POST if request.method == "POST" else None
    form = VacationForm(data, today=today, initial=initial)
    if form.is_bound and form.is_valid():
        _leave(request, desk, form)
        return redirect("merchant:vacation", merchant_slug=desk.merchant.slug)
    context = {"form": form, "vacation": known, "is_away": bool(known and today in known)}
    return show(request, desk, "merchant_vacation.html", status=422 if form.errors else 200, **context)


@transaction.atomic
def _leave(request: HttpRequest, desk: Desk, form: VacationForm) -> None:
    before, dates = timetable.vacation_facts(desk.merchant), form.cleaned_data
    if timetable.leave(desk.merchant, dates["first"], dates["last"], note=dates["note"]):
        desk.note(
            "vacation.leave", desk.merchant, before=before, after=timetable.vacation_facts(desk.merchant)
        )
        words = _("Vos vacances sont notées. Tout reprend seul après le dernier jour.")
        undo.offer(request, desk, Undo("vacation", words, before))
    else:
        messages.info(request, _("C’était déjà écrit."))


@login_required
@require_POST
def come_back(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """« Je suis de retour »: one press, at any day."""
    desk = desk_or_404(request, merchant_slug)
    with transaction.atomic():
        before = timetable.vacation_facts(desk.merchant)
        if timetable.come_back(desk.merchant):
            desk.note(
                "vacation.return", desk.merchant, before=before, after=timetable.vacation_facts(desk.merchant)
            )
            words = _("Bon retour! Votre commerce est de nouveau comme d’habitude.")
            undo.offer(request, desk, Undo("vacation", words, before))
    return redirect("merchant:home", merchant_slug=desk.merchant.slug)
