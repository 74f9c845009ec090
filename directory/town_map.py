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
LEAST_WIDTH = 50.0
ROUTE_SIGNS = 1.9
"""A route's map is half a page wide, and printed."""
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

    ``start`` is where one is, or a route begins, where that is on the map.
    """

    shape: str
    frame: Frame
    pins: Sequence[Pin]
    groups: Sequence[Group]
    missing: int
    start: Point | None = None
    scale: float = 1.0
    """How large its signs are drawn, in the drawing's units."""

    @property
    def thick(self) -> float:
        """How wide its lines are, in the drawing's units, however close one is."""
        return 2.4 * self.frame.zoom

    @property
    def thin(self) -> float:
        return 1.1 * self.frame.zoom


def town_map(
    found: QuerySet[Merchant],
    listed: Sequence[Merchant],
    *,
    shape: str,
    total: int,
    spot: Spot | None,
    is_close: bool,
) -> TownMap:
    """The map of the ``total`` merchants ``found``, of which those ``listed`` have pins with their ``number``.

    ``is_close`` shows the part of town where the pins are, rather than all of it.
    """
    projection = DRAWN.get(shape) or _around(found)
    pins = pins_of([(merchant.number, merchant) for merchant in listed], projection)
    start = _start(spot, projection)
    frame = (
        frame_around([*(pin.at for pin in pins), *([start] if start else [])])
        if is_close and pins
        else Frame()
    )
    others = found.exclude(pk__in=[merchant.pk for merchant in listed])
    groups = merged(_groups(others, projection, CELL * frame.zoom), CELL * frame.zoom)
    placed = len(pins) + sum(group.count for group in groups)
    pins, groups = apart(pins, groups, PIN * frame.zoom)
    known = shape if shape in DRAWN else ""
    return TownMap(known, frame, pins, groups, total - placed, start, frame.zoom)


def route_map(merchants: Sequence[Merchant], *, shape: str, start: Spot | None) -> TownMap:
    """The map of a route: its stops, numbered from 1 on, and nothing else. Asks the database nothing."""
    places = [
        (m.latitude, m.longitude) for m in merchants if m.latitude is not None and m.longitude is not None
    ]
    projection = DRAWN.get(shape) or _around_places(places)
    pins = pins_of(enumerate(merchants, 1), projection)
    begin = _start(start, projection)
    points = [pin.at for pin in pins] + ([begin] if begin else [])
    frame = frame_around(points) if points else Frame()
    scale = ROUTE_SIGNS * frame.zoom
    moved, _none = apart(pins, [], PIN * scale)
    known = shape if shape in DRAWN else ""
    return TownMap(known, frame, moved, [], len(merchants) - len(pins), begin, scale)


def _start(spot: Spot | None, projection: Projection) -> Point | None:
    point = projection.point(spot.latitude, spot.longitude) if spot else None
    return point if point and is_on_sheet(point) else None


def _around_places(places: Sequence[Point]) -> Projection:
    if not places:
        return NOWHERE
    latitudes, longitudes = zip(*places, strict=True)
    return around(min(latitudes), min(longitudes), max(latitudes), max(longitudes))


def pins_of(numbered: Iterable[tuple[int, Merchant]], projection: Projection) -> list[Pin]:
    """A pin for each merchant that has a place on the sheet, each where it is."""
    pins = []
    for number, merchant in numbered:
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


def merged(groups: Iterable[Group], least: float) -> list[Group]:
    """The same, those as one that are closer than that; the largest first."""
    kept: list[Group] = []
    for group in groups:
        near = [
            n for n, other in enumerate(kept) if math.dist((group.x, group.y), (other.x, other.y)) < least
        ]
        if near:
            kept[near[0]] = _together(kept[near[0]], group)
        else:
            kept.append(group)
    return kept


def _together(one: Group, other: Group) -> Group:
    count = one.count + other.count

    def middle(name: str) -> float:
        mine, its = getattr(one, name), getattr(other, name)
        return float((mine * one.count + its * other.count) / count)

    return Group(count, middle("x"), middle("y"), middle("latitude"), middle("longitude"))


def apart(pins: Sequence[Pin], groups: Sequence[Group], least: float) -> tuple[list[Pin], list[Group]]:
    """The same, moved just as far as it takes that none hides another."""
    signs: list[Pin | Group] = [*pins, *groups]
    points = [[sign.x, sign.y] for sign in signs]
    for _round in range(_ROUNDS):
        if not _push(points, least):
            break
    moved = [replace(sign, x=x, y=y) for sign, (x, y) in zip(signs, points, strict=True)]
    return [sign for sign in moved if isinstance(sign, Pin)], [
        sign for sign in moved if isinstance(sign, Group)
    ]


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
