"""Where an entry is: in which sector of the portal, by its name, postal code or coordinates; or that it is not here."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from directory.folding import fold
from directory.importing.refusals import LineRefused

PREFIXES: dict[str, tuple[str, ...]] = {
    "G6V": ("levis", "saint joseph de la pointe de levy"),
    "G6W": ("levis", "saint romuald"),
    "G6C": ("pintendre",),
    "G6X": ("charny",),
    "G6Z": ("saint jean chrysostome",),
    "G6Y": ("sainte helene de breakeyville",),
    "G7A": ("saint nicolas",),
    "G6K": ("saint redempteur",),
    "G6J": ("saint etienne de lauzon",),
}
"""The sectors, folded, that the beginning of a postal code serves (Canada Post)."""

OTHER_NAMES = {
    "lauzon": "levis",
    "vieux levis": "levis",
    "saint david": "levis",
    "saint david de l auberiviere": "levis",
    "bernieres": "saint nicolas",
    "saint nicolas bernieres": "saint nicolas",
    "bernieres saint nicolas": "saint nicolas",
    "breakeyville": "sainte helene de breakeyville",
    "saint joseph": "saint joseph de la pointe de levy",
    "pointe levy": "saint joseph de la pointe de levy",
    "saint etienne": "saint etienne de lauzon",
    "saint jean": "saint jean chrysostome",
}
"""What people call a sector."""

FARTHEST_KM = 20
"""From the middle of its sector: further away, coordinates are wrong."""


@dataclass(frozen=True, slots=True)
class SectorPlace:
    pk: int
    name: str
    latitude: float | None = None
    longitude: float | None = None

    @property
    def folded(self) -> str:
        return folded_place(self.name)


@dataclass(frozen=True, slots=True)
class Place:
    """``warnings``: what did not agree."""

    sector: SectorPlace
    city: str
    latitude: float | None
    longitude: float | None
    warnings: tuple[str, ...] = ()


def folded_place(text: str) -> str:
    """« St-Nicolas (Lévis) » and « Saint-Nicolas, QC » are « saint nicolas »."""
    words = re.sub(r"[^a-z0-9]+", " ", fold(re.sub(r"\(.*?\)", " ", text))).split()
    full = [{"st": "saint", "ste": "sainte"}.get(word, word) for word in words]
    while full and full[-1] in {"qc", "quebec", "canada"} and len(full) > 1:
        full.pop()
    if full[:3] == ["ville", "de", *full[2:3]]:
        full = full[2:]
    return " ".join(full)


class Town:
    """The portal's sectors, and its postal city: one for all where the town's own name is among them."""

    def __init__(
        self,
        name: str,
        sectors: Iterable[SectorPlace],
        center: tuple[float, float] | None = None,
    ) -> None:
        self.name, self.center = name, center
        self.sectors = {sector.folded: sector for sector in sectors}
        self.is_one_city = folded_place(name) in self.sectors

    def city_of(self, sector: SectorPlace) -> str:
        """Lévis wherever in Lévis; in a region of several towns, the one that the sector is."""
        return self.name if self.is_one_city else sector.name

    def named(self, text: str) -> SectorPlace | None:
        folded = re.sub(r"^(?:secteur|quartier) (?:de |d )?", "", folded_place(text))
        return self.sectors.get(folded) or self.sectors.get(OTHER_NAMES.get(folded, ""))

    def is_called(self, text: str) -> bool:
        return folded_place(text) == folded_place(self.name)

    def served_by(self, postal_code: str) -> list[SectorPlace]:
        names = PREFIXES.get(postal_code[:3], ())
        return [self.sectors[name] for name in names if name in self.sectors]

    def nearest(
        self, latitude: float, longitude: float, among: Iterable[SectorPlace] = ()
    ) -> tuple[SectorPlace, float] | None:
        """The sector whose middle is nearest, and how many kilometres that is; None where no middle is known."""
        known = [
            (sector, kilometres(latitude, longitude, sector.latitude, sector.longitude))
            for sector in (among or self.sectors.values())
            if sector.latitude is not None and sector.longitude is not None
        ]
        return min(known, key=lambda pair: pair[1]) if known else None


def kilometres(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Near enough within a town."""
    east = (longitude - to_longitude) * math.cos(math.radians((latitude + to_latitude) / 2))
    return 111.2 * math.hypot(latitude - to_latitude, east)


