"""Which figures may be published, so that none of them, alone or with others, is about fewer than five merchants.

A figure is a sum of unknowns, one for each thing that one merchant did (``Unknown``); what readers may work out of the
published figures are their linear combinations, and no others. A combination in which an unknown stays, and which
touches fewer than ``LEAST_MERCHANTS`` merchants, is a leak. The worst is assumed of the reader: that it knows which
merchants did nothing. So only merchants with something count as company, while one without is protected too.

``published`` hides what must be and proves that nothing leaks (``leak`` finds no combination) before it answers.
``docs/impact.md`` tells why months need no such proof against each other.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import gcd

from portal.impact.report import LEAST_MERCHANTS, Hidden

Key = tuple[str, int | str]
"""A figure: the table it is in, and its line there."""
TOTAL: Key = ("total", 0)
MOST_OF_IT = (4, 5)
"""A merchant that makes more than this part of a figure could be told from it."""
MOST_STEPS = 300
"""Of the search for a leak; what is not proved safe by then is hidden."""

Vector = tuple[int, ...]
Column = tuple[int, ...]
"""In which of the published figures an unknown is, by their numbers."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """What one merchant put into each of ``figures``. An ``amount`` of 0: it could have done something, and did not."""

    merchant: int
    figures: frozenset[Key]
    amount: int


def published(
    figures: Iterable[Key], unknowns: Sequence[Unknown], *, hides_dominated: bool = False
) -> dict[Key, Hidden | None]:
    """Each figure with the reason why it is hidden, or None where it may be published.

    ``hides_dominated``: also where one merchant makes more than four fifths of a figure, or of what is left of the
    total when the published lines of a table are taken off it.
    """
    weights = _weights(unknowns)
    keys = sorted(figures, key=lambda key: (key != TOTAL, len(weights[key]), str(key)))
    answer = {key: alone(weights[key], hides_dominated=hides_dominated) for key in keys}
    _hide_until_safe(answer, unknowns, weights, hides_dominated=hides_dominated)
    _show_what_need_not_be_hidden(answer, unknowns, hides_dominated=hides_dominated)
    return answer


def leak(figures: Sequence[Key], unknowns: Iterable[Unknown]) -> list[Key] | None:
    """Published figures of which a combination is about fewer than five merchants; None: proved that there are none.

    Where the search takes too long all are given: it errs on the side of hiding.
    """
    numbers = {key: number for number, key in enumerate(figures)}
    every, groups = _columns(numbers, unknowns)
    whole = [tuple(int(i == j) for j in range(len(numbers))) for i in range(len(numbers))]
    nothing = _vanishing(whole, every)
    left = whole
    small = []
    for columns, merchants in groups.items():
        if merchants >= LEAST_MERCHANTS:
            left = _vanishing(left, columns)
        else:
            small.append((columns, merchants))
    if len(left) == len(nothing):
        return None
    try:
        found = _search(left, small, LEAST_MERCHANTS - 1, len(nothing), [MOST_STEPS])
    except _TooLong:
        return list(figures)
    return None if found is None else _named(found, every, figures)


class _TooLong(Exception):
    pass


# ------------------------------------------------------------------------------------------ one figure alone


def _weights(unknowns: Iterable[Unknown]) -> Mapping[Key, dict[int, int]]:
    """Of each figure, what each merchant put into it; 0 for one that did nothing."""
    weights: dict[Key, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for unknown in unknowns:
        for key in unknown.figures:
            weights[key][unknown.merchant] += abs(unknown.amount)
    return weights


def alone(weights: Mapping[int, int], *, hides_dominated: bool) -> Hidden | None:
    """A figure in which nobody could have anything is a plain zero."""
    if not weights:
        return None
    if sum(1 for weight in weights.values() if weight) < LEAST_MERCHANTS:
        return Hidden.FEW
    return Hidden.DOMINATED if hides_dominated and _is_dominated(weights) else None


def _is_dominated(weights: Mapping[int, int]) -> bool:
    part, whole = MOST_OF_IT
    return max(weights.values(), default=0) * whole > sum(weights.values()) * part


# ------------------------------------------------------------------------------------------ all together


def _hide_until_safe(
    answer: dict[Key, Hidden | None],
    unknowns: Sequence[Unknown],
    weights: Mapping[Key, Mapping[int, int]],
    *,
    hides_dominated: bool,
) -> None:
    """The figure with the fewest merchants goes first, the total last."""
    while leaking := _leaking(answer, unknowns, hides_dominated=hides_dominated):
        lines = [key for key in leaking if key != TOTAL] or leaking
        answer[min(lines, key=lambda key: (_company(weights[key]), str(key)))] = Hidden.SUBTRACTION


def _show_what_need_not_be_hidden(
    answer: dict[Key, Hidden | None], unknowns: Sequence[Unknown], *, hides_dominated: bool
) -> None:
    for key in [key for key, reason in answer.items() if reason is Hidden.SUBTRACTION]:
        answer[key] = None
        if _leaking(answer, unknowns, hides_dominated=hides_dominated):
            answer[key] = Hidden.SUBTRACTION


def _leaking(
    answer: Mapping[Key, Hidden | None], unknowns: Sequence[Unknown], *, hides_dominated: bool
) -> list[Key] | None:
    shown = [key for key, reason in answer.items() if reason is None]
    found = leak(shown, unknowns)
    if found is None and hides_dominated and answer.get(TOTAL, Hidden.FEW) is None:
        return _dominated_rest(answer, unknowns)
    return found


def _dominated_rest(answer: Mapping[Key, Hidden | None], unknowns: Sequence[Unknown]) -> list[Key] | None:
    """The lines of a table which, taken off the total, leave what one merchant makes nearly alone."""
    for table in sorted({key[0] for key in answer} - {TOTAL[0]}):
        lines = {key for key, reason in answer.items() if key[0] == table and reason is None}
        rest: dict[int, int] = defaultdict(int)
        for unknown in unknowns:
            if TOTAL in unknown.figures and not lines & unknown.figures:
                rest[unknown.merchant] += abs(unknown.amount)
        if lines and any(rest.values()) and _is_dominated(rest):
            return sorted(lines, key=str)
    return None


def _company(weights: Mapping[int, int]) -> int:
    return sum(1 for weight in weights.values() if weight)


# ------------------------------------------------------------------------------------------ linear algebra


def _columns(
    numbers: Mapping[Key, int], unknowns: Iterable[Unknown]
) -> tuple[set[Column], dict[frozenset[Column], int]]:
    """The columns of all unknowns; and how many merchants share each set of columns in which they have something."""
    every: set[Column] = set()
    of_merchant: dict[int, set[Column]] = defaultdict(set)
    known: dict[frozenset[Key], Column] = {}
    for unknown in unknowns:
        if unknown.figures not in known:
            known[unknown.figures] = tuple(sorted(numbers[key] for key in unknown.figures if key in numbers))
        if column := known[unknown.figures]:
            every.add(column)
            if unknown.amount:
                of_merchant[unknown.merchant].add(column)
    groups: dict[frozenset[Column], int] = defaultdict(int)
    for columns in of_merchant.values():
        groups[frozenset(columns)] += 1
    return every, groups


def _vanishing(space: list[Vector], columns: Iterable[Column]) -> list[Vector]:
    """Of the combinations that ``space`` spans, those in which no unknown of these columns stays. Exact."""
    for column in columns:
        values = [sum(vector[i] for i in column) for vector in space]
        at = next((i for i, value in enumerate(values) if value), None)
        if at is None:
            continue
        pivot, unit = space[at], values[at]
        space = [
            vector if not value else _lowest(unit * a - value * b for a, b in zip(vector, pivot, strict=True))
            for i, (vector, value) in enumerate(zip(space, values, strict=True))
            if i != at
        ]
    return space


def _lowest(numbers: Iterable[int]) -> Vector:
    vector = tuple(numbers)
    common = gcd(*vector)
    return tuple(number // common for number in vector) if common > 1 else vector


Groups = Sequence[tuple[frozenset[Column], int]]


def _is_crowded(space: list[Vector], groups: Groups, may_touch: int, nothing: int) -> bool:
    """More sets of different merchants than may be touched, each of which every combination touches: none is a leak.

    False where no such sets were found, which does not mean that there are none.
    """
    crowds = [space for _ in range(may_touch + 1)]
    for columns, merchants in groups:
        for _ in range(merchants):
            crowds.sort(key=len, reverse=True)
            for i, crowd in enumerate(crowds):
                if len(crowd) > nothing and len(narrower := _vanishing(crowd, columns)) < len(crowd):
                    crowds[i] = narrower
                    break
    return all(len(crowd) == nothing for crowd in crowds)


def _search(
    space: list[Vector], groups: Groups, may_touch: int, nothing: int, steps: list[int]
) -> list[Vector] | None:
    """Combinations that touch at most so many merchants of these groups; None where none is left but ``nothing``."""
    steps[0] -= 1
    if steps[0] < 0:
        raise _TooLong
    groups = [group for group in groups if _touches(space, group[0])]
    if len(space) == nothing or _is_crowded(space, groups, may_touch, nothing):
        return None
    if not groups:
        return space
    (columns, merchants), *rest = groups
    if merchants <= may_touch and (found := _search(space, rest, may_touch - merchants, nothing, steps)):
        return found
    return _search(_vanishing(space, columns), rest, may_touch, nothing, steps)


def _touches(space: list[Vector], columns: Iterable[Column]) -> bool:
    return any(sum(vector[i] for i in column) for column in columns for vector in space)


def _named(space: list[Vector], every: Iterable[Column], figures: Sequence[Key]) -> list[Key]:
    """The figures of the shortest of these combinations in which some unknown stays."""
    columns = list(every)
    telling = [vector for vector in space if any(sum(vector[i] for i in column) for column in columns)]
    shortest = min(telling, key=lambda vector: sum(1 for number in vector if number))
    return [key for key, number in zip(figures, shortest, strict=True) if number]
