"""Hours, amounts, addresses and numbers in the ways that sites write them; what does not read is nothing."""

import datetime as dt
from typing import Any

import pytest

from directory.own_site import business, values, week

NINE_TO_FIVE = "09:00-17:00"


def days(numbers: str, *spans: str) -> dict[str, list[str]]:
    return {number: list(spans) for number in numbers}


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ("Lundi au mercredi : 9 h à 17 h 30\nJeudi et vendredi : 9h – 21h\nSamedi 10h-16h\nDimanche : fermé",
         {**days("012", "09:00-17:30"), **days("34", "09:00-21:00"), **days("5", "10:00-16:00")}),
        ("Lundi\n9h00 - 17h00\nMardi\n9h00 - 17h00\nMercredi\nFermé", days("01", NINE_TO_FIVE)),
        ("Du mardi au samedi de 11 h 30 à 14 h et de 17 h à minuit. Tél. 418 555-0100",
         days("12345", "11:30-14:00", "17:00-00:00")),
        ("Lun-Ven : 9 h-17 h", days("01234", NINE_TO_FIVE)),
        ("Lun. au ven. 8h30 à 12h et 13h à 17h. Sam. 9 h à midi",
         {**days("01234", "08:30-12:00", "13:00-17:00"), **days("5", "09:00-12:00")}),
        ("Mon-Fri 9:00 AM - 5:30 PM, Sat 10am-4pm, Sunday closed",
         {**days("01234", "09:00-17:30"), **days("5", "10:00-16:00")}),
        ("mardi, mercredi et jeudi 10h00 à 17h30 / vendredi 10h00 à 20h00",
         {**days("123", "10:00-17:30"), **days("4", "10:00-20:00")}),
        ("Ouvert 7 jours sur 7, de 6 h à 23 h", days("0123456", "06:00-23:00")),
        ("vendredi au lundi 9 h à 17 h", days("4560", NINE_TO_FIVE)),
        ("Livraison le mardi, 9 h à midi", {}),
        ("Le souper du samedi, depuis 1987, a commencé bien avant que nous fermions, à 9 h", {}),
        ("mon père, ma mer et sam 25 h 99", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_week_is_read_from_words(told: str, known: dict[str, list[str]]) -> None:
    assert week.of_text(told) == known


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ("Mo-Fr 09:00-17:00", days("01234", NINE_TO_FIVE)),
        (["Mo-Tu 09:00-17:00", "Th,Fr 9am-9pm"], {**days("01", NINE_TO_FIVE), **days("34", "09:00-21:00")}),
        ("Mo,Tu,We 9:00-17:00, Sa 10:00-12:00", {**days("012", NINE_TO_FIVE), **days("5", "10:00-12:00")}),
        ("Mo - Fr 09:00 – 12:00, 13:00 – 17:00", days("01234", "09:00-12:00", "13:00-17:00")),
        ("Fr 17:00-02:00; Su 00:00-24:00", {**days("4", "17:00-02:00"), **days("6", "00:00-00:00")}),
        ("24/7", days("0123456", "00:00-00:00")),
        ("Mo-Su", {}), ("Xy 09:00-17:00", {}), ("Mo 25:00-26:00", {}), ("Mo 09:00-09:00", {}), (None, {}), (3, {}),
    ],
)  # fmt: skip
def test_week_is_read_from_codes(told: Any, known: dict[str, list[str]]) -> None:
    assert week.of_codes(told) == known


def test_more_spans_than_a_screen_shows_and_those_that_overlap_are_left() -> None:
    told = "Mo 08:00-09:00,10:00-11:00,12:00-13:00; Tu 09:00-17:00,16:00-20:00"
    assert week.of_codes(told) == {"0": ["08:00-09:00", "10:00-11:00"], "1": ["09:00-17:00"]}


