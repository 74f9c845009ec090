"""A zip that is written straight to a file, whatever its size: nothing of it is held in memory but a chunk."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO, Any

from django.core.files.base import File
from django.utils.text import slugify

BYTE_ORDER_MARK = "\ufeff"
"""By which a spreadsheet knows UTF-8."""
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would compute, at the beginning of a cell."""
STORED = frozenset({".jpg", ".jpeg", ".png", ".webp", ".woff2", ".zip", ".pdf", ".mp3", ".epub"})
"""Already as small as they get."""
ROOT = "mon-commerce"
"""Everything stands in one folder, so that opening the zip strews nothing about."""


class UnsafeName(ValueError):
    """A name that would leave the folder in which the zip is opened: never written."""


class Archive:
    """A zip under way. ``names`` are those that were given, below the folder of the whole, in their order."""

    def __init__(self, target: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self.names: list[str] = []

    def close(self) -> None:
        self._zip.close()

    def add_text(self, name: str, text: str) -> None:
        with self.opened(name) as entry:
            entry.write(text.encode())

    def add_file(self, name: str, file: "File[bytes]") -> None:
        """A chunk at a time. Raises OSError where the file cannot be read."""
        with self.opened(name) as entry:
            for chunk in file.chunks():
                entry.write(chunk)

    def add_rows(self, name: str, heading: Sequence[Any], rows: Iterable[Sequence[Any]]) -> None:
        """A sheet as a spreadsheet set to French reads it, written as its rows are read."""
        with self.opened(name) as entry:
            text = io.TextIOWrapper(entry, encoding="utf-8", newline="")
            text.write(BYTE_ORDER_MARK)
            writer = csv.writer(text, delimiter=";")
            writer.writerow([str(cell) for cell in heading])
            writer.writerows([plain(cell) for cell in row] for row in rows)
            text.flush()
            text.detach()

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        """A file of the zip, to write to. Raises UnsafeName, and ValueError for a name that was given before."""
        path = _checked(name)
        if name in self.names:
            raise ValueError(f"{name} stands in the zip already")
        self.names.append(name)
        info = zipfile.ZipInfo(f"{ROOT}/{name}", _EPOCH)
        info.compress_type = zipfile.ZIP_STORED if path.suffix in STORED else zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        with self._zip.open(info, "w", force_zip64=True) as entry:
            yield entry


_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The same contents make the same zip."""


def _checked(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    is_plain = name.isprintable() and name.isascii() and "\\" not in name and ":" not in name
    if not is_plain or path.is_absolute() or ".." in path.parts or str(path) != name:
        raise UnsafeName(name)
    return path


def plain(value: Any) -> Any:
    """A cell: what a spreadsheet would compute is text."""
    if isinstance(value, str) and value.startswith(FORMULAS):
        return f"'{value}"
    return "" if value is None else value


def amount(cents: int | None) -> Any:
    """Cents as a column of dollars: « 12,34 », which a spreadsheet set to French reads as a number."""
    return None if cents is None else Amount(cents)


class Amount(int):
    """Cents. Written as dollars with a comma; a number below zero is no formula."""

    def __str__(self) -> str:
        sign = "-" if self < 0 else ""
        return f"{sign}{abs(int(self)) // 100},{abs(int(self)) % 100:02d}"


def safe_name(stem: str, key: int, ending: str = "") -> str:
    """« soupe-aux-pois-12.jpg »: told from its title, never the same twice, and safe on every computer."""
    return f"{slugify(stem)[:60].strip('-') or 'sans-nom'}-{key}{ending}"
