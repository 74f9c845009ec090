"""Amounts as they are printed."""

import re

import pytest
from django.template import Context, Template
from django.utils import translation

from home.money import cad_round
from home.templatetags.money_tags import cad, cad_parts, cents_part, dollars

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("cents", "printed"),
    [
        (0, f"0,00{NBSP}$"),
        (5, f"0,05{NBSP}$"),
        (750, f"7,50{NBSP}$"),
        (99_999, f"999,99{NBSP}$"),
        (123_450, f"1{NBSP}234,50{NBSP}$"),
        (123_456_789, f"1{NBSP}234{NBSP}567,89{NBSP}$"),
        (-5, f"−0,05{NBSP}$"),
        (-123_450, f"−1{NBSP}234,50{NBSP}$"),
        (None, ""),
    ],
)
def test_cad_prints_what_quebec_writes(cents: int | None, printed: str) -> None:
    assert cad(cents) == printed


def test_price_tag_has_dollars_and_cents_apart() -> None:
    assert cad_parts(123_405) == {"dollars": f"1{NBSP}234", "cents": "05"}
    assert (dollars(750), cents_part(750)) == ("7", "50")
    assert cad_parts(None) == {"dollars": "", "cents": ""}


@pytest.mark.parametrize(
    ("cents", "printed"),
    [
        (5, "$0.05"),
        (750, "$7.50"),
        (123_450, "$1,234.50"),
        (123_456_789, "$1,234,567.89"),
        (-123_450, "−$1,234.50"),
    ],
)
def test_cad_in_english(cents: int, printed: str) -> None:
    with translation.override("en"):
        assert cad(cents) == printed


def test_round_amounts_are_said_without_cents() -> None:
    assert cad_round(1500) == f"1{NBSP}500{NBSP}$"
    with translation.override("en"):
        assert cad_round(1500) == "$1,500"


def test_price_tag_puts_its_sign_where_the_language_does() -> None:
    tag = Template('{% include "components/price_tag.html" with cents=123450 only %}')
    signs = {language: "".join(_big(tag, language)) for language in ("fr-ca", "en")}
    assert signs == {"fr-ca": f"1{NBSP}23450$", "en": "$1,23450"}


def _big(tag: Template, language: str) -> list[str]:
    """What the large numerals show, read by nobody."""
    with translation.override(language):
        html = tag.render(Context())
    return re.findall(r'aria-hidden="true">([^<]*)<', html)
