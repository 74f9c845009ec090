"""An Excel file that somebody sends: looked at before it is opened, and read in bounded memory.

Nothing of it is believed: a workbook is a ZIP of XML, and either can be made to fill a machine. Whatever is not a plain
workbook of a plausible size is refused with the sentence that helps.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MOST_BYTES = 4 * 1024 * 1024
MOST_UNPACKED = 24 * 1024 * 1024
MOST_PARTS = 200
MOST_ROWS = 5000
MOST_COLUMNS = 40
LONGEST_CELL = 4000
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
"""How .xls begins, and every workbook that a password closes."""
HEAD_OF_A_PART = 2048


class NotThisFile(Exception):
    """The file cannot be read; its text says why, to who sent it."""


class Formula(Exception):
    """The cell computes something instead of saying it."""


@dataclass(frozen=True, slots=True)
class Line:
    """``number``: as the spreadsheet numbers it. ``cells``: by column heading, as they stand in it."""

    number: int
    cells: dict[str, Any]


def lines(file: IO[bytes], *, required: str, known: frozenset[str]) -> list[Line]:
    """The lines of the first sheet, those that are empty left out; the first one holds the headings.

    Only the ``known`` headings are read. Raises NotThisFile where ``required`` is not among them, and for whatever is
    no plain workbook.
    """
    data = file.read(MOST_BYTES + 1)
    _look_at(data)
    try:
        return list(_read(data, required, known))
    except NotThisFile:
        raise
    except (
        InvalidFileException,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        OSError,
    ) as error:
        raise NotThisFile(_damaged()) from error
    except (ParseError, SyntaxError, zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise NotThisFile(_damaged()) from error


def _damaged() -> str:
    return _(
        "Ce fichier est abîmé\u00a0: ouvrez-le dans Excel, enregistrez-le de nouveau en .xlsx, et réessayez."
    )


def _look_at(data: bytes) -> None:
    """Before anything is unpacked. Raises NotThisFile."""
    if len(data) > MOST_BYTES:
        raise NotThisFile(
            _("Ce fichier est trop gros\u00a0: 4\u00a0Mo au plus. Retirez-en les images, ou faites-en deux.")
        )
    if data.startswith(OLD_EXCEL):
        raise NotThisFile(
            _(
                "C’est un ancien .xls, ou un fichier à mot de passe\u00a0: enregistrez-le en .xlsx, sans mot de passe."
            )
        )
    if not data.startswith(b"PK"):
        raise NotThisFile(
            _("Ce n’est pas un fichier Excel (.xlsx). Exportez la liste d’ici, et remplissez ce fichier-là.")
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _look_at_parts(archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise NotThisFile(_damaged()) from error


def _look_at_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename.lower() for part in parts}
    if any("vbaproject" in name or "macrosheets" in name for name in names):
        raise NotThisFile(
            _("Ce fichier contient des macros\u00a0: enregistrez-le en .xlsx, qui n’en contient pas.")
        )
    if "xl/workbook.xml" not in names:
        raise NotThisFile(
            _("Ce n’est pas un fichier Excel (.xlsx). Exportez la liste d’ici, et remplissez ce fichier-là.")
        )
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise NotThisFile(
            _(
                "Ce fichier contient beaucoup trop de choses pour une liste de commerces\u00a0: il n’a pas été ouvert."
            )
        )
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")):
            with archive.open(part) as file:
                if b"<!" in file.read(HEAD_OF_A_PART).replace(b"<!--", b""):
                    raise NotThisFile(_damaged())


def _read(data: bytes, required: str, known: frozenset[str]) -> Iterator[Line]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    try:
        rows = book.worksheets[0].iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS)
        headings = _headings(next(rows, ()), required, known)
        for number, cells in enumerate(rows, start=2):
            told = {headings[place]: _value(cell) for place, cell in enumerate(cells) if place in headings}
            if any(value not in (None, "") for value in told.values()):
                if number > MOST_ROWS + 1:
                    raise NotThisFile(_("Plus de 5\u00a0000 lignes\u00a0: faites-en deux fichiers."))
                yield Line(number, told)
    finally:
        book.close()


def _headings(cells: Any, required: str, known: frozenset[str]) -> dict[int, str]:
    """Of each column that is known, its place and its heading."""
    told = {place: " ".join(str(cell.value or "").split()) for place, cell in enumerate(cells)}
    found = {place: words for place, words in told.items() if words in known}
    if required not in found.values():
        raise NotThisFile(
            _(
                "La colonne «\u00a0%(heading)s\u00a0» manque en haut\u00a0: remplissez le fichier exporté d’ici."
            )
            % {"heading": required}
        )
    if len(set(found.values())) < len(found):
        raise NotThisFile(_("Une colonne y est deux fois\u00a0: gardez-en une."))
    return found


def _value(cell: Any) -> Any:
    """A Formula in the place of one; texts without the blanks around them, and no longer than any cell may be."""
    value = cell.value
    if getattr(cell, "data_type", "") == "f":
        return Formula()
    if isinstance(value, str):
        return value.strip()[: LONGEST_CELL + 1]
    if isinstance(value, dt.datetime | dt.date | bool | int | float) or value is None:
        return value
    return str(value)[: LONGEST_CELL + 1]
