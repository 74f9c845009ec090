"""The tables of cohorts, steps and ways in, as rows that a page and a file both show."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from directory.enums import DepartureReason, Tier
from portal.chamber_desk.cohorts import Cohort, Cohorts
from portal.chamber_desk.funnel import Level, Stop
from portal.chamber_desk.journeys import (
    ASIDE,
    COMING_IN,
    KEPT_AFTER,
    SELLING,
    SELLS_NOW,
    SELLS_NOW_LABEL,
    SPANS,
    STEPS,
    Delay,
    Halt,
    Origin,
    percent,
)
from portal.chamber_desk.models import Journey
from portal.chamber_desk.sheets import Sheet, Value

COUNTED: dict[str, Any] = {
    "invites": ASIDE["invites"][0],
    **{step.key: step.label for step in COMING_IN[1:]},
    "photo": ASIDE["photo"][0],
    "complete": ASIDE["complete"][0],
    **{step.key: step.label for step in SELLING},
    SELLS_NOW: SELLS_NOW_LABEL,
    "partis": ASIDE["partis"][0],
    "propre-boutique": ASIDE["propre-boutique"][0],
    "fermes": ASIDE["fermes"][0],
}
"""The columns of a cohort beside how many entered, by the key of what is counted; shares are of those who entered."""


def kept_label(days: int) -> str:
    return _("En ligne après %(days)s jours") % {"days": days}


def cohorts_sheet(found: Cohorts | None) -> Sheet:
    headings = [_("Mois d’entrée"), _("Entrés")]
    for label in COUNTED.values():
        headings += [str(label), _("%(column)s (%%)") % {"column": label}]
    for days in KEPT_AFTER:
        label = kept_label(days)
        headings += [
            label,
            _("%(column)s\u00a0: sur") % {"column": label},
            _("%(column)s (%%)") % {"column": label},
        ]
    for span in SPANS:
        headings += [
            _("%(column)s\u00a0: médiane (jours)") % {"column": span.label},
            _("%(column)s\u00a0: neuf sur dix en (jours)") % {"column": span.label},
            _("%(column)s\u00a0: commerces") % {"column": span.label},
        ]
    rows = [_cohort_row(cohort, cohort.period.first) for cohort in found.months] if found else []
    if found:
        rows.append(_cohort_row(found.total, _("Tous")))
    return Sheet("cohortes", _("Cohortes"), headings, rows)


def _cohort_row(cohort: Cohort, name: Value) -> list[Value]:
    figures, entered = cohort.figures, cohort.figures.count("entres")
    row: list[Value] = [name, entered]
    for key in COUNTED:
        row += [figures.count(key), percent(figures.count(key), entered)]
    for days in KEPT_AFTER:
        kept, due = figures.kept_after(days)
        row += [kept, due, percent(kept, due)]
    for span in SPANS:
        row += _delay(figures.delay(span.key))
    return row


def _delay(delay: Delay) -> list[Value]:
    return [delay.median, delay.ninetieth, delay.known]


def funnel_sheet(chains: Iterable[list[Level]], stops: list[Stop]) -> Sheet:
    """Steps first, then where those stand who never were live; what a line does not have is left empty."""
    headings = [
        _("Étape ou arrêt"), _("Commerces"), _("Part des entrés (%)"), _("Part de l’étape d’avant (%)"),
        _("S’arrêtent là"),
        _("Délai mesuré"), _("Médiane (jours)"), _("Neuf sur dix en (jours)"), _("Délai\u00a0: commerces"),
    ]  # fmt: skip
    rows: list[list[Value]] = [
        [
            str(level.step.label), level.count, level.of_all, level.of_before, level.stopped, str(level.took),
            *_delay(level.delay),
        ]
        for levels in chains for level in levels
    ]  # fmt: skip
    rows += [
        [stop.label, stop.count, None, None, stop.count, _("Depuis l’arrêt"), *_delay(stop.delay)]
        for stop in stops
    ]
    return Sheet("etapes", _("Étapes"), headings, rows)


def journeys_sheet(rows: Iterable[Journey]) -> Sheet:
    """One line for each way in; where a step was taken and nothing says when, its day is empty."""
    headings = [
        _("Commerce"), _("Clé"), _("Venu par"), _("Option voulue"), _("Catégorie"), _("Secteur"), _("Invité le"),
        *(str(step.label) for step in STEPS), _("Parti le"), _("Raison du départ"), _("Arrêté à"), _("Arrêté le"),
    ]  # fmt: skip
    return Sheet("parcours", _("Parcours"), headings, [_journey_row(row) for row in rows])


def _journey_row(row: Journey) -> list[Value]:
    stop = Stop(Halt(row.halt), row.question, 1, Delay()).label if row.halt and not row.has_lived else ""
    return [
        row.name,
        row.merchant_id,
        str(Origin(row.source).label),
        str(Tier(row.tier).label) if row.tier else "",
        row.category.name if row.category else "",
        row.sector.name if row.sector else "",
        row.invited_on,
        *(getattr(row, step.day) for step in STEPS),
        row.left_on,
        str(DepartureReason(row.left_reason).label) if row.left_reason else "",
        stop,
        row.halted_on if stop else None,
    ]
