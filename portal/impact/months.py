"""Closed months: written once as they are published, and read for ever, whatever version they were written in."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from directory.enums import Act, Source
from home.periods import Period
from home.tenancy import current_site_id
from portal.impact.assumptions import Assumed, local_share, subsidy
from portal.impact.models import PublishedMonth
from portal.impact.report import (
    Cell,
    Figures,
    Group,
    Hidden,
    Merchants,
    Money,
    Multiplier,
    Reach,
    Stories,
)

VERSION = 1
"""Of what is written today. Another shape is another number, with a reader of its own; the old ones stay."""

Written = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Month:
    """A month that can be reported; ``closed_at`` None: it is over, but may still move."""

    figures: Figures
    assumed: Assumed
    closed_at: dt.datetime | None


def canonical(figures: Written) -> bytes:
    """One way to write the same values, of which the digest is made."""
    return json.dumps(figures, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(figures: Written) -> str:
    return hashlib.sha256(canonical(figures)).hexdigest()


def keep(figures: Figures, assumed: Assumed, *, now: dt.datetime) -> bool:
    """Close a month of the portal in scope. False: it was closed before, by whomever, and stays as it is."""
    written = as_written(figures, assumed)
    month = figures.period.first
    row = PublishedMonth(
        site_id=current_site_id(),
        month=month,
        version=VERSION,
        figures=written,
        digest=digest(written),
        closed_at=now,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if PublishedMonth.objects.filter(month=month).exists():
            return False
        raise
    return True


def closed(months: Period) -> dict[Period, Month]:
    """Those of these months that are closed. One query. Raises UnreadableMonth for a row that is not as published."""
    rows = PublishedMonth.objects.filter(month__range=(months.first, months.last))
    return {month.figures.period: month for month in map(read, rows)}


def all_closed() -> list[Period]:
    """Oldest first. One query."""
    return [Period.month_of(first) for first in PublishedMonth.objects.values_list("month", flat=True)]


class UnreadableMonth(ValueError):
    """Its digest is not that of its figures, or no reader knows its version."""


def read(row: PublishedMonth) -> Month:
    reader = READERS.get(row.version)
    if reader is None or digest(row.figures) != row.digest:
        raise UnreadableMonth(f"{row.month:%Y-%m}, version {row.version}")
    return reader(Period.month_of(row.month), row.figures, row.closed_at)


# ------------------------------------------------------------------------------------------------------------ version 1


def as_written(figures: Figures, assumed: Assumed) -> dict[str, Any]:
    """A figure is a number, or the word that says why it is hidden."""
    merchants, money, reach, stories = figures.merchants, figures.money, figures.reach, figures.stories
    return {
        "merchants": {
            "live": merchants.live,
            "held": merchants.held,
            "selling": merchants.selling,
            "newcomers": merchants.newcomers,
            "graduated": merchants.graduated,
            "left": merchants.left,
            "sold": _word(merchants.sold),
        },
        "money": {
            "orders": _word(money.orders),
            "charged_cents": _word(money.charged_cents),
            "given_back_cents": _word(money.given_back_cents),
            "reached_cents": _word(money.reached_cents),
        },
        "reach": {
            "pages_seen": reach.pages_seen,
            "contacts": _word(reach.contacts),
            "by_kind": {act.value: _word(cell) for act, cell in reach.by_kind.items()},
            "by_source": {source.value: _word(cell) for source, cell in reach.by_source.items()},
        },
        "stories": {
            "published": stories.published,
            "contacts": _word(stories.contacts),
            "orders": _word(stories.orders),
            "reached_cents": _word(stories.reached_cents),
        },
        "sectors": [_group(group) for group in figures.sectors],
        "categories": [_group(group) for group in figures.categories],
        "public_money": _public_money(assumed),
        "multiplier": _multiplier(assumed.multiplier),
    }


def _word(cell: Cell) -> int | str:
    return cell.hidden.value if cell.hidden else cell.value or 0


def _group(group: Group) -> dict[str, Any]:
    return {
        "key": group.key,
        "name": group.name,
        "live": group.live,
        "selling": group.selling,
        "contacts": _word(group.contacts),
        "orders": _word(group.orders),
        "reached_cents": _word(group.reached_cents),
    }


def _public_money(assumed: Assumed) -> dict[str, Any] | None:
    if assumed.public_cents is None:
        return None
    return {"cents": assumed.public_cents, "sources": list(assumed.sources)}


def _multiplier(multiplier: Multiplier | None) -> dict[str, Any] | None:
    if multiplier is None:
        return None
    return {
        "share_bps": multiplier.share_bps,
        "source": multiplier.source,
        "link": multiplier.link,
        "dated": multiplier.dated.isoformat(),
    }


def _read_1(month: Period, written: Written, closed_at: dt.datetime) -> Month:
    money, reach, stories = written["money"], written["reach"], written["stories"]
    merchants = {**written["merchants"], "sold": _cell(written["merchants"]["sold"])}
    assumed = _assumed_1(written)
    reached = _cell(money["reached_cents"])
    figures = Figures(
        period=month,
        merchants=Merchants(**merchants),
        money=Money(**{name: _cell(word) for name, word in money.items()}),
        reach=Reach(
            pages_seen=reach["pages_seen"],
            contacts=_cell(reach["contacts"]),
            by_kind={Act(act): _cell(word) for act, word in reach["by_kind"].items()},
            by_source={Source(source): _cell(word) for source, word in reach["by_source"].items()},
        ),
        stories=Stories(
            published=stories["published"],
            contacts=_cell(stories["contacts"]),
            orders=_cell(stories["orders"]),
            reached_cents=_cell(stories["reached_cents"]),
        ),
        sectors=_groups_1(written["sectors"]),
        categories=_groups_1(written["categories"]),
        subsidy=subsidy([assumed], reached),
        local_share=local_share([(assumed, reached)]),
        hidden_months=(month,) if reached.is_hidden else (),
        is_provisional=False,
    )
    return Month(figures, assumed, closed_at)


def _cell(word: int | str) -> Cell:
    return Cell.without(Hidden(word)) if isinstance(word, str) else Cell(word)


def _groups_1(rows: Iterable[Written]) -> tuple[Group, ...]:
    cells = ("contacts", "orders", "reached_cents")
    return tuple(Group(**{**row, **{name: _cell(row[name]) for name in cells}}) for row in rows)


def _assumed_1(written: Written) -> Assumed:
    money, found = written["public_money"], written["multiplier"]
    return Assumed(
        public_cents=money["cents"] if money else None,
        sources=tuple(money["sources"]) if money else (),
        multiplier=Multiplier(**{**found, "dated": dt.date.fromisoformat(found["dated"])}) if found else None,
    )


READERS: Mapping[int, Callable[[Period, Written, dt.datetime], Month]] = {1: _read_1}
