"""The report of a month, or of whole months in a row: each as it was published, added up.

Nothing smaller than a month can be asked for, and nothing of a month before it is over. What several months say is the
sum of what each says, and is hidden where one of them hides it: so no period tells more than its months do.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from home.periods import Period, town_day
from portal.impact import assumptions, months
from portal.impact.assumptions import Assumed
from portal.impact.facts import facts, first_month
from portal.impact.months import Month
from portal.impact.publishing import month_figures, sold_cell
from portal.impact.report import (
    Cell,
    Figures,
    Group,
    Merchants,
    Money,
    NotPublished,
    Point,
    Reach,
    Report,
    Stories,
)
from shop import results

SERIES_MONTHS = 12


def published_months(*, now: dt.datetime, with_provisional: bool = False) -> list[Period]:
    """Those that are closed, oldest first; ``with_provisional``: those that are over and not closed yet, too."""
    known = months.all_closed()
    if with_provisional and (first := first_month()) is not None:
        over = [month for month in Period(first.first, town_day(now)).months if _is_over(month, now)]
        known = sorted({*known, *over})
    return known


def report(period: Period, *, now: dt.datetime, with_provisional: bool = False) -> Report:
    """Of the portal in scope. Raises NotPublished: not whole months, or one of them is not published (yet)."""
    wanted = _asked_for(period)
    found = _found(wanted, now=now, with_provisional=with_provisional)
    if not period.is_whole_months or any(month not in found for month in period.months):
        raise NotPublished(f"{period.first} to {period.last}")
    before = period.before
    has_before = all(month in found for month in before.months)
    return Report(
        figures=_together(period, found),
        before=_together(before, found) if has_before else None,
        series=tuple(_point(month) for month in _last_in_a_row(found, period)),
        closed_at=_closed_at([found[month] for month in period.months]),
    )


def _is_over(month: Period, now: dt.datetime) -> bool:
    return month.is_over_on(town_day(now))


def _asked_for(period: Period) -> Period:
    """With the months before, and those of the series."""
    year_ago = period.last.year * 12 + period.last.month - SERIES_MONTHS
    series = dt.date(*(divmod(year_ago, 12)[0], divmod(year_ago, 12)[1] + 1), 1)
    return Period(min(period.before.first, series), Period.month_of(period.last).last)


def _found(wanted: Period, *, now: dt.datetime, with_provisional: bool) -> Mapping[Period, Month]:
    """A month that is closed is never worked out again. What it left open is filled with what is written today."""
    written = assumptions.written()
    found = {period: _assuming(month, written) for period, month in months.closed(wanted).items()}
    if with_provisional:
        found.update(_provisional(wanted, found, written, now))
    return found


def _provisional(
    wanted: Period, found: Mapping[Period, Month], written: assumptions.Written, now: dt.datetime
) -> dict[Period, Month]:
    first = first_month()
    if first is None:
        return {}
    missing = [
        month
        for month in wanted.months
        if month not in found and month.first >= first.first and _is_over(month, now)
    ]
    if not missing:
        return {}
    span = Period(missing[0].first, missing[-1].last)
    return {
        each.month: Month(
            month_figures(each, written.of(each.month), is_provisional=True), written.of(each.month), None
        )
        for each in facts(span, now=now)
        if each.month in missing
    }


def _assuming(month: Month, written: assumptions.Written) -> Month:
    """A month closed before anybody wrote down public money, or a multiplier, has today's."""
    today, then = written.of(month.figures.period), month.assumed
    has_money = then.public_cents is not None
    assumed = Assumed(
        public_cents=then.public_cents if has_money else today.public_cents,
        sources=then.sources if has_money else today.sources,
        multiplier=then.multiplier or today.multiplier,
    )
    return replace(month, assumed=assumed)


def _last_in_a_row(found: Mapping[Period, Month], period: Period) -> list[Month]:
    series: list[Month] = []
    for month in reversed(list(_asked_for(period).months)):
        if month not in found or len(series) == SERIES_MONTHS:
            break
        series.append(found[month])
    return series[::-1]


