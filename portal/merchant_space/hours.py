"""A merchant's hours: its week, the dates that differ, today. Live at once, each change in the audit trail."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from directory import timetable
from directory.enums import Weekday
from directory.hours import ONE_DAY, Span, holiday_name, holidays_to_confirm, spans_until, wall_clock
from directory.merchant_window import SpecialDay
from directory.models import SpecialHours
from directory.schedules import schedule_of
from home.dates import date_format
from home.languages import current
from portal.merchant_space import undo
from portal.merchant_space.access import Desk, desk_or_404
from portal.merchant_space.hours_forms import DateForm, EarlyForm, OtherDateForm, WeekForm, initial_of
from portal.merchant_space.screens import Job, show, show_form
from portal.merchant_space.undo import Undo

DAYS_PROPOSED = 120
"""How far ahead holidays are proposed. They are never assumed."""

form_view = require_http_methods(["GET", "HEAD", "POST"])


def today_in_town() -> dt.date:
    return wall_clock(timezone.now()).date()


@never_cache
@login_required
@form_view
def week(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """The seven days on one screen; one day's hours can be copied to all."""
    desk = desk_or_404(request, merchant_slug)
    form = WeekForm(request.POST) if request.method == "POST" else WeekForm(initial=_initial_week(desk))
    if form.is_bound and form.is_valid():
        copied = _copied_day(request)
        stated = form.week() if copied is None else dict.fromkeys(range(7), form.week()[copied])
        _state_week(request, desk, stated, copied=copied)
        return redirect("merchant:hours", merchant_slug=desk.merchant.slug)
    return show(request, desk, "merchant_hours.html", status=422 if form.errors else 200, form=form)


def _initial_week(desk: Desk) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for day, spans in schedule_of(desk.merchant).weekly.items():
        values |= initial_of(f"d{day}_", spans[:2])
    return values


def _copied_day(request: HttpRequest) -> int | None:
    """Which day is copied to all; None where the week is only saved. Raises Http404 for no day."""
    value = request.POST.get("copier", "")
    if value and value not in {str(day.value) for day in Weekday}:
        raise Http404
    return int(value) if value else None


@transaction.atomic
def _state_week(
    request: HttpRequest, desk: Desk, stated: dict[int, list[Span]], *, copied: int | None
) -> None:
    before = timetable.week_facts(desk.merchant)
    if not timetable.state_week(desk.merchant, stated):
        messages.info(request, _("Vos heures étaient déjà celles-là."))
        return
    desk.note("hours.week", desk.merchant, before=before, after=timetable.week_facts(desk.merchant))
    words = _("Vos heures sont enregistrées\u00a0: elles se voient déjà.")
    if copied is not None:
        words = (
            _("Les heures du %s sont copiées à tous les jours\u00a0: elles se voient déjà.")
            % Weekday(copied).label
        )
    undo.offer(request, desk, Undo("week", words, before))


