"""What to do with each line, said before it is done. On trial or for good the same is said.

A claimed merchant is its people's: nothing of it is touched. One that was removed at its own request stays so. Of any
other, a fact is written anew only where the file says something new and nobody else has written there since.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _

from directory.enums import Finding
from directory.importing.entries import Entry, Facts, Reader, Remark
from directory.importing.refusals import LineRefused
from directory.importing.rows import Row
from directory.importing.sameness import Directory, Known


class Outcome(StrEnum):
    """What comes of a line; each line has one."""

    CREATED = "created"
    UPDATED = "updated"
    LINKED = "linked"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    CLAIMED = "claimed"
    REMOVED = "removed"
    REFUSED = "refused"


@dataclass(slots=True)
class Origin:
    """A row of MerchantOrigin, held without its facts; ``line`` is where this run met it, 0 while it has not."""

    pk: int | None
    key: str
    digest: str
    known: Known
    line: int = 0


@dataclass(slots=True)
class Decision:
    """``writes``: facts to write, for what is created all of them. ``origin`` is to be kept where there is one, with
    what is ``recorded`` of it; None: as it was."""

    row: Row
    outcome: Outcome
    name: str = ""
    entry: Entry | None = None
    known: Known | None = None
    origin: Origin | None = None
    writes: Facts = field(default_factory=dict)
    recorded: Facts | None = None
    remarks: list[Remark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Standing:
    """A merchant as it is now: its facts, and what each source last wrote of them."""

    facts: Facts
    is_claimed: bool
    is_removed: bool
    written: dict[int, Facts]


class Deciding:
    """Carries what is known from line to line. ``keys`` are those of the whole file, read before."""

    def __init__(
        self, reader: Reader, directory: Directory, origins: Iterable[Origin], keys: set[str]
    ) -> None:
        self.reader, self.directory, self.keys = reader, directory, keys
        self.by_key = {origin.key: origin for origin in origins}
        self.of_known = {id(origin.known): origin for origin in self.by_key.values()}

    def first_look(self, rows: Iterable[Row]) -> list[Decision]:
        """Whose each line is. Where it is somebody's who is there already, ``settle`` says what becomes of it."""
        return [self._look(row) for row in rows]

    def _look(self, row: Row) -> Decision:
        try:
            entry = self.reader.entry(row)
        except LineRefused as refused:
            remark = Remark(Finding.REFUSED, refused.reason)
            return Decision(row, Outcome.REFUSED, row.cells.get("name", "").strip(), remarks=[remark])
        return self._whose(row, entry)

    def _whose(self, row: Row, entry: Entry) -> Decision:
        decision = Decision(row, Outcome.CREATED, entry.name, entry, remarks=entry.remarks)
        if origin := self.by_key.get(entry.key):
            return self._of_origin(decision, origin)
        found = self.directory.same_as(entry.known)
        if found is None:
            return self._new(decision, entry)
        known, sign = found
        origin = self.of_known.get(id(known))
        if origin is None:
            return self._link(decision, entry, known, sign)
        if origin.line or origin.key in self.keys:
            return self._duplicate(decision, origin, sign)
        return self._moved(decision, entry, origin)

    def _of_origin(self, decision: Decision, origin: Origin) -> Decision:
        assert decision.entry is not None
        if origin.line and origin.line != decision.row.line:
            return self._duplicate(decision, origin, "key")
        origin.line = decision.row.line
        decision.known, decision.origin = origin.known, origin
        if origin.known.is_removed or origin.known.is_claimed:
            return _kept(decision)
        decision.outcome = Outcome.UNCHANGED if origin.digest == decision.entry.digest else Outcome.UPDATED
        return decision

    def _new(self, decision: Decision, entry: Entry) -> Decision:
        if same := self.directory.same_phone(entry.known):
            words = _("Même téléphone que %(whom)s, à une autre adresse ou sous un autre nom.")
            decision.remarks.append(Remark(Finding.NOTE, words % {"whom": _whom(same)}))
        self.directory.add(entry.known)
        decision.known, decision.writes, decision.recorded = entry.known, entry.facts, entry.facts
        decision.origin = self._keep(entry, entry.known)
        return decision

    def _link(self, decision: Decision, entry: Entry, known: Known, sign: str) -> Decision:
        decision.known, decision.origin = known, self._keep(entry, known)
        words = _("Déjà au répertoire\u00a0: %(whom)s (%(sign)s); rattachée à cette fiche.")
        reason = words % {"whom": _whom(known), "sign": SIGNS[sign]()}
        decision.remarks = [Remark(Finding.DUPLICATE, reason), *decision.remarks]
        decision.outcome = Outcome.LINKED
        return _kept(decision) if known.is_removed or known.is_claimed else decision

    def _moved(self, decision: Decision, entry: Entry, origin: Origin) -> Decision:
        """The same establishment under another key: its name or its address is written otherwise than before."""
        del self.by_key[origin.key]
        origin.key = entry.key
        self.by_key[entry.key] = origin
        return self._of_origin(decision, origin)

    def _duplicate(self, decision: Decision, origin: Origin, sign: str) -> Decision:
        decision.outcome, decision.known = Outcome.DUPLICATE, origin.known
        words = _("Doublon de %(whom)s (%(sign)s); laissée de côté.")
        where = _("la ligne %(line)s") % {"line": origin.line} if origin.line else _whom(origin.known)
        decision.remarks = [Remark(Finding.DUPLICATE, words % {"whom": where, "sign": SIGNS[sign]()})]
        return decision

    def _keep(self, entry: Entry, known: Known) -> Origin:
        origin = Origin(None, entry.key, "", known, entry.line)
        self.by_key[entry.key] = self.of_known[id(known)] = origin
        return origin

    def gone(self) -> Iterator[Origin]:
        """Those of the source that the whole file does not name any more."""
        for origin in self.by_key.values():
            if not origin.line and origin.key not in self.keys and not origin.known.is_removed:
                yield origin


