"""A town's table: its separator, its headings, and the lines under them."""

from pathlib import Path

import pytest

from directory.importing.refusals import FileRefused
from directory.importing.town_file import TownFile
from tests.directory.importing.samples import town_file

NO_OTHER_SEPARATOR = [
    "1160000001;Boulangerie du Quai;Alimentation;12 rue du Fleuve;Lévis;Lévis;G6V 1A1;418 555-0101;;;;46.81;-71.18"
]


@pytest.mark.parametrize("separator", [";", ",", "|", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_same_list_reads_the_same_in_other_encodings_and_separators(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    path = town_file(tmp_path / "a.csv", NO_OTHER_SEPARATOR, encoding=encoding, separator=separator)
    (row,) = TownFile(path, {}).rows()
    assert row.line == 2
    assert row.cells["name"] == "Boulangerie du Quai"
    assert row.cells["longitude"] == "-71.18"


def test_headings_are_guessed_below_a_title_and_whatever_their_spelling(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Répertoire 2026;;\n\nNom de l’entreprise;No. de téléphone;ADRESSE CIVIQUE\nCafé;1;2\n")
    file = TownFile(path, {})
    assert list(file.columns.values()) == ["name", "phone", "street_address"]
    assert [row.line for row in file.rows()] == [4]


def test_what_was_said_of_a_column_goes_before_what_is_guessed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Nom;Remarques;Secteur\nCafé;lun 9h-12h;Lévis\n")
    assert TownFile(path, {"remarques": "hours", "secteur": ""}).columns == {
        "nom": "name", "remarques": "hours", "secteur": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Téléphone;Adresse\n418 555-0101;1, rue A\n", "le nom"),
        ("Nom;Téléphone\nCafé;418 555-0101\n", "l’adresse"),
    ],
)
def test_missing_columns_are_named_beside_those_that_were_read(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(FileRefused) as refused:
        TownFile(path, {}).refuse_what_is_missing()
    assert words in refused.value.reason
    assert "Téléphone" in refused.value.reason


def test_a_text_without_columns_is_no_list(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Bonjour la visite\nVoici nos commerces\n")
    with pytest.raises(FileRefused, match="colonnes lisibles"):
        TownFile(path, {})


def test_a_line_with_a_moved_separator_is_told_of_and_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Nom;Adresse;Secteur\nA;1;Lévis\nB;2\nC;3;rue;Lévis\nD;4;Lévis;;\n")
    rows = list(TownFile(path, {}).rows())
    assert [bool(row.fault) for row in rows] == [False, True, True, False]
    assert "2 cellules au lieu de 3" in str(rows[1].fault)
