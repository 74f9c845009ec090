"""Times and dates as they are printed, by the filter and by Django's formats."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import formats, translation

from home.dates import date_format
from home.templatetags.time_tags import clock

NBSP = "\u00a0"
LOCAL = ZoneInfo("America/Toronto")


@pytest.mark.parametrize(
    ("moment", "printed"),
    [
        (dt.time(17, 30), "17 h 30"),
        (dt.time(9), "9 h"),
        (dt.time(9, 5), "9 h 05"),
        (dt.time(0), "0 h"),
        (dt.time(12), "12 h"),
        (dt.datetime(2026, 11, 23, 18, 40, tzinfo=dt.UTC), "13 h 40"),
        (None, ""),
        ("", ""),
    ],
)
def test_clock(moment: dt.time, printed: str) -> None:
    assert clock(moment) == printed.replace(" ", NBSP)


PRINTED = [
    ("time", "13 h 40"),
    ("date", "22 novembre 2026"),
    ("datetime", "22 novembre 2026, 13 h 40"),
    ("short", "2026-11-22"),
]


@pytest.mark.parametrize(("how", "printed"), PRINTED)
def test_django_prints_dates_and_times_as_quebec_does(how: str, printed: str) -> None:
    """Django 5.2's own fr-CA formats print 13:40 as « 13 01 40 »."""
    moment = dt.datetime(2026, 11, 22, 13, 40, tzinfo=LOCAL)
    text = {
        "time": formats.time_format(moment.time()),
        "date": formats.date_format(moment),
        "datetime": formats.date_format(moment, "DATETIME_FORMAT"),
        "short": formats.date_format(moment, "SHORT_DATE_FORMAT"),
    }[how]
    assert text.replace(NBSP, " ") == printed


def test_templates_print_the_same() -> None:
    template = Template("{{ moment|date }} · {{ moment|time }} · {{ number }}")
    moment = dt.datetime(2026, 11, 22, 18, 40, tzinfo=dt.UTC)
    printed = template.render(Context({"moment": moment, "number": 1234.5}))
    assert printed.replace(NBSP, " ") == "22 novembre 2026 · 13 h 40 · 1234,5"


@pytest.mark.parametrize("typed", ["17:30", "17h30", "17 h 30"])
def test_forms_read_times_as_people_type_them(typed: str) -> None:
    from django import forms

    assert forms.TimeField(localize=True).clean(typed) == dt.time(17, 30)


@pytest.mark.parametrize(
    ("pattern", "printed"),
    [
        ("DATE_FORMAT", "1er décembre 2026"),
        ("j F", "1er décembre"),
        ("l j F", "mardi 1er décembre"),
        ("j F Y, H \\h i", "1er décembre 2026, 00 h 30"),
        ("SHORT_DATE_FORMAT", "2026-12-01"),
        ("Y-m-j", "2026-12-1"),
        ("\\j F", "j décembre"),
    ],
)
def test_first_of_the_month_is_written_as_french_does(pattern: str, printed: str) -> None:
    moment = dt.datetime(2026, 12, 1, 5, 30, tzinfo=dt.UTC)
    assert date_format(moment.astimezone(LOCAL), pattern) == printed
    assert (
        Template("{{ moment|date:pattern }}").render(Context({"moment": moment, "pattern": pattern}))
        == printed
    )


def test_other_days_are_djangos() -> None:
    assert date_format(dt.date(2026, 12, 21)) == "21 décembre 2026"
    assert date_format(dt.date(2026, 12, 11), "j F") == "11 décembre"
    assert Template("{{ nothing|date }}{{ none|date:'j F' }}").render(Context({"none": None})) == ""


@pytest.mark.parametrize(
    ("moment", "printed"),
    [
        (dt.time(17, 30), "5:30 p.m."),
        (dt.time(9), "9 a.m."),
        (dt.time(9, 5), "9:05 a.m."),
        (dt.time(0), "midnight"),
        (dt.time(0, 30), "12:30 a.m."),
        (dt.time(12), "noon"),
        (dt.time(12, 15), "12:15 p.m."),
        (dt.datetime(2026, 11, 23, 18, 40, tzinfo=dt.UTC), "1:40 p.m."),
    ],
)
def test_clock_in_english(moment: dt.time, printed: str) -> None:
    with translation.override("en"):
        assert clock(moment) == printed.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("pattern", "printed"),
    [
        ("DATE_FORMAT", "December 1, 2026"),
        ("DATETIME_FORMAT", "December 1, 2026, 12:30 a.m."),
        ("TIME_FORMAT", "12:30 a.m."),
        ("j F", "December 1"),
        ("j F Y", "December 1, 2026"),
        ("l j F", "Tuesday, December 1"),
        ("l j F Y", "Tuesday, December 1, 2026"),
        ("j F Y, G\xa0\\h\xa0i", "December 1, 2026, 12:30 a.m."),
        ("j F Y, H \\h i", "December 1, 2026, 12:30 a.m."),
        ("j F Y, H:i", "December 1, 2026, 12:30 a.m."),
        ("F Y", "December 2026"),
        ("l", "Tuesday"),
        ("SHORT_DATE_FORMAT", "2026-12-01"),
        ("Y-m-d", "2026-12-01"),
    ],
)
def test_patterns_of_french_are_written_in_the_order_of_english(pattern: str, printed: str) -> None:
    moment = dt.datetime(2026, 12, 1, 5, 30, tzinfo=dt.UTC)
    with translation.override("en"):
        assert date_format(moment.astimezone(LOCAL), pattern) == printed
        shown = Template("{{ moment|date:pattern }}").render(Context({"moment": moment, "pattern": pattern}))
    assert shown == printed
