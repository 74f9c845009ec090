"""A portal's colours are such that its text can be read."""

import pytest
from django.core.exceptions import ValidationError

from home.contrast import contrast
from home.models import PortalSettings


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("rouge", "#ffffff", None),
    ],
)
def test_contrast_is_wcag_s(one: str, other: str, expected: float | None) -> None:
    found = contrast(one, other)
    assert found == expected or found == pytest.approx(expected, abs=0.005)


def test_colours_that_read_well_pass() -> None:
    PortalSettings().clean()


def test_pale_ink_is_refused_with_numbers_and_advice() -> None:
    with pytest.raises(ValidationError) as refused:
        PortalSettings(color_accent="#ffcc00", color_paper="#ffffff").clean()
    (sentence,) = refused.value.message_dict["color_accent"]
    assert "contraste de 1,5, il en faut 4,5" in sentence