def _point(month: Month) -> Point:
    figures = month.figures
    return Point(
        month=figures.period,
        live=figures.merchants.live,
        selling=figures.merchants.selling,
        orders=figures.money.orders,
        reached_cents=figures.money.reached_cents,
        contacts=figures.reach.contacts,
        is_provisional=figures.is_provisional,
    )


def _closed_at(parts: Sequence[Month]) -> dt.datetime | None:
    moments = [month.closed_at for month in parts if month.closed_at is not None]
    return max(moments) if len(moments) == len(parts) else None


# ------------------------------------------------------------------------------------------------- months added up


def _together(period: Period, found: Mapping[Period, Month]) -> Figures:
    parts = [found[month] for month in period.months]
    figures = [part.figures for part in parts]
    money = Money(
        orders=_sum([each.money.orders for each in figures]),
        charged_cents=_sum([each.money.charged_cents for each in figures]),
        given_back_cents=_sum([each.money.given_back_cents for each in figures]),
        reached_cents=_sum([each.money.reached_cents for each in figures]),
    )
    return Figures(
        period=period,
        merchants=_merchants(period, [each.merchants for each in figures]),
        money=money,
        reach=_reach([each.reach for each in figures]),
        stories=Stories(
            published=sum(each.stories.published for each in figures),
            contacts=_sum([each.stories.contacts for each in figures]),
            orders=_sum([each.stories.orders for each in figures]),
            reached_cents=_sum([each.stories.reached_cents for each in figures]),
        ),
        sectors=_groups([each.sectors for each in figures]),
        categories=_groups([each.categories for each in figures]),
        subsidy=assumptions.subsidy([part.assumed for part in parts], money.reached_cents),
        local_share=assumptions.local_share(
            [(part.assumed, part.figures.money.reached_cents) for part in parts]
        ),
        hidden_months=tuple(month for each in figures for month in each.hidden_months),
        is_provisional=any(each.is_provisional for each in figures),
    )


def _sum(cells: Sequence[Cell]) -> Cell:
    """One month alone keeps its own reason."""
    total, *others = cells
    for cell in others:
        total += cell
    return total


def _merchants(period: Period, months_: Sequence[Merchants]) -> Merchants:
    """A merchant that sold in two months sold once; the ledger knows, and does not change."""
    last = months_[-1]
    sold = last.sold
    if len(months_) > 1:
        sold = sold_cell(results.sellers(period), sum(each.sold != Cell() for each in months_))
    return replace(
        last,
        newcomers=sum(each.newcomers for each in months_),
        graduated=sum(each.graduated for each in months_),
        left=sum(each.left for each in months_),
        sold=sold,
    )


def _reach(months_: Sequence[Reach]) -> Reach:
    first = months_[0]
    return Reach(
        pages_seen=sum(each.pages_seen for each in months_),
        contacts=_sum([each.contacts for each in months_]),
        by_kind={act: _sum([each.by_kind[act] for each in months_]) for act in first.by_kind},
        by_source={
            source: _sum([each.by_source.get(source, Cell()) for each in months_])
            for source in first.by_source
        },
    )


def _groups(months_: Sequence[tuple[Group, ...]]) -> tuple[Group, ...]:
    """As they were named and ordered last; one that is no longer there comes after, with nobody in it."""
    named = {group.key: group for groups in months_ for group in groups}
    last = {group.key: group for group in months_[-1]}
    by_key = [{group.key: group for group in groups} for groups in months_]
    return tuple(
        replace(
            named[key],
            live=last[key].live if key in last else 0,
            selling=last[key].selling if key in last else 0,
            contacts=_sum([each[key].contacts if key in each else Cell() for each in by_key]),
            orders=_sum([each[key].orders if key in each else Cell() for each in by_key]),
            reached_cents=_sum([each[key].reached_cents if key in each else Cell() for each in by_key]),
        )
        for key in [*last, *(key for key in named if key not in last)]
    )
