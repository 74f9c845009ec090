"""What somebody wrote down, with its source, and the report is worked out with: public money, and what stays here.

None of it is built in: where nothing was written down, the report says nothing of it.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from home.periods import Period
from portal.impact.models import LocalMultiplier, PublicMoney
from portal.impact.report import Cell, LocalShare, Multiplier, Subsidy


@dataclass(frozen=True, slots=True)
class Assumed:
    """Of one month. None: nobody wrote anything down."""

    public_cents: int | None = None
    sources: tuple[str, ...] = ()
    multiplier: Multiplier | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """All that is written down in a portal today."""

    money: Sequence[PublicMoney]
    multiplier: Multiplier | None

    def of(self, month: Period) -> Assumed:
        rows = [row for row in self.money if row.first_day <= month.last and row.last_day >= month.first]
        if not rows:
            return Assumed(multiplier=self.multiplier)
        cents = sum(part_of(row, month) for row in rows)
        return Assumed(cents, _once(row.source for row in rows), self.multiplier)


def written() -> Written:
    """Of the portal in scope. Two queries."""
    row = LocalMultiplier.objects.first()
    multiplier = Multiplier(row.share_bps, row.source, row.link, row.dated) if row else None
    return Written(list(PublicMoney.objects.all()), multiplier)


def part_of(row: PublicMoney, period: Period) -> int:
    """What of an amount pays for the days of the period, in whole cents: the parts of all its days add up to it."""
    return _until(row, period.last) - _until(row, period.first - dt.timedelta(days=1))


def _until(row: PublicMoney, day: dt.date) -> int:
    days = (row.last_day - row.first_day).days + 1
    past = min(max((day - row.first_day).days + 1, 0), days)
    return row.amount_cents * past // days


def subsidy(months: Sequence[Assumed], reached: Cell) -> Subsidy | None:
    """Of several months; those for which nothing was written down cost nothing."""
    known = [month for month in months if month.public_cents is not None]
    if not known:
        return None
    cents = sum(month.public_cents or 0 for month in known)
    return Subsidy(cents, reached, _once(source for month in known for source in month.sources))


def local_share(months: Sequence[tuple[Assumed, Cell]]) -> LocalShare | None:
    """Each month with what reached merchants in it; None where one of them has no multiplier."""
    parts, multipliers = [], []
    for assumed, reached in months:
        if assumed.multiplier is None:
            return None
        parts.append(_stayed(reached, assumed.multiplier))
        multipliers.append(assumed.multiplier)
    total, *others = parts
    for part in others:
        total += part
    return LocalShare(total, tuple(dict.fromkeys(multipliers)))


def _stayed(reached: Cell, multiplier: Multiplier) -> Cell:
    """Half a cent is rounded up."""
    if reached.value is None:
        return reached
    return Cell((2 * reached.value * multiplier.share_bps + 10_000) // 20_000)


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
