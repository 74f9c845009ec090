"""Days, weeks and months of the town, where a day may be 23 or 25 hours long."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home.periods import Period, town_day

D = dt.date
UTC = dt.UTC


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (dt.datetime(2026, 11, 1, 3, 59, tzinfo=UTC), D(2026, 10, 31)),
        (dt.datetime(2026, 11, 1, 4, 0, tzinfo=UTC), D(2026, 11, 1)),
        (dt.datetime(2026, 11, 2, 4, 59, tzinfo=UTC), D(2026, 11, 1)),
        (dt.datetime(2026, 11, 2, 5, 0, tzinfo=UTC), D(2026, 11, 2)),
    ],
)
def test_town_day_changes_at_midnight_of_the_town(moment: dt.datetime, day: dt.date) -> None:
    assert town_day(moment) == day


def test_town_day_refuses_a_moment_without_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        town_day(dt.datetime(2026, 11, 1))


def test_day_of_the_clock_change_is_as_long_as_it_was() -> None:
    ahead, back = Period(D(2026, 3, 8), D(2026, 3, 8)), Period(D(2026, 11, 1), D(2026, 11, 1))
    assert ahead.ends_at.astimezone(UTC) - ahead.starts_at.astimezone(UTC) == dt.timedelta(hours=23)
    assert back.ends_at.astimezone(UTC) - back.starts_at.astimezone(UTC) == dt.timedelta(hours=25)


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (Period.month(2026, 3), Period.month(2026, 2)),
        (Period.month(2026, 1), Period.month(2025, 12)),
        (Period(D(2026, 1, 1), D(2026, 6, 30)), Period(D(2025, 7, 1), D(2025, 12, 31))),
        (Period(D(2024, 2, 1), D(2024, 2, 29)), Period.month(2024, 1)),
        (Period(D(2026, 3, 2), D(2026, 3, 8)), Period(D(2026, 2, 23), D(2026, 3, 1))),
        (Period(D(2026, 2, 1), D(2026, 2, 27)), Period(D(2026, 1, 5), D(2026, 1, 31))),
    ],
)
def test_period_is_compared_with_the_one_before(period: Period, before: Period) -> None:
    assert period.before == before


@given(st.dates(D(2000, 1, 1), D(2100, 1, 1)), st.integers(0, 800))
def test_period_and_the_one_before_meet_without_a_gap(first: dt.date, more: int) -> None:
    period = Period(first, first + dt.timedelta(days=more))
    assert period.before.last + dt.timedelta(days=1) == period.first
    assert period.before.ends_at == period.starts_at
    assert period.is_whole_months or period.before.days == period.days


@given(st.dates(D(2000, 1, 1), D(2100, 1, 1)))
def test_week_before_is_whole_and_over(day: dt.date) -> None:
    week = Period.week_before(day)
    assert (week.first.weekday(), week.last.weekday(), week.days) == (0, 6, 7)
    assert week.is_over_on(day)
    assert (day - week.last).days <= 7


def test_months_of_a_period_are_whole_and_follow_each_other() -> None:
    months = list(Period(D(2025, 12, 30), D(2026, 2, 1)).months)
    assert months == [Period.month(2025, 12), Period.month(2026, 1), Period.month(2026, 2)]


def test_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Period(D(2026, 1, 2), D(2026, 1, 1))
