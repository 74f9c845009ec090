"""What shoppers ask of the directory, read from an address whatever it holds, and written as one again."""

import math
import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from directory.enums import Tier
from directory.postal_codes import normal_postal_code, postal_sector

MAX_QUERY_LENGTH = 100
MAX_STOPS = 12
"""A route of more shops is no errand any more."""

NEAR_CODE = "code"
VIEWS = ("carte", "tournee")
_COORDINATES = re.compile(r"(-?[0-9]{1,2}(?:\.[0-9]{1,20})?),(-?[0-9]{1,3}(?:\.[0-9]{1,20})?)")
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,120}")


@dataclass(frozen=True)
class Filters:
    """The state of the directory: its address says it all. Unknown values are kept, and find nothing.

    ``code`` is a postal code as typed, normal where it is one: whom to deliver to (``delivers``) and, where ``near`` is
    « code », where to begin. ``near`` may also be « 46.807,-71.178 », rounded to about a hundred metres, or a sector.
    ``view`` is the list (empty), « carte » or « tournee »; ``chosen`` are the slugs of a route's stops.
    """

    q: str = ""
    category: str = ""
    sector: str = ""
    tier: str = ""
    open_now: bool = False
    sells_here: bool = False
    delivers: bool = False
    code: str = ""
    near: str = ""
    view: str = ""
    chosen: tuple[str, ...] = ()

    @classmethod
    def from_query(cls, query: QueryDict) -> "Filters":
        view = query.get("vue") or ""
        return cls(
            q=_text(query, "q"),
            category=_text(query, "categorie"),
            sector=_text(query, "secteur"),
            tier=_text(query, "option"),
            open_now=query.get("ouvert") == "1",
            sells_here=query.get("vend") == "1",
            delivers=query.get("livre") == "1",
            code=_as_code(_text(query, "code")),
            near=_as_place(_text(query, "pres")),
            view=view if view in VIEWS else "",
            chosen=_slugs(query.getlist("commerce")),
        )

    @property
    def querystring(self) -> str:
        """These filters as an address has them, without « ? »; empty for none."""
        return urlencode(self.parameters)

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """Names and values as a form would send them."""
        parameters = {
            "q": self.q,
            "categorie": self.category,
            "secteur": self.sector,
            "option": self.tier,
            "ouvert": "1" if self.open_now else "",
            "vend": "1" if self.sells_here else "",
            "livre": "1" if self.delivers else "",
            "code": self.code if self.delivers or self.near == NEAR_CODE else "",
            "pres": self.near,
            "vue": self.view,
        }
        stated = [(name, value) for name, value in parameters.items() if value]
        return [*stated, *(("commerce", slug) for slug in self.chosen)]

    @property
    def narrows(self) -> bool:
        """Whether a merchant may be left out."""
        return self.but(code="", near="", view="", chosen=(), delivers=bool(self.delivers_to)) != Filters()

    @property
    def delivers_to(self) -> str:
        """The postal code that merchants deliver to; empty where none was asked for, or what was typed is none."""
        return self.full_code if self.delivers else ""

    @property
    def full_code(self) -> str:
        try:
            return normal_postal_code(self.code)
        except ValueError:
            return ""

    @property
    def code_error(self) -> str:
        """What is wrong with the postal code, for who asked for something by it; empty where nothing is."""
        asks = self.delivers or self.near == NEAR_CODE
        if not asks or self.full_code or (not self.delivers and _is_code_or_sector(self.code)):
            return ""
        if not self.code:
            return _("Écrivez votre code postal, comme G6V\u00a06C4.")
        words = _(
            "«\u00a0%(typed)s\u00a0» n’est pas un code postal complet\u00a0: écrivez-le comme G6V\u00a06C4."
        )
        return words % {"typed": self.code}

    @property
    def coordinates(self) -> tuple[float, float] | None:
        """Latitude and longitude that the address states."""
        return read_coordinates(self.near)

    def but(self, **changes: Any) -> "Filters":
        return replace(self, **changes)

    def accept(self, group: dict[str, Any]) -> bool:
        """Whether merchants that share ``category__slug``, ``sector__slug``, ``tier`` and ``is_open`` pass.

        And ``delivers``, where a postal code is known.
        """
        return (
            self.category in {"", group["category__slug"]}
            and self.sector in {"", group["sector__slug"]}
            and self.tier in {"", group["tier"]}
            and (not self.open_now or group["is_open"])
            and (not self.sells_here or group["tier"] == Tier.TRANSACTIONAL)
            and (not self.delivers_to or group["delivers"])
        )


def read_coordinates(text: str) -> tuple[float, float] | None:
    """« 46.807,-71.178 », to three decimals: about a hundred metres. None for what is no place on Earth."""
    if not (found := _COORDINATES.fullmatch(text)):
        return None
    latitude, longitude = round(float(found[1]), 3), round(float(found[2]), 3)
    is_on_earth = math.fabs(latitude) <= 90 and math.fabs(longitude) <= 180
    return (latitude, longitude) if is_on_earth else None


def _as_place(typed: str) -> str:
    """Coordinates rounded, so that no address goes on that says more than about where; the rest as it is."""
    coordinates = read_coordinates(typed)
    return "{:.3f},{:.3f}".format(*coordinates) if coordinates else typed


def _as_code(typed: str) -> str:
    for read in (normal_postal_code, postal_sector):
        try:
            return read(typed)
        except ValueError:
            continue
    return typed


def _is_code_or_sector(code: str) -> bool:
    try:
        return bool(postal_sector(code))
    except ValueError:
        return False


def _slugs(values: list[str]) -> tuple[str, ...]:
    """Each once, in their order, at most MAX_STOPS."""
    return tuple(dict.fromkeys(value for value in values if _SLUG.fullmatch(value)))[:MAX_STOPS]


def _text(query: QueryDict, name: str) -> str:
    """One line of at most MAX_QUERY_LENGTH characters, without those that PostgreSQL refuses."""
    return " ".join((query.get(name) or "").replace("\x00", " ").split())[:MAX_QUERY_LENGTH]
