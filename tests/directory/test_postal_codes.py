"""Postal codes as people type them."""

import pytest

from directory.postal_codes import normal_postal_code, postal_sector


@pytest.mark.parametrize(
    "typed", ["G6V 6C4", "g6v6c4", " g6v-6c4 ", "G6V\u00a06c4", "g 6 v 6 c 4", "G6V–6C4"]
)
def test_a_postal_code_is_taken_as_typed(typed: str) -> None:
    assert (normal_postal_code(typed), postal_sector(typed)) == ("G6V 6C4", "G6V")


@pytest.mark.parametrize(
    "typed", ["", "G6V 6C", "G6V 6C45", "D6V 6C4", "G6O 6C4", "90210", "²6V6C4", "G٦V 6C4"]
)
def test_what_is_no_postal_code_is_refused(typed: str) -> None:
    for read in (normal_postal_code, postal_sector):
        with pytest.raises(ValueError):
            read(typed)


def test_its_beginning_is_a_sector_and_no_code() -> None:
    assert postal_sector("g6v") == "G6V"
    with pytest.raises(ValueError):
        normal_postal_code("g6v")
