"""The merchants of a list on the town's map: a pin for each that is listed, and how many more stand where.

What the map shows the list says too: a pin leads to its row, a group of others to the list of those nearest to it. The
map costs one query, two where the town has no drawing, however many merchants there are.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Avg, Count, F, FloatField, Max, Min, QuerySet
from django.db.models.functions import Floor

from directory.models import Merchant
from directory.near import Spot
from directory.town_outlines import DRAWN, HEIGHT, WIDTH, Point, Projection, around, is_on_sheet

CELL = 56.0
"""Units of the drawing between two groups, at least."""
PIN = 26.0
"""Units of the drawing that a pin needs."""
LEAST_WIDTH = 130.0
_ROUNDS = 60
NOWHERE = around(0.0, 0.0, 0.0, 0.0)
"""For a map of no place at all."""


@dataclass(frozen=True)
class Pin:
    """One merchant of the list: ``x`` and ``y`` where it is shown, ``at`` where it is, in the drawing's units."""

    number: int
    merchant: Merchant
    x: float
    y: float
    at: Point

    @property
    def is_moved(self) -> bool:
        return math.dist(self.at, (self.x, self.y)) > 2


@dataclass(frozen=True)
class Group:
    """Merchants that are found and not listed, close to one another; their middle."""

    count: int
    x: float
    y: float
    latitude: float
    longitude: float

    @property
    def place(self) -> str:
        """As an address says where one is."""
        return f"{self.latitude:.3f},{self.longitude:.3f}"


@dataclass(frozen=True)
class Frame:
    """The part of the drawing that is shown."""

    x: float = 0.0
    y: float = 0.0
    width: float = float(WIDTH)

    @property
    def height(self) -> float:
        return self.width * HEIGHT / WIDTH

    @property
    def zoom(self) -> float:
        """Units of the drawing to one of the sheet's: signs are drawn that much smaller."""
        return self.width / WIDTH


@dataclass(frozen=True)
class TownMap:
    """``shape`` is empty where the town is not drawn. ``missing`` merchants of the list have no place on the map.

    ``start`` is where a route begins, where that is on the map.
    """

    shape: str
    frame: Frame
    pins: Sequence[Pin]
    groups: Sequence[Group]
    missing: int
    start: Point | None = None


def town_map(
    found: QuerySet[Merchant],
    listed: Sequence[Merchant],
    *,
    shape: str,
    total: int,
    is_close: bool,
    first: int = 1,
) -> TownMap:
    """The map of the ``total`` merchants ``found``, of which those ``listed`` have pins, numbered from ``first`` on.

    ``is_close`` shows the part of town where the pins are, rather than all of it.
    """
    projection = DRAWN.get(shape) or _around(found)
    pins = pins_of(listed, projection, first=first)
    frame = frame_around(pin.at for pin in pins) if is_close and pins else Frame()
    others = found.exclude(pk__in=[merchant.pk for merchant in listed])
    groups = _groups(others, projection, CELL * frame.zoom)
    placed = len(pins) + sum(group.count for group in groups)
    return TownMap(
        shape if shape in DRAWN else "", frame, apart(pins, PIN * frame.zoom), groups, total - placed
    )


def route_map(merchants: Sequence[Merchant], *, shape: str, start: Spot | None) -> TownMap:
    """The map of a route: its stops, numbered from 1 on, and nothing else. Asks the database nothing."""
    places = [
        (m.latitude, m.longitude) for m in merchants if m.latitude is not None and m.longitude is not None
    ]
    projection = DRAWN.get(shape) or _around_places(places)
    pins = pins_of(merchants, projection)
    begin = projection.point(start.latitude, start.longitude) if start else None
    begin = begin if begin and is_on_sheet(begin) else None
    points = [pin.at for pin in pins] + ([begin] if begin else [])
    frame = frame_around(points) if points else Frame()
    known = shape if shape in DRAWN else ""
    return TownMap(known, frame, apart(pins, PIN * frame.zoom), [], len(merchants) - len(pins), begin)


