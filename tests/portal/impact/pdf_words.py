"""What a PDF of ours says, and what it declares: enough of the format to read a file that WeasyPrint wrote."""

import re
import zlib
from collections.abc import Iterator

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_FONT = re.compile(rb"/([-\w]+) (\d+) 0 R")
_PAIR = re.compile(rb"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>")
_SHOWN = re.compile(rb"/([-\w]+) [-\d.]+ Tf|(\[[^]]*\]|<[0-9a-fA-F]*>)\s*T[jJ]")
_HEX = re.compile(rb"<([0-9a-fA-F]*)>")


def objects(data: bytes) -> dict[int, bytes]:
    """Every object by its number, those that are packed in object streams too."""
    found = {int(number): body for number, body in _OBJECT.findall(data)}
    for body in list(found.values()):
        if b"/ObjStm" in body:
            found.update(_packed(body))
    return found


def words(data: bytes) -> str:
    """The text in the order in which it is drawn, spaces of every kind as they stand."""
    known = objects(data)
    fonts = {name: _letters(known, body) for name, body in _fonts(known)}
    return "".join(_drawn(stream(body), fonts) for _number, body in sorted(known.items()) if _is_drawn(body))


def stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    if found is None:
        return b""
    return zlib.decompressobj().decompress(found[1]) if b"FlateDecode" in body else found[1]


def _packed(body: bytes) -> Iterator[tuple[int, bytes]]:
    first = int(re.search(rb"/First (\d+)", body)[1])  # type: ignore[index]
    text = stream(body)
    numbers = [int(each) for each in text[:first].split()]
    places = [*numbers[1::2], len(text) - first]
    for number, begin, end in zip(numbers[::2], places, places[1:], strict=False):
        yield number, text[first + begin : first + end]


def _fonts(known: dict[int, bytes]) -> Iterator[tuple[bytes, bytes]]:
    for body in known.values():
        for fonts in re.findall(rb"/Font <<([^>]*)>>", body):
            for name, number in _FONT.findall(fonts):
                yield name, known[int(number)]
        for number in re.findall(rb"/Font (\d+) 0 R", body):
            for name, font in _FONT.findall(known[int(number)]):
                yield name, known[int(font)]


def _letters(known: dict[int, bytes], font: bytes) -> dict[bytes, str]:
    place = re.search(rb"/ToUnicode (\d+) 0 R", font)
    pairs = _PAIR.findall(stream(known[int(place[1])])) if place else []
    return {glyph.lower(): bytes.fromhex(letters.decode()).decode("utf-16-be") for glyph, letters in pairs}


def _is_drawn(body: bytes) -> bool:
    return b"/ObjStm" not in body and b"/XRef" not in body and b"Tf" in stream(body)


def _drawn(content: bytes, fonts: dict[bytes, dict[bytes, str]]) -> str:
    letters: dict[bytes, str] = {}
    text = []
    for font, shown in _SHOWN.findall(content):
        if font:
            letters = fonts.get(font, {})
            continue
        for glyphs in _HEX.findall(shown):
            text += [letters.get(glyphs[n : n + 4].lower(), "") for n in range(0, len(glyphs), 4)]
        text.append(" ")
    return "".join(text)
