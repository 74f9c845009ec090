"""An OpenStreetMap extract as Overpass gives it: {"elements": [...]}, read element by element, never all at once."""

import json
import re
from collections.abc import Iterator, Mapping
from json import JSONDecodeError, JSONDecoder
from pathlib import Path
from typing import Any, TextIO

from django.utils.translation import gettext as _

from directory.enums import FileShape
from directory.importing.encodings import CHUNK, NAMES, encoding_of
from directory.importing.refusals import FileRefused
from directory.importing.rows import Row

MOST_LETTERS = 100_000
"""Of one element."""
KINDS = ("shop", "craft", "amenity", "tourism", "office", "leisure", "healthcare")
"""The tags that say what a place is, the most telling first."""
_BEGINNING = re.compile(r'"elements"\s*:\s*\[')
_BETWEEN = re.compile(r"[ \t\r\n,]*")


class OpenStreetMap:
    """Raises FileRefused, when made, for what is no such extract; while it is read, where it breaks off."""

    shape: str = FileShape.OSM

    def __init__(self, path: Path) -> None:
        self.path, self.encoding = path, encoding_of(path)
        next(self._elements(), None)

    @property
    def told(self) -> str:
        return _("extrait d’OpenStreetMap, %(encoding)s") % {"encoding": NAMES[self.encoding]}

    def rows(self) -> Iterator[Row]:
        """Each element that is tagged, by its place among all; parts of a shape have no tags."""
        for number, element in self._elements():
            if not isinstance(element, dict):
                yield Row(number, fault=str(element))
            elif isinstance(element.get("tags"), dict) and element["tags"]:
                yield _row(number, element)

    def _elements(self) -> Iterator[tuple[int, Any]]:
        """Raises FileRefused."""
        with self.path.open(encoding=self.encoding) as stream:
            yield from enumerate(_objects(stream), 1)


def _objects(stream: TextIO) -> Iterator[Any]:
    """Each element, or a sentence about one that is too long."""
    buffer = stream.read(CHUNK)
    beginning = _BEGINNING.search(buffer)
    if beginning is None:
        raise FileRefused(
            _("Ce fichier JSON n’est pas un extrait d’OpenStreetMap\u00a0: «\u00a0elements\u00a0» y manque.")
        )
    decoder, place, is_over = JSONDecoder(), beginning.end(), False
    while True:
        place = _BETWEEN.match(buffer, place).end()  # type: ignore[union-attr]
        if buffer.startswith("]", place):
            return
        try:
            element, end = decoder.raw_decode(buffer, place)
        except (JSONDecodeError, RecursionError) as error:
            more = "" if is_over else stream.read(CHUNK)
            is_over = not more
            if is_over or len(buffer) - place > 8 * CHUNK:
                raise FileRefused(
                    _("Ce fichier JSON est coupé ou abîmé\u00a0: rien n’en est gardé.")
                ) from error
            buffer, place = buffer[place:] + more, 0
            continue
        yield _within_bounds(element, end - place)
        place = end


def _within_bounds(element: Any, letters: int) -> Any:
    if letters > MOST_LETTERS:
        return _("L’élément compte %(letters)s caractères.") % {"letters": letters}
    return element if isinstance(element, dict) else _("L’élément n’est pas un objet.")


def _row(number: int, element: Mapping[str, Any]) -> Row:
    tags = {str(key): str(value) for key, value in element["tags"].items() if value is not None}
    ref = f"{element.get('type', '?')} {element.get('id', '?')}"[:60]
    kind = next((key for key in KINDS if tags.get(key)), "")
    if not kind or tags[kind] in {"vacant", "no", "disused"}:
        return Row(number, ref=ref, fault=_closed(tags))
    return Row(number, _cells(element, tags, kind, ref), ref, is_osm=True)


def _closed(tags: Mapping[str, str]) -> str:
    if any(key.startswith(("disused:", "abandoned:", "was:")) for key in tags) or "vacant" in tags.values():
        return _("Le local est vacant ou le commerce est fermé.")
    return _("Ce n’est pas un commerce.")


def _cells(element: Mapping[str, Any], tags: Mapping[str, str], kind: str, ref: str) -> dict[str, str]:
    place = element.get("center") if isinstance(element.get("center"), dict) else element
    assert isinstance(place, Mapping)
    number, street = tags.get("addr:housenumber", ""), tags.get("addr:street", "")
    unit = tags.get("addr:unit", "")
    return {
        "name": tags.get("name:fr") or tags.get("name", ""),
        "legal_name": tags.get("official_name", ""),
        "id": ref,
        "category": f"{kind}={tags[kind]}",
        "street_address": ", ".join(filter(None, (number, unit and f"bureau {unit}", street))),
        "city": tags.get("addr:city", ""),
        "postal_code": tags.get("addr:postcode", ""),
        "phone": tags.get("contact:phone") or tags.get("phone", ""),
        "email": tags.get("contact:email") or tags.get("email", ""),
        "website_url": tags.get("contact:website") or tags.get("website", ""),
        "hours": tags.get("opening_hours", ""),
        "latitude": _number(place.get("lat")),
        "longitude": _number(place.get("lon")),
    }


def _number(value: Any) -> str:
    return json.dumps(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
