"""No single merchant's revenue, nor that of a group of fewer than five, follows from what is published.

The audit here shares nothing with the code: it lists every group of fewer than five merchants, and asks, by elimination
with fractions, whether some combination of the published figures is about that group alone.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.impact.report import LEAST_MERCHANTS, Hidden
from portal.impact.suppression import TOTAL, Key, Unknown, leak, published

Column = tuple[int, ...]


def rank(columns: Iterable[Column]) -> int:
    """Gauss, with fractions: each column is cleared of those before it."""
    base: dict[int, list[Fraction]] = {}
    for column in set(columns):
        left = [Fraction(number) for number in column]
        for at, pivot in sorted(base.items()):
            if left[at]:
                left = [a - left[at] * b for a, b in zip(left, pivot, strict=True)]
        if (at := next((i for i, number in enumerate(left) if number), None)) is not None:
            base[at] = [number / left[at] for number in left]
    return len(base)


def told(shown: Sequence[Key], unknowns: Sequence[Unknown]) -> tuple[int, ...] | None:
    """Merchants, fewer than five with something, of whom alone a combination of these figures tells; None: nobody.

    Combinations about a group: as many as the rank loses when the group's unknowns are taken out.
    """
    columns = [(each, tuple(int(key in each.figures) for key in shown)) for each in unknowns]
    whole = rank(column for _each, column in columns)
    active = sorted({each.merchant for each in unknowns if each.amount})
    for group in combinations(active, min(LEAST_MERCHANTS - 1, len(active))):
        others = {column for each, column in columns if each.amount and each.merchant not in group}
        if rank(others) < whole:
            return group
    return None


@st.composite
def towns(draw: st.DrawFn) -> tuple[set[Key], list[Unknown]]:
    """Merchants in sectors and categories; some idle, some earning in two ways (what a story led to, and the rest)."""
    sectors, categories = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    unknowns = []
    for merchant in range(draw(st.integers(0, 11))):
        lines = {
            TOTAL,
            ("sector", draw(st.integers(1, sectors))),
            ("category", draw(st.integers(1, categories))),
        }
        unknowns.append(Unknown(merchant, frozenset(lines), draw(st.sampled_from((0, 1, 3, 50, 2000)))))
        if draw(st.booleans()):
            unknowns.append(Unknown(merchant, frozenset(lines | {("story", 0)}), draw(st.integers(1, 99))))
    figures: set[Key] = {TOTAL, ("story", 0)}
    figures |= {("sector", i + 1) for i in range(sectors)} | {("category", i + 1) for i in range(categories)}
    return figures, unknowns


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(towns(), st.booleans())
def test_no_group_of_fewer_than_five_merchants_can_be_told(town, hides_dominated: bool) -> None:
    figures, unknowns = town
    answer = published(figures, unknowns, hides_dominated=hides_dominated)
    assert set(answer) == figures
    shown = sorted((key for key, reason in answer.items() if reason is None), key=str)
    assert told(shown, unknowns) is None
    for key, reason in answer.items():
        behind = {each.merchant for each in unknowns if key in each.figures}
        company = {each.merchant for each in unknowns if key in each.figures and each.amount}
        assert reason is not None or not behind or len(company) >= LEAST_MERCHANTS
        if reason is Hidden.SUBTRACTION:  # Nothing is hidden for nothing: beside the others it would tell.
            assert hides_dominated or told([*shown, key], unknowns) is not None


@settings(max_examples=100, deadline=None)
@given(towns())
def test_the_audit_finds_what_the_slow_one_finds(town) -> None:
    """Of all figures at once, nothing hidden: both say whether they leak."""
    figures, unknowns = town
    shown = sorted(figures, key=str)
    assert (leak(shown, unknowns) is None) == (told(shown, unknowns) is None)


def earning(*lines: tuple[str, str, int]) -> list[Unknown]:
    """One merchant each: its sector, its category, what it earned."""
    return [
        Unknown(i, frozenset({TOTAL, ("sector", sector), ("category", category)}), amount)
        for i, (sector, category, amount) in enumerate(lines)
    ]


def answer(unknowns: Sequence[Unknown], **how: bool) -> dict[Key, Hidden | None]:
    return published({key for each in unknowns for key in each.figures} | {TOTAL}, unknowns, **how)


def test_four_are_too_few_five_are_not_and_nobody_is_nothing() -> None:
    assert answer(earning(*[("a", "x", 10)] * 4))[TOTAL] is Hidden.FEW
    assert answer(earning(*[("a", "x", 10)] * 5))[TOTAL] is None
    assert answer([])[TOTAL] is None


def test_a_zero_of_few_who_could_have_earned_is_hidden() -> None:
    assert answer(earning(("a", "x", 0), ("a", "x", 0)))[TOTAL] is Hidden.FEW


def test_one_sector_is_not_shown_when_the_total_would_give_the_other_away() -> None:
    unknowns = earning(*[("a", "x", 10)] * 6, *[("b", "x", 10)] * 2)
    assert told([TOTAL, ("sector", "a")], unknowns) is not None
    found = answer(unknowns)
    assert found == {
        TOTAL: None, ("category", "x"): None, ("sector", "a"): Hidden.SUBTRACTION, ("sector", "b"): Hidden.FEW,
    }  # fmt: skip


def test_a_sector_and_a_category_that_differ_by_one_merchant_are_not_both_shown() -> None:
    unknowns = earning(*[("a", "x", 10)] * 6, ("a", "y", 10), *[("b", "y", 10)] * 6)
    assert told([("sector", "a"), ("category", "x")], unknowns) is not None
    found = answer(unknowns)
    assert found[TOTAL] is None
    assert [found["sector", "a"], found["category", "x"]].count(None) < 2
    assert [found["sector", "b"], found["category", "y"]].count(None) < 2


def test_what_one_merchant_makes_nearly_alone_is_hidden_and_so_is_its_rest() -> None:
    large = earning(("a", "x", 81), *[("a", "x", 4)] * 4, ("a", "x", 3))
    assert answer(large, hides_dominated=True)[TOTAL] is Hidden.DOMINATED
    assert answer(large)[TOTAL] is None
    rest = earning(*[("a", "x", 100)] * 5, ("b", "x", 90), *[("b", "x", 2)] * 4)
    found = answer(rest, hides_dominated=True)
    assert (found["sector", "b"], found["sector", "a"]) == (Hidden.DOMINATED, Hidden.SUBTRACTION)


@pytest.mark.parametrize("merchants", [100, 2000])
def test_a_large_town_is_judged_quickly(merchants: int) -> None:
    """And little of it is hidden: most lines have company."""
    kinds, sources = ("call", "directions", "site", "shop"), tuple("abcdefgh")
    unknowns = [
        Unknown(
            i,
            frozenset(
                {TOTAL, ("sector", i % 10), ("category", i * 3 % 14), ("kind", kind), ("source", source)}
            ),
            1 + i,
        )
        for i in range(merchants)
        for kind, source in ((kinds[i % 4], sources[i % 8]), (kinds[i * 3 % 4], sources[i // 8 % 8]))
    ]
    found = answer(unknowns)
    assert len(found) == 1 + 10 + 14 + 4 + 8
    assert sum(reason is None for reason in found.values()) >= len(found) - (0 if merchants == 2000 else 4)
