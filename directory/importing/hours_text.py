"""Opening hours as people write them, in French or as OpenStreetMap does, to a week of spans.

The whole text is understood, or none of it is: what is left unread might be what matters.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from directory.folding import fold
from directory.hours import Span

Week = dict[int, tuple[Span, ...]]

MIDNIGHT = dt.time(0)
EVERY_DAY = tuple(range(7))
WEEKDAYS, WEEKEND = tuple(range(5)), (5, 6)


class UnreadableHours(ValueError):
    """Nothing can be stated from this text."""


class ByAppointment(ValueError):
    """The text says that one must call first: there are no hours to state."""


_FRENCH = (
    ("lundis", "lundi", "lun", "lu"),
    ("mardis", "mardi", "mar", "ma"),
    ("mercredis", "mercredi", "mer", "me"),
    ("jeudis", "jeudi", "jeu", "je"),
    ("vendredis", "vendredi", "ven", "ve"),
    ("samedis", "samedi", "sam", "sa"),
    ("dimanches", "dimanche", "dim", "di"),
)
_ENGLISH = ("mo", "tu", "we", "th", "fr", "sa", "su")
_DAYS = {word: day for day, words in enumerate(_FRENCH) for word in words}
_OSM_DAYS = {word: day for day, word in enumerate(_ENGLISH)}
_GROUPS = {"7/7": EVERY_DAY, "tous les jours": EVERY_DAY, "semaine": WEEKDAYS, "fin de semaine": WEEKEND}
_CLOSED = {"ferme", "fermee", "fermes", "fermees", "off", "closed"}
_HOLIDAYS = {"ph", "feries", "jours feries"}
_APPOINTMENT = re.compile(r"\b(?:sur|avec|par) (?:rendez vous|rdv)\b|\bby appointment\b")

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<clock>24\s?h(?:eures?)?\s?(?:sur|/)\s?24|24/7|24\sheures(?!\s*\d))
    | (?P<group>7\s?j?(?:ours)?\s?(?:/|sur)\s?7|tous\sles\sjours|chaque\sjour
        |(?:la\s)?fin\sde\ssemaine|(?:en\s|la\s)?semaine)
    | (?P<time>\d{1,2}\s*(?:h|:|heures?\b)\s*(?:\d{2})?(?!\d)|midi\b|minuit\b)
    | (?P<bare>\d{1,2})(?![\d/])
    | (?P<word>[a-z]+)\.?
    | (?P<to>-)
    | (?P<break>[;\n|])
    | (?P<comma>[,&/+])
    | (?P<colon>:)
    )""",
    re.VERBOSE,
)
_TO = {"a", "au", "jusqu'a", "to"}
_AND = {"et", "and", "puis"}
_FILLERS = {"de", "du", "le", "les", "des", "ouvert", "ouverte", "heures", "horaire", "d'ouverture"}


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str = ""
    days: tuple[int, ...] = ()
    time: dt.time | None = None


def week(text: str, *, is_osm: bool = False) -> Week:
    """Every day that has spans, in order; a day that is not named is closed.

    Raises UnreadableHours, or ByAppointment.
    """
    folded = _folded(text)
    if _APPOINTMENT.search(re.sub(r"[\s-]+", " ", folded)) and not re.search(r"\d", folded):
        raise ByAppointment(text)
    is_osm = is_osm or _looks_like_osm(folded)
    rules = _Reader(list(_tokens(folded, is_osm=is_osm)), days_go_without_saying=is_osm).rules()
    found = _overridden(rules) if is_osm else _joined(rules)
    if not any(found.values()):
        raise UnreadableHours(text)
    return {day: spans for day, spans in sorted(found.items()) if spans}


def _folded(text: str) -> str:
    """Dashes stay what they are; folding makes spaces of them."""
    dashed = re.sub(r"[-‐‑–—]", " \x01 ", text)
    return re.sub(r"[ \t\u00a0\u202f]+", " ", fold(dashed)).replace("\x01", "-").strip()


def _looks_like_osm(folded: str) -> bool:
    return bool(re.search(r"\b(?:mo|tu|we|th|fr|su|ph)\b", folded))


def _tokens(text: str, *, is_osm: bool) -> Iterator[Token]:
    place = 0
    while place < len(text.rstrip()):
        found = _TOKEN.match(text, place)
        if found is None or found.lastgroup is None:
            raise UnreadableHours(text[place:])
        place = found.end()
        token = _token(found.lastgroup, found[found.lastgroup], is_osm=is_osm)
        if token is not None:
            yield token


def _token(kind: str, text: str, *, is_osm: bool) -> Token | None:
    """None for a word that changes nothing. Raises UnreadableHours for one that might."""
    if kind == "clock":
        return Token("clock")
    if kind == "group":
        return Token("days", text, _GROUPS[_group(text)])
    if kind in {"time", "bare"}:
        return Token(kind, text, time=_time(text))
    return _word(text, is_osm=is_osm) if kind == "word" else Token(kind, text)


def _group(text: str) -> str:
    if text.startswith("7"):
        return "7/7"
    if "semaine" in text:
        return "fin de semaine" if "fin de" in text else "semaine"
    return "tous les jours"


