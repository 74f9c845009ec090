"""Who states hours, and what of them stays when they are stated again, by two, or taken back."""

import datetime as dt

import pytest
from wagtail.models import Site

from directory import still_true, timetable
from directory.cards import merchant_cards
from directory.hours import (
    HoursState,
    Schedule,
    Vacation,
    holidays_to_confirm,
    is_open_at,
    next_opening,
    status_at,
    week_of,
)
from directory.models import Merchant, OpeningHours, SpecialHours
from home.tenancy import portal_scope
from tests.directory.test_hours import BAR, SHOP, at, spans
from tests.factories import MerchantFactory, OpeningHoursFactory, SpecialHoursFactory, make_merchant_page

CHRISTMAS = dt.date(2026, 12, 25)
AWAY = Vacation(dt.date(2026, 11, 24), dt.date(2026, 11, 27))  # Tuesday to Friday


@pytest.fixture
def merchant(in_levis: Site) -> Merchant:
    return MerchantFactory()


def on_vacation(schedule: Schedule) -> Schedule:
    return Schedule(weekly=schedule.weekly, special=schedule.special, vacation=AWAY)


def test_week_replaces_the_week(merchant: Merchant) -> None:
    OpeningHoursFactory(merchant=merchant, weekday=6)
    other = OpeningHoursFactory()
    assert timetable.state_week(merchant, {0: spans("09:00-12:00 13:00-17:00"), 4: spans("17:00-03:00")})
    assert timetable.week_facts(merchant) == {"0": ["09:00-12:00", "13:00-17:00"], "4": ["17:00-03:00"]}
    assert OpeningHours.objects.filter(pk=other.pk).exists()


def test_week_stated_again_changes_no_row(merchant: Merchant) -> None:
    timetable.state_week(merchant, {0: spans("09:00-17:00")})
    before = list(OpeningHours.objects.values_list("pk"))
    assert timetable.state_week(merchant, {0: spans("09:00-17:00")}) is False
    assert list(OpeningHours.objects.values_list("pk")) == before


def test_week_is_read_back_from_what_the_audit_keeps(merchant: Merchant) -> None:
    timetable.state_week(merchant, {2: spans("00:00-00:00"), 5: spans("22:30-02:15")})
    facts = timetable.week_facts(merchant)
    timetable.state_week(merchant, {})
    timetable.state_week(merchant, timetable.week_of_facts(facts))
    assert timetable.week_facts(merchant) == facts


def test_date_is_closed_then_open_then_as_usual(merchant: Merchant) -> None:
    assert timetable.state_date(merchant, CHRISTMAS, (), reason="Noël")
    assert timetable.state_date(merchant, CHRISTMAS, (), reason="Noël") is False
    assert timetable.date_facts(merchant, CHRISTMAS) == {
        "date": "2026-12-25", "spans": [], "reason": "Noël",
    }  # fmt: skip
    assert timetable.state_date(merchant, CHRISTMAS, spans("10:00-12:00"))
    assert SpecialHours.objects.get().closes == dt.time(12)
    assert timetable.forget_date(merchant, CHRISTMAS)
    assert timetable.forget_date(merchant, CHRISTMAS) is False


@pytest.mark.parametrize("stated", [None, "", "09:00-12:00 13:00-15:00"])
def test_date_is_put_back_as_it_was(merchant: Merchant, stated: str | None) -> None:
    if stated is not None:
        timetable.state_date(merchant, CHRISTMAS, spans(stated), reason="Fête")
    before = timetable.date_facts(merchant, CHRISTMAS)
    timetable.state_date(merchant, CHRISTMAS, spans("05:00-06:00"))
    assert timetable.restate_date(merchant, before)
    assert timetable.date_facts(merchant, CHRISTMAS) == before


