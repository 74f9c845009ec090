"""Amounts as they are printed."""

import pytest

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
