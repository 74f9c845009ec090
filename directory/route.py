"""A round of a few shops, in an order that makes sense: from each to the nearest that is left, then untangled."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from directory.distances import kilometres
from directory.models import Merchant
from directory.near import Spot

METRE = 0.001


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
    begins: list[Spot | Merchant] = [start] if start else [*placed]
    shortest = min((_walk(placed, begin) for begin in begins), key=_length, default=[])
    stops = _stops(_untangled(shortest))
    return Route([*stops, *nowhere], sum(stop.km or 0.0 for stop in stops))


Way = list[Spot | Merchant]
"""From where it begins on."""


def _walk(placed: Sequence[Merchant], start: Spot | Merchant) -> Way:
    """To the nearest each time; of two as near, to the one that was chosen first."""
    left = [merchant for merchant in placed if merchant is not start]
    way: Way = [start]
    while left:
        nearest = min(left, key=lambda merchant: _between(way[-1], merchant))
        left.remove(nearest)
        way.append(nearest)
    return way


def _untangled(way: Way) -> Way:
    """The same way, with each part of it turned round that is shorter so, until none is: it crosses itself no more."""
    found = True
    while found:
        found = False
        for first in range(1, len(way) - 1):
            for last in range(first + 1, len(way)):
                if _gain(way, first, last) > METRE:
                    way, found = [*way[:first], *reversed(way[first : last + 1]), *way[last + 1 :]], True
    return way


def _gain(way: Way, first: int, last: int) -> float:
    """Kilometres saved by turning that part round."""
    gain = _between(way[first - 1], way[first]) - _between(way[first - 1], way[last])
    if last + 1 < len(way):
        gain += _between(way[last], way[last + 1]) - _between(way[first], way[last + 1])
    return gain


def _stops(way: Way) -> list[Stop]:
    before: list[Spot | Merchant | None] = [None, *way]
    return [
        Stop(here, None if last is None else _between(last, here))
        for last, here in zip(before, way, strict=False)
        if isinstance(here, Merchant)
    ]


def _length(way: Way) -> float:
    return sum(_between(one, other) for one, other in pairwise(way))


def _between(one: Spot | Merchant, other: Spot | Merchant) -> float:
    places = (one.latitude, one.longitude, other.latitude, other.longitude)
    return kilometres(*(place or 0.0 for place in places))
