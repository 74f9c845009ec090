"""One entry as a file states it: words by field, unread. All shapes of files come to this."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Row:
    """``line`` is that of the file; ``fault`` says why its cells cannot be read at all."""

    line: int
    cells: Mapping[str, str] = field(default_factory=dict)
    ref: str = ""
    fault: str = ""
    is_osm: bool = False


class DirectoryFile(Protocol):
    """Read from the beginning as often as asked; always the same rows in the same order."""

    shape: str

    @property
    def told(self) -> str:
        """How it was read, for people."""

    def rows(self) -> Iterator[Row]: ...