def _around_places(places: Sequence[Point]) -> Projection:
    if not places:
        return NOWHERE
    latitudes, longitudes = zip(*places, strict=True)
    return around(min(latitudes), min(longitudes), max(latitudes), max(longitudes))


def pins_of(merchants: Iterable[Merchant], projection: Projection, *, first: int = 1) -> list[Pin]:
    """A pin for each merchant that has a place on the sheet, each where it is; numbers go by the list."""
    pins = []
    for number, merchant in enumerate(merchants, first):
        if merchant.latitude is None or merchant.longitude is None:
            continue
        at = projection.point(merchant.latitude, merchant.longitude)
        if is_on_sheet(at):
            pins.append(Pin(number, merchant, *at, at))
    return pins


def frame_around(points: Iterable[Point]) -> Frame:
    """The smallest frame around these points, with room; never beyond the sheet."""
    xs, ys = zip(*points, strict=True)
    room = 1.35
    wide = max((max(xs) - min(xs)) * room, (max(ys) - min(ys)) * room * WIDTH / HEIGHT, LEAST_WIDTH)
    frame = Frame(width=min(wide, float(WIDTH)))
    x = min(max((min(xs) + max(xs) - frame.width) / 2, 0.0), WIDTH - frame.width)
    y = min(max((min(ys) + max(ys) - frame.height) / 2, 0.0), HEIGHT - frame.height)
    return replace(frame, x=x, y=y)


def apart(pins: Sequence[Pin], least: float) -> list[Pin]:
    """The same pins, moved just as far as it takes that none hides another."""
    points = [[pin.x, pin.y] for pin in pins]
    for _round in range(_ROUNDS):
        if not _push(points, least):
            break
    return [replace(pin, x=x, y=y) for pin, (x, y) in zip(pins, points, strict=True)]


def _push(points: list[list[float]], least: float) -> bool:
    """Each two that are too close step back half of what is missing; False where none was."""
    moved = False
    for n, one in enumerate(points):
        for m, other in enumerate(points[:n]):
            gap = math.dist(one, other)
            if gap >= least * 0.98:
                continue
            turn = math.atan2(one[1] - other[1], one[0] - other[0]) if gap > least / 50 else 2.4 * (n + m)
            step = (least - gap) / 2
            for point, way in ((one, step), (other, -step)):
                point[0] = min(max(point[0] + way * math.cos(turn), least), WIDTH - least)
                point[1] = min(max(point[1] + way * math.sin(turn), least), HEIGHT - least)
            moved = True
    return moved


def _around(found: QuerySet[Merchant]) -> Projection:
    ends = found.aggregate(
        south=Min("latitude"), west=Min("longitude"), north=Max("latitude"), east=Max("longitude")
    )
    return around(**ends) if ends["south"] is not None else NOWHERE


def _groups(found: QuerySet[Merchant], projection: Projection, cell: float) -> list[Group]:
    """How many of them stand in each cell of a grid of that width, in their middle; those on the sheet."""
    tall, wide = _cell(projection, cell)
    rows = (
        found.filter(latitude__isnull=False)
        .order_by()
        .annotate(
            row=Floor(F("latitude") / tall, output_field=FloatField()),
            column=Floor(F("longitude") / wide, output_field=FloatField()),
        )
        .values("row", "column")
        .annotate(count=Count("pk"), north=Avg("latitude"), west=Avg("longitude"))
        .order_by("-count", "row", "column")
    )
    groups = [
        Group(row["count"], *projection.point(row["north"], row["west"]), row["north"], row["west"])
        for row in rows
    ]
    return [group for group in groups if is_on_sheet((group.x, group.y))]


def _cell(projection: Projection, units: float) -> Point:
    """Degrees of latitude and of longitude across that many units."""
    latitude, longitude = projection.place(projection.x + units, projection.y + units)
    return projection.latitude - latitude, longitude - projection.longitude
