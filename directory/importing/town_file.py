"""What a town hands over: one table with a heading line, cells between semicolons, commas, bars or tabs."""

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.enums import FileShape
from directory.importing.columns import Columns, folded_heading, guess, recognized
from directory.importing.encodings import NAMES, encoding_of
from directory.importing.records import DELIMITERS, Record, records
from directory.importing.refusals import FileRefused
from directory.importing.rows import Row

NAMES_OF_DELIMITERS: dict[str, Any] = {
    ";": gettext_lazy("points-virgules"),
    ",": gettext_lazy("virgules"),
    "|": gettext_lazy("barres verticales"),
    "\t": gettext_lazy("tabulations"),
}
TITLE_LINES = 10
"""Above the headings there may be a title or two."""
WHERE = frozenset({"street_address", "postal_code", "sector", "city", "latitude"})


class TownFile:
    """Raises FileRefused, when made, for what is no such table. Without a column for the name it has no rows."""

    shape: str = FileShape.TABLE

    def __init__(self, path: Path, known: Mapping[str, str]) -> None:
        self.path, self.encoding = path, encoding_of(path)
        self.delimiter, self.heading = _heading(path, self.encoding, known)
        self.headings = [text.strip() for text in self.heading.cells]
        self.columns: Columns = guess(self.headings, known)

    @property
    def told(self) -> str:
        return _("%(encoding)s, cellules séparées par des %(delimiter)s") % {
            "encoding": NAMES[self.encoding],
            "delimiter": NAMES_OF_DELIMITERS[self.delimiter],
        }

    def refuse_what_is_missing(self) -> None:
        """Raises FileRefused where no column holds the name, or none says where a merchant is."""
        fields = set(self.columns.values())
        missing = _("le nom") if "name" not in fields else _("l’adresse, le secteur ou le code postal")
        if "name" in fields and fields & WHERE:
            return
        raise FileRefused(
            _("Aucune colonne ne donne %(missing)s. Colonnes lues\u00a0: %(columns)s.")
            % {"missing": missing, "columns": ", ".join(text[:40] for text in self.headings[:20] if text)}
        )

    def sample(self, most: int) -> list[list[str]]:
        """The first readable lines under the headings, as they stand."""
        return [record.cells for record in islice(self._body(), most) if not record.fault]

    def rows(self) -> Iterator[Row]:
        fields = [self.columns.get(text, "") for text in self._folded()]
        for record in self._body():
            yield self._row(record, fields)

    def _folded(self) -> list[str]:
        return [folded_heading(text) for text in self.headings]

    def _body(self) -> Iterator[Record]:
        lines = records(self.path, self.encoding, self.delimiter)
        return (record for record in lines if record.line > self.heading.line)

    def _row(self, record: Record, fields: list[str]) -> Row:
        if record.fault:
            return Row(record.line, fault=record.fault)
        cells = record.cells
        if len(cells) != len(fields) and any(text.strip() for text in cells[len(fields) :]):
            return Row(record.line, fault=_TOO_MANY % {"found": len(cells), "wanted": len(fields)})
        if len(cells) < len(fields):
            return Row(record.line, fault=_TOO_FEW % {"found": len(cells), "wanted": len(fields)})
        return Row(record.line, {field: cell for field, cell in zip(fields, cells, strict=False) if field})


_TOO_MANY = gettext_lazy(
    "%(found)s cellules au lieu de %(wanted)s\u00a0: un séparateur de trop, ou un texte sans guillemets."
)
_TOO_FEW = gettext_lazy("%(found)s cellules au lieu de %(wanted)s\u00a0: la ligne est coupée.")


def _heading(path: Path, encoding: str, known: Mapping[str, str]) -> tuple[str, Record]:
    """The separator and the line that say most; where no word is known, those that make the most even columns."""
    best: tuple[tuple[int, int, int], str, Record] | None = None
    for order, delimiter in enumerate(DELIMITERS):
        for record in islice(records(path, encoding, delimiter), TITLE_LINES):
            rank = (recognized(record.cells, known), min(len(record.cells), 2), -order - record.line)
            if not record.fault and (best is None or rank > best[0]):
                best = rank, delimiter, record
    if best is None or (best[0][0] < 2 and len(best[2].cells) < 2):
        raise FileRefused(
            _(
                "Ce fichier n’a pas de colonnes lisibles\u00a0: il faut une ligne de titres, puis une ligne par "
                "commerce, avec des points-virgules, des virgules, des barres ou des tabulations."
            )
        )
    return best[1], best[2]