def test_vacation_is_said_and_taken_back(merchant: Merchant) -> None:
    assert timetable.leave(merchant, AWAY.first, AWAY.last, note="On dort.")
    assert timetable.leave(merchant, AWAY.first, AWAY.last, note="On dort.") is False
    assert timetable.vacation_facts(Merchant.objects.get(pk=merchant.pk)) == {
        "from": "2026-11-24", "until": "2026-11-27", "note": "On dort.",
    }  # fmt: skip
    assert timetable.come_back(merchant)
    assert timetable.come_back(merchant) is False
    assert Merchant.objects.get(pk=merchant.pk).vacation_from is None


def test_strangers_hours_are_out_of_reach(merchant: Merchant, bellechasse: Site) -> None:
    with portal_scope(bellechasse), pytest.raises(Merchant.DoesNotExist):
        timetable.state_week(merchant, {0: spans("09:00-17:00")})
    assert not OpeningHours.objects.exists()


# 2026-11-23 is a Monday; the vacation runs from Tuesday to Friday.
@pytest.mark.parametrize(
    ("schedule", "moment", "label"),
    [
        (SHOP, "2026-11-23T18:00", "Fermé, ouvre le 30 novembre à 9\u00a0h"),
        (SHOP, "2026-11-24T00:00", "En vacances jusqu’au 27 novembre"),
        (SHOP, "2026-11-24T12:00", "En vacances jusqu’au 27 novembre"),
        (SHOP, "2026-11-27T23:59", "En vacances jusqu’au 27 novembre"),
        (SHOP, "2026-11-28T00:00", "Fermé, ouvre lundi à 9\u00a0h"),
        (BAR, "2026-11-28T01:00", "Fermé, ouvre à 17\u00a0h"),  # Friday's night does not begin
        (Schedule(), "2026-11-24T12:00", "En vacances jusqu’au 27 novembre"),
        (Schedule(), "2026-11-28T12:00", "Horaire non fourni"),
    ],
)
def test_what_a_shopper_is_told_of_a_vacation(schedule: Schedule, moment: str, label: str) -> None:
    status = status_at(on_vacation(schedule), at(moment))
    assert status.label.replace("\u00a0", " ") == label.replace("\u00a0", " ")
    assert not status.is_open


def test_night_begun_before_the_vacation_ends_as_stated() -> None:
    every_night = Schedule(weekly={day: spans("22:00-03:00") for day in range(7)}, vacation=AWAY)
    assert is_open_at(every_night, at("2026-11-24T02:00"))
    assert not is_open_at(every_night, at("2026-11-24T23:00"))


def test_special_hours_and_holidays_do_not_open_a_vacation() -> None:
    away = Vacation(dt.date(2026, 12, 20), dt.date(2027, 1, 3))
    schedule = Schedule(SHOP.weekly, special={CHRISTMAS: spans("10:00-12:00")}, vacation=away)
    assert not is_open_at(schedule, at("2026-12-25T11:00"))
    assert status_at(schedule, at("2026-12-25T11:00")).state is HoursState.AWAY
    assert holidays_to_confirm(schedule, dt.date(2026, 12, 1)) == []
    assert next_opening(schedule, at("2026-12-24T12:00")) == dt.datetime(2027, 1, 4, 9)


def test_week_shows_the_days_away() -> None:
    assert [day.is_away for day in week_of(on_vacation(SHOP), at("2026-11-23T12:00"))] == [
        False, True, True, True, True, False, False,
    ]  # fmt: skip


def test_cards_know_vacations_for_no_more_questions(merchant: Merchant, django_assert_num_queries) -> None:
    noon = at("2026-11-24T12:00")
    for _n in range(3):
        away = MerchantFactory(vacation_from=AWAY.first, vacation_until=AWAY.last)
        make_merchant_page(away)
        SpecialHoursFactory(merchant=away, date=noon.date(), opens=dt.time(9), closes=dt.time(17))
    still_true.periods()  # known for a minute
    with django_assert_num_queries(6):  # two of them for the portal's root, which Wagtail keeps
        cards = merchant_cards(Merchant.objects.filter(vacation_from__isnull=False), moment=noon)
    assert {card.hours_status.label for card in cards} == {"En vacances jusqu’au 27 novembre"}
