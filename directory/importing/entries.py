"""One line's facts, clean and of this portal, with what there is to tell of them; or why the line is left out."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from directory.enums import Finding
from directory.importing import words
from directory.importing.hours_text import ByAppointment, UnreadableHours, week
from directory.importing.places import Place, Town, folded_place, place
from directory.importing.refusals import LineRefused
from directory.importing.rows import Row
from directory.importing.sameness import Known, address_key, core_name
from directory.importing.trades import Trades

Facts = dict[str, Any]
"""By field of Merchant; ``category`` and ``sector`` are primary keys, ``hours`` is as ``timetable.week_facts`` writes
them. A field that is not there could not be read: nothing is known of it."""

LONGEST_LEGAL_NAME = 160


@dataclass(frozen=True, slots=True)
class Remark:
    finding: str
    reason: str


@dataclass(slots=True)
class Entry:
    """``key`` is the same for the same establishment in the next file of the source; ``digest`` for the same facts."""

    line: int
    ref: str
    key: str
    facts: Facts
    known: Known
    remarks: list[Remark] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.facts["name"])

    @property
    def digest(self) -> str:
        return _hash(json.dumps(self.facts, sort_keys=True, ensure_ascii=False))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Reader:
    """What a line is read against: the portal's places and trades."""

    town: Town
    trades: Trades

    @property
    def town_words(self) -> frozenset[str]:
        return frozenset({folded_place(self.town.name), *self.town.sectors})

    def key(self, row: Row) -> str:
        """Of a line that may not even be readable: the file's own number, else who and where."""
        cells = row.cells
        if given := words.plain(cells.get("id", "")) or row.ref:
            return _hash(f"id|{given}")
        who = words.neq(cells.get("neq", "")).value or core_name(cells.get("name", ""), self.town_words)
        where = address_key(words.plain(cells.get("street_address", "")))
        if not where:
            where = words.postal_code(cells.get("postal_code", "")).value or words.plain(
                cells.get("sector", "")
            )
        return _hash(f"{who}|{where}")

    def entry(self, row: Row) -> Entry:
        """Raises LineRefused."""
        if row.fault:
            raise LineRefused(row.fault)
        remarks: list[Remark] = []
        facts = dict(self._facts(row, remarks))
        known = Known(
            None,
            facts["name"],
            core_name(facts["name"], self.town_words),
            facts.get("neq", ""),
            address_key(facts.get("street_address", "")),
            facts.get("postal_code", ""),
            facts.get("phone", ""),
            line=row.line,
        )
        return Entry(row.line, row.ref, self.key(row), facts, known, remarks)

    def _facts(self, row: Row, remarks: list[Remark]) -> Iterator[tuple[str, Any]]:
        cells = row.cells
        name = words.name(cells.get("name", ""))
        _tell(remarks, name)
        yield "name", name.value
        found = self._plain_facts(cells, remarks)
        yield from found.items()
        yield from self._where(cells, found.get("postal_code", ""), remarks)
        yield "category", self._category(cells.get("category", ""), str(name.value), remarks)
        yield from _hours(cells.get("hours", ""), remarks, is_osm=row.is_osm)

    def _plain_facts(self, cells: Any, remarks: list[Remark]) -> Facts:
        found: Facts = {}
        for field_name, read in READERS.items():
            if field_name not in cells:
                continue
            answer = read(cells[field_name])
            _tell(remarks, answer)
            if answer.value is not None:
                found[field_name] = answer.value
        return found

    def _where(self, cells: Any, postal_code: str, remarks: list[Remark]) -> Iterator[tuple[str, Any]]:
        found = place(
            self.town,
            sector=words.plain(cells.get("sector", "")),
            city=words.plain(cells.get("city", "")),
            postal_code=postal_code,
            point=_point(cells, remarks),
        )
        remarks += [Remark(Finding.WARNING, text) for text in found.warnings]
        yield from (("sector", found.sector.pk), ("city", found.city))
        yield from _coordinates(found)

    def _category(self, label: str, name: str, remarks: list[Remark]) -> int:
        """Raises LineRefused where neither the label nor the name tells it."""
        said = words.plain(label)
        if found := self.trades.of_label(said):
            return found
        guessed = self.trades.of_name(name)
        if guessed is None:
            raise LineRefused(
                _("Catégorie inconnue\u00a0: «\u00a0%(said)s\u00a0»; dites où la ranger.")
                % {"said": said[:60]}
                if said
                else _("La catégorie manque.")
            )
        remarks.append(
            Remark(
                Finding.WARNING,
                _("Catégorie inconnue\u00a0: «\u00a0%(said)s\u00a0»; rangé d’après son nom.")
                % {"said": said[:60]}
                if said
                else _("La catégorie manque; rangé d’après son nom."),
            )
        )
        return guessed


READERS: dict[str, Callable[[str], words.Read]] = {
    "legal_name": lambda said: words.text(said, _("Nom légal"), LONGEST_LEGAL_NAME),
    "neq": words.neq,
    "street_address": lambda said: words.text(said, _("Adresse"), words.LONGEST_ADDRESS),
    "postal_code": words.postal_code,
    "phone": words.phone,
    "email": words.email,
    "website_url": lambda said: words.link(said, _("Site web")),
    "shop_url": lambda said: words.link(said, _("Boutique en ligne")),
}


def _tell(remarks: list[Remark], read: words.Read) -> None:
    if read.warning:
        remarks.append(Remark(Finding.WARNING, read.warning))
    if read.note:
        remarks.append(Remark(Finding.NOTE, read.note))


def _point(cells: Any, remarks: list[Remark]) -> tuple[float, float] | None:
    said = words.plain(cells.get("latitude", "")), words.plain(cells.get("longitude", ""))
    if not any(said):
        return None
    latitude, longitude = words.number(said[0]), words.number(said[1])
    if latitude is None or longitude is None:
        text = _("Coordonnées illisibles\u00a0: «\u00a0%(said)s\u00a0»; laissées vides.")
        remarks.append(Remark(Finding.WARNING, text % {"said": ", ".join(said)[:40]}))
        return None
    return latitude, longitude


def _coordinates(found: Place) -> Iterator[tuple[str, Any]]:
    """Both or neither: what is unknown takes nothing away."""
    if found.latitude is not None and found.longitude is not None:
        yield from (("latitude", found.latitude), ("longitude", found.longitude))


def _hours(text: str, remarks: list[Remark], *, is_osm: bool) -> Iterator[tuple[str, Any]]:
    said = " ".join(text.replace("\n", ";").split())
    if not said:
        return
    try:
        found = week(text, is_osm=is_osm)
    except ByAppointment:
        remarks.append(Remark(Finding.NOTE, _("Sur rendez-vous\u00a0: aucune heure n’est inscrite.")))
    except UnreadableHours:
        reason = _("Heures illisibles\u00a0: «\u00a0%(said)s\u00a0»; aucune n’est inscrite.")
        remarks.append(Remark(Finding.WARNING, reason % {"said": said[:80]}))
    else:
        yield (
            "hours",
            {
                str(day): [f"{span.opens:%H:%M}-{span.closes:%H:%M}" for span in spans]
                for day, spans in found.items()
            },
        )
