"""In which encoding a file is: UTF-8 with or without its mark, UTF-16, Windows-1252; or a refusal, never a guess.

A file of another encoding reads as Windows-1252 without an error, and as nonsense. So the letters must be those that
French writes.
"""

import codecs
import re
from pathlib import Path

from django.utils.translation import gettext as _

from directory.importing.refusals import FileRefused

CHUNK = 1 << 20
MOST_BYTES = 64 * 1024 * 1024
"""Of one file, unpacked. A town's directory has a thousandth of it."""

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
}

FRENCH = frozenset("àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆáíñóúÁÍÑÓÚ«»’‘“”–—…°²³€®©™·•\u00a0½¼ºª")
ENOUGH_FRENCH = 0.9

_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

KNOWN_FILES = (
    (b"%PDF", "PDF"),
    (b"\xd0\xcf\x11\xe0", "Excel (.xls)"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "GZIP"),
    (b"PK\x03\x04", "ZIP"),
)


def encoding_of(path: Path) -> str:
    """A codec that reads the whole file. Raises FileRefused for what is empty, too big, not text, or none of ours."""
    size = path.stat().st_size
    if not size:
        raise FileRefused(_("Ce fichier est vide."))
    if size > MOST_BYTES:
        raise FileRefused(
            _("Ce fichier pèse %(size)s\u00a0Mo; %(most)s\u00a0Mo au plus.")
            % {"size": size // 2**20, "most": MOST_BYTES // 2**20}
        )
    with path.open("rb") as stream:
        head = stream.read(4096)
    _refuse_other_kinds(head)
    found = next((codec for mark, codec in MARKS if head.startswith(mark)), None) or _unmarked_utf16(head)
    if found:
        return _checked(path, found)
    if _NOT_TEXT.search(head):
        raise FileRefused(_("Ce fichier n’est pas un fichier de texte\u00a0: enregistrez la liste en CSV."))
    return "utf-8" if _reads_as(path, "utf-8") else _windows(path)


def _refuse_other_kinds(head: bytes) -> None:
    for beginning, kind in KNOWN_FILES:
        if head.startswith(beginning):
            raise FileRefused(
                _("C’est un fichier %(kind)s\u00a0: ouvrez-le et enregistrez la liste en CSV (UTF-8).")
                % {"kind": kind}
            )


def _unmarked_utf16(head: bytes) -> str | None:
    """Plain letters have an empty byte beside them, always on the same side."""
    half = len(head) // 2
    if half < 8:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.6 * half and not even:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 * half and not odd else None


def _checked(path: Path, codec: str) -> str:
    if not _reads_as(path, codec):
        raise FileRefused(
            _(
                "Ce fichier se dit en %(encoding)s et ne l’est pas jusqu’au bout\u00a0: il est abîmé ou mêlé. "
                "Enregistrez-le de nouveau en CSV (UTF-8)."
            )
            % {"encoding": NAMES[codec]}
        )
    return codec


def _reads_as(path: Path, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)("strict")
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _windows(path: Path) -> str:
    """Raises FileRefused where the letters are none that French writes."""
    strange = common = 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            letters = [letter for letter in chunk.decode("cp1252", "replace") if letter > "\x7f"]
            common += sum(letter in FRENCH for letter in letters)
            strange += sum(letter not in FRENCH for letter in letters)
    if common < ENOUGH_FRENCH * (common + strange):
        raise FileRefused(
            _(
                "L’encodage de ce fichier n’est pas reconnu\u00a0: ses accents ne se lisent pas. "
                "Enregistrez-le de nouveau en CSV (UTF-8)."
            )
        )
    if not _reads_as(path, "cp1252"):
        raise FileRefused(
            _("Ce fichier est abîmé\u00a0: certains caractères ne se lisent dans aucun encodage connu.")
        )
    return "cp1252"
