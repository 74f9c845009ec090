"""One cell at a time: what is certain is mended, what is not is told of and left out."""

import pytest

from directory.importing import words
from directory.importing.refusals import LineRefused


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("  Café   du\tCoin ", "Café du Coin"),
        ("Cafe\u0301 du Coin", "Café du Coin"),
        ("CafÃ© du Coin", "Café du Coin"),
        ("Café\u200b du\u00a0Coin\x00", "Café du Coin"),
        ("Café <img src=x onerror=alert(1)>", "Café"),
        ("Fil &amp; Trame", "Fil & Trame"),
        ("@Home", "@Home"),
    ],
)
def test_a_name_is_one_plain_line(said: str, read: str) -> None:
    assert words.name(said).value == read


@pytest.mark.parametrize("said", ["", "  ", "—", "=1+1", '=HYPERLINK("x")', "+cmd(1)", "x" * 121, "<b></b>"])
def test_a_line_without_a_name_that_can_be_shown_is_refused(said: str) -> None:
    with pytest.raises(LineRefused):
        words.name(said)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("4185550101", "+14185550101"),
        ("(418) 555-0101", "+14185550101"),
        ("+1 418 555 0101", "+14185550101"),
        ("418.555.0101", "+14185550101"),
        ("418 555-0101 poste 2", "+14185550101"),
        ("418 555-0101 / 418 555-0102", "+14185550101"),
        ("à venir / 418 555-0102", "+14185550102"),
        ("", ""),
        ("à venir", None),
        ("1-800-ACHETONS-PLUS", None),
        ("555-0101", None),
        ("418 555-01010101", None),
    ],
)
def test_phones_are_read_or_left_out(said: str, read: str | None) -> None:
    found = words.phone(said)
    assert found.value == read
    assert bool(found.warning) == (read is None)
    assert bool(found.note) == ("poste" in said or "/" in said)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("g6v6c4", "G6V 6C4"),
        ("G6V-6C4", "G6V 6C4"),
        ("", ""),
        ("99999", None),
        ("D6V 1A1", None),
        ("G6V 1O1", None),
    ],
)
def test_postal_codes(said: str, read: str | None) -> None:
    assert words.postal_code(said).value == read


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("www.cafe.example", "https://www.cafe.example"),
        ("http://cafe.example/a?b=1", "http://cafe.example/a?b=1"),
        ("cafe.example:8080/x", "https://cafe.example:8080/x"),
        ("", ""),
        ("javascript:alert(1)", None),
        ("JAVASCRIPT:alert(1)", None),
        ("data:text/html,x", None),
        ("mailto:a@b.example", None),
        ("ftp://cafe.example", None),
        ("https://bank.example@evil.example/", None),
        ("pas de site", None),
        ("https://" + "a" * 200 + ".example", None),
    ],
)
def test_links_lead_to_the_web_or_nowhere(said: str, read: str | None) -> None:
    assert words.link(said, "Site web").value == read


def test_emails_take_the_first_that_is_one() -> None:
    assert words.email("mailto:Info@Quai.example; autre@quai.example").value == "info@quai.example"
    assert words.email("info chez quai").value is None


@pytest.mark.parametrize(
    ("said", "read"), [("46,81", 46.81), ("−71.2", -71.2), ("nan", None), ("inf", None), ("x", None)]
)
def test_numbers_are_finite(said: str, read: float | None) -> None:
    assert words.number(said) == read
