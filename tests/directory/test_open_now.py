"""The town's « ouvert maintenant » in SQL is the pure function's, on any schedule and at any moment."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from directory import still_true
from directory.hours import ZONE, is_open_at
from directory.models import Merchant, OpeningHours, SpecialHours
from directory.open_now import open_at
from directory.schedules import schedule_from_rows, vacation_of
from home.tenancy import portal_scope
from tests.factories import MerchantFactory, OpeningHoursFactory

# Few times, so that spans touch, overlap, equal and pass midnight; dates around holidays and turns of the clock.
TIMES = st.sampled_from([dt.time(h, m) for h in (0, 1, 2, 3, 9, 12, 17, 23) for m in (0, 30)])
DATES = st.sampled_from(
    [dt.date(2026, 3, 7) + dt.timedelta(days=n) for n in range(3)]
    + [dt.date(2026, 6, 22) + dt.timedelta(days=n) for n in range(5)]
    + [dt.date(2026, 10, 31) + dt.timedelta(days=n) for n in range(3)]
    + [dt.date(2026, 12, 31), dt.date(2027, 1, 1), dt.date(2027, 1, 2)]
)
# On the dot of a time, just before it, or anywhere in the day.
MOMENTS = st.one_of(
    st.builds(
        lambda date, time, seconds: dt.datetime.combine(date, time, ZONE) + dt.timedelta(seconds=seconds),
        DATES,
        TIMES,
        st.sampled_from([0, 0, -1]),
    ),
    st.builds(
        lambda date, minutes: dt.datetime.combine(date, dt.time(), dt.UTC) + dt.timedelta(minutes=minutes),
        DATES,
        st.integers(0, 24 * 60 - 1),
    ),
)
WEEKLY = st.lists(st.tuples(st.integers(0, 6), TIMES, TIMES), max_size=8, unique_by=lambda row: row[:2])
SPECIAL = st.lists(
    st.one_of(st.tuples(DATES, TIMES, TIMES), st.tuples(DATES, st.none(), st.none())),
    max_size=4,
    unique_by=lambda row: row[:2],
)


VACATION = st.one_of(st.none(), st.tuples(DATES, st.integers(0, 3)))


@pytest.fixture
def merchant(in_levis) -> Merchant:
    return MerchantFactory()


@given(weekly=WEEKLY, special=SPECIAL, vacation=VACATION, moment=MOMENTS)
@example(
    weekly=[(2, dt.time(0), dt.time(0))],
    special=[],
    vacation=None,
    moment=dt.datetime(2026, 6, 24, 12, 0, tzinfo=dt.UTC),
)
@example(
    weekly=[(1, dt.time(23), dt.time(3))],
    special=[],
    vacation=(dt.date(2026, 6, 24), 0),
    moment=dt.datetime(2026, 6, 24, 5, 0, tzinfo=dt.UTC),
)
@example(
    weekly=[(5, dt.time(23), dt.time(1, 30))],
    special=[],
    vacation=(dt.date(2026, 11, 1), 2),
    moment=dt.datetime(2026, 11, 1, 6, 15, tzinfo=dt.UTC),
)
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_says_what_the_pure_function_says(merchant: Merchant, weekly, special, vacation, moment) -> None:
    merchant.vacation_from = vacation and vacation[0]
    merchant.vacation_until = vacation and vacation[0] + dt.timedelta(days=vacation[1])
    merchant.save()
    OpeningHours.objects.all().delete()
    SpecialHours.objects.all().delete()
    rows = [OpeningHours(merchant=merchant, weekday=d, opens=o, closes=c) for d, o, c in weekly]
    exceptions = [SpecialHours(merchant=merchant, date=d, opens=o, closes=c) for d, o, c in special]
    OpeningHours.objects.bulk_create(rows)
    SpecialHours.objects.bulk_create(exceptions)
    schedule = schedule_from_rows(rows, exceptions, vacation=vacation_of(merchant))
    expected = is_open_at(schedule, moment)
    assert open_at(Merchant.objects.all(), moment).exists() is expected


def test_whole_town_is_one_query(in_levis, django_assert_num_queries) -> None:
    monday_noon = dt.datetime(2026, 11, 23, 12, 0, tzinfo=ZONE)
    expected = [OpeningHoursFactory().merchant for _ in range(3)]
    MerchantFactory()
    still_true.periods()  # known for a minute
    with django_assert_num_queries(1):
        assert set(open_at(Merchant.objects.all(), monday_noon)) == set(expected)


def test_another_portals_hours_open_nothing_here(levis, bellechasse) -> None:
    monday_noon = dt.datetime(2026, 11, 23, 12, 0, tzinfo=ZONE)
    with portal_scope(bellechasse):
        stranger = OpeningHoursFactory().merchant
        assert list(open_at(Merchant.objects.all(), monday_noon)) == [stranger]
    with portal_scope(levis):
        MerchantFactory()
        assert not open_at(Merchant.objects.all(), monday_noon).exists()
