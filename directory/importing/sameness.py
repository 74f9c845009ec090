"""Who is it? Whether two entries are one establishment, by what does not change with the hand that writes it.

Two establishments of one enterprise share its number, its name, often its phone, and are two. Two merchants may have
the same phone by a mistake, or the same door in a mall, and are two. It takes two things that agree.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from directory.folding import fold

NEAR_NAME = 88
"""Of 100: names that differ by a letter or a word's order."""

LEGAL = frozenset(
    {
        "inc", "incorporee", "ltee", "limitee", "ltd", "limited", "enr", "enregistree", "reg",
        "senc", "sencrl", "cie", "co", "corp", "llc", "srl",
    }
)  # fmt: skip
_ASSOCIATES = re.compile(r"\b(?:et|&) (?:associes|associees|fils|filles|cie|compagnie)\b")
_ARTICLES = frozenset({"le", "la", "les", "l", "au", "aux", "du", "de", "des", "d", "chez"})
_LETTERS_APART = re.compile(r"\b(?:[a-z]\.){2,}")
_UNIT = re.compile(
    r"(?:\b(?:bureau|bur|app|apt|appartement|local|suite|unite|porte|etage)\b\.?|#)\s*([a-z0-9]+)\b"
)
_STREET_WORDS = {
    "av": "avenue", "ave": "avenue", "boul": "boulevard", "bd": "boulevard", "blvd": "boulevard", "ch": "chemin",
    "rte": "route", "r": "rue", "pl": "place", "st": "saint", "ste": "sainte", "mtee": "montee",
    "o": "ouest", "e": "est", "n": "nord", "s": "sud",
}  # fmt: skip


def core_name(name: str, towns: frozenset[str] = frozenset()) -> str:
    """The name folded, without legal form nor the town in brackets: « VÉLO ROY INC. (Lévis) » is « velo roy »."""
    folded = fold(
        re.sub(r"\(([^)]*)\)", lambda found: "" if fold(found[1]).strip() in towns else found[0], name)
    )
    folded = _LETTERS_APART.sub(lambda found: found[0].replace(".", "") + " ", folded)
    words = re.sub(r"[^a-z0-9&]+", " ", folded).split()
    while len(words) > 1 and words[-1] in LEGAL:
        words.pop()
    return " ".join(words)


def bare_name(core: str) -> str:
    """Without « et associés » nor articles either: near enough to compare, not to be sure."""
    words = [word for word in _ASSOCIATES.sub(" ", core).split() if word not in _ARTICLES]
    return " ".join(words) or core


def address_key(address: str) -> str:
    """Number and street, folded and spelled out, the unit at the end; empty for no address."""
    folded = fold(address)
    unit = _UNIT.search(folded)
    street = _UNIT.sub(" ", folded)
    words = [_STREET_WORDS.get(word, word) for word in re.sub(r"[^a-z0-9]+", " ", street).split()]
    return " ".join(words) + (f" #{unit[1]}" if unit and words else "")


def door(key: str) -> str:
    """An address key without its unit."""
    return key.partition(" #")[0]


@dataclass(slots=True)
class Known:
    """An establishment that is in the portal, or comes from an earlier line (``line``) of the file."""

    pk: int | None
    name: str
    core: str
    neq: str
    address: str
    postal: str
    phone: str
    is_claimed: bool = False
    is_removed: bool = False
    line: int = 0


@dataclass(slots=True)
class Directory:
    """All that are known, found by what could make two of them one."""

    by_neq: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    by_phone: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    by_door: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    by_pk: dict[int, Known] = field(default_factory=dict)

    def add(self, known: Known) -> None:
        pairs = (
            (self.by_neq, known.neq), (self.by_name, known.core), (self.by_phone, known.phone),
            (self.by_door, door(known.address)),
        )  # fmt: skip
        for index, value in pairs:
            if value:
                index[value].append(known)
        if known.pk is not None:
            self.by_pk[known.pk] = known

    def same_as(self, entry: Known) -> tuple[Known, str] | None:
        """The one that ``entry`` is, and by what; the surest sign first. ``by``: neq, name, phone or near."""
        return next(self._signs(entry), None)

    def _signs(self, entry: Known) -> Iterator[tuple[Known, str]]:
        for known in self.by_neq.get(entry.neq, ()):
            if _may_be_one_place(known, entry):
                yield known, "neq"
        for known in self.by_name.get(entry.core, ()):
            if known.address and known.address == entry.address:
                yield known, "name"
        for known in self.by_phone.get(entry.phone, ()):
            # Who asked to be left out is known by phone and name wherever it stands now.
            is_there = known.is_removed or _may_be_one_place(known, entry)
            if is_there and _may_be_one_enterprise(known, entry) and _are_near(known, entry):
                yield known, "phone"
        for known in self.by_door.get(door(entry.address), ()):
            if (
                _may_be_one_enterprise(known, entry)
                and _are_near(known, entry)
                and _units_agree(known, entry)
            ):
                yield known, "near"

    def same_phone(self, entry: Known) -> Known | None:
        """One that has the same phone, whoever it is."""
        return next(iter(self.by_phone.get(entry.phone, ())), None) if entry.phone else None


def _may_be_one_place(known: Known, entry: Known) -> bool:
    """The same door, or no two doors to compare."""
    if known.address and entry.address:
        return door(known.address) == door(entry.address) and _units_agree(known, entry)
    return not (known.postal and entry.postal) or known.postal == entry.postal


def _units_agree(known: Known, entry: Known) -> bool:
    one, other = known.address.partition(" #")[2], entry.address.partition(" #")[2]
    return not (one and other) or one == other


def _may_be_one_enterprise(known: Known, entry: Known) -> bool:
    return not (known.neq and entry.neq) or known.neq == entry.neq


def _are_near(known: Known, entry: Known) -> bool:
    one, other = bare_name(known.core), bare_name(entry.core)
    return (
        one == other or fuzz.ratio(one, other) >= NEAR_NAME or fuzz.token_sort_ratio(one, other) >= NEAR_NAME
    )
