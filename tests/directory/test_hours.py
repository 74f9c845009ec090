"""What a shopper is told, and when: tables of stated hours against moments."""

import datetime as dt

import pytest

from directory.hours import (
    ZONE,
    HoursState,
    Schedule,
    Span,
    holiday_name,
    holidays_to_confirm,
    is_open_at,
    next_opening,
    status_at,
    wall_clock,
    week_of,
)

NBSP = "\u00a0"


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


def span(text: str) -> Span:
    opens, closes = text.split("-")
    return Span(dt.time.fromisoformat(opens), dt.time.fromisoformat(closes))


def spans(text: str) -> tuple[Span, ...]:
    return tuple(span(part) for part in text.split())


SHOP = Schedule(weekly={day: spans("09:00-17:30") for day in range(5)})  # Monday to Friday
LUNCH_BREAK = Schedule(weekly={day: spans("09:00-12:00 13:00-17:00") for day in range(7)})
BAR = Schedule(weekly={day: spans("17:00-03:00") for day in (3, 4, 5)})  # Thursday to Saturday
DEPANNEUR = Schedule(weekly={day: spans("00:00-00:00") for day in range(7)})
NOTHING = Schedule()

# 2026-11-23 is a Monday.
OPEN_OR_NOT = [
    (SHOP, "2026-11-23T08:59:59", False),
    (SHOP, "2026-11-23T09:00", True),
    (SHOP, "2026-11-23T17:29:59", True),
    (SHOP, "2026-11-23T17:30", False),
    (SHOP, "2026-11-22T12:00", False),
    (LUNCH_BREAK, "2026-11-23T11:59", True),
    (LUNCH_BREAK, "2026-11-23T12:30", False),
    (LUNCH_BREAK, "2026-11-23T13:00", True),
    (BAR, "2026-11-26T16:59", False),
    (BAR, "2026-11-26T23:59", True),
    (BAR, "2026-11-27T02:59", True),
    (BAR, "2026-11-27T03:00", False),
    (BAR, "2026-11-29T01:00", True),  # Sunday morning: Saturday's span
    (BAR, "2026-11-30T01:00", False),  # Monday morning: Sunday is closed
    (DEPANNEUR, "2026-11-23T00:00", True),
    (DEPANNEUR, "2026-11-23T04:44", True),
    (NOTHING, "2026-11-23T12:00", False),
]


@pytest.mark.parametrize(("schedule", "moment", "is_open"), OPEN_OR_NOT)
def test_weekly_hours(schedule: Schedule, moment: str, is_open: bool) -> None:
    assert is_open_at(schedule, at(moment)) is is_open
    assert status_at(schedule, at(moment)).is_open is is_open


LABELS = [
    (SHOP, "2026-11-23T10:00", HoursState.OPEN, "Ouvert jusqu’à 17 h 30"),
    (SHOP, "2026-11-23T17:10", HoursState.CLOSING_SOON, "Ferme dans 20 min"),
    (SHOP, "2026-11-23T17:29:50", HoursState.CLOSING_SOON, "Ferme dans 1 min"),
    (SHOP, "2026-11-23T07:00", HoursState.CLOSED, "Fermé, ouvre à 9 h"),
    (SHOP, "2026-11-23T18:00", HoursState.CLOSED, "Fermé, ouvre demain à 9 h"),
    (SHOP, "2026-11-27T18:00", HoursState.CLOSED, "Fermé, ouvre lundi à 9 h"),
    (LUNCH_BREAK, "2026-11-23T12:30", HoursState.CLOSED, "Fermé, ouvre à 13 h"),
    (BAR, "2026-11-26T22:00", HoursState.OPEN, "Ouvert jusqu’à 3 h"),
    (DEPANNEUR, "2026-11-23T10:00", HoursState.OPEN, "Ouvert jour et nuit"),
    (NOTHING, "2026-11-23T10:00", HoursState.UNKNOWN, "Horaire non fourni"),
]


@pytest.mark.parametrize(("schedule", "moment", "state", "label"), LABELS)
def test_label_says_what_to_do(schedule: Schedule, moment: str, state: HoursState, label: str) -> None:
    status = status_at(schedule, at(moment))
    assert (status.state, status.label.replace(NBSP, " ")) == (state, label)


def test_label_keeps_hours_and_units_together() -> None:
    assert status_at(SHOP, at("2026-11-23T10:00")).label == f"Ouvert jusqu’à 17{NBSP}h{NBSP}30"


