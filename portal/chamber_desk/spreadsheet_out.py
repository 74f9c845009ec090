"""The list as an Excel file: dates are dates, what somebody typed is text and never a formula, and no line too many."""

import io
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from directory.enums import Tier
from portal.chamber_desk import words
from portal.chamber_desk.columns import HEADINGS
from portal.chamber_desk.stages import Stage
from shop.admin.exports import escaped

MOST_ROWS = 5000
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET = "Commerces"
DATE_FORMAT = "yyyy-mm-dd"
WIDTHS = (9, 34, 20, 34, 12, 26, 22, 18, 30, 16, 12, 12, 12, 12, 30, 36, 12, 40)


def workbook(rows: Iterable[Any], now: datetime) -> bytes:
    """``rows``: of the pipeline, with their category, sector and adviser, at most MOST_ROWS of them."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    sheet.freeze_panes = "C2"
    for number, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([_heading(sheet, str(words_)) for words_ in HEADINGS])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in _values(row, now)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _heading(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell


def _values(row: Any, now: datetime) -> list[Any]:
    """In the order of HEADINGS; the last is for a new note."""
    return [
        row.merchant_id,
        row.name,
        str(Stage(row.stage).label_of_one),
        words.where(row, now) if row.place else "",
        _day(row.since),
        row.category.name if row.category else "",
        row.sector.name if row.sector else "",
        str(Tier(row.tier).label),
        row.email,
        row.phone,
        *(_day(moment) for moment in (row.claimed_at, row.live_since, row.first_sale_at, row.heard_at)),
        row.adviser.email if row.adviser else "",
        row.next_act,
        row.next_act_on,
        "",
    ]


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None


def _cell(sheet: Any, value: Any) -> WriteOnlyCell:
    """A text is a text whatever it begins with, and begins with nothing that another spreadsheet would compute."""
    if not isinstance(value, str):
        cell = WriteOnlyCell(sheet, value=value)
        if isinstance(value, date):
            cell.number_format = DATE_FORMAT
        return cell
    cell = WriteOnlyCell(sheet, value=escaped(value))
    cell.data_type = "s"
    return cell
