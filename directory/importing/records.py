"""The lines of a table, one at a time, whatever is in them: a damaged one is told of, and the next one read.

The csv module alone gives up on the whole file at a cell of more than 128 kB, and lets a quote that is never closed
swallow all that follows.
"""

import csv
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

MOST_LETTERS = 20_000
"""Of one record: the longest that a merchant's facts could honestly need, many times over."""
MOST_LINES = 30
"""Over which the cells of one record may run."""

DELIMITERS = (";", ",", "|", "\t")


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one record and the line where it begins; or ``fault``, why it cannot be read."""

    line: int
    cells: list[str]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    is_cut: bool


def records(path: Path, encoding: str, delimiter: str) -> Iterator[Record]:
    """Empty lines are passed over."""
    with path.open(encoding=encoding, newline="", errors="strict") as stream:
        ahead: deque[_Line] = deque()
        lines = _lines(stream)
        while line := (ahead.popleft() if ahead else next(lines, None)):
            if line.is_cut:
                yield Record(line.number, [], too_long(line.text))
            elif line.text.strip():
                yield _record(line, lines, ahead, delimiter)


def _lines(stream: TextIO) -> Iterator[_Line]:
    """The physical lines; of one that is too long, its beginning."""
    number = 0
    while text := stream.readline(MOST_LETTERS + 1):
        number += 1
        is_cut = len(text) > MOST_LETTERS and not text.endswith(("\n", "\r"))
        yield _Line(number, text, is_cut)
        while is_cut and (rest := stream.readline(MOST_LETTERS)):
            if rest.endswith(("\n", "\r")):
                break


def too_long(text: str) -> str:
    return _("La ligne compte plus de %(most)s caractères; elle commence par «\u00a0%(begins)s…\u00a0».") % {
        "most": f"{MOST_LETTERS:,}".replace(",", "\u00a0"),
        "begins": text[:40],
    }


def _record(first: _Line, lines: Iterator[_Line], ahead: deque[_Line], delimiter: str) -> Record:
    """Runs on over the next lines while a quote is open; where none of them closes it, the first line alone is lost."""
    cells = _cells(first.text, delimiter)
    text, taken = first.text, 0
    while cells is None and taken < MOST_LINES and len(text) <= MOST_LETTERS:
        if taken == len(ahead):
            following = next(lines, None)
            if following is None:
                break
            ahead.append(following)
        text += ahead[taken].text
        taken += 1
        cells = _cells(text, delimiter)
    if cells is None or len(text) > MOST_LETTERS:
        if ahead and delimiter not in ahead[0].text:
            _pass_over_cell(lines, ahead)
        return Record(
            first.number, [], _("Un guillemet ouvert n’est pas refermé, ou l’est beaucoup trop loin.")
        )
    for _taken in range(taken):
        ahead.popleft()
    return Record(first.number, cells)


def _pass_over_cell(lines: Iterator[_Line], ahead: deque[_Line]) -> None:
    """What follows is no record but the rest of an endless cell: as far as the line that closes it."""
    while line := (ahead.popleft() if ahead else next(lines, None)):
        if '"' in line.text:
            return


def _cells(text: str, delimiter: str) -> list[str] | None:
    """None while a quoted cell is not closed."""
    stripped = text.rstrip("\r\n")
    if '"' not in stripped:
        return stripped.split(delimiter)
    try:
        return next(csv.reader(_pieces(text), delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            return None
        # A quote inside a cell that none opened, as in « 5" de neige ».
        return next(csv.reader(_pieces(text), delimiter=delimiter), [])
    except StopIteration:
        return None


def _pieces(text: str) -> io.StringIO:
    return io.StringIO(text, newline="")
