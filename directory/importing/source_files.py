"""From what was handed over (a file, several, a folder, a zip) to the one directory file that it is."""

import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _

from directory.importing.encodings import MOST_BYTES, encoding_of
from directory.importing.osm import OpenStreetMap
from directory.importing.refusals import FileRefused
from directory.importing.register import Register, Table, table_of
from directory.importing.rows import DirectoryFile
from directory.importing.town_file import TownFile

MOST_MEMBERS = 20
ENDINGS = (".csv", ".txt", ".tsv", ".json")


@contextmanager
def unpacked(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """The plain files in them, those of a zip in a place that is gone afterwards. Raises FileRefused."""
    with TemporaryDirectory(prefix="repertoire-") as room:
        found: list[Path] = []
        for path in paths:
            if path.is_dir():
                found += sorted(child for child in path.iterdir() if child.suffix.lower() in ENDINGS)
            elif zipfile.is_zipfile(path):
                found += _members(path, Path(room))
            else:
                found.append(path)
        if not found:
            raise FileRefused(_("Aucun fichier CSV ou JSON ici."))
        yield found


def _members(path: Path, room: Path) -> list[Path]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [info for info in archive.infolist() if not info.is_dir()]
            if any(info.filename.startswith(("xl/", "word/")) for info in names):
                raise FileRefused(
                    _("C’est un classeur Excel\u00a0: ouvrez-le et enregistrez la liste en CSV (UTF-8).")
                )
            wanted = [info for info in names if info.filename.lower().endswith(ENDINGS)][:MOST_MEMBERS]
            return [_member(archive, info, room / f"{number}.dat") for number, info in enumerate(wanted)]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise FileRefused(
            _("Cette archive zip ne s’ouvre pas\u00a0: elle est abîmée ou protégée.")
        ) from error


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> Path:
    """Not a byte more than is allowed is unpacked, whatever the archive says of itself."""
    with archive.open(info) as packed, target.open("wb") as plain:
        shutil.copyfileobj(_Capped(packed), plain)
    return target


class _Capped:
    def __init__(self, stream: object) -> None:
        self.stream, self.left = stream, MOST_BYTES

    def read(self, size: int = -1) -> bytes:
        """Raises FileRefused past the most that is unpacked."""
        chunk: bytes = self.stream.read(size)  # type: ignore[attr-defined]
        self.left -= len(chunk)
        if self.left < 0:
            raise FileRefused(
                _("Une fois ouvert, ce fichier dépasse %(most)s\u00a0Mo.") % {"most": MOST_BYTES // 2**20}
            )
        return chunk


def directory_file(paths: Sequence[Path], known: Mapping[str, str]) -> DirectoryFile:
    """What these plain files are together; ``known``: columns said before. Raises FileRefused."""
    tables: dict[str, Table] = {}
    for path in paths:
        if table := None if _is_json(path) else table_of(path):
            tables[table[0]] = table[1]
    if tables:
        return Register(tables)
    if len(paths) > 1:
        raise FileRefused(_("Un seul fichier à la fois, sauf pour les trois du registre des entreprises."))
    return OpenStreetMap(paths[0]) if _is_json(paths[0]) else TownFile(paths[0], known)


def _is_json(path: Path) -> bool:
    with path.open(encoding=encoding_of(path)) as stream:
        return stream.read(400).lstrip("\ufeff \t\r\n").startswith(("{", "["))