def test_hours_of_a_holiday_or_of_another_season_are_not_the_week() -> None:
    def specification(start: str, end: str) -> dict[str, str]:
        return {
            "dayOfWeek": "Monday",
            "opens": "09:00",
            "closes": "17:00",
            "validFrom": start,
            "validThrough": end,
        }

    today = dt.date(2026, 7, 1)
    assert week.of_specifications([specification("2026-06-24", "2026-06-24")], today) == {}
    assert week.of_specifications([specification("2026-11-01", "2027-04-30")], today) == {}
    assert week.of_specifications([specification("2026-05-01", "2026-10-31")], today) == days(
        "0", NINE_TO_FIVE
    )


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ("12,50 $ CA", 1250), ("CA$12.50", 1250), ("1 299,99\u00a0$", 129_999), ("1,299.99", 129_999),
        ("12$", 1200), ("à partir de 15 $", 1500), (12, 1200), (12.5, 1250), ("12.5", 1250), (["9.99"], 999),
        ("0.00", None), (0, None), (-3, None), ("-5,00", None), (True, None), (None, None), ({}, None), ("", None),
        (float("nan"), None), (1e300, None), ("1e999999", None), ("9" * 400, None), ("gratuit", None),
    ],
)  # fmt: skip
def test_amounts_are_whole_cents_or_nothing(told: Any, known: int | None) -> None:
    assert values.cents(told) == known


@pytest.mark.parametrize(
    ("amount", "digits", "known"),
    [
        ("1250", 2, 1250),
        ("1250", "3", 125),
        ("12", 0, 1200),
        ("1250", 99, None),
        ("-5", 2, None),
        ("x", 2, None),
    ],
)
def test_amounts_in_the_smallest_unit(amount: str, digits: Any, known: int | None) -> None:
    assert values.minor_units(amount, digits) == known


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ("1 (418) 555-0123 poste 2", "+14185550123"), ("tel:418.555.0123;ext=4", "+14185550123"),
        ("418 555-0123 / 581 555-0124", "+14185550123"), ("00000", ""), ("javascript:1", ""), (None, ""), ({}, ""),
    ],
)  # fmt: skip
def test_phones_are_numbers_that_can_be_called(told: Any, known: str) -> None:
    assert values.phone(told) == known


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ("12 rue Bégin\nLévis, QC, G6V 4C2\nCanada", ("12 rue Bégin", "Lévis", "G6V 4C2")),
        ("12, rue Bégin, Lévis (Québec) g6v4c2", ("12, rue Bégin", "Lévis", "G6V 4C2")),
        ("12 Bégin Street, Levis QC G6V4C2", ("12 Bégin Street", "Levis", "G6V 4C2")),
        ("25 A, 3e Avenue, Lévis, QC G6W 5M6", ("25 A, 3e Avenue", "Lévis", "G6W 5M6")),
        (
            "4-25, boul. Guillaume-Couture, Lévis G6V 8S3",
            ("4-25, boul. Guillaume-Couture", "Lévis", "G6V 8S3"),
        ),
        ("Case postale 12, Lévis G6V 1A1", None),
        ("Rue Bégin", None),
        ("", None),
    ],
)
def test_addresses_are_taken_apart(told: str, known: tuple[str, str, str] | None) -> None:
    found = business.address_of_words(told)
    assert (tuple(found.values()) or None) == known


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ("/a.jpg", "https://s.example/a.jpg"), ("//cdn.example/a b", ""), ("javascript:alert(1)", ""), ("data:x", ""),
        ({"url": ["/b"]}, "https://s.example/b"), ("https://[::1", ""), ("x" * 3000, ""), (3, ""), (None, ""),
    ],
)  # fmt: skip
def test_web_addresses_are_whole_and_the_webs(told: Any, known: str) -> None:
    assert values.web_address(told, "https://s.example/c/") == known


def test_words_hold_nothing_that_a_database_or_a_screen_chokes_on() -> None:
    told = "<p>Un\x00 <script>alert(1)</script>&amp; &lt;b&gt;deux&lt;/b&gt;</p>\ud800<style>p{}</style>\u202etrois"
    assert values.text(told, 100) == "Un &\ndeux\ntrois".replace("&\ndeux", "& deux")
    assert (
        values.cut("Une phrase qui suffit bien ici. Et la suite, coupée.", 40)
        == "Une phrase qui suffit bien ici."
    )
    assert values.cut("mot " * 30, 20) == "mot mot mot mot mot…"
