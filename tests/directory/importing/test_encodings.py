"""Which encoding a file is in: certain, or refused with a sentence."""

from pathlib import Path

import pytest

from directory.importing.encodings import encoding_of
from directory.importing.refusals import FileRefused

TEXT = "Nom;Ville\nÉrablière de l’Œillet;Lévis\nPâtisserie Chez Noël;Saint-Étienne\n"


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("codec", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_encoding_is_known_and_reads_back(tmp_path: Path, codec: str, found: str) -> None:
    path = written(tmp_path / "a.csv", TEXT.encode(codec))
    assert encoding_of(path) == found
    assert path.read_text(encoding=found) == TEXT


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"%PDF-1.7 \n", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Excel"),
        (b"Nom\x00\x01;Ville\n", "texte"),
        (TEXT.replace("’", "'").replace("Œ", "E").encode("mac-roman"), "encodage"),
        (TEXT.replace("’", "'").replace("Œ", "E").encode("cp850"), "encodage"),
        (b"\xef\xbb\xbf" + TEXT.encode("cp1252"), "jusqu’au bout"),
        (TEXT.encode("utf-16")[:-1], "jusqu’au bout"),
    ],
    ids=["empty", "pdf", "excel", "binary", "macintosh", "dos", "false mark", "cut"],
)
def test_what_cannot_be_read_is_refused_in_french(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(FileRefused) as refused:
        encoding_of(written(tmp_path / "a.csv", content))
    assert words in refused.value.reason


def test_too_big_a_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory.importing.encodings.MOST_BYTES", 10)
    with pytest.raises(FileRefused, match="Mo au plus"):
        encoding_of(written(tmp_path / "a.csv", TEXT.encode()))