SIGNS = {
    "key": lambda: _("mêmes nom et adresse"),
    "neq": lambda: _("même NEQ, même adresse"),
    "name": lambda: _("mêmes nom et adresse"),
    "phone": lambda: _("même téléphone, nom presque pareil"),
    "near": lambda: _("même adresse, nom presque pareil"),
}


def _whom(known: Known) -> str:
    if known.line:
        return _("la ligne %(line)s («\u00a0%(name)s\u00a0»)") % {"line": known.line, "name": known.name[:60]}
    return _("«\u00a0%(name)s\u00a0»") % {"name": known.name[:60]}


def _kept(decision: Decision) -> Decision:
    assert decision.known is not None
    if decision.known.is_removed:
        decision.outcome, words = Outcome.REMOVED, _("Retirée à la demande du commerce\u00a0: elle le reste.")
    else:
        decision.outcome, words = Outcome.CLAIMED, _("Réclamée par le commerce\u00a0: rien n’y est changé.")
    decision.remarks = [Remark(Finding.KEPT, words)]
    return decision


def settle(decision: Decision, standing: Standing, source_pk: int) -> None:
    """What is written of a merchant that is there already, and what is left as somebody else wrote it."""
    assert decision.entry is not None
    assert decision.known is not None
    if standing.is_removed or standing.is_claimed:
        decision.known.is_removed, decision.known.is_claimed = standing.is_removed, standing.is_claimed
        _kept(decision)
        return
    mine = standing.written.get(source_pk, {})
    others = [facts for pk, facts in standing.written.items() if pk != source_pk]
    kept: Facts = {}
    for name, value in decision.entry.facts.items():
        now = standing.facts.get(name)
        if now == value or (name in mine and mine[name] == value):
            continue
        if _is_ours(name, now, mine, others):
            decision.writes[name] = value
        elif name in mine:
            kept[name] = value
    decision.recorded = {**mine, **decision.writes, **kept}
    _tell_what_was_kept(decision, kept)
    if decision.outcome == Outcome.UPDATED and not decision.writes:
        decision.outcome = Outcome.UNCHANGED


def _is_ours(name: str, now: object, mine: Facts, others: list[Facts]) -> bool:
    """What this source wrote stands yet; or nothing does, and nobody took it away."""
    if name in mine:
        return bool(now == mine[name])
    return not now and not any(facts.get(name) for facts in others)


def _tell_what_was_kept(decision: Decision, kept: Iterable[str]) -> None:
    names = ", ".join(str(NAMES_OF_FACTS[name]()) for name in kept)
    if names:
        words = _("Changé à la main depuis\u00a0: %(facts)s; gardé.") % {"facts": names}
        decision.remarks.append(Remark(Finding.KEPT, words))


NAMES_OF_FACTS = {
    "name": lambda: _("nom"),
    "legal_name": lambda: _("nom légal"),
    "neq": lambda: _("NEQ"),
    "category": lambda: _("catégorie"),
    "sector": lambda: _("secteur"),
    "street_address": lambda: _("adresse"),
    "city": lambda: _("ville"),
    "postal_code": lambda: _("code postal"),
    "latitude": lambda: _("latitude"),
    "longitude": lambda: _("longitude"),
    "phone": lambda: _("téléphone"),
    "email": lambda: _("courriel"),
    "website_url": lambda: _("site web"),
    "shop_url": lambda: _("boutique en ligne"),
    "hours": lambda: _("heures"),
}
