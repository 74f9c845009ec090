"""Which test comes when.

xdist cuts the tests that were collected into as many runs as there are workers (``--dist worksteal``), and whoever
comes to its end takes half of what the busiest has not begun. So each run begins with its share of the slow ones, file
by file, for what a file arranges is arranged once; what is left at the end, and taken over, takes no time.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest

JOURNEYS = Path(__file__).parent / "journeys"

SECONDS = {
    "test_matrix.py": 480,
    "test_state_machine.py": 400,
    "test_kill_points.py": 400,
    "test_accessibility.py": 200,
    "test_budgets.py": 130,
    "test_forms.py": 100,
    "test_oversell.py": 100,
    "test_webhook_storms.py": 100,
    "test_buying.py": 75,
}
"""What the longest files take, roughly: enough to deal them out evenly."""
A_SLOW_TEST = 8
"""Seconds, in the other files."""


def dealt(items: Sequence[pytest.Item], *, workers: int) -> list[pytest.Item]:
    """All of ``items``, in an order of which xdist gives each worker its share of the slow ones, and these first."""
    files = defaultdict[Path, list[pytest.Item]](list)
    for item in items:
        if is_slow(item):
            files[item.path].append(item)
    quick = [item for item in items if not is_slow(item)]
    hands: list[list[pytest.Item]] = [[] for _worker in range(workers)]
    for held in sorted(files.values(), key=seconds, reverse=True):
        min(hands, key=seconds).extend(held)
    return [
        item
        for hand, size in zip(hands, shares(len(items), workers), strict=True)
        for item in fill(hand, quick, size)
    ]


def shares(number: int, workers: int) -> list[int]:
    """How many each worker is given first, as xdist counts."""
    sizes = []
    for left in range(workers, 0, -1):
        sizes.append(number // left)
        number -= sizes[-1]
    return sizes


def fill(hand: list[pytest.Item], quick: list[pytest.Item], size: int) -> list[pytest.Item]:
    """The hand, and as many quick ones as it wants; those are taken."""
    wanted = max(size - len(hand), 0)
    taken, quick[:] = quick[:wanted], quick[wanted:]
    return hand + taken


def seconds(held: Sequence[pytest.Item]) -> float:
    counted = Counter(item.path.name for item in held)
    return sum(SECONDS.get(name, A_SLOW_TEST * number) for name, number in counted.items())


def is_slow(item: pytest.Item) -> bool:
    return item.get_closest_marker("slow") is not None or JOURNEYS in item.path.parents
