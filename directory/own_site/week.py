"""Opening hours as sites write them: schema.org's two ways, and the French of a shop's window.

A week is what ``directory.timetable.week_of_facts`` reads: {"0": ["09:00-17:30"]}; a day that is missing is closed.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Any

from directory.enums import Weekday
from directory.folding import fold
from directory.hours import Span
from directory.own_site.values import first, line, many

Week = dict[str, list[str]]
Days = dict[int, set[Span]]

MOST_SPANS = 2
"""A day, as many as a merchant's screen shows."""
MOST_TEXT = 60_000
MIDNIGHT = dt.time(0)
ROUND_THE_CLOCK = Span(MIDNIGHT, MIDNIGHT)

_NAMES = (
    ("lundi", "lun", "monday", "mon", "mo"),
    ("mardi", "mar", "tuesday", "tues", "tue", "tu"),
    ("mercredi", "mer", "wednesday", "wed", "we"),
    ("jeudi", "jeu", "thursday", "thurs", "thur", "thu", "th"),
    ("vendredi", "ven", "friday", "fri", "fr"),
    ("samedi", "sam", "saturday", "sat", "sa"),
    ("dimanche", "dim", "sunday", "sun", "su"),
)
DAYS = {name: number for number, names in enumerate(_NAMES) for name in names}
_CODES = frozenset({"mo", "tu", "we", "th", "fr", "sa", "su", "mon"})
"""Too short, or too much of a French word, to mean a day in running text."""
_IN_TEXT = sorted((rf"{name}s?" for name in DAYS if name not in _CODES), key=len, reverse=True)


def written(days: Days) -> Week:
    """In words that last; spans that overlap, and a third of a day, are left out."""
    return {str(day): spans for day in sorted(days) if (spans := list(_fitting(sorted(days[day]))))}


def _fitting(spans: Iterable[Span]) -> Iterator[str]:
    last: Span | None = None
    kept = 0
    for span in spans:
        is_behind = last is None or (not last.runs_past_midnight and last.closes <= span.opens)
        if is_behind and kept < MOST_SPANS:
            yield f"{span.opens:%H:%M}-{span.closes:%H:%M}"
            last, kept = span, kept + 1


# ------------------------------------------------------------------------------------------------ schema.org


def of_specifications(value: Any, today: dt.date) -> Week:
    """``openingHoursSpecification``: days by name or address, times, and between which dates they hold."""
    days: Days = {}
    for one in many(value)[:60]:
        if isinstance(one, dict) and _holds(one, today):
            span = _span(one.get("opens"), one.get("closes"))
            for day in _days_named(one.get("dayOfWeek")):
                if span is not None:
                    days.setdefault(day, set()).add(span)
    return written(days)


def _holds(one: dict[str, Any], today: dt.date) -> bool:
    """Not before it begins, not once it is over, and not for a day or two, as holidays are."""
    start, end = _date(one.get("validFrom")), _date(one.get("validThrough"))
    if start and end and end - start < dt.timedelta(days=14):
        return False
    return (start is None or start <= today) and (end is None or today <= end)


