"""How far a shop is, as the crow flies: the same answer in Python and in SQL, without a database extension.

In SQL a place is a point of Mercator's map: within a town the map is true to shape, so that the nearest point there
is the nearest shop, and the index on points finds it. Distances are near enough within FAR_KM (half a per cent).
"""

import math

from django.db.models import Expression, F, FloatField, Func, Value
from django.db.models.functions import Radians, Tan
from django.utils.formats import number_format
from django.utils.translation import gettext as _

EARTH_KM = 6371.0088
FAR_KM = 100.0
"""Beyond it nobody shops, and Mercator's map lies."""


class Between(Func):
    """How far apart two points are, in radians at the equator."""

    template = "(%(expressions)s)"
    arg_joiner = " <-> "
    arity = 2
    output_field = FloatField()


def mercator_point(longitude: Expression | F, latitude: Expression | F) -> Func:
    """A place, from its degrees, as ``point``: both sides in radians at the equator."""
    north = Func(Tan(Radians(latitude)), function="asinh", output_field=FloatField())
    # Django has no field for points, and nobody reads one.
    return Func(Radians(longitude), north, function="point", output_field=FloatField())


def on_the_map(latitude: float, longitude: float) -> Between:
    """For ordering: how far each row is from there by its ``latitude`` and ``longitude``. Null where it has none."""
    there = mercator_point(Value(longitude), Value(latitude))
    return Between(mercator_point(F("longitude"), F("latitude")), there)


def kilometres_on_the_map(radians: float, latitude: float) -> float:
    """What a distance on Mercator's map is on the ground, around that latitude."""
    return radians * EARTH_KM * math.cos(math.radians(latitude))


def kilometres(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Near enough within a town."""
    east = (longitude - to_longitude) * math.cos(math.radians((latitude + to_latitude) / 2))
    return math.radians(EARTH_KM) * math.hypot(latitude - to_latitude, east)


def distance_in_words(km: float) -> str:
    """« 350 m », to the nearest 50; « 1,2 km »; « 24 km »; « plus de 100 km »."""
    if km > FAR_KM:
        return _("plus de %(km)s\u00a0km") % {"km": round(FAR_KM)}
    if km < 0.975:
        return _("%(m)s\u00a0m") % {"m": max(50, 50 * round(km * 20))}
    if km < 9.95:
        return _("%(km)s\u00a0km") % {"km": number_format(round(km, 1), decimal_pos=1)}
    return _("%(km)s\u00a0km") % {"km": round(km)}
