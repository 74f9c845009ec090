"""The enterprise register, extracts of OpenStreetMap, and whatever else is handed over."""

import json
import zipfile
from pathlib import Path

import pytest

from directory.importing.osm import OpenStreetMap
from directory.importing.refusals import FileRefused
from directory.importing.rows import DirectoryFile, Row
from directory.importing.source_files import directory_file, unpacked
from tests.directory.importing.samples import osm_file, register, shop, town_file


def read(*paths: Path) -> tuple[DirectoryFile, list[Row]]:
    with unpacked(paths) as plain:
        file = directory_file(plain, {})
        return file, list(file.rows())


def refusal(*paths: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        read(*paths)
    return refused.value.reason


def test_register_joins_its_three_tables_by_neq(tmp_path: Path) -> None:
    file, rows = read(register(tmp_path / "req"))
    assert file.shape == "register"
    assert [row.ref for row in rows] == [
        "1170000001-0001", "1170000001-0002", "1170000002-0001", "1170000003-0001", "1170000004-0001", "1170000009-0001"
    ]  # fmt: skip
    assert rows[0].cells["name"] == "Vélo des Rives inc."
    assert (rows[0].cells["city"], rows[0].cells["postal_code"]) == ("Lévis", "G6X 7B3")
    assert [bool(row.fault) for row in rows] == [False, False, True, True, True, True]
    assert ["radiée" in rows[2].fault, "divulguée" in rows[3].fault, "nom" in rows[4].fault] == [True] * 3


def test_register_comes_as_several_files_or_as_a_zip(tmp_path: Path) -> None:
    folder = register(tmp_path / "req")
    with zipfile.ZipFile(tmp_path / "req.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"donnees/{path.name}")
    as_zip, as_files = read(tmp_path / "req.zip")[1], read(*folder.iterdir())[1]
    assert as_zip == as_files == read(folder)[1]
    assert "Nom.csv" in refusal(folder / "Entreprise.csv", folder / "Etablissements.csv")


def test_map_elements_are_read_as_they_come(tmp_path: Path) -> None:
    elements = [
        shop(
            1,
            name="Boulangerie",
            **{"addr:housenumber": "1", "addr:street": "rue A", "opening_hours": "24/7"},
        ),
        {"type": "node", "id": 2, "lat": 1, "lon": 2},
        {
            "type": "way",
            "id": 3,
            "center": {"lat": 46.7, "lon": -71.2},
            "tags": {"craft": "winery", "name": "Vin"},
        },
        {"type": "node", "id": 4, "tags": {"amenity": "bench"}},
        {"type": "node", "id": 5, "tags": {"shop": "vacant", "name": "Vide"}},
        {"type": "node", "id": 6, "tags": {"disused:shop": "books", "name": "Fermé"}},
    ]
    _file, rows = read(osm_file(tmp_path / "a.json", *elements))
    assert [row.ref for row in rows] == ["node 1", "way 3", "node 4", "node 5", "node 6"]
    assert rows[0].cells["street_address"] == "1, rue A"
    assert (rows[1].cells["latitude"], rows[1].cells["category"]) == ("46.7", "craft=winery")
    assert [bool(row.fault) for row in rows[3:]] == [True, True]


def test_a_cut_extract_is_refused_whole(tmp_path: Path) -> None:
    path = osm_file(tmp_path / "a.json", *(shop(number, name=f"Café {number}") for number in range(50)))
    path.write_text(path.read_text()[:-200])
    assert "coupé" in refusal(path)


def test_an_element_without_end_is_told_of_and_the_others_read(tmp_path: Path) -> None:
    path = osm_file(tmp_path / "a.json", shop(1, name="x" * 1_000_000), shop(2, name="Café"))
    rows = list(OpenStreetMap(path).rows())
    assert ["caractères" in rows[0].fault, rows[1].cells["name"]] == [True, "Café"]


def test_other_json_and_workbooks_are_no_lists(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"features": []}))
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 nothing")
    assert "OpenStreetMap" in refusal(tmp_path / "a.json")
    assert "Excel" in refusal(tmp_path / "a.xlsx")
    assert "ZIP" in refusal(tmp_path / "broken.zip")


def test_a_zip_is_unpacked_no_further_than_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory.importing.source_files.MOST_BYTES", 100_000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "x" * 5_000_000)
    assert "dépasse" in refusal(tmp_path / "bomb.zip")


def test_two_lists_at_once_are_one_too_many(tmp_path: Path) -> None:
    assert "Un seul fichier" in refusal(town_file(tmp_path / "a.csv"), town_file(tmp_path / "b.csv"))