@never_cache
@login_required
@form_view
def today(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """« Fermé aujourd’hui » in one press, or « je ferme plus tôt »."""
    desk, day = desk_or_404(request, merchant_slug), today_in_town()
    if request.method == "POST" and request.POST.get("acte") == "ferme":
        state_date(request, desk, day, [], words=_("Fermé aujourd’hui\u00a0: c’est écrit partout."))
        return redirect("merchant:home", merchant_slug=desk.merchant.slug)
    form = EarlyForm(request.POST) if request.method == "POST" else EarlyForm()
    if form.is_bound and form.is_valid():
        if _close_early(request, desk, day, form.cleaned_data["closes"]):
            return redirect("merchant:home", merchant_slug=desk.merchant.slug)
        form.add_error(
            "closes",
            _("Aujourd’hui, vous ne fermez pas plus tard que cela\u00a0: écrivez une heure plus tôt."),
        )
    spans = schedule_of(desk.merchant).spans_on(day)
    return show(
        request, desk, "merchant_today.html", status=422 if form.errors else 200, form=form, spans=spans, day=day
    )  # fmt: skip


def _close_early(request: HttpRequest, desk: Desk, day: dt.date, closes: dt.time) -> bool:
    spans = schedule_of(desk.merchant).spans_on(day)
    fewer = spans_until(spans, closes)
    if fewer == spans:
        return False
    words = _("Aujourd’hui, vous fermez plus tôt\u00a0: c’est écrit partout.")
    return state_date(request, desk, day, list(fewer), words=words)


@transaction.atomic
def state_date(
    request: HttpRequest, desk: Desk, day: dt.date, spans: list[Span], *, words: str, reason: str = ""
) -> bool:
    before = timetable.date_facts(desk.merchant, day)
    if not timetable.state_date(desk.merchant, day, spans, reason=reason):
        messages.info(request, _("C’était déjà écrit."))
        return False
    desk.note("hours.date", desk.merchant, before=before, after=timetable.date_facts(desk.merchant, day))
    undo.offer(request, desk, Undo("date", words, before))
    return True


@never_cache
@login_required
@form_view
def dates(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """The dates that differ, the holidays to say something about, and a way to any other date."""
    desk, day = desk_or_404(request, merchant_slug), today_in_town()
    form = OtherDateForm(request.POST, today=day) if request.method == "POST" else OtherDateForm(today=day)
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data["date"].isoformat()
        return redirect("merchant:hours_date", merchant_slug=desk.merchant.slug, day=chosen)
    context = {
        "stated": _stated_dates(desk, day),
        "holidays": holidays_to_confirm(schedule_of(desk.merchant), day, days=DAYS_PROPOSED),
        "form": form,
    }
    return show(request, desk, "merchant_dates.html", status=422 if form.errors else 200, **context)


def _stated_dates(desk: Desk, today: dt.date) -> list[SpecialDay]:
    rows = list(SpecialHours.objects.filter(merchant=desk.merchant, date__gte=today))
    reasons = {row.date: row.reason for row in rows if row.reason}
    schedule = schedule_of(desk.merchant)
    return [
        SpecialDay(date, date_format(date, "l j F"), schedule.special.get(date, ()), reasons.get(date, ""))
        for date in sorted({row.date for row in rows})
    ]


@never_cache
@login_required
@form_view
def date(request: HttpRequest, merchant_slug: str, day: str) -> HttpResponse:
    """What is so on one date."""
    desk, chosen = desk_or_404(request, merchant_slug), date_or_404(day)
    form = (
        DateForm(request.POST) if request.method == "POST" else DateForm(initial=_initial_date(desk, chosen))
    )
    label = date_format(chosen, "l j F Y")
    if form.is_bound and form.is_valid():
        words = _("C’est noté pour le %s.") % label
        cleaned = form.cleaned_data
        state_date(request, desk, chosen, cleaned["spans"], words=words, reason=cleaned["reason"])
        return redirect("merchant:hours_dates", merchant_slug=desk.merchant.slug)
    job = Job(
        capfirst(label),
        _("Enregistrer"),
        "hours_dates",
        _("Jours fériés et spéciaux"),
        lead=holiday_name(chosen, current()),
    )
    is_stated = SpecialHours.objects.filter(merchant=desk.merchant, date=chosen).exists()
    return show_form(request, desk, form, job, day=form.only_day, forget=chosen if is_stated else None)


def date_or_404(text: str) -> dt.date:
    """A date from today on, at most three years away."""
    try:
        chosen = dt.date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    if not today_in_town() <= chosen <= today_in_town() + 1100 * ONE_DAY:
        raise Http404
    return chosen


def _initial_date(desk: Desk, chosen: dt.date) -> dict[str, Any]:
    """As it was stated; else nothing is assumed but the name of the holiday."""
    facts = timetable.date_facts(desk.merchant, chosen)
    if facts["spans"] is None:
        return {"reason": holiday_name(chosen)}
    spans = schedule_of(desk.merchant).special.get(chosen, ())
    how = DateForm.OPEN if spans else DateForm.CLOSED
    return {"how": how, "reason": facts["reason"], **initial_of("", spans[:2])}


@login_required
@require_POST
def date_forget(request: HttpRequest, merchant_slug: str, day: str) -> HttpResponse:
    """That date is as its weekday is."""
    desk, chosen = desk_or_404(request, merchant_slug), date_or_404(day)
    with transaction.atomic():
        before = timetable.date_facts(desk.merchant, chosen)
        if timetable.forget_date(desk.merchant, chosen):
            desk.note(
                "hours.date", desk.merchant, before=before, after=timetable.date_facts(desk.merchant, chosen)
            )
            words = _("Le %s est de nouveau comme d’habitude.") % date_format(chosen, "l j F")
            undo.offer(request, desk, Undo("date", words, before))
    return redirect("merchant:hours_dates", merchant_slug=desk.merchant.slug)
