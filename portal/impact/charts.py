"""Charts of the impact report, worked out here and drawn by a template: no script, no library, nothing fetched.

Each is 360 units wide, as a phone is, so that its words stay readable there. What colour says, a shape and a figure say
too: a report is printed in black and white. A figure that is not published has no length, only its words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.impact.tables import Entry

WIDTH = 360.0
LABEL_UNITS = 6.6
"""A letter of a label, at least as wide as any that is drawn."""

COLUMNS_TOP, COLUMNS_TALL = 22.0, 150.0
GAP = 0.26
"""Of a column's place, left empty."""
ROW_TALL, BEFORE_TALL, ROW_ROOM = 16.0, 5.0, 52.0
ROW_WIDE = 272.0
"""The longest bar of a row: what is left is room for its figure."""


@dataclass(frozen=True, slots=True)
class Point:
    """A column or a row: its name, a second line under it (the year), its figure, and that of the period before.

    ``is_open``: its figure may still change.
    """

    label: str
    entry: Entry
    note: str = ""
    before: Entry | None = None
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """``label_x`` and ``label_y`` say where its figure is written; None where it is left to the table."""

    point: Point
    middle: float
    box: Box | None
    label_x: float | None
    label_y: float


@dataclass(frozen=True, slots=True)
class Columns:
    """Months side by side. ``key`` is unique on its page; ``told`` says in words what one sees."""

    key: str
    title: str
    told: str
    columns: Sequence[Column]
    ground: float

    lowest = COLUMNS_TOP + COLUMNS_TALL
    words_y = lowest + 16
    note_y = lowest + 30
    height = lowest + 36


@dataclass(frozen=True, slots=True)
class Row:
    """``y`` is its top. ``figure_x`` stands behind its bar."""

    point: Point
    y: float
    box: Box | None
    before: Box | None

    @property
    def label_y(self) -> float:
        return self.y + 14

    @property
    def figure_x(self) -> float:
        return self.box.width + 7 if self.box and self.box.width else 0.0

    @property
    def figure_y(self) -> float:
        return self.y + 20 + ROW_TALL - 3


@dataclass(frozen=True, slots=True)
class Rows:
    """Kinds one under the other, the period before as a thin open bar under each."""

    key: str
    title: str
    told: str
    rows: Sequence[Row]

    @property
    def height(self) -> float:
        return len(self.rows) * ROW_ROOM


def columns(key: str, title: str, told: str, points: Sequence[Point]) -> Columns | None:
    """None where no point has a figure to draw."""
    known = [point.entry.value for point in points if point.entry.value is not None]
    if not any(known):
        return None
    highest, lowest = max(0, *known), min(0, *known)
    unit = COLUMNS_TALL / (highest - lowest)
    ground = COLUMNS_TOP + highest * unit
    written = _written(points)
    drawn = [
        _column(points, number, ground=ground, unit=unit, labelled=number in written)
        for number in range(len(points))
    ]
    return Columns(key, title, told, drawn, ground)


def _written(points: Sequence[Point]) -> set[int]:
    """The places of those whose figure is written: all where they fit, else the last, and the highest if it is far."""
    if max(len(point.entry.words) for point in points) * LABEL_UNITS <= WIDTH / len(points):
        return set(range(len(points)))
    last = len(points) - 1
    highest = max(range(len(points)), key=lambda place: points[place].entry.value or 0)
    room = (last - highest) * WIDTH / len(points)
    letters = len(points[last].entry.words) + len(points[highest].entry.words)
    return {last, highest} if room >= letters * LABEL_UNITS else {last}


def _column(points: Sequence[Point], number: int, *, ground: float, unit: float, labelled: bool) -> Column:
    point, place = points[number], WIDTH / len(points)
    middle, value = (number + 0.5) * place, point.entry.value or 0
    tall, width = abs(value) * unit, min(place * (1 - GAP), 64.0)
    top = ground - tall if value > 0 else ground
    box = Box(middle - width / 2, top, width, tall) if tall else None
    half = len(point.entry.words) * LABEL_UNITS / 2
    label_x = min(max(middle, half), WIDTH - half) if labelled else None
    return Column(point, middle, box, label_x, top - 6)


def rows(key: str, title: str, told: str, points: Sequence[Point]) -> Rows | None:
    """None where no point has a figure to draw."""
    known = [
        entry.value or 0 for point in points for entry in (point.entry, point.before) if entry is not None
    ]
    if not any(known):
        return None
    unit = ROW_WIDE / max(*known, 1)
    return Rows(key, title, told, [_row(point, ROW_ROOM * n, unit) for n, point in enumerate(points)])


def _row(point: Point, y: float, unit: float) -> Row:
    value, before = point.entry.value, point.before.value if point.before else None
    top = y + 20
    return Row(
        point,
        y,
        Box(0.0, top, max(value, 0) * unit, ROW_TALL) if value else None,
        Box(0.0, top + ROW_TALL + 2, max(before, 0) * unit, BEFORE_TALL) if before else None,
    )
