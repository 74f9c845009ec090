"""Over random towns: what a month publishes, all its tables together, tells of no fewer than five merchants."""

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.enums import Act, Source
from home.periods import Period
from portal.impact.assumptions import Assumed
from portal.impact.facts import MonthFacts, Standing
from portal.impact.publishing import OF_STORIES, month_figures
from portal.impact.report import Cell, Figures
from portal.impact.suppression import TOTAL, Key, Unknown
from shop.results import Sales
from tests.portal.impact.test_suppression import told

MONTH = Period.month(2026, 10)
CHARGED = st.sampled_from((0, 300, 400, 500, 600, 700, 9_000))
GIVEN_BACK = st.sampled_from((0, 0, 0, 100, 400))
PARTS: dict[str, Callable[[Sales], int]] = {
    "orders": lambda sales: sales.orders,
    "reached": lambda sales: sales.reached_cents,
    "given back": lambda sales: sales.given_back_cents,
    "kept": lambda sales: sales.kept_cents - sales.reached_cents,
}
"""What one merchant is behind; what was charged is given back, kept and reached together."""


@st.composite
def sales(draw: st.DrawFn) -> Sales:
    """Of one merchant: perhaps no order and something given back, perhaps less than nothing that reached it."""
    charged, given, kept = draw(CHARGED), draw(GIVEN_BACK), draw(st.sampled_from((0, 0, 7)))
    return Sales(1 if charged else 0, charged, given, charged - given - kept)


@st.composite
def towns(draw: st.DrawFn) -> MonthFacts:
    merchants = range(draw(st.integers(0, 3)) + draw(st.integers(0, 6)))
    sectors, categories = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    standings = {
        i: Standing(
            sector=draw(st.integers(1, sectors)),
            category=draw(st.integers(1, categories)),
            is_live=True,
            is_held=True,
            is_selling=draw(st.booleans()),
            is_new=False,
        )
        for i in merchants
    }
    all_sales = {i: draw(sales()) for i in merchants if draw(st.integers(0, 9))}
    led = {i: each for i, each in all_sales.items() if not draw(st.integers(0, 3))}
    touches = st.dictionaries(
        st.tuples(st.sampled_from((Act.CALL, Act.SITE)), st.sampled_from((Source.STORY, Source.SEARCH))),
        st.integers(1, 50),
        max_size=3,
    )
    return MonthFacts(
        month=MONTH,
        standings=standings,
        sales=all_sales,
        of_stories=led,
        touches={i: found for i in merchants if (found := draw(touches))},
        pages_seen=0,
        stories=0,
        graduated=0,
        left=0,
        sectors={i + 1: f"Secteur {i}" for i in range(sectors)},
        categories={i + 1: f"Catégorie {i}" for i in range(categories)},
    )


def money_of(found: Figures) -> dict[tuple[str, Key], Cell]:
    cells = {
        ("orders", TOTAL): found.money.orders,
        ("reached", TOTAL): found.money.reached_cents,
        ("given back", TOTAL): found.money.given_back_cents,
        ("charged", TOTAL): found.money.charged_cents,
        ("orders", OF_STORIES): found.stories.orders,
        ("reached", OF_STORIES): found.stories.reached_cents,
    }
    for table, groups in (("sector", found.sectors), ("category", found.categories)):
        for group in groups:
            cells["orders", (table, group.key)] = group.orders
            cells["reached", (table, group.key)] = group.reached_cents
    return cells


def unknowns_of(facts: MonthFacts) -> list[tuple[int, frozenset[tuple[str, Key]], int]]:
    """Of each merchant, each part of its money, with the figures that it is in."""
    found = []
    for merchant, standing in facts.standings.items():
        everything, led = facts.sales.get(merchant, Sales()), facts.of_stories.get(merchant)
        lines: set[Key] = {TOTAL, ("sector", standing.sector), ("category", standing.category)}
        if led:
            lines.add(OF_STORIES)
        if merchant not in facts.sales and not standing.is_selling:
            continue
        for part, amount in PARTS.items():
            figures = {(part, line) for line in lines}
            if part not in ("orders", "reached"):
                figures = {(part, TOTAL)}
            if part != "orders":
                figures.add(("charged", TOTAL))
            found.append((merchant, frozenset(figures), amount(everything)))
    return found


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(towns())
def test_no_merchants_money_follows_from_all_that_a_month_publishes(facts: MonthFacts) -> None:
    found = month_figures(facts, Assumed(), is_provisional=False)
    cells = money_of(found)
    numbers: dict[tuple[str, Key], Key] = {key: ("figure", i) for i, key in enumerate(cells)}
    unknowns = [
        Unknown(merchant, frozenset(numbers[key] for key in keys if key in numbers), amount)
        for merchant, keys, amount in unknowns_of(facts)
    ]
    shown = [numbers[key] for key, cell in cells.items() if not cell.is_hidden and cell.value]
    assert told(shown, [each for each in unknowns if each.amount]) is None


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(towns())
def test_what_is_published_of_a_month_is_true_and_its_months_add_up(facts: MonthFacts) -> None:
    found = month_figures(facts, Assumed(), is_provisional=False)
    total = Sales.of_all(facts.sales.values())
    for cell, value in (
        (found.money.orders, total.orders),
        (found.money.charged_cents, total.charged_cents),
        (found.money.given_back_cents, total.given_back_cents),
        (found.money.reached_cents, total.reached_cents),
        (found.reach.contacts, sum(sum(each.values()) for each in facts.touches.values())),
    ):
        assert cell.is_hidden or cell.value == value
    for groups in (found.sectors, found.categories):
        known = [group.reached_cents.value for group in groups]
        if found.money.reached_cents.value is not None and None not in known:
            assert sum(value for value in known if value is not None) == total.reached_cents
