"""The impact report as it may be read by anybody: what stands in it is published, or hidden with its reason.

Nothing finer than this leaves ``portal.impact``: screens, charts, CSV and PDF are made from these values alone, never
from the ledger or the counts. Amounts in cents. Counts of merchants, of stories and of pages seen are plain numbers;
what merchants earned, sold and were asked for are ``Cell``s.

``portal.impact.reporting`` makes it, of the portal in scope: ``published_months(now=…, with_provisional=…)`` says which
months there are, ``report(period, now=…, with_provisional=…)`` gives a Report, or raises NotPublished.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from directory.enums import Act, Source
from home.periods import Period

LEAST_MERCHANTS = 5
"""No published figure, and no sum or difference of published figures, is about fewer merchants than this."""


class Hidden(StrEnum):
    """Why a figure is not shown."""

    FEW = "few"
    """Fewer than five merchants stand behind it."""
    DOMINATED = "dominated"
    """One merchant alone makes more than four fifths of it."""
    SUBTRACTION = "subtraction"
    """It would tell one of the others by subtraction."""
    MONTH = "month"
    """It is hidden in one of the months that are added up: ``Figures.hidden_months`` and the series say which."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure, or the reason why there is none: exactly one of both is None."""

    value: int | None = 0
    hidden: Hidden | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.hidden is None):
            raise ValueError(f"A cell has a value or a reason: {self.value}, {self.hidden}")

    @classmethod
    def without(cls, reason: Hidden) -> Self:
        return cls(None, reason)

    @property
    def is_hidden(self) -> bool:
        return self.hidden is not None

    def __add__(self, other: "Cell") -> "Cell":
        """Over several months: hidden where one of them is, so that adding months tells nothing that they do not."""
        if self.value is None or other.value is None:
            return Cell(None, Hidden.MONTH)
        return Cell(self.value + other.value)


@dataclass(frozen=True, slots=True)
class Merchants:
    """``live``: with a public page when the period ended; ``held``: of those, by their own people (claimed);
    ``selling``: of those live, the ones whose option is to sell here.

    ``newcomers``: became both live and held in the period: pages imported from a list are none. ``graduated``: left in
    the period for their own shop, which counts as a success; ``left``: left in it for another reason. ``sold``:
    merchants with at least one order paid in the period.
    """

    live: int = 0
    held: int = 0
    selling: int = 0
    newcomers: int = 0
    graduated: int = 0
    left: int = 0
    sold: Cell = Cell()


@dataclass(frozen=True, slots=True)
class Money:
    """Of orders paid in the period, less what was given back in it (``shop.results.Sales``). Amounts in cents.

    ``charged_cents`` and ``given_back_cents`` are shown together or not at all: with ``reached_cents``, the one tells
    the other.
    """

    orders: Cell = Cell()
    charged_cents: Cell = Cell()
    given_back_cents: Cell = Cell()
    reached_cents: Cell = Cell()


@dataclass(frozen=True, slots=True)
class Reach:
    """``pages_seen``: pages of the portal, of merchants, products, stories and campaigns.

    ``contacts``: calls, directions, visits to a merchant's site or shop. ``by_kind`` holds each of ``Act.contacts()``,
    ``by_source`` each ``Source``.
    """

    pages_seen: int
    contacts: Cell
    by_kind: Mapping[Act, Cell]
    by_source: Mapping[Source, Cell]


@dataclass(frozen=True, slots=True)
class Stories:
    """``published``: stories that appeared in the period. What all stories, of whatever age, led to in it:
    ``contacts`` is ``Reach.by_source[Source.STORY]``; ``orders`` and ``reached_cents`` as in ``Money``.
    """

    published: int
    contacts: Cell
    orders: Cell
    reached_cents: Cell


@dataclass(frozen=True, slots=True)
class Group:
    """A sector or a category as it was named when the period ended, with the merchants that were in it then.

    ``key``: primary key of the Sector or Category, which may be gone. ``live`` and ``selling`` as in ``Merchants``.
    """

    key: int
    name: str
    live: int
    selling: int
    contacts: Cell
    orders: Cell
    reached_cents: Cell


@dataclass(frozen=True, slots=True)
class Subsidy:
    """Public money of the period, as somebody wrote it down: each day of what an amount covers bears the same part.

    ``per_dollar_cents``: public cents for each dollar that reached merchants, half a cent rounded up; None where
    ``reached_cents`` is hidden, zero or less. ``sources``: who paid and where it is written, in somebody's words.
    """

    public_cents: int
    reached_cents: Cell
    sources: tuple[str, ...]

    @property
    def per_dollar_cents(self) -> int | None:
        reached = self.reached_cents.value
        if reached is None or reached <= 0:
            return None
        return (200 * self.public_cents + reached) // (2 * reached)


@dataclass(frozen=True, slots=True)
class Multiplier:
    """``share_bps``: of a dollar spent at a local merchant, what stays in the region, in hundredths of a per cent.

    ``source`` in words, ``link`` to it (may be empty), ``dated`` the day of the source.
    """

    share_bps: int
    source: str
    link: str
    dated: dt.date


@dataclass(frozen=True, slots=True)
class LocalShare:
    """``stayed_cents``: of what reached merchants, what stays in the region by ``multipliers``.

    Usually one; several where months of the period were closed under different ones.
    """

    stayed_cents: Cell
    multipliers: tuple[Multiplier, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What is said of one period: a month, or whole months in a row.

    ``sectors`` and ``categories``: all that had a live merchant or a figure, in their portal's order. ``subsidy`` None:
    nobody wrote down public money for any day of it. ``local_share`` None: no multiplier is set. ``hidden_months``:
    those in which what reached merchants is hidden. ``is_provisional``: one of its months is over, but not closed yet.
    """

    period: Period
    merchants: Merchants
    money: Money
    reach: Reach
    stories: Stories
    sectors: tuple[Group, ...]
    categories: tuple[Group, ...]
    subsidy: Subsidy | None
    local_share: LocalShare | None
    hidden_months: tuple[Period, ...]
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Point:
    """One month of the series that charts draw."""

    month: Period
    live: int
    selling: int
    orders: Cell
    reached_cents: Cell
    contacts: Cell
    is_provisional: bool


class NotPublished(ValueError):
    """Not whole months, or not all of them are published."""


@dataclass(frozen=True, slots=True)
class Report:
    """``figures`` of the period asked for; ``before``: those of as many months just before, None where one of these is
    older than the portal's counts; ``series``: up to the last twelve months, oldest first, the last being the period's
    last; ``closed_at``: when the last of its months was closed, None where one is not.
    """

    figures: Figures
    before: Figures | None
    series: tuple[Point, ...]
    closed_at: dt.datetime | None

    @property
    def period(self) -> Period:
        return self.figures.period
