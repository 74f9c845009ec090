"""The report of the golden town: months closed once, kept for ever, added up, and silent about few."""

import copy
import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from directory.enums import Act, Source
from directory.models import Merchant
from home.periods import Period
from home.tenancy import current_site
from portal.impact import assumptions, closing, months
from portal.impact.facts import facts, first_month
from portal.impact.models import LocalMultiplier, PublicMoney, PublishedMonth
from portal.impact.publishing import month_figures
from portal.impact.report import Cell, Figures, Hidden, Merchants, Money, NotPublished
from portal.impact.reporting import published_months, report
from shop.results import Sales
from tests.portal.impact import golden
from tests.portal.impact.golden import DECEMBER, MONTHS, NOVEMBER, OCTOBER, SEPTEMBER, TOWN, YEAR, GoldenTown

NEW_YEAR = dt.datetime(2027, 1, 3, 6, tzinfo=TOWN)
"""When December closes."""
FEW, SUBTRACTION = Cell.without(Hidden.FEW), Cell.without(Hidden.SUBTRACTION)
MONTH = Cell.without(Hidden.MONTH)


@pytest.fixture
def town(in_levis, sandbox) -> GoldenTown:
    return golden.arrange(sandbox, leaves=False)


def test_the_golden_town_is_reported_as_it_was_worked_out_by_hand(
    town: GoldenTown, django_assert_num_queries
) -> None:
    worked_out_facts(town, golden.SALES_BEFORE)
    assert closing.close_months(now=at_closing(OCTOBER)) == 2  # September too: it was due
    october = report(OCTOBER, now=at_closing(OCTOBER)).figures
    golden.give_back(town)
    golden.leave(town)
    worked_out_facts(town, golden.SALES_AFTER)
    assert closing.close_months(now=NEW_YEAR) == 2
    assert published_months(now=NEW_YEAR) == list(MONTHS)
    assert report(OCTOBER, now=NEW_YEAR).figures == october
    figures = {month: report(month, now=NEW_YEAR).figures for month in MONTHS}
    merchants(figures)
    money(figures)
    contacts(figures)
    the_year(figures, django_assert_num_queries)
    golden.win_back(town)
    assert {month: report(month, now=NEW_YEAR).figures for month in MONTHS} == figures
    closes_what_was_live(town)


def worked_out_facts(town: GoldenTown, sales: dict[Period, Sales]) -> None:
    """Before anything is hidden: every number of the golden town, to the unit."""
    for each in facts(YEAR, now=NEW_YEAR):
        month = each.month
        assert Sales.of_all(each.sales.values()) == sales[month]
        stories = Sales.of_all(each.of_stories.values())
        is_before = sales is golden.SALES_BEFORE and month in golden.OF_STORIES
        led = golden.OF_STORIES.get(month, Sales())
        assert stories == (
            replace(led, given_back_cents=0, reached_cents=stories.reached_cents) if is_before else led
        )
        assert (
            sum(sum(touches.values()) for touches in each.touches.values()) == golden.CONTACTS_IN_ALL[month]
        )
        assert (each.pages_seen, each.stories) == (golden.PAGES_SEEN[month], golden.STORIES_PUBLISHED[month])
        assert set(each.standings) == set(town.keys)


def merchants(figures: dict[Period, Figures]) -> None:
    for month, found in figures.items():
        live, held, selling, newcomers, graduated, left = golden.STANDING[month]
        sellers = golden.SELLERS[month]
        sold = Cell(sellers) if sellers >= 5 else FEW
        assert found.merchants == Merchants(live, held, selling, newcomers, graduated, left, sold)
        assert found.stories.published == golden.STORIES_PUBLISHED[month]


