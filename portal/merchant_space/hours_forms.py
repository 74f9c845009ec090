"""A week, a date, a vacation, as a merchant types them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.enums import Weekday
from directory.hours import ONE_DAY, Span
from portal.merchant_space.form_fields import DeskForm, HourField, text

LONGEST_VACATION_DAYS = 366
ROUND_THE_CLOCK = Span(dt.time(0), dt.time(0))


class SpansForm(DeskForm):
    """Up to two spans for each of some days; ``prefixes`` begin the days' field names."""

    prefixes: Iterable[str] = ("",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for prefix in self.prefixes:
            self.fields[f"{prefix}all_day"] = forms.BooleanField(
                label=gettext_lazy("Ouvert jour et nuit"), required=False
            )
            for number in (1, 2):
                self.fields[f"{prefix}opens_{number}"] = HourField(label=gettext_lazy("de"))
                self.fields[f"{prefix}closes_{number}"] = HourField(label=gettext_lazy("à"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for prefix in self.prefixes:
            cleaned[f"{prefix}spans"] = self._spans(prefix, cleaned)
        return cleaned

    def _spans(self, prefix: str, cleaned: Mapping[str, Any]) -> list[Span]:
        if cleaned.get(f"{prefix}all_day"):
            return [ROUND_THE_CLOCK]
        spans = []
        for number in (1, 2):
            names = f"{prefix}opens_{number}", f"{prefix}closes_{number}"
            if self.errors.keys() & set(names):
                continue
            opens, closes = (cleaned.get(name) for name in names)
            if span := self._span(names, opens, closes):
                spans.append(span)
        self._refuse_overlap(prefix, spans)
        return spans

    def _span(self, names: tuple[str, str], opens: dt.time | None, closes: dt.time | None) -> Span | None:
        if opens is None and closes is None:
            return None
        if opens is None:
            self.add_error(names[0], _("Écrivez aussi l’heure d’ouverture, comme 9:00."))
        elif closes is None:
            self.add_error(names[1], _("Écrivez aussi l’heure de fermeture, comme 17:30."))
        elif opens == closes:
            self.add_error(names[1], _("C’est la même heure deux fois. Ouvert jour et nuit? Cochez la case."))
        else:
            return Span(opens, closes)
        return None

    def _refuse_overlap(self, prefix: str, spans: list[Span]) -> None:
        if len(spans) == 2 and _overlap(*sorted(spans)):
            self.add_error(
                f"{prefix}opens_2", _("Ces heures en recouvrent d’autres\u00a0: ouvrez après avoir fermé.")
            )

    def day(self, prefix: str) -> dict[str, Any]:
        """What the screen shows of one day: its box, and its two spans of two fields."""
        names = [(f"{prefix}opens_{number}", f"{prefix}closes_{number}") for number in (1, 2)]
        spans = [tuple(self[name] for name in pair) for pair in names]
        errors = [str(error) for pair in spans for field in pair for error in field.errors]
        is_wide = bool(spans[1][0].value() or spans[1][1].value() or self[f"{prefix}all_day"].value())
        return {"all_day": self[f"{prefix}all_day"], "spans": spans, "errors": errors, "is_wide": is_wide}


def _overlap(first: Span, second: Span) -> bool:
    return first.runs_past_midnight or second.opens < first.closes or (
        second.runs_past_midnight and second.closes > first.opens
    )  # fmt: skip


def initial_of(prefix: str, spans: Iterable[Span]) -> dict[str, Any]:
    """A form's first values for one day's spans."""
    values: dict[str, Any] = {}
    for number, span in enumerate(sorted(spans), start=1):
        if span.opens == span.closes:
            return {f"{prefix}all_day": True}
        values[f"{prefix}opens_{number}"] = span.opens
        values[f"{prefix}closes_{number}"] = span.closes
    return values


class WeekForm(SpansForm):
    prefixes = tuple(f"d{day.value}_" for day in Weekday)

    @property
    def days(self) -> list[dict[str, Any]]:
        return [{"value": day.value, "label": day.label, **self.day(f"d{day.value}_")} for day in Weekday]

    def week(self) -> dict[int, list[Span]]:
        """Of a valid form."""
        return {day.value: self.cleaned_data[f"d{day.value}_spans"] for day in Weekday}


class DateForm(SpansForm):
    """One date that is not as usual: closed, or open at other hours."""

    CLOSED, OPEN = "ferme", "ouvert"

    how = forms.ChoiceField(
        label=gettext_lazy("Ce jour-là"),
        widget=forms.RadioSelect,
        choices=((CLOSED, gettext_lazy("Fermé")), (OPEN, gettext_lazy("Ouvert, à ces heures"))),
        error_messages={"required": gettext_lazy("Choisissez\u00a0: fermé, ou ouvert.")},
    )
    reason = text(
        gettext_lazy("Pourquoi"),
        longest=60,
        help_text=gettext_lazy("Comme «\u00a0Inventaire\u00a0». Les gens le lisent."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("how") == self.CLOSED:
            cleaned["spans"] = []
        elif cleaned.get("how") == self.OPEN and not cleaned["spans"] and not self.errors:
            self.add_error("opens_1", _("Écrivez de quelle heure à quelle heure, comme 10:00 et 15:00."))
        return cleaned

    @property
    def only_day(self) -> dict[str, Any]:
        return self.day("")


def _date_field(label: Any, *, required_words: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"],
        error_messages={
            "required": required_words,
            "invalid": gettext_lazy("Cette date ne se lit pas\u00a0: écrivez-la comme 2026-12-24."),
        },
    )


class OtherDateForm(DeskForm):
    """Which date is not as usual?"""

    date = _date_field(gettext_lazy("Une autre date"), required_words=gettext_lazy("Choisissez une date."))

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_date(self) -> dt.date:
        date: dt.date = self.cleaned_data["date"]
        if not self.today <= date <= self.today + 2 * LONGEST_VACATION_DAYS * ONE_DAY:
            raise forms.ValidationError(_("Choisissez une date à venir, d’ici deux ans."))
        return date


class EarlyForm(DeskForm):
    closes = HourField(
        label=gettext_lazy("Aujourd’hui, je ferme à"),
        required=True,
        error_messages={"required": gettext_lazy("Écrivez à quelle heure vous fermez, comme 15:00.")},
    )


class VacationForm(DeskForm):
    first = _date_field(
        gettext_lazy("Premier jour de vacances"),
        required_words=gettext_lazy("Choisissez le premier jour où vous n’êtes pas là."),
    )
    last = _date_field(
        gettext_lazy("Dernier jour de vacances"),
        required_words=gettext_lazy("Choisissez le dernier jour où vous n’êtes pas là."),
    )
    note = text(
        gettext_lazy("Un mot pour les gens"),
        longest=160,
        help_text=gettext_lazy("Comme «\u00a0On revient reposés, avec du nouveau\u00a0»."),
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if last and last < self.today:
            self.add_error("last", _("Ce jour est passé\u00a0: choisissez un jour à venir."))
        elif first and last and last < first:
            self.add_error(
                "last", _("Les vacances finissent avant de commencer\u00a0: choisissez un jour plus loin.")
            )
        elif first and last and (last - first).days >= LONGEST_VACATION_DAYS:
            self.add_error("last", _("Plus d’un an de vacances? Appelez-nous, on arrange ça ensemble."))
        return cleaned
