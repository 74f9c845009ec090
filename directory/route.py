"""A round of a few shops, in an order that makes sense on foot or by car: from each to the nearest that is left."""

from collections.abc import Sequence
from dataclasses import dataclass

from directory.distances import kilometres
from directory.models import Merchant
from directory.near import Spot


@dataclass(frozen=True)
class Stop:
    """``km`` from the stop before, or from where one begins; None where nothing is known."""

    merchant: Merchant
    km: float | None


@dataclass(frozen=True)
class Route:
    """The stops in order; those without a place come last. ``km`` along the way, as the crow flies."""

    stops: Sequence[Stop]
    km: float

    @property
    def merchants(self) -> list[Merchant]:
        return [stop.merchant for stop in self.stops]


def route_of(merchants: Sequence[Merchant], start: Spot | None) -> Route:
    """Every merchant once. Without a ``start``, the round begins where it comes out shortest."""
    placed = [merchant for merchant in merchants if merchant.latitude is not None]
    nowhere = [Stop(merchant, None) for merchant in merchants if merchant.latitude is None]
    rounds = [_walk(placed, start)] if start else [_walk(placed, begin) for begin in placed]
    best = min(rounds, key=_length, default=[])
    return Route([*best, *nowhere], _length(best))


def _walk(placed: Sequence[Merchant], start: Spot | Merchant) -> list[Stop]:
    """To the nearest each time; of two as near, to the one that was chosen first."""
    left, here, stops = list(placed), start, []
    while left:
        nearest = min(left, key=lambda merchant: _between(here, merchant))
        stops.append(Stop(nearest, None if nearest is here else _between(here, nearest)))
        left.remove(nearest)
        here = nearest
    return stops


def _length(stops: Sequence[Stop]) -> float:
    return sum(stop.km or 0.0 for stop in stops)


def _between(one: Spot | Merchant, other: Merchant) -> float:
    places = (one.latitude, one.longitude, other.latitude, other.longitude)
    return kilometres(*(place or 0.0 for place in places))