def money(figures: dict[Period, Figures]) -> None:
    """One seller in September, two in December: nothing. Five in October, but the portal kept something of four."""
    assert figures[SEPTEMBER].money == figures[DECEMBER].money == Money(FEW, FEW, FEW, FEW)
    assert figures[OCTOBER].money == Money(Cell(6), FEW, FEW, Cell(177_80))
    assert figures[NOVEMBER].money == Money(Cell(7), Cell(239_99), Cell(96_99), Cell(136_35))
    assert [figures[month].hidden_months for month in MONTHS] == [(SEPTEMBER,), (), (), (DECEMBER,)]
    # Vieux-Lévis has five sellers in November, Charny two: the total would tell of these.
    vieux_levis, charny = figures[NOVEMBER].sectors
    assert (vieux_levis.name, charny.name) == (golden.VIEUX_LEVIS, golden.CHARNY)
    assert (vieux_levis.orders, vieux_levis.reached_cents) == (SUBTRACTION, SUBTRACTION)
    assert (charny.orders, charny.reached_cents) == (FEW, FEW)
    assert (vieux_levis.live, vieux_levis.selling, charny.live, charny.selling) == (7, 5, 4, 2)
    services = figures[NOVEMBER].categories[-1]  # where nobody sells: nothing, for all to see
    assert (services.name, services.orders, services.reached_cents) == (golden.SERVICES, Cell(0), Cell(0))
    assert figures[OCTOBER].stories.orders == figures[NOVEMBER].stories.orders == FEW


def contacts(figures: dict[Period, Figures]) -> None:
    """Six merchants in October, eight in November. No kind and no source has five but the calls of none."""
    reach = {month: found.reach for month, found in figures.items()}
    assert [reach[month].contacts for month in MONTHS] == [FEW, Cell(25), Cell(39), FEW]
    assert [reach[month].pages_seen for month in MONTHS] == [0, 120, 50, 200]
    assert set(reach[OCTOBER].by_kind.values()) == {FEW}
    assert reach[OCTOBER].by_source[Source.CAMPAIGN] == Cell(0)
    assert reach[OCTOBER].by_source[Source.STORY] == FEW
    assert set(reach[NOVEMBER].by_kind) == set(Act.contacts())


def the_year(figures: dict[Period, Figures], django_assert_num_queries) -> None:
    """It says no more than its months do: hidden where one is."""
    with django_assert_num_queries(4):
        whole = report(YEAR, now=NEW_YEAR)
    assert whole.figures.money == Money(MONTH, MONTH, MONTH, MONTH)
    assert whole.figures.hidden_months == (SEPTEMBER, DECEMBER)
    assert (whole.figures.merchants.newcomers, whole.figures.merchants.sold) == (11, Cell(7))
    assert (whole.before, whole.closed_at) == (None, NEW_YEAR)
    assert [point.month for point in whole.series] == list(MONTHS)
    autumn = Period(OCTOBER.first, NOVEMBER.last)
    both = report(autumn, now=NEW_YEAR)
    assert both.figures.money.orders == Cell(6 + 7)
    assert both.figures.money.reached_cents == Cell(177_80 + 136_35)
    assert both.figures.reach.contacts == Cell(25 + 39)
    assert both.figures.merchants.live == figures[NOVEMBER].merchants.live
    assert report(NOVEMBER, now=NEW_YEAR).before == figures[OCTOBER]
    refused = (Period(OCTOBER.first, dt.date(2026, 11, 15)), Period.month(2027, 1), Period.month(2026, 8))
    for period in refused:
        with pytest.raises(NotPublished):
            report(period, now=NEW_YEAR, with_provisional=True)


def closes_what_was_live(town: GoldenTown) -> None:
    """January, over but not closed, is provisional for who may see it; then it closes with the same figures."""
    january, over = Period.month(2027, 1), dt.datetime(2027, 2, 1, tzinfo=TOWN)
    assert published_months(now=over) == list(MONTHS)
    assert published_months(now=over, with_provisional=True) == [*MONTHS, january]
    live = report(january, now=over, with_provisional=True)
    assert (live.figures.is_provisional, live.closed_at) == (True, None)
    with pytest.raises(NotPublished):
        report(january, now=over)
    assert closing.close_months(now=at_closing(january)) == 1
    assert closing.close_months(now=at_closing(january)) == 0
    assert report(january, now=over).figures == replace(live.figures, is_provisional=False)


def at_closing(month: Period) -> dt.datetime:
    return closing.closes_at(month)


# ------------------------------------------------------------------------------------------------------- closed months


@pytest.fixture
def october(in_levis) -> PublishedMonth:
    """A month as it was published by the first version, kept in a file for ever."""
    written = json.loads((Path(__file__).parent / "month_v1.json").read_text())
    row: PublishedMonth = PublishedMonth.objects.create(
        site=in_levis,
        month=OCTOBER.first,
        version=1,
        figures=written,
        digest="2f31f058fc79de53e144fb6c4f6f53c6f99ba3837733be071f2d612deb810a33",
        closed_at=at_closing(OCTOBER),
    )
    return row


