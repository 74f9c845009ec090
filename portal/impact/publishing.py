"""A month's figures as they may be published, made of its facts: added up, and hidden where they must be."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from directory.enums import Act, Source
from portal.impact.assumptions import Assumed, local_share, subsidy
from portal.impact.facts import MonthFacts, Standing
from portal.impact.report import (
    LEAST_MERCHANTS,
    Cell,
    Figures,
    Group,
    Hidden,
    Merchants,
    Money,
    Reach,
    Stories,
)
from portal.impact.suppression import TOTAL, Key, Unknown, alone, published
from shop.results import Sales

SECTOR, CATEGORY, KIND, SOURCE, STORY = "sector", "category", "kind", "source", "story"
OF_STORIES: Key = (STORY, 0)


def month_figures(facts: MonthFacts, assumed: Assumed, *, is_provisional: bool) -> Figures:
    """What the month says. A figure that is hidden is in it nowhere."""
    money, contacts = _Money.of(facts), _Contacts.of(facts)
    reached = money.cell(TOTAL, _reached)
    return Figures(
        period=facts.month,
        merchants=_merchants(facts),
        money=money.shown(facts.sales.values()),
        reach=contacts.shown(facts.pages_seen),
        stories=Stories(
            facts.stories,
            contacts.cell((SOURCE, Source.STORY)),
            money.cell(OF_STORIES, _orders),
            money.cell(OF_STORIES, _reached),
        ),
        sectors=_groups(SECTOR, facts.sectors, facts, money, contacts),
        categories=_groups(CATEGORY, facts.categories, facts, money, contacts),
        subsidy=subsidy([assumed], reached),
        local_share=local_share([(assumed, reached)]),
        hidden_months=(facts.month,) if reached.is_hidden else (),
        is_provisional=is_provisional,
    )


def _merchants(facts: MonthFacts) -> Merchants:
    standings = facts.standings.values()
    return Merchants(
        live=sum(each.is_live for each in standings),
        held=sum(each.is_held for each in standings),
        selling=sum(each.is_selling for each in standings),
        newcomers=sum(each.is_new for each in standings),
        graduated=facts.graduated,
        left=facts.left,
        sold=sold_cell(sum(each.orders > 0 for each in facts.sales.values()), _could_sell(facts)),
    )


def sold_cell(sellers: int, could_sell: int) -> Cell:
    """Of few merchants, how many sold would tell that the others did not."""
    if could_sell and sellers < LEAST_MERCHANTS:
        return Cell.without(Hidden.FEW)
    return Cell(sellers)


def _could_sell(facts: MonthFacts) -> int:
    return sum(each.is_selling or key in facts.sales for key, each in facts.standings.items())


def _orders(sales: Sales) -> int:
    return sales.orders


def _reached(sales: Sales) -> int:
    return sales.reached_cents


# ---------------------------------------------------------------------------------------------------------------- money


@dataclass(frozen=True, slots=True)
class _Money:
    hidden: Mapping[Key, Hidden | None]
    sums: Mapping[Key, Sales]

    @classmethod
    def of(cls, facts: MonthFacts) -> "_Money":
        """Orders and what reached merchants are hidden together: company is who had an order and something left."""
        sums: dict[Key, Sales] = defaultdict(Sales)
        unknowns = []
        for merchant, keys, sales in _sales_parts(facts):
            company = abs(sales.reached_cents) if sales.orders else 0
            unknowns.append(Unknown(merchant, keys, company))
            for key in keys:
                sums[key] += sales
        lines = {TOTAL, OF_STORIES, *_lines(facts)}
        return cls(published(lines, unknowns, hides_dominated=True), sums)

    def cell(self, key: Key, value: Callable[[Sales], int]) -> Cell:
        return _cell(self.hidden, key, value(self.sums.get(key, Sales())))

    def shown(self, sales: Iterable[Sales]) -> Money:
        """What was charged, less what was given back and what reached merchants, is what the portal kept."""
        orders, reached = self.cell(TOTAL, _orders), self.cell(TOTAL, _reached)
        reason = reached.hidden or _why_parts_are_hidden(list(sales))
        if reason:
            return Money(orders, Cell.without(reason), Cell.without(reason), reached)
        total = self.sums.get(TOTAL, Sales())
        return Money(orders, Cell(total.charged_cents), Cell(total.given_back_cents), reached)


def _sales_parts(facts: MonthFacts) -> Iterator[tuple[int, frozenset[Key], Sales]]:
    """What stories led to, and the rest; the rest also of whoever could have sold, and did not."""
    for merchant, standing in facts.standings.items():
        sales, led = facts.sales.get(merchant, Sales()), facts.of_stories.get(merchant, Sales())
        if merchant not in facts.sales and not standing.is_selling:
            continue
        keys = frozenset({TOTAL, *_lines_of(standing)})
        if led != Sales():
            yield merchant, keys | {OF_STORIES}, led
        yield merchant, keys, _less(sales, led)


def _less(sales: Sales, part: Sales) -> Sales:
    return Sales(
        sales.orders - part.orders,
        sales.charged_cents - part.charged_cents,
        sales.given_back_cents - part.given_back_cents,
        sales.reached_cents - part.reached_cents,
    )


def _why_parts_are_hidden(sales: list[Sales]) -> Hidden | None:
    """What few merchants gave back, or what the portal kept of few, is theirs alone."""
    for amount in (
        lambda each: each.given_back_cents,
        lambda each: each.kept_cents - each.reached_cents,
    ):
        weights = {i: abs(amount(each)) for i, each in enumerate(sales) if amount(each)}
        if reason := alone(weights, hides_dominated=True):
            return reason
    return None


# ------------------------------------------------------------------------------------------------------------- contacts


@dataclass(frozen=True, slots=True)
class _Contacts:
    hidden: Mapping[Key, Hidden | None]
    sums: Mapping[Key, int]

    @classmethod
    def of(cls, facts: MonthFacts) -> "_Contacts":
        known: dict[tuple[Key, Key, Act, Source], frozenset[Key]] = {}
        together: Counter[frozenset[Key]] = Counter()
        unknowns = []
        for merchant, touches in facts.touches.items():
            sector, category = _lines_of(facts.standings[merchant])
            for (act, source), times in touches.items():
                lines = (sector, category, act, source)
                if lines not in known:
                    known[lines] = frozenset({TOTAL, sector, category, (KIND, act), (SOURCE, source)})
                unknowns.append(Unknown(merchant, known[lines], times))
                together[known[lines]] += times
        sums: Counter[Key] = Counter()
        for keys, times in together.items():
            sums.update(dict.fromkeys(keys, times))
        kinds = {(KIND, act) for act in Act.contacts()} | {(SOURCE, source) for source in Source}
        return cls(published({TOTAL, *_lines(facts), *kinds}, unknowns), sums)

    def cell(self, key: Key) -> Cell:
        return _cell(self.hidden, key, self.sums.get(key, 0))

    def shown(self, pages_seen: int) -> Reach:
        return Reach(
            pages_seen=pages_seen,
            contacts=self.cell(TOTAL),
            by_kind={act: self.cell((KIND, act)) for act in Act.contacts()},
            by_source={source: self.cell((SOURCE, source)) for source in Source},
        )


def _cell(hidden: Mapping[Key, Hidden | None], key: Key, value: int) -> Cell:
    reason = hidden[key]
    return Cell.without(reason) if reason else Cell(value)


# --------------------------------------------------------------------------------------------- sectors and categories


def _lines(facts: MonthFacts) -> set[Key]:
    return {key for each in facts.standings.values() for key in _lines_of(each)}


def _lines_of(standing: Standing) -> tuple[Key, Key]:
    return (SECTOR, standing.sector), (CATEGORY, standing.category)


def _groups(
    table: str, names: Mapping[int, str], facts: MonthFacts, money: _Money, contacts: _Contacts
) -> tuple[Group, ...]:
    """In the order of ``names``; without those that had no live merchant and no figure."""
    live: Counter[Key] = Counter()
    selling: Counter[Key] = Counter()
    for each in facts.standings.values():
        lines = _lines_of(each)
        live.update(lines if each.is_live else ())
        selling.update(lines if each.is_selling else ())
    keys: dict[int, Key] = {primary: (table, primary) for primary in names}
    return tuple(
        Group(
            key=primary,
            name=names[primary],
            live=live[key],
            selling=selling[key],
            contacts=contacts.cell(key),
            orders=money.cell(key, _orders),
            reached_cents=money.cell(key, _reached),
        )
        for primary, key in keys.items()
        if live[key] or key in money.sums or key in contacts.sums
    )
