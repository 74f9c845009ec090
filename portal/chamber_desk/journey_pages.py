"""The Chamber's follow-up of who comes in: cohorts, step by step, and the merchants behind each number."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from directory.listing import CountedPaginator
from home.periods import Period, town_day
from portal.chamber_desk import sheets
from portal.chamber_desk.cohorts import Cohort, Cohorts, cohorts
from portal.chamber_desk.funnel import Level, Stop, levels, stops
from portal.chamber_desk.journey_form import Wanted, wanted_by
from portal.chamber_desk.journey_sheets import (
    COUNTED,
    cohorts_sheet,
    funnel_sheet,
    journeys_sheet,
    kept_label,
)
from portal.chamber_desk.journeys import (
    ASIDE,
    COMING_IN,
    KEPT_AFTER,
    SELLING,
    SELLS_NOW,
    SPANS,
    STEPS,
    Delay,
    Figures,
    Halt,
    Origin,
    percent,
)
from portal.chamber_desk.pipeline import TITLE as LIST_TITLE
from portal.chamber_desk.pipeline import WHO
from portal.staff_desk.files import file_url
from portal.staff_desk.rights import for_roles
from portal.staff_desk.screens import screen

COHORTS = gettext_lazy("Cohortes d’inscription")
FUNNEL = gettext_lazy("Étape par étape")
JOURNEYS = gettext_lazy("Les commerces derrière un nombre")
PER_PAGE = 50
MOST_ROWS = 5000


def _under(*more: tuple[str, Any]) -> tuple[tuple[str, Any], ...]:
    return ((reverse("chamber:index"), LIST_TITLE), *more)


# ------------------------------------------------------------------------------------------------------------ cohorts


@require_safe
@for_roles(*WHO)
def cohort_screen(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    found = cohorts(now)
    told = [found.total, *found.months] if found else []
    return screen(
        request,
        "chamber_cohorts",
        COHORTS,
        under=_under(),
        is_empty=found is None,
        sections=_sections(told, found),
        delays={
            "columns": [span.label for span in SPANS],
            "rows": [_delays(cohort, found) for cohort in told],
        },
        undated=_undated(found.total.figures) if found else [],
    )


SECTIONS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("entrer", gettext_lazy("Entrer"), ("invites", *(step.key for step in COMING_IN[1:]))),
    (
        "page-et-vente",
        gettext_lazy("Tenir sa page, et vendre"),
        ("photo", "complete", *(step.key for step in SELLING), SELLS_NOW),
    ),
)
LEAVING = ("partis", "propre-boutique", "fermes")


def _sections(told: list[Cohort], found: Cohorts | None) -> list[dict[str, Any]]:
    """Each a table of its own: at 390 px nobody reads seventeen columns."""
    sections = [
        {
            "key": key,
            "title": title,
            "columns": [COUNTED[column] for column in columns],
            "rows": [
                {**_named(cohort, found), "cells": [_cell(cohort, column) for column in columns]}
                for cohort in told
            ],
        }
        for key, title, columns in SECTIONS
    ]
    staying = {
        "key": "rester",
        "title": _("Rester"),
        "columns": [*(kept_label(days) for days in KEPT_AFTER), *(COUNTED[key] for key in LEAVING)],
        "rows": [
            {
                **_named(cohort, found),
                "cells": [
                    *(_kept(cohort, days) for days in KEPT_AFTER),
                    *(_cell(cohort, key) for key in LEAVING),
                ],
            }
            for cohort in told
        ],
    }
    return [*sections, staying]


def _named(cohort: Cohort, found: Cohorts | None) -> dict[str, Any]:
    """Its name, and how many it counts with their list."""
    is_total = found is not None and cohort is found.total
    entered = {"count": cohort.figures.count("entres"), "url": _list_url(cohort.period, "entres")}
    return {"month": None if is_total else cohort.period.first, "entered": entered}


def _cell(cohort: Cohort, key: str) -> dict[str, Any]:
    count, entered = cohort.figures.count(key), cohort.figures.count("entres")
    return {"count": count, "share": percent(count, entered), "url": _list_url(cohort.period, key)}


def _kept(cohort: Cohort, days: int) -> dict[str, Any]:
    kept, due = cohort.figures.kept_after(days)
    url = _list_url(cohort.period, f"encore-{days}")
    return {"count": kept, "of": due, "share": percent(kept, due), "url": url, "is_early": not due}


def _delays(cohort: Cohort, found: Cohorts | None) -> dict[str, Any]:
    return {**_named(cohort, found), "cells": [cohort.figures.delay(span.key) for span in SPANS]}


def _undated(figures: Figures) -> list[tuple[Any, int]]:
    """Steps that some took without anything saying when."""
    return [(step.label, number) for step in STEPS if (number := figures.undated.get(step.key, 0))]


def _list_url(period: Period, key: str) -> str:
    done = "" if key == "entres" else key
    return f"{reverse('chamber:journeys')}?{Wanted(period, done=done).querystring()}"


@require_safe
@for_roles(*WHO)
def export_cohorts(request: HttpRequest, shape: str) -> HttpResponseBase:
    now = timezone.now()
    return sheets.answer(request, shape, lambda: cohorts_sheet(cohorts(now)), today=town_day(now), query="")


# ------------------------------------------------------------------------------------------------------- step by step


@require_safe
@for_roles(*WHO)
def funnel_screen(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form, wanted = wanted_by(request.GET, now)
    chains, halts, figures = _measured(wanted, now)
    return screen(
        request,
        "chamber_funnel",
        FUNNEL,
        under=_under(),
        form=form,
        wanted=wanted,
        query=wanted.querystring(),
        entered=figures.count("entres"),
        chains=[[_level(level, wanted) for level in chain] for chain in chains],
        stops=[{"stop": stop, "url": _stop_url(stop, wanted)} for stop in halts],
    )


def _measured(wanted: Wanted, now: datetime) -> tuple[list[list[Level]], list[Stop], Figures]:
    rows = wanted.rows(now)
    figures = rows.figures(now)
    entered = figures.count("entres")
    chains = [levels(figures, chain, of_all=entered) for chain in (COMING_IN, SELLING)]
    return chains, stops(rows, town_day(now)), figures


def _level(level: Level, wanted: Wanted) -> dict[str, Any]:
    here = "" if level.step.key == "entres" else level.step.key
    lists = reverse("chamber:journeys")
    stopped = wanted.querystring(done=here, undone=level.next_key)
    return {
        "level": level,
        "url": f"{lists}?{wanted.querystring(done=here)}",
        "stopped_url": f"{lists}?{stopped}",
    }


def _stop_url(stop: Stop, wanted: Wanted) -> str:
    asked = wanted.querystring(halt=str(stop.halt), question=stop.question)
    return f"{reverse('chamber:journeys')}?{asked}"


@require_safe
@for_roles(*WHO)
def export_funnel(request: HttpRequest, shape: str) -> HttpResponseBase:
    now = timezone.now()
    _form, wanted = wanted_by(request.GET, now)
    chains, halts, _figures = _measured(wanted, now)
    return sheets.answer(
        request,
        shape,
        lambda: funnel_sheet(chains, halts),
        today=town_day(now),
        query=wanted.querystring(),
    )


# ------------------------------------------------------------------------------------------------------------- a list


@require_safe
@for_roles(*WHO)
def journeys_screen(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form, wanted = wanted_by(request.GET, now)
    rows = wanted.rows(now).order_by("-entered_on", "folded_text", "pk")
    total = rows.count()
    page = CountedPaginator(rows.select_related("category", "sector"), PER_PAGE, count=total).get_page(
        request.GET.get("page")
    )
    return screen(
        request,
        "chamber_journeys",
        JOURNEYS,
        under=_under((f"{reverse('chamber:funnel')}?{wanted.querystring()}", FUNNEL)),
        form=form,
        wanted=wanted,
        told=_asked_in_words(wanted),
        rows=[_row(row) for row in page.object_list],
        page=page,
        total=total,
        query=wanted.querystring(),
        hidden=_hidden(wanted),
        plain=wanted.querystring(done="", undone="", halt="", question=""),
    )


def _asked_in_words(wanted: Wanted) -> list[str]:
    """What a number asked for, beside what one fills in."""
    names = {step.key: step.label for step in STEPS} | {key: label for key, (label, _q) in ASIDE.items()}
    names |= {SELLS_NOW: COUNTED[SELLS_NOW]}
    names |= {f"encore-{days}": kept_label(days) for days in KEPT_AFTER}
    names |= {f"echu-{days}": kept_label(days) for days in KEPT_AFTER}
    told = [str(names[wanted.done])] if wanted.done else []
    told += [_("sans\u00a0: %(step)s") % {"step": names[wanted.undone]}] if wanted.undone else []
    if wanted.halt:
        told.append(Stop(Halt(wanted.halt), wanted.question, 0, Delay()).label)
    return told


def _hidden(wanted: Wanted) -> Iterable[tuple[str, str]]:
    told = {
        "fait": wanted.done,
        "sans": wanted.undone,
        "arret": wanted.halt,
        "question": wanted.question,
    }
    return [(name, value) for name, value in told.items() if value]


def _row(row: Any) -> dict[str, Any]:
    """A line of the list as its template shows it: the steps with their days, and where it stands."""
    taken = [(step.label, getattr(row, step.day)) for step in STEPS[1:] if _took(row, step.key)]
    stop = Stop(Halt(row.halt), row.question, 1, Delay()) if row.halt and not row.has_lived else None
    return {
        "row": row,
        "url": file_url(row.merchant_id)
        if row.merchant_id
        else reverse("joining_desk:registration", args=[row.registration_id]),
        "source": str(Origin(row.source).label),
        "taken": taken,
        "stop": stop,
    }


TOOK = {
    "commences": "has_begun",
    "envoyes": "was_sent",
    "acceptes": "was_approved",
    "en-ligne": "has_lived",
    "produit": "has_product",
    "en-vente": "has_offered",
    "vente": "has_sold",
}


def _took(row: Any, key: str) -> bool:
    return bool(getattr(row, TOOK[key]))


@require_safe
@for_roles(*WHO)
def export_journeys(request: HttpRequest, shape: str) -> HttpResponseBase:
    now = timezone.now()
    _form, wanted = wanted_by(request.GET, now)
    rows = wanted.rows(now).order_by("-entered_on", "folded_text", "pk")
    found = list(rows.select_related("category", "sector")[:MOST_ROWS])
    return sheets.answer(
        request, shape, lambda: journeys_sheet(found), today=town_day(now), query=wanted.querystring()
    )