def test_what_the_first_version_wrote_is_read_and_written_the_same(october: PublishedMonth) -> None:
    found = months.closed(OCTOBER)[OCTOBER]
    assert found.figures.money.reached_cents == Cell(177_80)
    assert found.figures.subsidy is not None
    assert found.figures.subsidy.per_dollar_cents == 56
    assert months.as_written(found.figures, found.assumed) == october.figures


def test_a_row_that_is_not_as_it_was_published_is_not_read(october: PublishedMonth) -> None:
    forged = copy.deepcopy(october.figures)
    forged["money"]["reached_cents"] += 1
    for change in ({"figures": forged}, {"version": 99}):
        row = PublishedMonth.objects.get()
        for name, value in change.items():
            setattr(row, name, value)
        with pytest.raises(months.UnreadableMonth):
            months.read(row)


@pytest.mark.parametrize("act", ["update", "delete"])
def test_a_published_month_can_be_neither_changed_nor_taken_back(october: PublishedMonth, act: str) -> None:
    rows = PublishedMonth.objects.filter(pk=october.pk)
    with pytest.raises(IntegrityError, match="stays as it was published"), transaction.atomic():
        rows.update(digest="") if act == "update" else rows.delete()
    assert PublishedMonth.objects.get().digest == october.digest


def test_a_month_closed_by_another_worker_meanwhile_stays_its_own(october: PublishedMonth) -> None:
    found = months.read(october)
    assert not months.keep(found.figures, found.assumed, now=NEW_YEAR)
    assert PublishedMonth.objects.get().closed_at == at_closing(OCTOBER)


def test_a_portal_in_which_nothing_happened_has_no_month(in_levis) -> None:
    assert first_month() is None
    assert closing.close_months(now=NEW_YEAR) == 0
    assert published_months(now=NEW_YEAR, with_provisional=True) == []
    with pytest.raises(NotPublished):
        report(OCTOBER, now=NEW_YEAR, with_provisional=True)


# -------------------------------------------------------------------------------------------- public money, local share


def public_money(cents: int, first: dt.date, last: dt.date, source: str = "Ville") -> PublicMoney:
    row: PublicMoney = PublicMoney.objects.create(
        site=current_site(), amount_cents=cents, first_day=first, last_day=last, source=source
    )
    return row


def test_public_money_is_spread_over_its_days_to_the_cent(in_levis) -> None:
    row = public_money(100_00, dt.date(2026, 9, 15), dt.date(2026, 12, 31))  # 108 days
    parts = [assumptions.part_of(row, month) for month in MONTHS]
    # Of 10,000 cents: 16 days 1481.48, 47 days 4351.85, 77 days 7129.63: what is whole so far, less what was before.
    assert parts == [14_81, 28_70, 27_78, 28_71]
    assert sum(parts) == 100_00
    assert assumptions.part_of(row, Period.month(2027, 1)) == 0


def test_a_month_says_what_was_written_down_when_it_closed_or_else_later(october: PublishedMonth) -> None:
    public_money(999_00, OCTOBER.first, OCTOBER.last)
    LocalMultiplier.objects.create(
        site=current_site(), share_bps=4500, source="Étude", dated=dt.date(2025, 1, 1)
    )
    figures = report(OCTOBER, now=NEW_YEAR).figures
    assert figures.subsidy is not None
    assert (figures.subsidy.public_cents, figures.subsidy.sources) == (100_00, ("Ville, résolution 12",))
    assert figures.local_share is not None
    assert figures.local_share.stayed_cents == Cell(80_01)  # 45 % of 177.80


def test_without_a_source_nothing_is_said_of_public_money_or_of_what_stays(in_levis) -> None:
    nobody = assumptions.written().of(OCTOBER)
    assert assumptions.subsidy([nobody], Cell(100_00)) is None
    assert assumptions.local_share([(nobody, Cell(100_00))]) is None
    assert (Merchant.objects.count(), nobody.public_cents, nobody.multiplier) == (0, None, None)


def test_a_provisional_month_holds_what_its_closing_would(in_levis) -> None:
    (empty,) = facts(OCTOBER, now=NEW_YEAR)
    assumed = assumptions.written().of(OCTOBER)
    figures = month_figures(empty, assumed, is_provisional=False)
    assert months.keep(figures, assumed, now=NEW_YEAR)
    assert months.closed(OCTOBER)[OCTOBER].figures == figures
