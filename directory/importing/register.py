"""The provincial enterprise register: three tables joined by NEQ, several establishments for one enterprise.

Only what is in force is read: enterprises that are registered (« IM »), names in force (« V »), establishments whose
address the register discloses. Who asked that its address not be disclosed is not looked for elsewhere.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from directory.enums import FileShape
from directory.importing.columns import folded_heading
from directory.importing.encodings import NAMES, encoding_of
from directory.importing.records import DELIMITERS, records
from directory.importing.refusals import FileRefused
from directory.importing.rows import Row

MARKS = {
    "enterprises": {"neq", "cod stat immat"},
    "names": {"neq", "nom assuj"},
    "establishments": {"neq", "no suf etab"},
}
"""The headings by which each of the three is known, whatever its file is called."""
USUAL_NAMES = {
    "enterprises": "Entreprise.csv",
    "names": "Nom.csv",
    "establishments": "Etablissements.csv",
}
MOST_ENTERPRISES = 60_000
"""Held in memory while the establishments go by."""

_POSTAL = re.compile(r"\b[A-Z]\d[A-Z][ -]?\d[A-Z]\d\b", re.IGNORECASE)
_PROVINCE = re.compile(r"\s*\(?\s*(?:Québec|Quebec|QC)\s*\)?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """One of the three, with where its columns are."""

    path: Path
    encoding: str
    delimiter: str
    headings: tuple[str, ...]

    def rows(self) -> Iterator[tuple[int, dict[str, str], str]]:
        """Line, words by folded heading, fault."""
        lines = records(self.path, self.encoding, self.delimiter)
        next(lines, None)
        for record in lines:
            fault = record.fault
            if not fault and len(record.cells) != len(self.headings):
                fault = _("%(found)s cellules au lieu de %(wanted)s.") % {
                    "found": len(record.cells), "wanted": len(self.headings),
                }  # fmt: skip
            yield record.line, dict(zip(self.headings, record.cells, strict=False)), fault


def table_of(path: Path) -> tuple[str, Table] | None:
    """Which of the three tables a file is; None when it is none."""
    encoding = encoding_of(path)
    for delimiter in DELIMITERS:
        first = next(records(path, encoding, delimiter), None)
        headings = tuple(folded_heading(text) for text in first.cells) if first else ()
        for kind, marks in MARKS.items():
            if marks <= set(headings):
                return kind, Table(path, encoding, delimiter, headings)
    return None


class Register:
    """Raises FileRefused, when made, where one of the three is missing."""

    shape: str = FileShape.REGISTER

    def __init__(self, tables: Mapping[str, Table]) -> None:
        missing = [USUAL_NAMES[kind] for kind in MARKS if kind not in tables]
        if missing:
            raise FileRefused(
                _("Le registre se lit avec ses trois fichiers; il manque %(missing)s.")
                % {"missing": ", ".join(missing)}
            )
        self.tables = tables

    @property
    def told(self) -> str:
        encodings = sorted({NAMES[table.encoding] for table in self.tables.values()})
        return _("registre des entreprises, trois fichiers joints par NEQ, %(encodings)s") % {
            "encodings": ", ".join(encodings)
        }

    def rows(self) -> Iterator[Row]:
        """One for each establishment; its line is that of the establishments' file."""
        standing, names = self._standing(), self._names()
        for line, words, broken in self.tables["establishments"].rows():
            neq = words.get("neq", "").strip()
            ref = f"{neq}-{words.get('no suf etab', '').strip()}"
            fault = broken or _fault(neq, words, standing, names)
            yield Row(line, ref=ref, fault=fault) if fault else Row(line, _cells(ref, words, names[neq]), ref)

    def _standing(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for _line, words, fault in self.tables["enterprises"].rows():
            if not fault:
                found[words["neq"].strip()] = words.get("cod stat immat", "").strip()
            _refuse_too_many(found)
        return found

    def _names(self) -> dict[str, str]:
        """The legal name in force; another name in force where there is no legal one."""
        legal: dict[str, str] = {}
        other: dict[str, str] = {}
        for _line, words, fault in self.tables["names"].rows():
            if (
                fault
                or words.get("stat nom", "V").strip() != "V"
                or words.get("dat fin nom assuj", "").strip()
            ):
                continue
            kind = legal if words.get("typ nom assuj", "N").strip() == "N" else other
            kind.setdefault(words["neq"].strip(), words.get("nom assuj", "").strip())
            _refuse_too_many(legal)
        return other | legal


def _refuse_too_many(found: Mapping[str, str]) -> None:
    if len(found) > MOST_ENTERPRISES:
        raise FileRefused(
            _("Ce registre compte plus de %(most)s entreprises\u00a0: n’en gardez que celles de la ville.")
            % {"most": f"{MOST_ENTERPRISES:,}".replace(",", "\u00a0")}
        )


def _fault(neq: str, words: Mapping[str, str], standing: Mapping[str, str], names: Mapping[str, str]) -> str:
    """Why an establishment is left out; empty where it is not."""
    if neq not in standing:
        return _("Aucune entreprise du registre n’a ce NEQ.")
    if standing[neq] != "IM":
        return _("L’entreprise est radiée du registre (%(code)s).") % {"code": standing[neq] or "?"}
    if words.get("ind disp", "O").strip() != "O":
        return _("L’adresse n’est pas divulguée au registre\u00a0: rien ne dit où est l’établissement.")
    if not names.get(neq):
        return _("Aucun nom en vigueur au registre.")
    return ""


def _cells(ref: str, words: Mapping[str, str], name: str) -> dict[str, str]:
    """The four lines of an address hold street, town and province, more of the street, and postal code."""
    lines = [words.get(f"lign{number} adr", "").strip() for number in (1, 2, 3, 4)]
    postal = next((found[0] for text in reversed(lines) if (found := _POSTAL.search(text))), "")
    return {
        "name": name,
        "legal_name": name,
        "neq": words["neq"].strip(),
        "id": ref,
        "category": words.get("desc act econ etab", "").strip(),
        "street_address": lines[0],
        "city": _PROVINCE.sub("", lines[1]),
        "postal_code": postal,
    }