def place(
    town: Town, *, sector: str, city: str, postal_code: str, point: tuple[float, float] | None
) -> Place:
    """Raises LineRefused for what is in another town, and for what might be anywhere."""
    served = town.served_by(postal_code)
    named = town.named(sector) if sector else None
    if city and not town.is_called(city) and town.named(city) is None:
        raise LineRefused(
            _("«\u00a0%(city)s\u00a0» n’est pas à %(town)s.") % {"city": city[:40], "town": town.name}
        )
    point, warnings = _checked_point(town, point)
    found = named or _of_city(town, city) or _of_postal(town, served, point) or _of_point(town, point)
    if found is None and town.is_called(city):
        raise LineRefused(
            _("Rien ne dit le secteur\u00a0: ni son nom, ni un code postal, ni des coordonnées.")
        )
    if found is None:
        raise LineRefused(_("Rien ne dit que ce commerce est à %(town)s.") % {"town": town.name})
    if sector and named is None:
        warnings += (
            _("Secteur inconnu\u00a0: «\u00a0%(said)s\u00a0»; rangé dans %(sector)s.")
            % {"said": sector[:40], "sector": found.name},
        )
    if named is None and len(served) > 1 and point is None and found in served:
        words = _("Plusieurs secteurs ont le code postal %(code)s; rangé dans %(sector)s.")
        warnings += (words % {"code": postal_code, "sector": found.name},)
    if served and found not in served:
        words = _("Le code postal %(code)s n’est pas celui du secteur %(sector)s.")
        warnings += (words % {"code": postal_code, "sector": found.name},)
    latitude, longitude = point or (None, None)
    return Place(found, town.city_of(found), latitude, longitude, warnings)


def _checked_point(
    town: Town, point: tuple[float, float] | None
) -> tuple[tuple[float, float] | None, tuple[str, ...]]:
    if point is None:
        return None, ()
    if _is_near(town, *point):
        return point, ()
    if _is_near(town, point[1], point[0]):
        return (point[1], point[0]), (_("Latitude et longitude étaient inversées."),)
    words = _("Les coordonnées %(latitude)s, %(longitude)s sont loin de %(town)s; laissées vides.")
    return None, (words % {"latitude": point[0], "longitude": point[1], "town": town.name},)


def _is_near(town: Town, latitude: float, longitude: float) -> bool:
    if abs(latitude) > 90 or abs(longitude) > 180:
        return False
    if found := town.nearest(latitude, longitude):
        return found[1] <= FARTHEST_KM
    if town.center is not None:
        return kilometres(latitude, longitude, *town.center) <= 3 * FARTHEST_KM
    return 44 <= latitude <= 63 and -80 <= longitude <= -57  # Québec


def _of_city(town: Town, city: str) -> SectorPlace | None:
    """A town's old municipalities are still written as cities; the town's own name says nothing of the sector."""
    return town.named(city) if city and not town.is_called(city) else None


def _of_postal(
    town: Town, served: list[SectorPlace], point: tuple[float, float] | None
) -> SectorPlace | None:
    if len(served) > 1 and point is not None:
        nearest = town.nearest(*point, among=served)
        return nearest[0] if nearest else served[0]
    return served[0] if served else None


def _of_point(town: Town, point: tuple[float, float] | None) -> SectorPlace | None:
    nearest = town.nearest(*point) if point is not None else None
    return nearest[0] if nearest else None
