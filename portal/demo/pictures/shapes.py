"""Outlines as lists of points. Nothing here knows about pixels or inks."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import cos, hypot, pi, sin
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
Shape: TypeAlias = list[Point]


def rect(x: float, y: float, width: float, height: float) -> Shape:
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def box(cx: float, cy: float, width: float, height: float) -> Shape:
    """A rectangle by its centre."""
    return rect(cx - width / 2, cy - height / 2, width, height)


def ellipse(cx: float, cy: float, rx: float, ry: float | None = None) -> Shape:
    return arc(cx, cy, rx, rx if ry is None else ry, 0, 360)[:-1]


def arc(cx: float, cy: float, rx: float, ry: float, start: float, end: float) -> Shape:
    """Points of an arc, degrees clockwise from three o'clock, both ends included."""
    steps = max(8, int(abs(end - start) / 5))
    turns = [(start + (end - start) * i / steps) * pi / 180 for i in range(steps + 1)]
    return [(cx + rx * cos(t), cy + ry * sin(t)) for t in turns]


def rounded(x: float, y: float, width: float, height: float, radius: float) -> Shape:
    r = min(radius, width / 2, height / 2)
    return [
        *arc(x + r, y + r, r, r, 180, 270),
        *arc(x + width - r, y + r, r, r, 270, 360),
        *arc(x + width - r, y + height - r, r, r, 0, 90),
        *arc(x + r, y + height - r, r, r, 90, 180),
    ]


def curve(points: Sequence[Point], *, closed: bool = False, steps: int = 10) -> Shape:
    """A smooth line through `points` (Catmull-Rom)."""
    count = len(points)
    if count < 3:
        return list(points)
    at = (lambda i: points[i % count]) if closed else (lambda i: points[min(max(i, 0), count - 1)])
    spans = range(count if closed else count - 1)
    smooth = [_between(at(i - 1), at(i), at(i + 1), at(i + 2), k / steps) for i in spans for k in range(steps)]
    return smooth if closed else [*smooth, points[-1]]


def blob(points: Sequence[Point], *, steps: int = 10) -> Shape:
    return curve(points, closed=True, steps=steps)


def _between(p0: Point, p1: Point, p2: Point, p3: Point, t: float) -> Point:
    return _spline(p0[0], p1[0], p2[0], p3[0], t), _spline(p0[1], p1[1], p2[1], p3[1], t)


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)


def mirrored(half: Sequence[Point]) -> Shape:
    """A shape symmetrical about x = 0, from its right half listed top to bottom."""
    return [*half, *((-x, y) for x, y in reversed(half))]


def lathe(profile: Sequence[Point], *, steps: int = 8) -> Shape:
    """A turned thing (vase, bottle): the smooth right profile, mirrored."""
    return mirrored(curve(profile, steps=steps))


def moved(shape: Iterable[Point], dx: float, dy: float) -> Shape:
    return [(x + dx, y + dy) for x, y in shape]


def scaled(shape: Iterable[Point], sx: float, sy: float | None = None) -> Shape:
    return [(x * sx, y * (sx if sy is None else sy)) for x, y in shape]


def turned(shape: Iterable[Point], degrees: float, cx: float = 0, cy: float = 0) -> Shape:
    c, s = cos(degrees * pi / 180), sin(degrees * pi / 180)
    return [(cx + (x - cx) * c - (y - cy) * s, cy + (x - cx) * s + (y - cy) * c) for x, y in shape]


def star(cx: float, cy: float, outer: float, inner: float, rays: int, start: float = -90) -> Shape:
    turns = [(start + 180 * i / rays) * pi / 180 for i in range(2 * rays)]
    return [(cx + (inner if i % 2 else outer) * cos(t), cy + (inner if i % 2 else outer) * sin(t)) for i, t in enumerate(turns)]


def ribbon(points: Sequence[Point], widths: Sequence[float]) -> Shape:
    """The outline of a brush stroke along `points`, as wide as `widths` says at each of them."""
    left: Shape = []
    right: Shape = []
    for i, (x, y) in enumerate(points):
        nx, ny = _normal(points[max(i - 1, 0)], points[min(i + 1, len(points) - 1)])
        half = widths[i] / 2
        left.append((x + nx * half, y + ny * half))
        right.append((x - nx * half, y - ny * half))
    return left + right[::-1]


def _normal(before: Point, after: Point) -> Point:
    dx, dy = after[0] - before[0], after[1] - before[1]
    length = hypot(dx, dy) or 1.0
    return -dy / length, dx / length


def even(points: Sequence[Point], gap: float) -> Shape:
    """The same line with a point at least every `gap`."""
    spaced: Shape = []
    for (ax, ay), (bx, by) in pairwise(points):
        parts = max(1, int(hypot(bx - ax, by - ay) / gap))
        spaced += [(ax + (bx - ax) * k / parts, ay + (by - ay) * k / parts) for k in range(parts)]
    return [*spaced, points[-1]]