def test_closing_at_midnight_says_midnight() -> None:
    schedule = Schedule(weekly={0: spans("18:00-00:00")})
    assert status_at(schedule, at("2026-11-23T20:00")).label == "Ouvert jusqu’à minuit"


def test_spans_that_touch_are_one() -> None:
    schedule = Schedule(weekly={0: spans("09:00-12:00 12:00-18:00"), 1: spans("09:00-17:00")})
    assert status_at(schedule, at("2026-11-23T11:50")).label.replace(NBSP, " ") == "Ouvert jusqu’à 18 h"


def test_open_through_the_night_says_which_day_it_closes() -> None:
    schedule = Schedule(weekly={0: spans("00:00-00:00"), 1: spans("00:00-00:00"), 2: spans("00:00-10:00")})
    label = status_at(schedule, at("2026-11-23T10:00")).label
    assert label.replace(NBSP, " ") == "Ouvert jusqu’à mercredi 10 h"


def test_next_opening_beyond_a_week_gives_the_date() -> None:
    closed = {dt.date(2026, 11, day): () for day in range(23, 31)}
    schedule = Schedule(weekly=SHOP.weekly, special=closed)
    label = status_at(schedule, at("2026-11-23T10:00")).label
    assert label.replace(NBSP, " ") == "Fermé, ouvre le 1er décembre à 9 h"


def test_no_opening_in_sight_says_closed_and_no_more() -> None:
    schedule = Schedule(weekly={}, special={dt.date(2026, 11, 23): ()})
    assert status_at(schedule, at("2026-11-23T10:00")).label == "Fermé"
    assert next_opening(schedule, at("2026-11-23T10:00")) is None


EXCEPTIONS = [
    ("closed that day", "", "2026-11-23T10:00", False),
    ("other hours replace the weekly ones", "19:00-21:00", "2026-11-23T10:00", False),
    ("other hours hold", "19:00-21:00", "2026-11-23T20:00", True),
    ("two spans", "09:00-10:00 19:00-21:00", "2026-11-23T20:00", True),
    ("past midnight", "19:00-02:00", "2026-11-24T01:00", True),
    ("the day after is as usual", "", "2026-11-24T10:00", True),
]


@pytest.mark.parametrize(
    ("why", "stated", "moment", "is_open"), EXCEPTIONS, ids=lambda value: str(value)[:30]
)
def test_special_hours_replace_that_date(why: str, stated: str, moment: str, is_open: bool) -> None:
    schedule = Schedule(weekly=SHOP.weekly, special={dt.date(2026, 11, 23): spans(stated)})
    assert is_open_at(schedule, at(moment)) is is_open


def test_closed_today_does_not_cut_last_nights_span() -> None:
    schedule = Schedule(weekly=BAR.weekly, special={dt.date(2026, 11, 27): ()})  # Friday
    assert is_open_at(schedule, at("2026-11-27T02:00"))
    assert not is_open_at(schedule, at("2026-11-27T20:00"))
    assert not is_open_at(schedule, at("2026-11-28T01:00"))


@pytest.mark.parametrize("moment", ["2026-06-24T00:30", "2026-06-24T10:00", "2026-06-24T23:59"])
def test_24_june_without_a_word_is_never_open(moment: str) -> None:
    status = status_at(SHOP, at(moment))
    assert status.state is HoursState.UNCONFIRMED
    assert status.label == f"Jour férié{NBSP}: heures non confirmées"
    assert not is_open_at(SHOP, at(moment))


def test_24_june_with_special_hours_says_them() -> None:
    open_late = Schedule(weekly=SHOP.weekly, special={dt.date(2026, 6, 24): spans("12:00-16:00")})
    closed = Schedule(weekly=SHOP.weekly, special={dt.date(2026, 6, 24): ()})
    assert status_at(open_late, at("2026-06-24T13:00")).state is HoursState.OPEN
    assert status_at(closed, at("2026-06-24T13:00")).label.replace(NBSP, " ") == "Fermé, ouvre demain à 9 h"


def test_evening_before_a_holiday_runs_past_its_midnight() -> None:
    every_night = Schedule(weekly={day: spans("17:00-03:00") for day in range(7)})
    assert is_open_at(every_night, at("2026-06-24T02:59"))
    assert status_at(every_night, at("2026-06-24T03:00")).state is HoursState.UNCONFIRMED


def test_night_that_a_holiday_would_have_begun_is_in_doubt_too() -> None:
    every_night = Schedule(weekly={day: spans("17:00-03:00") for day in range(7)})
    assert status_at(every_night, at("2026-06-25T01:00")).state is HoursState.UNCONFIRMED
    assert status_at(every_night, at("2026-06-25T03:00")).state is HoursState.CLOSED


