"""The town's own shape with a flat tone for each sector: the more contacts, or merchants, the fuller.

A number in each leads to its line of the table, which says the same. Drawn inside the page: nothing is fetched.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from directory.town_outlines import DRAWN
from portal.impact import words
from portal.impact.report import Group

STEPS = 4
TONES = (0.16, 0.38, 0.64, 0.94)
"""How full each step is."""
NOT_SECTORS = frozenset({"contour", "fleuve", "rivieres", "lots"})
_PATH = re.compile(r'<path id="([-\w]+)"[^>]*? d="([^"]+)"')
_CORNER = re.compile(r"(-?[\d.]+) (-?[\d.]+)")


@dataclass(frozen=True, slots=True)
class Area:
    """A sector on the map: its shape, where its number stands, how full it is; ``tone`` None where nothing is said."""

    number: int
    name: str
    path: str
    x: float
    y: float
    tone: float | None
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Step:
    tone: float
    label: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class SectorMap:
    """``contour``, ``river`` and ``streams`` are paths; the tones stand for contacts, or else for merchants."""

    areas: Sequence[Area]
    steps: Sequence[Step]
    contour: str
    river: str
    streams: str
    title: str
    told: str

    @property
    def some_hidden(self) -> bool:
        return any(area.is_hidden for area in self.areas)


def sector_map(shape: str, groups: Sequence[Group], slugs: Mapping[int, str]) -> SectorMap | None:
    """``slugs``: of sectors by primary key, as the drawing names them. None where the town is not drawn."""
    if shape not in DRAWN:
        return None
    paths = drawing(shape)
    placed = [(n, group) for n, group in enumerate(groups, 1) if slugs.get(group.key) in paths]
    if not placed:
        return None
    by_contacts = 2 * sum(bool(group.contacts.value) for _n, group in placed) >= len(placed)
    values = {n: group.contacts.value if by_contacts else group.live for n, group in placed}
    most = max(1, *(value or 0 for value in values.values()))
    areas = [
        _area(n, group, paths[slugs[group.key]], values[n], most, by_contacts=by_contacts)
        for n, group in placed
    ]
    title = _("Les contacts par secteur") if by_contacts else _("Les commerces en ligne par secteur")
    told = _("Chaque secteur porte son numéro dans le tableau\u00a0: %(sectors)s.") % {
        "sectors": ", ".join(f"{area.number}\u00a0{area.name}" for area in areas)
    }
    contour, river, streams = (paths.get(name, "") for name in ("contour", "fleuve", "rivieres"))
    return SectorMap(areas, _steps(most), contour, river, streams, title, told)


def _area(n: int, group: Group, path: str, value: int | None, most: int, *, by_contacts: bool) -> Area:
    corners = [(float(x), float(y)) for x, y in _CORNER.findall(path)]
    xs, ys = zip(*corners, strict=True)
    tone = TONES[step_of(value, most)] if value else None
    is_hidden = by_contacts and group.contacts.hidden is not None
    x, y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    return Area(n, group.name, path, x, y, tone, is_hidden)


def step_of(value: int, most: int) -> int:
    """Which of the steps it is in, from 0: each is as wide as the others."""
    return min(STEPS - 1, (value * STEPS - 1) // most) if value else 0


def _steps(most: int) -> list[Step]:
    """What each tone stands for; steps that hold no whole number are left out."""
    ends = [most * n // STEPS for n in range(STEPS + 1)]
    made: list[Step] = []
    for n, tone in enumerate(TONES):
        first, last = ends[n] + 1, ends[n + 1]
        if first <= last:
            label = words.number(last)
            if first < last:
                label = _("%(first)s à %(last)s") % {"first": words.number(first), "last": label}
            made.append(Step(tone, label, 400.0 * (len(made) % 2), 508.0 + 46.0 * (len(made) // 2)))
    return made


@cache
def drawing(shape: str) -> Mapping[str, str]:
    """The paths of a town's drawing by their names: sectors by slug, and « contour », « rivieres »."""
    file = Path(settings.BASE_DIR, "static", "towns", f"{shape}.svg")
    return dict(_PATH.findall(file.read_text(encoding="utf-8")))
