"""The filters beside a list. Their choices are asked for in the portal's scope; what is no choice finds nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import Merchant

Rows = QuerySet[Any]


class MoneyFilter(SimpleListFilter):
    """Django's, with « Tous » in French: its admin, whose catalogue has the word, is not installed."""

    template = "shop/admin/filter.html"
    parameter_name: str

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": _("Tous")} if choice["display"] == "All" else choice

    def value(self) -> str | None:
        """None when nothing is chosen; a value that is no choice finds nothing, and says so."""
        return super().value() or None

    @property
    def is_used(self) -> bool:
        return self.value() is not None


def of_choices(field: str, choices: Any, title: Any, parameter: str = "") -> type[MoneyFilter]:
    """By a column's choices, in their own words."""

    class ChoiceFilter(MoneyFilter):
        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
            return list(choices)

        def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
            if not self.value():
                return queryset
            known = self.value() in {str(value) for value, _words in self.lookup_choices}
            return queryset.filter(**{field: self.value()}) if known else queryset.none()

    ChoiceFilter.title, ChoiceFilter.parameter_name = title, parameter or field
    return ChoiceFilter


def of_answers(parameter: str, title: Any, answers: dict[str, tuple[Any, Q]]) -> type[MoneyFilter]:
    """By questions about a row, each with its condition: name → (words, condition)."""

    class AnswerFilter(MoneyFilter):
        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
            return [(name, words) for name, (words, _condition) in answers.items()]

        def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
            if not self.value():
                return queryset
            asked = answers.get(str(self.value()))
            return queryset.filter(asked[1]) if asked else queryset.none()

    AnswerFilter.title, AnswerFilter.parameter_name = title, parameter
    return AnswerFilter


def of_merchant(path: str = "merchant") -> type[MoneyFilter]:
    """By the sellers of the portal in scope, and no others."""

    class MerchantFilter(MoneyFilter):
        title = _("commerce")
        parameter_name = "commerce"

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            sellers = Merchant.objects.filter(shop__isnull=False).order_by("name", "pk")
            return [(str(pk), name) for pk, name in sellers.values_list("pk", "name")]

        def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
            if not self.value():
                return queryset
            known = str(self.value()) in {str(pk) for pk, _name in self.lookup_choices}
            return queryset.filter(**{path: self.value()}) if known else queryset.none()

    return MerchantFilter


def of_period(field: str, title: Any) -> type[MoneyFilter]:
    """By days, months and years of the portal's calendar."""

    class PeriodFilter(MoneyFilter):
        parameter_name = "periode"

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
            return PERIODS

        def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
            if not self.value():
                return queryset
            span = span_of(str(self.value()), now=timezone.localtime())
            if span is None:
                return queryset.none()
            return queryset.filter(**{f"{field}__gte": span[0], f"{field}__lt": span[1]})

    PeriodFilter.title = title
    return PeriodFilter


PERIODS: list[tuple[str, Any]] = [
    ("aujourdhui", _("Aujourd’hui")),
    ("7-jours", _("7 derniers jours")),
    ("ce-mois", _("Ce mois-ci")),
    ("mois-dernier", _("Le mois dernier")),
    ("cette-annee", _("Cette année")),
    ("annee-derniere", _("L’an dernier")),
]


def span_of(period: str, *, now: datetime) -> tuple[datetime, datetime] | None:
    """First moment, and the first one after; None for a period that has no such name."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = _midnight(today + timedelta(days=1))
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    spans = {
        "aujourdhui": (today, tomorrow),
        "7-jours": (_midnight(today - timedelta(days=6)), tomorrow),
        "ce-mois": (month, tomorrow),
        "mois-dernier": ((month - timedelta(days=1)).replace(day=1), month),
        "cette-annee": (year, tomorrow),
        "annee-derniere": (year.replace(year=year.year - 1), year),
    }
    span = spans.get(period)
    return (_midnight(span[0]), _midnight(span[1])) if span else None


def _midnight(day: datetime) -> datetime:
    """That day's midnight in the portal's time, whichever side of a clock change it is on."""
    return timezone.make_aware(day.replace(tzinfo=None))
