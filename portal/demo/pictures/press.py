"""The press: flat inks a little out of register, halftone dots for shade, a brush line on top, newsprint below.

Drawn twice as large and brought down once, so that edges are smooth. Every chance comes from the sheet's own
seed: the same picture is the same bytes.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from math import cos, pi, sin
from pathlib import Path
from random import Random
from typing import TypeAlias

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from . import shapes
from .inks import INKS, Ink, darker
from .shapes import Point, Shape

Area: TypeAlias = tuple[int, int, int, int]

SUPER = 2
HEAVIEST = 200_000
CELL = 7
FONTS = Path(__file__).parent / "fonts"
FACES = {
    "display": "bricolage-grotesque-latin-800-normal.woff2",
    "plain": "bricolage-grotesque-latin-500-normal.woff2",
    "serif": "newsreader-latin-600-normal.woff2",
    "italic": "newsreader-latin-500-italic.woff2",
    "fat": "abril-fatface-latin-400-normal.woff2",
    "slab": "alfa-slab-one-latin-400-normal.woff2",
    "tall": "bebas-neue-latin-400-normal.woff2",
    "brush": "kaushan-script-latin-400-normal.woff2",
    "geo": "josefin-sans-latin-600-normal.woff2",
}


class Sheet:
    """One sheet on the press. Coordinates are those of the finished picture, moved by `at`."""

    def __init__(self, width: int, height: int, ground: Ink, seed: int) -> None:
        self.width, self.height = width, height
        self.random = Random(seed)
        self.image = Image.new("RGB", (width * SUPER, height * SUPER), ground)
        self._x = self._y = self._turn = 0.0
        self._scale = 1.0
        self.slip: Point = (self.random.uniform(2, 4), self.random.uniform(-3.5, -1.5))

    @contextmanager
    def at(self, x: float, y: float, scale: float = 1.0, turn: float = 0.0) -> Iterator[None]:
        """Draw from (x, y) as origin, larger by `scale`, turned by `turn` degrees, within this block."""
        kept = self._x, self._y, self._scale, self._turn
        (self._x, self._y), self._scale, self._turn = self._place([(x, y)])[0], self._scale * scale, self._turn + turn
        try:
            yield
        finally:
            self._x, self._y, self._scale, self._turn = kept

    def _place(self, shape: Sequence[Point]) -> Shape:
        c, s = cos(self._turn * pi / 180) * self._scale, sin(self._turn * pi / 180) * self._scale
        return [(self._x + x * c - y * s, self._y + x * s + y * c) for x, y in shape]

    def _pixels(self, shape: Sequence[Point], slip: Point = (0, 0)) -> Shape:
        return [((x + slip[0]) * SUPER, (y + slip[1]) * SUPER) for x, y in self._place(shape)]

    def fill(self, shape: Sequence[Point], tint: Ink, *, true: bool = False) -> None:
        """Flat ink, out of register like the rest of its plate, or `true` to the line."""
        ImageDraw.Draw(self.image).polygon(self._pixels(shape, (0, 0) if true else self.slip), fill=tint)

    def tone(self, shape: Sequence[Point], tint: Ink, light: float, dark: float, angle: float = 0, *, over: Ink | None = None) -> None:
        """Halftone dots inside `shape`, from `light` to `dark` (0 to 1) in the direction `angle` (0 right, 90 down).

        `over` says that one flat ink lies below, which spares looking at it.
        """
        points = self._pixels(shape, self.slip)
        area = _area(points, self.image.size)
        if area is None:
            return
        if light < 0 < dark and self._turn == 0 and angle in (0, 90):
            area, light = _where_dots_begin(area, -light / (dark - light), angle), 0
        size = area[2] - area[0], area[3] - area[1]
        mask = Image.new("L", size, 0)
        ImageDraw.Draw(mask).polygon([(x - area[0], y - area[1]) for x, y in points], fill=255)
        dots = _dots(size, (area[0] % (2 * CELL * SUPER), area[1] % (2 * CELL * SUPER)), light, dark, angle + self._turn)
        where = ImageChops.multiply(mask, dots)
        if over is not None:
            self.image.paste(tuple(a * b // 255 for a, b in zip(over, tint, strict=True)), area, where)
            return
        self.image.paste(ImageChops.multiply(self.image.crop(area), Image.new("RGB", size, tint)), area, where)

    def line(self, points: Sequence[Point], width: float = 5, tint: Ink | None = None, *, closed: bool = False, taper: bool = False) -> None:
        """A brush line: its width breathes a little, its ends are round (or thin, with `taper`)."""
        path = shapes.even(self._place([*points, points[0]] if closed else points), 9)
        if len(path) < 2:
            return
        widths = self._breath(len(path), width * self._scale, taper=taper)
        draw = ImageDraw.Draw(self.image)
        colour = tint or INKS["ink"]
        draw.polygon([(x * SUPER, y * SUPER) for x, y in shapes.ribbon(path, widths)], fill=colour)
        for (x, y), w in zip(path, widths, strict=True):
            r = w / 2 * SUPER
            draw.ellipse((x * SUPER - r, y * SUPER - r, x * SUPER + r, y * SUPER + r), fill=colour)

    def _breath(self, count: int, width: float, *, taper: bool) -> list[float]:
        phase, speed = self.random.uniform(0, 6), self.random.uniform(0.10, 0.19)
        swell = [1 + 0.16 * sin(phase + i * speed) for i in range(count)]
        if taper:
            swell = [k * (0.15 + 0.85 * sin(pi * i / max(1, count - 1))) for i, k in enumerate(swell)]
        return [width * k for k in swell]

    def body(self, shape: Sequence[Point], tint: Ink, *, width: float = 5, shade: float = 0.55, angle: float = 0) -> None:
        """A thing: flat ink, shade growing in the direction `angle`, a line around."""
        self.fill(shape, tint)
        if shade:
            self.tone(shape, darker(tint, 0.45), -0.35, shade, angle, over=tint)
        if width:
            self.line(shape, width, closed=True)

    def shine(self, points: Sequence[Point], width: float = 7) -> None:
        self.line(points, width, INKS["white"], taper=True)

    def shadow(self, cx: float, cy: float, rx: float, ry: float, strength: float = 0.75) -> None:
        """The shadow a thing throws on the table."""
        self.tone(shapes.ellipse(cx, cy, rx, ry), (70, 66, 92), strength, strength * 0.6, 0)

    def text(self, words: str, x: float, y: float, size: float, face: str = "display", tint: Ink | None = None, *,
             room: float | None = None, track: float = 0) -> None:
        """Words centred on (x, y), made smaller until they fit in `room`."""
        if not words:
            return
        pixels = max(6, round(size * self._scale * SUPER))
        type_ = _type(face, pixels)
        if room is not None and (wide := _measure(type_, words, track * pixels)) > room * self._scale * SUPER:
            pixels = max(6, int(pixels * room * self._scale * SUPER / wide))
            type_ = _type(face, pixels)
        self._set(words, (x, y), type_, tint or INKS["ink"], track * pixels)

    def _set(self, words: str, where: Point, type_: ImageFont.FreeTypeFont, tint: Ink, track: float) -> None:
        wide, high = int(_measure(type_, words, track)) + 24, int(type_.size * 1.6)
        plate = Image.new("L", (wide, high), 0)
        _write(ImageDraw.Draw(plate), words, (12, high / 2), type_, track)
        if self._turn:
            plate = plate.rotate(-self._turn, Image.Resampling.BICUBIC, expand=True)
        (px, py), = self._pixels([where])
        corner = round(px - plate.width / 2), round(py - plate.height / 2)
        self.image.paste(Image.new("RGB", plate.size, tint), corner, plate)

    def finish(self) -> Image.Image:
        """The dry picture: brought down to size, on newsprint."""
        small = self.image.resize((self.width, self.height), Image.Resampling.BOX)
        return ImageChops.multiply(small, _newsprint(self.width, self.height, self.random.randrange(64)))

    def jpeg(self) -> bytes:
        """Under 200 KB: a busy picture gives up a little sharpness for it."""
        dry = self.finish()
        for quality in (74, 66, 58):
            out = BytesIO()
            dry.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
            if out.tell() < HEAVIEST:
                break
        return out.getvalue()


def _area(points: Shape, size: tuple[int, int]) -> Area | None:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    left, top = max(0, int(min(xs))), max(0, int(min(ys)))
    right, bottom = min(size[0], int(max(xs)) + 1), min(size[1], int(max(ys)) + 1)
    return (left, top, right, bottom) if right - left > 1 and bottom - top > 1 else None


def _where_dots_begin(area: Area, share: float, angle: float) -> Area:
    """The area without its first `share`, where the ramp is below nothing: what is not looked at costs nothing."""
    left, top, right, bottom = area
    if angle == 0:
        return min(right - 1, left + int((right - left) * share)), top, right, bottom
    return left, min(bottom - 1, top + int((bottom - top) * share)), right, bottom


def _dots(size: tuple[int, int], phase: tuple[int, int], light: float, dark: float, angle: float) -> Image.Image:
    """A mask of dots that grow from `light` to `dark` across `size`."""
    ramp = _ramp(round(angle) % 360).point(_curve(light, dark)).resize(size, Image.Resampling.NEAREST)
    screen = _screen().crop((phase[0], phase[1], phase[0] + size[0], phase[1] + size[1]))
    return ImageChops.add(ramp, screen, 1, -255).point(_HARD)


_HARD = [min(255, v * 9) for v in range(256)]


@cache
def _curve(light: float, dark: float) -> list[int]:
    return [max(0, min(255, round(255 * (light + (dark - light) * v / 255)))) for v in range(256)]


@cache
def _ramp(angle: int) -> Image.Image:
    """Black to white in the direction `angle`, 0 being rightwards."""
    half = 64
    c, s = cos(angle * pi / 180), sin(angle * pi / 180)
    reach = half * (abs(c) + abs(s))
    values = [int(127.5 + 127.5 * ((x - half) * c + (y - half) * s) / reach) for y in range(2 * half) for x in range(2 * half)]
    return Image.frombytes("L", (2 * half, 2 * half), bytes(max(0, min(255, v)) for v in values))


@cache
def _screen() -> Image.Image:
    """The halftone screen, at 45 degrees, large enough for any sheet."""
    cell = CELL * SUPER
    spot = [127.5 + 63.7 * (cos(2 * pi * (x + y) / (2 * cell)) + cos(2 * pi * (x - y) / (2 * cell))) for y in range(2 * cell) for x in range(2 * cell)]
    tile = Image.frombytes("L", (2 * cell, 2 * cell), bytes(int(v) for v in spot))
    wide = Image.new("L", (2 * cell * 100, 2 * cell * 100))
    for x in range(100):
        wide.paste(tile, (x * 2 * cell, 0))
    row = wide.crop((0, 0, wide.width, 2 * cell))
    for y in range(1, 100):
        wide.paste(row, (0, y * 2 * cell))
    return wide


@cache
def _fibres() -> Image.Image:
    """A large piece of newsprint: fine grain over slow clouds."""
    chance = Random("newsprint")
    side = 1400
    grain = Image.frombytes("L", (side, side), chance.randbytes(side * side)).filter(ImageFilter.GaussianBlur(1.1))
    cloud = Image.frombytes("L", (70, 70), chance.randbytes(4900)).resize((side, side), Image.Resampling.BICUBIC)
    fibres = Image.blend(grain.point([max(0, min(255, round(128 + (v - 128) * 2.2))) for v in range(256)]), cloud, 0.35)
    return fibres.point([max(232, min(255, round(249 + (v - 128) * 0.085))) for v in range(256)])


def _newsprint(width: int, height: int, turn: int) -> Image.Image:
    x, y = (turn % 8) * (1400 - width) // 8, (turn // 8) * (1400 - height) // 8
    grain = _fibres().crop((x, y, x + width, y + height))
    return Image.merge("RGB", (grain, grain, grain.point([max(0, v - 3) for v in range(256)])))


@cache
def _type(face: str, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / FACES[face]), pixels, layout_engine=ImageFont.Layout.BASIC)


def _measure(type_: ImageFont.FreeTypeFont, words: str, track: float) -> float:
    return type_.getlength(words) + track * len(words)


def _write(draw: ImageDraw.ImageDraw, words: str, where: Point, type_: ImageFont.FreeTypeFont, track: float) -> None:
    if not track:
        draw.text(where, words, fill=255, font=type_, anchor="lm")
        return
    x = where[0]
    for letter in words:
        draw.text((x, where[1]), letter, fill=255, font=type_, anchor="lm")
        x += type_.getlength(letter) + track
