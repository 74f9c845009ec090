"""Where a drawn town lies on Earth: from degrees to the drawing's units and back, and the drawing as GeoJSON.

``static/towns/<town>.svg`` is drawn by hand; ``<town>.geojson`` beside it is derived from it by
``manage.py draw_outlines``. A town without a place on Earth (« generic ») is a decoration: no shop is put on it.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 800, 500
"""Of every town's drawing, in its own units."""
MARGIN = 60
LEAST_DEGREES = 0.01
"""A map of one shop shows the kilometre around it."""

_PATH = re.compile(r'<path id="([-\w]+)"[^>]*? d="([^"]+)"')
_LINES = {"fleuve", "rivieres"}
_DECIMALS = 4
"""About ten metres."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Projection:
    """True to shape: ``scale`` units a degree of latitude, and (``x``, ``y``) at ``latitude`` and ``longitude``."""

    latitude: float
    longitude: float
    x: float
    y: float
    scale: float

    @property
    def _eastward(self) -> float:
        """Units a degree of longitude."""
        return self.scale * math.cos(math.radians(self.latitude))

    def point(self, latitude: float, longitude: float) -> Point:
        east = (longitude - self.longitude) * self._eastward
        return self.x + east, self.y - (latitude - self.latitude) * self.scale

    def place(self, x: float, y: float) -> Point:
        """Latitude and longitude."""
        longitude = self.longitude + (x - self.x) / self._eastward
        return self.latitude - (y - self.y) / self.scale, longitude


DRAWN = {
    "levis": Projection(46.7299, -71.2323, x=431.1, y=270.1, scale=1940.0),
    "bellechasse": Projection(46.674, -70.7294, x=329.0, y=268.8, scale=880.0),
}
"""Fitted so that each sector's middle lies in its own shape."""


def around(south: float, west: float, north: float, east: float) -> Projection:
    """A projection by which these bounds fill a sheet of WIDTH and HEIGHT."""
    latitude, longitude = (south + north) / 2, (west + east) / 2
    tall = max(north - south, LEAST_DEGREES)
    wide = max((east - west) * math.cos(math.radians(latitude)), LEAST_DEGREES)
    scale = min((HEIGHT - 2 * MARGIN) / tall, (WIDTH - 2 * MARGIN) / wide)
    return Projection(latitude, longitude, x=WIDTH / 2, y=HEIGHT / 2, scale=scale)


def is_on_sheet(point: Point) -> bool:
    return 0 <= point[0] <= WIDTH and 0 <= point[1] <= HEIGHT


def geojson_of(drawing: str, projection: Projection) -> dict[str, Any]:
    """A town's drawing on Earth: « contour », « fleuve » and « rivieres » by ``kind``, the rest by ``sector``."""
    features = [
        _feature(name, [[_corner(projection, point) for point in line] for line in _lines(path)])
        for name, path in _PATH.findall(drawing)
        if name != "lots"
    ]
    return {"type": "FeatureCollection", "features": features}


def _feature(name: str, lines: list[list[list[float]]]) -> dict[str, Any]:
    if name in _LINES:
        geometry = {"type": "MultiLineString", "coordinates": lines}
    else:
        geometry = {"type": "MultiPolygon", "coordinates": [[[*line, line[0]]] for line in lines]}
    properties = {"kind": name} if name in _LINES | {"contour"} else {"kind": "sector", "sector": name}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _lines(path: str) -> Iterator[list[Point]]:
    """The lines of a path that knows only « M », « L » and « Z »."""
    for line in path.split("M"):
        points = [point.split() for point in line.rstrip("Z").split("L") if point]
        if points:
            yield [(float(x), float(y)) for x, y in points]


def _corner(projection: Projection, point: Point) -> list[float]:
    latitude, longitude = projection.place(*point)
    return [round(longitude, _DECIMALS), round(latitude, _DECIMALS)]
