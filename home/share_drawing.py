"""A front page of 1200 by 630 pixels, for whoever is shown a link: masthead, double rule, kicker, headline, picture.

Where there is no photo, the town's own silhouette fills its place.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont, ImageOps

SIZE = WIDTH, HEIGHT = 1200, 630
MARGIN = 56
PICTURE = 452
"""Width of the photo, which bleeds off the right edge."""
GUTTER = 44

MASTHEAD, RULE, BELOW_RULE = 84, 100, 140
FOOT = HEIGHT - MARGIN
LARGEST, SMALLEST, MOST_LINES = 132, 44, 6
LEADING = 0.93

FLYER, FLYER_INK = "#ffd60a", "#14161a"
"""The house's yellow, on which what was paid for says so (``--flyer`` in static/css/tokens.css)."""

DISPLAY, TEXT = "bricolage-grotesque", "figtree"
Font = ImageFont.FreeTypeFont
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Sheet:
    """What the picture says, and in which colours (``#rrggbb``). ``mark`` says who paid, in the place of the kicker."""

    brand: str
    journal: str
    kicker: str
    mark: str
    headline: str
    ink: str
    accent: str
    paper: str
    shape: str


def draw(sheet: Sheet, photo: Image.Image | None = None) -> Image.Image:
    """The picture. ``photo`` is cut to its place."""
    picture = Image.new("RGB", SIZE, sheet.paper)
    pen = ImageDraw.Draw(picture)
    right = WIDTH - PICTURE - GUTTER
    if photo is not None:
        picture.paste(ImageOps.fit(photo.convert("RGB"), (PICTURE, HEIGHT)), (WIDTH - PICTURE, 0))
    else:
        _town(picture, sheet, right + GUTTER)
    edge = right if photo is not None else WIDTH - MARGIN
    _masthead(pen, sheet, edge)
    top = _kicker(pen, sheet, edge)
    _headline(pen, sheet, (MARGIN, top, right, FOOT - 44))
    _foot(pen, sheet, right)
    return picture


# ---------------------------------------------------------------------------------------------------------- its parts


def _masthead(pen: ImageDraw.ImageDraw, sheet: Sheet, right: float) -> None:
    """The name between the edge and the double rule, as large as it fits."""
    face = _fitting(sheet.brand, (60, 30), right - MARGIN)
    pen.text((MARGIN, MASTHEAD), sheet.brand, sheet.ink, face, anchor="ls")
    pen.rectangle((MARGIN, RULE, right, RULE + 6), sheet.ink)
    pen.rectangle((MARGIN, RULE + 11, right, RULE + 12), sheet.ink)


def _kicker(pen: ImageDraw.ImageDraw, sheet: Sheet, right: float) -> float:
    """Who paid, on yellow that cannot be missed; else the kicker in the accent. Returns where the headline begins."""
    words = sheet.mark or sheet.kicker
    if not words:
        return BELOW_RULE
    face = _fitting(words, (29, 20), right - MARGIN - 32, TEXT, 700)
    words = _cut(words, face, right - MARGIN - 32)
    if sheet.mark:
        pen.rectangle((MARGIN, BELOW_RULE, MARGIN + face.getlength(words) + 32, BELOW_RULE + 48), FLYER)
        pen.text((MARGIN + 16, BELOW_RULE + 34), words, FLYER_INK, face, anchor="ls")
        return BELOW_RULE + 68
    pen.text((MARGIN, BELOW_RULE + 26), words, sheet.accent, face, anchor="ls")
    return BELOW_RULE + 48


def _headline(pen: ImageDraw.ImageDraw, sheet: Sheet, box: Box) -> None:
    left, top, right, bottom = box
    size, lines = set_headline(sheet.headline, right - left, bottom - top)
    face, first = _font(DISPLAY, size, 75), top + size * 0.82
    for number, line in enumerate(lines):
        pen.text((left, first + number * size * LEADING), line, sheet.ink, face, anchor="ls")


def _foot(pen: ImageDraw.ImageDraw, sheet: Sheet, right: float) -> None:
    pen.rectangle((MARGIN, FOOT - 12, MARGIN + 64, FOOT - 2), sheet.accent)
    if sheet.journal:
        face = _font(TEXT, 25, 600)
        words = _cut(sheet.journal, face, right - MARGIN - 84)
        pen.text((MARGIN + 84, FOOT), words, sheet.ink, face, anchor="ls")


