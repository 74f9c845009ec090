"""The report as one CSV file: a line for each cell of each table; what is hidden has no value, and its reason."""

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from home.languages import is_english
from portal.impact.report import Report
from portal.impact.tables import Entry, Unit, tables
from shop.admin.exports import escaped

BYTE_ORDER_MARK = "\ufeff"
"""By which a spreadsheet knows UTF-8."""


def sheet(report: Report) -> str:
    """Semicolons and commas as a spreadsheet set to French reads them; commas and points where English is spoken."""
    file = io.StringIO()
    file.write(BYTE_ORDER_MARK)
    writer = csv.writer(file, delimiter="," if is_english() else ";")
    writer.writerow([_("Période"), _("Tableau"), _("Ligne"), _("Colonne"), _("Valeur"), _("Note")])
    writer.writerows(_lines(report))
    return file.getvalue()


def _lines(report: Report) -> Iterator[list[str]]:
    months = f"{report.period.first:%Y-%m}", f"{report.period.last:%Y-%m}"
    period = " / ".join(dict.fromkeys(months))
    for table in tables(report):
        for line in table.lines:
            for head, entry in zip(table.heads[1:], line.entries, strict=True):
                note = entry.words if entry.hidden else ""
                told = (table.title, line.label, head, value(entry), f"{note}. {entry.note}" if note else "")
                yield [period, *map(_cell, told)]


def value(entry: Entry) -> str:
    """A plain number: dollars for amounts, per cent for shares; "" for what is hidden or unknown."""
    if entry.value is None:
        return ""
    if entry.unit is Unit.COUNT:
        return str(entry.value)
    sign = "-" if entry.value < 0 else ""
    point = "." if is_english() else ","
    return f"{sign}{abs(entry.value) // 100}{point}{abs(entry.value) % 100:02d}"


def _cell(text: str) -> str:
    """No spreadsheet takes a name for a formula; a number below zero is one."""
    return text if text[:1] == "-" and text[1:2].isdigit() else escaped(text)
