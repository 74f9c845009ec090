"""The front page sets a portal's name on one line: its width is known before a browser sets it."""

import pytest

from home.nameplate import LEAST, width_in_ems


def test_a_longer_name_is_wider() -> None:
    assert width_in_ems("Achetons Bellechasse") > width_in_ems("Achetons Lévis") > 4


@pytest.mark.parametrize("name", ["", "Lé", "III"])
def test_a_name_of_few_letters_does_not_fill_the_screen(name: str) -> None:
    assert width_in_ems(name) == LEAST


def test_narrow_letters_take_less_room_than_wide_ones() -> None:
    assert width_in_ems("illlllllllllllll") < width_in_ems("MMMMMMMMMMMMMMMM")