def _date(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(line(value, 40)[:10])
    except ValueError:
        return None


def _days_named(value: Any) -> Iterator[int]:
    for one in many(value)[:14]:
        named = one.get("name") or one.get("@id") or one.get("url") if isinstance(one, dict) else one
        for word in re.split(r"[,\s]+", line(named, 300)):
            name = fold(word.rpartition("/")[2].rpartition("#")[2])
            if name in DAYS:
                yield DAYS[name]


def _span(opens: Any, closes: Any) -> Span | None:
    """None where the day is closed, or where the times do not read."""
    start, end = time_of(line(first(opens), 40)), time_of(line(first(closes), 40))
    if start is None or end is None:
        return None
    if start == MIDNIGHT and line(first(closes), 40)[:5] in {"23:59", "24:00"}:
        return ROUND_THE_CLOCK
    return None if start == end else Span(start, end)


def of_codes(value: Any) -> Week:
    """``openingHours``: « Mo-Fr 09:00-17:30 », « Sa,Su 10:00-14:00,17:00-22:00 », several with commas or semicolons."""
    days: Days = {}
    if line(value, 20) == "24/7":
        days = {day: {ROUND_THE_CLOCK} for day in range(7)}
    for one in many(value)[:60]:
        for part in _BETWEEN.split(fold_dashes(line(one, 600))):
            _add_code(days, part)
    return written(days)


_BETWEEN = re.compile(r";|(?:(?<=\d)|(?<=\dam)|(?<=\dpm)),?\s*(?![ap]\.?m)(?=[a-z]{2})")
_ONE_TIME = r"(\d{1,2}[:h.]?\d{0,2}\s*(?:[ap]\.?m\.?)?)"
_TIMES = re.compile(rf"{_ONE_TIME}\s*-\s*{_ONE_TIME}")
_CODE = re.compile(r"\s*(?P<days>[a-z][a-z\s,–—-]{0,120}?)\s*:?\s*(?P<times>\d.*)", re.DOTALL)


def _add_code(days: Days, part: str) -> None:
    found = _CODE.fullmatch(part)
    if found is None:
        return
    named = list(_days_of_code(found["days"]))
    for times in _TIMES.findall(found["times"])[:4]:
        span = _span(*times)
        for day in named if span else ():
            days.setdefault(day, set()).add(span)  # type: ignore[arg-type]


def _days_of_code(text: str) -> Iterator[int]:
    for piece in re.split(r"[,\s]+", re.sub(r"\s*-\s*", "-", text)):
        names = [name for name in piece.split("-") if name]
        if names and all(name in DAYS for name in names):
            yield from between(DAYS[names[0]], DAYS[names[-1]])


def between(start: int, end: int) -> list[int]:
    """The days from one to the other, around Sunday where need be."""
    return [(start + n) % 7 for n in range((end - start) % 7 + 1)]


def fold_dashes(text: str) -> str:
    """Folded, its dashes kept as « - », which a plain fold takes for spaces."""
    return fold(re.sub(r"\s*[‐‑–—−-]\s*", " \x01 ", text)).replace(" \x01 ", "-").replace("\x01", "-")


# ------------------------------------------------------------------------------------------------ times of day

_TIME = re.compile(
    r"t?(?P<hour>\d{1,2})(?:\s*(?:h(?:eures?|rs?)?|:|\.)\s*(?P<minute>[0-5]\d)?)?(?::\d\d\S*)?"
    r"\s*(?P<half>[ap]\.?m\.?)?"
)


def time_of(written_time: str) -> dt.time | None:
    """« 9 h 30 », « 09:30:00 », « 17h », « 5:30 PM », « midi », « minuit », « 24:00 »."""
    folded = fold(written_time).strip()
    if folded in {"midi", "noon"}:
        return dt.time(12)
    if folded in {"minuit", "midnight"}:
        return MIDNIGHT
    found = _TIME.fullmatch(folded)
    if found is None:
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"] and hour <= 12:
        hour = hour % 12 + (12 if found["half"].startswith("p") else 0)
    if hour > 24 or (hour == 24 and minute):
        return None
    return dt.time(hour % 24, minute)


# ------------------------------------------------------------------------------------------------ running text

_TOKENS = re.compile(
    r"(?P<all>tous les jours|7 jours sur 7|7 jours ?/ ?7|7j/7|everyday|every day|daily)"
    rf"|(?P<day>\b(?:{'|'.join(_IN_TEXT)})\b\.?|\bmon\b(?=\.|\s*[-:]|\s+\d))"
    r"|(?P<time>\b\d{1,2}\s?h(?:eures?)?(?:\s?[0-5]\d)?\b|\b\d{1,2}[:.][0-5]\d(?:\s?[ap]\.?m\b\.?)?"
    r"|\b\d{1,2}\s?[ap]\.?m\b\.?|\bmidi\b|\bminuit\b|\bnoon\b|\bmidnight\b)"
    r"|(?P<closed>\b(?:ferme|closed)(?:e|es|s)?\b)"
    r"|(?P<to>\b(?:au|a|jusqu'a|to|until)\b|-|–|—|→)"
    r"|(?P<and>\b(?:et|and)\b|[,&/+])"
    r"|(?P<small>\b(?:du|de|le|les|des|from|ouvert|open|heures|hours|h)\b|[\s:|.;()*•·]+)"
    r"|(?P<other>\S+)"
)
MOST_OTHER = 3
"""Words that are none of the above, after which a day and a time have nothing to do with each other."""


def of_text(text: str) -> Week:
    """What the words of a page say: « du lundi au vendredi de 9 h à 17 h 30, samedi 10h-16h, dimanche fermé ».

    Empty unless at least two days are told, so that « livraison le mardi, 9 h à midi » is no week.
    """
    reader = _Reader()
    for found in _TOKENS.finditer(_foldable(text[:MOST_TEXT])):
        reader.take(str(found.lastgroup), found.group())
    reader.finish()
    week = written(reader.days)
    return week if len(week) > 1 else {}


def _foldable(text: str) -> str:
    return fold(re.sub(r"[‐‑–—−]|(?<=\S)-(?=\S)|(?<=\s)-(?=\s)", " \x01 ", text)).replace("\x01", "-")


class _Reader:
    """Days are named, then their times: the next day named begins anew. A day told first is told for good."""

    def __init__(self) -> None:
        self.days: Days = {}
        self._told: set[int] = set()
        self._named: list[int] = []
        self._times: list[dt.time] = []
        self._is_range = False
        self._is_closed = False
        self._others = 0

    def take(self, kind: str, word: str) -> None:
        if kind == "other":
            self._others += 1
            if self._others > MOST_OTHER:
                self.finish()
            return
        if kind == "to":
            self._is_range = True
        elif kind in {"day", "all"}:
            self._name(kind, word)
        elif kind == "time" and self._named:
            self._time(word)
        elif kind == "closed" and self._named:
            self._is_closed = True
        if kind not in {"to", "small"}:
            self._is_range = False
        if kind in {"day", "all", "time", "closed"}:
            self._others = 0

    def _name(self, kind: str, word: str) -> None:
        if self._times or self._is_closed:
            self.finish()
        if kind == "all":
            self._named = list(range(7))
            return
        name = word.rstrip(".")
        day = DAYS[name] if name in DAYS else DAYS[name.removesuffix("s")]
        if self._is_range and self._named:
            self._named += between(self._named[-1], day)[1:]
        else:
            self._named.append(day)

    def _time(self, word: str) -> None:
        time = time_of(word.replace(" ", ""))
        if time is not None:
            self._times.append(time)

    def finish(self) -> None:
        """What was named has been told; the next day begins."""
        pairs = list(zip(self._times[::2], self._times[1::2], strict=False))
        spans = {Span(start, end) for start, end in pairs if start != end}
        if spans or self._is_closed:
            for day in dict.fromkeys(self._named):
                if day not in self._told:
                    self._told.add(day)
                    self.days[day] = spans
        self._named, self._times, self._is_closed, self._is_range, self._others = [], [], False, False, 0


def is_a_week(value: Any) -> bool:
    """Whether a kept value has the shape of a week."""
    names = {str(day.value) for day in Weekday}
    return isinstance(value, dict) and value.keys() <= names and all(map(_is_a_day, value.values()))


def _is_a_day(spans: Any) -> bool:
    return isinstance(spans, list) and all(re.fullmatch(r"\d\d:\d\d-\d\d:\d\d", str(span)) for span in spans)