# ----------------------------------------------------------------------------------------------------------- its words


def set_headline(words: str, width: float, height: float) -> tuple[int, list[str]]:
    """The largest size at which the words fit, and their lines. At the smallest, what does not fit ends in « … »."""
    for size in range(LARGEST, SMALLEST, -4):
        lines = _wrapped(words, _font(DISPLAY, size, 75), width)
        if len(lines) <= _room(height, size) and _widest(lines, _font(DISPLAY, size, 75)) <= width:
            return size, lines
    face, most = _font(DISPLAY, SMALLEST, 75), _room(height, SMALLEST)
    lines = _wrapped(words, face, width)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1]}…"]
    return SMALLEST, [_cut(line, face, width) for line in lines]


def _room(height: float, size: int) -> int:
    """How many lines of that size fit."""
    return max(1, min(MOST_LINES, int((height - size) // (size * LEADING)) + 1))


def _widest(lines: list[str], face: Font) -> float:
    return max(face.getlength(line) for line in lines)


def _wrapped(words: str, face: Font, width: float) -> list[str]:
    """Broken at spaces, never at a no-break space."""
    lines = [""]
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and face.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _fitting(words: str, sizes: tuple[int, int], width: float, face: str = DISPLAY, axis: int = 75) -> Font:
    """The largest between the two sizes at which the words fit; else the smallest."""
    largest, smallest = sizes
    fits = (
        size for size in range(largest, smallest, -1) if _font(face, size, axis).getlength(words) <= width
    )
    return _font(face, next(fits, smallest), axis)


def _cut(words: str, face: Font, width: float) -> str:
    """The words, shortened with « … » where they are wider than that."""
    if face.getlength(words) <= width:
        return words
    words = words.rstrip("…")
    while words and face.getlength(f"{words}…") > width:
        words = words[:-1].rstrip()
    return f"{words}…"


@lru_cache(maxsize=64)
def _font(face: str, size: int, axis: int) -> Font:
    """One of the house's own, which browsers get too; ``axis`` is the width of the display face, the weight of text."""
    found = ImageFont.truetype(str(Path(settings.BASE_DIR, "static", "fonts", f"{face}.woff2")), size)
    found.set_variation_by_axes([axis])
    return found


# ------------------------------------------------------------------------------------------------------------ the town

_PATH = re.compile(r'<path id="(contour|lots|fleuve)"[^>]*? d="([^"]+)"')
_FINE = 3
"""Drawn that much larger, then brought down: edges are smooth."""


def _town(picture: Image.Image, sheet: Sheet, left: float) -> None:
    """The silhouette in the portal's accent, its places drawn in the paper's colour, the river in ink."""
    scale = (WIDTH - MARGIN - left) / 620 * _FINE
    middle = (BELOW_RULE + FOOT) / 2 * _FINE
    large = Image.new("RGBA", (WIDTH * _FINE, HEIGHT * _FINE))
    pen = ImageDraw.Draw(large)
    lines = _outline(sheet.shape)

    def put(path: list[tuple[float, float]]) -> list[tuple[float, float]]:
        return [((x - 92) * scale + left * _FINE, (y - 275) * scale + middle) for x, y in path]

    for path in lines["contour"]:
        pen.polygon(put(path), fill=sheet.accent)
    for path in lines["lots"]:
        pen.line([*put(path), put(path)[0]], fill=sheet.paper, width=2 * _FINE, joint="curve")
    for path in lines["fleuve"]:
        pen.line(put(path), fill=sheet.ink, width=7 * _FINE, joint="curve")
    small = large.resize(SIZE, Image.Resampling.LANCZOS)
    picture.paste(small, mask=small.getchannel("A"))


@lru_cache(maxsize=8)
def _outline(shape: str) -> dict[str, list[list[tuple[float, float]]]]:
    """The lines of ``static/towns/<shape>.svg``, in its units; those of the general one for a shape nobody drew."""
    folder = Path(settings.BASE_DIR, "static", "towns")
    file = folder / f"{shape}.svg"
    text = (file if file.is_file() else folder / "generic.svg").read_text(encoding="utf-8")
    found: dict[str, list[list[tuple[float, float]]]] = {"contour": [], "lots": [], "fleuve": []}
    for name, drawn in _PATH.findall(text):
        found[name] = [_points(part) for part in drawn.split("M") if part]
    return found


def _points(drawn: str) -> list[tuple[float, float]]:
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", drawn)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))