def test_next_opening_skips_a_holiday_nobody_confirmed() -> None:
    assert status_at(SHOP, at("2026-06-23T18:00")).label.replace(NBSP, " ") == "Fermé, ouvre jeudi à 9 h"


def test_holidays_are_those_of_quebec() -> None:
    stated = ["01-01", "04-03", "04-06", "05-18", "06-24", "07-01", "09-07", "10-12", "12-25"]
    year = [dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(365)]
    assert [f"{date:%m-%d}" for date in year if holiday_name(date)] == stated
    assert holiday_name(dt.date(2026, 6, 24)) == "Fête nationale du Québec"
    assert holiday_name(dt.date(2026, 12, 25), "en") == "Christmas Day"


def test_merchant_is_prompted_for_holidays_it_said_nothing_about() -> None:
    schedule = Schedule(weekly=SHOP.weekly, special={dt.date(2026, 6, 24): ()})
    assert holidays_to_confirm(schedule, dt.date(2026, 6, 20), days=14) == [
        (dt.date(2026, 7, 1), "Fête du Canada")
    ]


def test_spring_forward_closes_at_the_turn() -> None:
    """On 2026-03-08 the clock goes from 2:00 to 3:00: half past two is never shown."""
    schedule = Schedule(weekly={5: spans("20:00-02:30")})
    before = dt.datetime(2026, 3, 8, 6, 59, tzinfo=dt.UTC)  # 1:59
    after = dt.datetime(2026, 3, 8, 7, 0, tzinfo=dt.UTC)  # 3:00
    assert is_open_at(schedule, before)
    assert not is_open_at(schedule, after)


def test_fall_back_does_not_open_twice() -> None:
    """On 2026-11-01 the clock goes from 2:00 back to 1:00: half past one is shown twice."""
    schedule = Schedule(weekly={5: spans("20:00-01:30")})
    moments = [
        dt.datetime(2026, 11, 1, 5, 0, tzinfo=dt.UTC) + dt.timedelta(minutes=10 * n) for n in range(12)
    ]
    shown = [is_open_at(schedule, moment) for moment in moments]
    assert shown == [True] * 3 + [False] * 9  # from 1:00, until the first 1:30


def test_fall_back_bar_closing_at_two_stays_open_the_hour_more() -> None:
    schedule = Schedule(weekly={5: spans("20:00-02:00")})
    assert is_open_at(schedule, dt.datetime(2026, 11, 1, 6, 59, tzinfo=dt.UTC))  # the second 1:59
    assert not is_open_at(schedule, dt.datetime(2026, 11, 1, 7, 0, tzinfo=dt.UTC))


def test_fall_back_counts_real_minutes_to_closing() -> None:
    schedule = Schedule(weekly={5: spans("20:00-02:00")})
    first = status_at(schedule, dt.datetime(2026, 11, 1, 5, 45, tzinfo=dt.UTC))  # 75 minutes before closing
    second = status_at(schedule, dt.datetime(2026, 11, 1, 6, 45, tzinfo=dt.UTC))
    assert first.state is HoursState.OPEN
    assert second.label == f"Ferme dans 15{NBSP}min"


def test_moment_in_another_zone_is_the_same_moment() -> None:
    noon_in_paris = dt.datetime(2026, 11, 23, 16, 0, tzinfo=dt.UTC)  # 11:00 in town
    assert is_open_at(SHOP, noon_in_paris)
    assert wall_clock(noon_in_paris) == dt.datetime(2026, 11, 23, 11, 0)


def test_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        is_open_at(SHOP, dt.datetime(2026, 11, 23, 12, 0))


def test_week_tells_today_and_exceptions() -> None:
    schedule = Schedule(weekly=SHOP.weekly, special={dt.date(2026, 11, 25): ()})
    week = week_of(schedule, at("2026-11-24T10:00"))
    assert [day.label for day in week] == [
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
    ]
    assert [day.is_today for day in week] == [False, True, False, False, False, False, False]
    assert [day.closed for day in week] == [False, False, True, False, False, True, True]
    assert week[0].spans == spans("09:00-17:30")


def test_week_leaves_an_unconfirmed_holiday_open_to_question() -> None:
    wednesday = week_of(SHOP, at("2026-06-22T10:00"))[2]
    assert (wednesday.is_unconfirmed, wednesday.closed, wednesday.spans) == (True, False, ())
