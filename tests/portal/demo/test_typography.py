"""What is typed plainly comes out as a printer would set it."""

import pytest

from portal.demo.typography import french


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Prix : 12,50 $", "Prix\u00a0: 12,50\u00a0$"),
        ("la TPS (5 %) s'ajoute", "la TPS (5\u00a0%) s’ajoute"),
        ("« Jamais », dit-il", "«\u00a0Jamais\u00a0», dit-il"),
        ("Quoi ? Rien ; vraiment !", "Quoi? Rien; vraiment!"),
        ("à 17 h 30 ou 8 h", "à 17\u00a0h\u00a030 ou 8\u00a0h"),
        ("1 234,50 $ pour 500 g", "1\u00a0234,50\u00a0$ pour 500\u00a0g"),
        ("https://exemple.example/a:b", "https://exemple.example/a:b"),
        ("« Quoi? » : voilà", "«\u00a0Quoi?\u00a0»\u00a0: voilà"),
    ],
)
def test_french_is_set_as_in_print(typed: str, printed: str) -> None:
    assert french(typed) == printed


def test_french_twice_is_once() -> None:
    once = french("« L'été », 12 $ : 8 h 30")
    assert french(once) == once
