"""What an adviser asks of the ways in: the address holds it whole, and what cannot be read is said beside its field."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.enums import Tier
from directory.models import Category, Sector
from directory.questions import Question
from home.periods import Period, town_day
from portal.chamber_desk.cohorts import latest_months
from portal.chamber_desk.journeys import Halt, JourneyQuerySet, Origin, condition_of
from portal.chamber_desk.models import Journey

EARLIEST, LATEST = dt.date(2020, 1, 1), dt.date(2100, 1, 1)
MONTHS = 12
"""Those of the period where none is asked for."""
NOT_A_DATE = gettext_lazy("Écrivez la date comme 2026-11-30.")
NOT_A_CHOICE = gettext_lazy("Choisissez dans la liste.")


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": NOT_A_DATE},
    )


def _choice(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, error_messages={"invalid_choice": NOT_A_CHOICE})


class JourneyForm(forms.Form):
    """The filters that one fills in. A field that is wrong asks for nothing."""

    du = _day(gettext_lazy("Entrés du"))
    au = _day(gettext_lazy("au (compris)"))
    option = _choice(gettext_lazy("Option voulue"))
    secteur = _choice(gettext_lazy("Secteur"))
    categorie = _choice(gettext_lazy("Catégorie"))
    venue = _choice(gettext_lazy("Venus par"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "auto_id": "f-%s", **kwargs})
        found: dict[str, list[Any]] = {
            "option": [*Tier.choices],
            "secteur": [*Sector.objects.values_list("slug", "name")],
            "categorie": [*Category.objects.values_list("slug", "name")],
            "venue": [*Origin.choices],
        }
        for name, choices in found.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("Peu importe")), *choices]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("du", "au"):
            if (day := cleaned.get(name)) and not EARLIEST <= day <= LATEST:
                self.add_error(name, str(NOT_A_DATE))
        first, last = cleaned.get("du"), cleaned.get("au")
        if first and last and last < first:
            self.add_error("au", _("La fin vient avant le début\u00a0: inversez les deux dates."))
        return cleaned


@dataclass(frozen=True, slots=True)
class Wanted:
    """Each "" where it is not asked. ``done`` and ``undone``: keys of what was, and was not, reached."""

    period: Period
    tier: str = ""
    sector: str = ""
    category: str = ""
    source: str = ""
    done: str = ""
    undone: str = ""
    halt: str = ""
    question: str = ""

    def querystring(self, **changed: Any) -> str:
        """The address of the same list with something changed."""
        asked = replace(self, **changed)
        told = {name: getattr(asked, field) for field, name in NAMES.items()}
        days = {"du": asked.period.first.isoformat(), "au": asked.period.last.isoformat()}
        return urlencode(days | {name: value for name, value in told.items() if value})

    @property
    def are_set(self) -> bool:
        """Whether anything but the period was asked."""
        return replace(self, period=ANY) != Wanted(ANY)

    def rows(self, now: dt.datetime) -> JourneyQuerySet:
        condition = Q()
        if self.tier:
            condition &= Q(tier=self.tier)
        if self.sector:
            condition &= Q(sector__slug=self.sector)
        if self.category:
            condition &= Q(category__slug=self.category)
        if self.source:
            condition &= Q(source=self.source)
        if self.halt:
            condition &= Q(halt=self.halt, question=self.question, has_lived=False)
        for key, is_done in ((self.done, True), (self.undone, False)):
            if (found := condition_of(key, now)) is not None and key:
                condition &= found if is_done else ~found
        rows: JourneyQuerySet = Journey.objects.entered(self.period).filter(condition)
        return rows


ANY = Period(EARLIEST, LATEST)
NAMES = {
    "tier": "option",
    "sector": "secteur",
    "category": "categorie",
    "source": "venue",
    "done": "fait",
    "undone": "sans",
    "halt": "arret",
    "question": "question",
}
"""Each filter's name in an address, but those of the period."""


def wanted_by(query: QueryDict, now: dt.datetime) -> tuple[JourneyForm, Wanted]:
    """The form as it was filled in, and what of it can be read; the latest MONTHS months where no period is asked."""
    form = JourneyForm(_filled(query, now))
    form.is_valid()
    told = form.cleaned_data
    done, undone = (_key(query.get(name, ""), now) for name in ("fait", "sans"))
    return form, Wanted(
        _period(told.get("du"), told.get("au"), now),
        tier=told.get("option", ""),
        sector=told.get("secteur", ""),
        category=told.get("categorie", ""),
        source=told.get("venue", ""),
        done=done,
        undone=undone,
        halt=_one_of(Halt.values, query.get("arret", "")),
        question=_one_of([question.value for question in Question], query.get("question", "")),
    )


def _filled(query: QueryDict, now: dt.datetime) -> dict[str, str]:
    usual = usual_period(now)
    days = {"du": usual.first.isoformat(), "au": usual.last.isoformat()}
    names = JourneyForm.base_fields
    return {name: query.get(name, days.get(name, "")).replace("\x00", "").strip() for name in names}


def usual_period(now: dt.datetime) -> Period:
    """The latest MONTHS months of the calendar, up to today."""
    months = [*latest_months(now).months][-MONTHS:]
    return Period(months[0].first, town_day(now))


def _period(first: dt.date | None, last: dt.date | None, now: dt.datetime) -> Period:
    """A day that was left empty leaves that side open."""
    first, last = first or EARLIEST, last or timezone.localdate(now)
    return Period(min(first, last), last)


def _key(key: str, now: dt.datetime) -> str:
    """What the numbers of a table ask for; what names nothing asks for nothing."""
    return key if condition_of(key, now) is not None else ""


def _one_of(known: list[str], told: str) -> str:
    return told if told in known else ""
