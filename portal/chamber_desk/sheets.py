"""Any table of the Chamber's as a file, CSV or XLSX: typed dates and numbers, and texts that no spreadsheet computes.

Columns and words are the portal's French, whatever language the person who exports reads: the file goes from hand to
hand. All rows are there before the answer begins; an error is an error, and no file that ends early.
"""

import csv
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from home import audit
from home.languages import FRENCH
from home.models import PortalSettings
from home.tenancy import current_site_id
from shop.admin.exports import BYTE_ORDER_MARK, escaped

CSV, XLSX = "csv", "xlsx"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DATE_FORMAT = "yyyy-mm-dd"
EXPORTED = "follow_up.figures_exported"
KEPT_IN_MEMORY = 2**20
NARROW, WIDE = 13, 34

Value = str | int | date | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """``name``: of the file, before its day. ``rows``: each as long as ``headings``."""

    name: str
    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Value]]


def answer(
    request: HttpRequest, shape: str, make: Callable[[], Sheet], *, today: date, query: str
) -> HttpResponseBase:
    """The file that ``make`` gives, on record."""
    with translation.override(FRENCH):
        sheet = make()
    audit.note(
        EXPORTED,
        PortalSettings.objects.get(site=current_site_id()),
        actor_id=request.user.pk,
        after={"list": sheet.name, "shape": shape, "rows": len(sheet.rows), "query": query},
    )
    name = f"{sheet.name}-{today}.{shape}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    if shape == XLSX:
        return FileResponse(_workbook(sheet), content_type=XLSX_TYPE, headers=headers)
    return StreamingHttpResponse(_lines(sheet), content_type="text/csv; charset=utf-8", headers=headers)


class _Echo:
    """What is written to it is what it gives back."""

    def write(self, text: str) -> str:
        return text


def _lines(sheet: Sheet) -> Iterator[str]:
    """Semicolons, as a spreadsheet set to French reads them."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield BYTE_ORDER_MARK + cast(str, writer.writerow(sheet.headings))
    for row in sheet.rows:
        yield cast(str, writer.writerow([_plain(value) for value in row]))


def _plain(value: Value) -> str | int:
    if value is None:
        return ""
    return (
        escaped(value) if isinstance(value, str) else value.isoformat() if isinstance(value, date) else value
    )


def _workbook(sheet: Sheet) -> Any:
    """A file that is read from its beginning, and gone once it is closed."""
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet.title)
    page.freeze_panes = "B2"
    for number, width in enumerate(_widths(sheet), start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.append([_heading(page, heading) for heading in sheet.headings])
    for row in sheet.rows:
        page.append([_cell(page, value) for value in row])
    file = tempfile.SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115 (the answer closes it)
    book.save(file)
    file.seek(0)
    return file


def _widths(sheet: Sheet) -> list[int]:
    """Wide where there are words."""
    first = sheet.rows[0] if sheet.rows else ()
    return [WIDE if isinstance(value, str) else NARROW for value in first]


def _heading(page: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, value=text)
    cell.font = Font(bold=True)
    return cell


def _cell(page: Any, value: Value) -> WriteOnlyCell:
    """A text is a text whatever it begins with."""
    if isinstance(value, str):
        cell = WriteOnlyCell(page, value=escaped(value))
        cell.data_type = "s"
        return cell
    cell = WriteOnlyCell(page, value=value)
    if isinstance(value, date):
        cell.number_format = DATE_FORMAT
    return cell
