"""Whether two entries are one establishment."""

import pytest

from directory.importing.sameness import Directory, Known, address_key, core_name

HERE = "12, rue du Fleuve"


def entry(
    name: str, street: str = HERE, *, neq: str = "", phone: str = "", postal: str = "", removed: bool = False
) -> Known:
    return Known(
        1, name, core_name(name, frozenset({"levis"})), neq, address_key(street), postal, phone, is_removed=removed
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Vélo Couture-Roy inc.", "VELO COUTURE-ROY INC. (Lévis)"),
        ("Café de l'Île ltée", "Cafe de l’Ile Ltée"),
        ("Étude S.E.N.C.R.L.", "etude"),
    ],
)
def test_names_are_one_whatever_the_hand(one: str, other: str) -> None:
    assert core_name(one, frozenset({"levis"})) == core_name(other, frozenset({"levis"}))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("533-A, chemin des Îles", "533-A ch. des Iles"),
        ("158, bureau 2, route Kennedy", "158 bureau 2 rte Kennedy"),
        ("1, boul. St-Jean", "1 boulevard Saint-Jean"),
    ],
)
def test_addresses_are_one_whatever_the_hand(one: str, other: str) -> None:
    assert address_key(one) == address_key(other)


NEQ, OTHER_NEQ, PHONE = "1160000001", "1160000002", "+14185550101"


@pytest.mark.parametrize(
    ("known", "new", "sign"),
    [
        (entry("Café Roy", neq=NEQ), entry("Tout autre nom", neq=NEQ), "neq"),
        (entry("Café Roy"), entry("CAFÉ ROY INC.", "12 rue du Fleuve"), "name"),
        (entry("Café Roy", phone=PHONE), entry("Le Café Roy", "", phone=PHONE), "phone"),
        (entry("Café Bernatchez"), entry("Cafe Bernachez"), "near"),
        (entry("Café Roy et associés"), entry("Café Roy", "12, local 3, rue du Fleuve"), "near"),
        (entry("Café Roy", phone=PHONE, removed=True), entry("Café Roy", "99, rue B", phone=PHONE), "phone"),
    ],
)
def test_one_establishment_is_recognized(known: Known, new: Known, sign: str) -> None:
    directory = Directory()
    directory.add(known)
    assert directory.same_as(new) == (known, sign)


@pytest.mark.parametrize(
    ("known", "new"),
    [
        (entry("Café Roy", neq=NEQ, phone=PHONE), entry("Café Roy", "99, rue B", neq=NEQ, phone=PHONE)),
        (entry("Café Roy", phone=PHONE), entry("Garage Tremblay", phone=PHONE)),
        (entry("Café Roy"), entry("Café Roy", "99, rue B")),
        (entry("Café Roy", "12, local 1, rue du Fleuve"), entry("Café Roi", "12, local 2, rue du Fleuve")),
        (entry("Café Bernatchez", neq=NEQ), entry("Café Bernachez", neq=OTHER_NEQ)),
        (entry("Café Roy", ""), entry("Café Roy", "")),
    ],
    ids=["establishments", "same phone", "same name", "units of a mall", "two enterprises", "nowhere"],
)
def test_two_establishments_stay_two(known: Known, new: Known) -> None:
    directory = Directory()
    directory.add(known)
    assert directory.same_as(new) is None