def _word(text: str, *, is_osm: bool) -> Token | None:
    days = _OSM_DAYS if is_osm else _DAYS
    if text in days:
        return Token("days", text, (days[text],))
    if text in _CLOSED:
        return Token("closed")
    if text in _HOLIDAYS:
        return Token("holiday")
    if text in _TO:
        return Token("to")
    if text in _AND:
        return Token("comma")
    if text in _FILLERS:
        return None
    raise UnreadableHours(text)


def _time(text: str) -> dt.time:
    """« 26:00 » is two in the morning, as OpenStreetMap writes it."""
    if text in {"midi", "minuit"}:
        return dt.time(12) if text == "midi" else MIDNIGHT
    numbers = [int(part) for part in re.findall(r"\d+", text)]
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
    if hour > 29 or minute > 59 or (hour > 24 and ":" not in text):
        raise UnreadableHours(text)
    return dt.time(hour % 24, minute)


@dataclass(frozen=True, slots=True)
class Rule:
    """On these days these spans; none: closed. ``days`` empty: public holidays, of which nothing is stated."""

    days: tuple[int, ...]
    spans: tuple[Span, ...]


class _Reader:
    """rule := days? (closed | round the clock | span (comma span)*), each rule after a break, a comma or nothing."""

    def __init__(self, tokens: list[Token], *, days_go_without_saying: bool) -> None:
        self.tokens, self.place = tokens, 0
        self.days_go_without_saying = days_go_without_saying

    def rules(self) -> list[Rule]:
        found: list[Rule] = []
        while self._skip("break", "comma") or self.place < len(self.tokens):
            if self.place >= len(self.tokens):
                break
            found.append(self._rule())
        return found

    def _peek(self, ahead: int = 0) -> str:
        place = self.place + ahead
        return self.tokens[place].kind if place < len(self.tokens) else ""

    def _take(self, *kinds: str) -> Token:
        if self._peek() not in kinds:
            raise UnreadableHours(self._peek() or "…")
        self.place += 1
        return self.tokens[self.place - 1]

    def _skip(self, *kinds: str) -> bool:
        before = self.place
        while self._peek() in kinds:
            self.place += 1
        return self.place > before

    def _rule(self) -> Rule:
        holiday = self._peek() == "holiday"
        if holiday:
            self._skip("holiday", "comma")
        days = self._days() if self._peek() == "days" else ()
        self._skip("colon", "comma")
        is_plain = self._peek() == "clock" or self.days_go_without_saying
        spans = self._spans()
        if holiday and not days:
            return Rule((), ())
        if not days and not is_plain:
            raise UnreadableHours("…")
        return Rule(days or EVERY_DAY, spans)

    def _days(self) -> tuple[int, ...]:
        days = self._day_or_range()
        while self._peek() == "days" or (self._peek() == "comma" and self._peek(1) in {"days", "holiday"}):
            self._skip("comma")
            if not self._skip("holiday"):
                days += self._day_or_range()
        return tuple(dict.fromkeys(days))

    def _day_or_range(self) -> tuple[int, ...]:
        first = self._take("days").days
        if self._peek() != "to" or self._peek(1) != "days" or len(first) > 1:
            return first
        self._skip("to")
        last = self._take("days").days
        if len(last) > 1:
            raise UnreadableHours("…")
        count = (last[0] - first[0]) % 7 + 1
        return tuple((first[0] + step) % 7 for step in range(count))

    def _spans(self) -> tuple[Span, ...]:
        if self._skip("closed"):
            return ()
        if self._skip("clock"):
            return (Span(MIDNIGHT, MIDNIGHT),)
        spans = [self._span()]
        while self._peek() in {"time", "bare"} or (
            self._peek() == "comma" and self._peek(1) in {"time", "bare"}
        ):
            self._skip("comma")
            spans.append(self._span())
        return tuple(sorted(spans))

    def _span(self) -> Span:
        opens = self._take("time", "bare")
        self._take("to")
        closes = self._take("time", "bare")
        assert opens.time is not None
        assert closes.time is not None
        if opens.kind == "bare" and closes.kind == "bare" and int(closes.text) <= int(opens.text):
            raise UnreadableHours(f"{opens.text}-{closes.text}")  # « 9-5 » means the afternoon, or a mistake
        if opens.time == closes.time and (opens.time != MIDNIGHT or closes.text == opens.text):
            raise UnreadableHours(f"{opens.text}-{closes.text}")
        return Span(opens.time, closes.time)


def _overridden(rules: list[Rule]) -> Week:
    """As OpenStreetMap reads them: a later rule takes the place of an earlier one on its days."""
    found: Week = {}
    for rule in rules:
        found |= dict.fromkeys(rule.days, _apart(rule.spans))
    return found


def _joined(rules: list[Rule]) -> Week:
    """As people read them: what is said of a day twice holds together, unless it contradicts itself."""
    found: Week = {}
    for rule in rules:
        for day in rule.days:
            before = found.get(day)
            if before is not None and (not before or not rule.spans) and before != rule.spans:
                raise UnreadableHours("…")
            found[day] = _apart(tuple(sorted({*(before or ()), *rule.spans})))
    return found


def _apart(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Raises UnreadableHours where two of them overlap."""
    for one, other in pairwise(spans):
        if one.runs_past_midnight or other.opens < one.closes:
            raise UnreadableHours("…")
    return spans
