"""How a money record's cells are shown: amounts, moments, states and links. A column's name tells its look (…_cad)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.contrib.admin.utils import display_for_field, label_for_field, lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from home.dates import date_format
from home.money import cad

NOTHING = "—"
AMOUNT = "_cad"
"""How the name of every column of amounts ends: the style sheet sets those to the right."""

STATE = _("état")

Cell = Callable[[Any, Any], str]

TONES = {
    "good": ("paid", "ready", "fulfilled", "sent", "succeeded", "won", "sold", "done", "settled", "active"),
    "bad": (
        "failed",
        "lost",
        "needs_response",
        "warning_needs_response",
        "given_up",
        "due",
        "payment_failed",
        "past_due",
        "unpaid",
        "uncollectible",
    ),
    "off": ("canceled", "expired", "refunded", "prevented", "warning_closed", "released", "void"),
}
TONE_OF = {status: tone for tone, statuses in TONES.items() for status in statuses}


def column(show: Callable[[Any], str], label: Any, order: str = "") -> Cell:
    """A column that shows what ``show`` says of a row; ``order``: the field it is sorted by."""

    def cell(_source: Any, row: Any) -> str:
        try:
            return show(row) or NOTHING
        except (AttributeError, ObjectDoesNotExist):  # a relation on the way is empty
            return NOTHING

    # Where Django looks for them; a function has no such attributes of its own.
    cell.short_description = label  # type: ignore[attr-defined]
    if order:
        cell.admin_order_field = order  # type: ignore[attr-defined]
    return cell


def amount(path: str, label: Any) -> Cell:
    """Cents, as « 1 234,50 $ »; a name that holds such a column ends in ``_cad``."""
    get = attrgetter(path)
    return column(lambda row: _cad(get(row)), label, path.replace(".", "__"))


def _cad(cents: int | None) -> str:
    return "" if cents is None else cad(cents)


def moment(path: str, label: Any) -> Cell:
    get = attrgetter(path)
    return column(lambda row: when(get(row)), label, path.replace(".", "__"))


def when(value: date | datetime | None) -> str:
    """« 22 novembre 2026, 17 h 30 » in the portal's time, machine-readable too; "" for none."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return format_html(
            '<time datetime="{}">{}</time>',
            local.isoformat(),
            date_format(local, "j F Y, G\xa0\\h\xa0i"),
        )
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), date_format(value, "j F Y"))


def status(label: Any = STATE, *, field: str = "status", says: Callable[[str], str] | None = None) -> Cell:
    """A status in words, on a tag whose tone says whether it is well, waits, or is over."""

    def show(row: Any) -> SafeString:
        value = getattr(row, field)
        return tag(value, says(value) if says else getattr(row, f"get_{field}_display")())

    return column(show, label, field)


def tag(status: str, words: str) -> SafeString:
    return format_html('<span class="money-tag money-tag--{}">{}</span>', TONE_OF.get(status, "wait"), words)


def choice(field: str, label: Any) -> Cell:
    """A column with choices, in their words."""
    return column(lambda row: str(getattr(row, f"get_{field.rpartition('.')[2]}_display")()), label, field)


def itself(label: Any, order: str = "") -> Cell:
    """The record, as a link to its own page: for tables inside another record."""
    return column(record_link, label, order)


def link(path: str, label: Any, order: str = "") -> Cell:
    """The record that ``path`` leads to, as a link to its own page."""
    get = attrgetter(path)
    return column(lambda row: record_link(get(row)), label, order)


def record_link(record: Model | None) -> str:
    return format_html('<a href="{}">{}</a>', record_url(record), str(record)) if record else ""


def record_url(record: Model) -> str:
    return reverse(f"shop_{record._meta.model_name}_modeladmin_inspect", args=[record.pk])


def text(path: str, label: Any, order: str = "", says: Callable[[str], str] = str) -> Cell:
    get = attrgetter(path)
    return column(lambda row: says(get(row)) if get(row) else "", label, order)


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell, or one line of a record's own facts."""

    name: str
    label: str
    value: Any

    @property
    def is_amount(self) -> bool:
        return self.name.endswith(AMOUNT)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that belong to a record, under a title; ``empty`` is said where there are none."""

    title: Any
    headings: tuple[Shown, ...]
    rows: tuple[tuple[Shown, ...], ...]
    empty: Any


def shown(source: Any, row: Any, name: str) -> Shown:
    """A column of ``source`` (a class of columns) for one row, as its list would show it."""
    return Shown(name, label_of(source, name), value_of(source, row, name))


def label_of(source: Any, name: str) -> str:
    return capfirst(str(label_for_field(name, source.model, source)))


def value_of(source: Any, row: Any, name: str) -> Any:
    field, _attr, value = lookup_field(name, row, source)
    if field is None:
        return value
    if value is None or value == "":
        return NOTHING
    return when(value) if isinstance(value, date) else display_for_field(value, field, NOTHING)


def table(title: Any, source: Any, rows: Iterable[Any], columns: tuple[str, ...], *, empty: Any) -> Table:
    return Table(
        title,
        tuple(Shown(name, label_of(source, name), None) for name in columns),
        tuple(tuple(shown(source, row, name) for name in columns) for row in rows),
        empty,
    )
