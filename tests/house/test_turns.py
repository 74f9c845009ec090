"""Each worker begins with slow tests, and every test is run once."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import turns


@dataclass(frozen=True)
class Item:
    path: Path
    number: int
    slow: bool = False

    def get_closest_marker(self, name: str) -> bool | None:
        return (name == "slow" and self.slow) or None


QUICK = [Item(Path("tests/test_money.py"), number) for number in range(40)]
SLOW = [Item(Path(f"tests/{name}.py"), number, slow=True) for name in "abcd" for number in range(3)]
JOURNEY = Item(turns.JOURNEYS / "test_buying.py", 0)


@pytest.mark.parametrize("workers", [1, 2, 3, 5])
def test_each_worker_begins_with_slow_ones_and_nothing_is_lost(workers: int) -> None:
    items = [*QUICK[:7], *SLOW, JOURNEY, *QUICK[7:]]
    dealt = turns.dealt(items, workers=workers)
    assert len(dealt) == len(items)
    assert set(dealt) == set(items)
    start = 0
    for share in turns.shares(len(items), workers):
        assert turns.is_slow(dealt[start])
        slow = [turns.is_slow(item) for item in dealt[start : start + share]]
        assert slow == sorted(slow, reverse=True)
        start += share


def test_a_file_stays_with_one_worker() -> None:
    dealt = turns.dealt([*SLOW, *QUICK], workers=3)
    for name in "abcd":
        places = [place for place, item in enumerate(dealt) if item.path.stem == name]
        assert places == list(range(places[0], places[0] + 3))


def test_one_kind_alone_is_dealt_too() -> None:
    assert turns.dealt(QUICK, workers=3) == QUICK
    assert set(turns.dealt(SLOW, workers=5)) == set(SLOW)
    assert turns.dealt([], workers=3) == []
