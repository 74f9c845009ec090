"""The lines of a damaged table: each that can be read is, each that cannot is told of by its number."""

import tracemalloc
from pathlib import Path

import pytest

from directory.importing.records import MOST_LETTERS, Record, records


def read(path: Path, text: str, delimiter: str = ";") -> list[Record]:
    path.write_text(text, newline="")
    return list(records(path, "utf-8", delimiter))


@pytest.mark.parametrize("delimiter", [";", ",", "|", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_cells_are_split_whatever_the_separator_and_line_end(
    tmp_path: Path, delimiter: str, end: str
) -> None:
    found = read(
        tmp_path / "a", end.join([f"a{delimiter}b", "", f'"c{delimiter}""d"""{delimiter}e']), delimiter
    )
    assert [record.cells for record in found] == [["a", "b"], [f'c{delimiter}"d"', "e"]]
    assert [record.line for record in found] == [1, 3]


def test_a_cell_runs_over_lines_and_a_quote_inside_one_is_a_letter(tmp_path: Path) -> None:
    found = read(tmp_path / "a", 'a;"b\nc";d\n5" de neige;e;f\n')
    assert [(record.line, record.cells) for record in found] == [
        (1, ["a", "b\nc", "d"]),
        (3, ['5" de neige', "e", "f"]),
    ]


def test_a_quote_that_is_never_closed_loses_its_own_line_alone(tmp_path: Path) -> None:
    found = read(tmp_path / "a", 'a;"b;c\nd;e;f\ng;h;i\n')
    assert [(record.line, record.cells, bool(record.fault)) for record in found] == [
        (1, [], True),
        (2, ["d", "e", "f"], False),
        (3, ["g", "h", "i"], False),
    ]


def test_an_endless_cell_over_many_lines_is_one_fault(tmp_path: Path) -> None:
    found = read(tmp_path / "a", 'a;"' + "x\n" * 500 + '";c\nd;e;f\n')
    assert [(record.line, record.cells) for record in found] == [(1, []), (502, ["d", "e", "f"])]


def test_a_million_characters_in_one_cell_are_passed_over_in_little_memory(tmp_path: Path) -> None:
    text = "a;b\n" + "x" * 10_000_000 + ";c\nd;e\n"
    (tmp_path / "a").write_text(text)
    tracemalloc.start()
    found = list(records(tmp_path / "a", "utf-8", ";"))
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [(record.line, record.cells) for record in found] == [(1, ["a", "b"]), (2, []), (3, ["d", "e"])]
    assert str(MOST_LETTERS)[:2] in found[1].fault
    assert most < 2_000_000
