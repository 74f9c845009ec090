"""A product's picture: a ground, a table, the thing."""

from dataclasses import dataclass

from . import shapes as sh
from .inks import INKS, Ink, darker, lighter
from .motifs import MOTIFS, Look
from .press import Sheet

WIDTH, HEIGHT = 1200, 900
TABLE = 640


@dataclass(frozen=True, slots=True)
class StillLife:
    """What to draw. `ground` names the wall, `cloth` the table, `tint` and `second` the thing's own inks."""

    motif: str
    tint: str
    second: str
    label: str = ""
    small: str = ""
    face: str = "display"
    ground: str = "sky"
    cloth: str = "cream"
    backdrop: str = "rays"
    seed: int = 0

    def draw(self) -> bytes:
        sheet = Sheet(WIDTH, HEIGHT, INKS[self.ground], self.seed)
        BACKDROPS[self.backdrop](sheet, INKS[self.ground])
        _table(sheet, INKS[self.cloth], self.seed)
        with sheet.at(WIDTH / 2, 486, 1.22):
            MOTIFS[self.motif](sheet, Look(INKS[self.tint], INKS[self.second], self.label, self.small, self.face))
        return sheet.jpeg()


def _rays(s: Sheet, ground: Ink) -> None:
    """The flyer's burst."""
    pale = lighter(ground, 0.22)
    for k in range(18):
        s.fill([(600, 430), *sh.arc(600, 430, 900, 900, k * 20, k * 20 + 10)], pale, true=True)


def _dots(s: Sheet, ground: Ink) -> None:
    s.tone(sh.rect(-10, -10, WIDTH + 20, TABLE + 20), darker(ground, 0.28), -0.2, 0.45, 90, over=ground)


def _stripes(s: Sheet, ground: Ink) -> None:
    """Wallpaper."""
    for x in range(-40, WIDTH, 100):
        s.fill(sh.rect(x, 0, 50, TABLE), lighter(ground, 0.18), true=True)


def _disc(s: Sheet, ground: Ink) -> None:
    """A pale sun behind the thing."""
    s.fill(sh.ellipse(600, 420, 370), lighter(ground, 0.45))
    s.tone(sh.ellipse(600, 420, 370), darker(ground, 0.1), -0.3, 0.6, 90, over=lighter(ground, 0.45))


def _window(s: Sheet, ground: Ink) -> None:
    """A window on the left, snow or sky in it."""
    s.body(sh.rect(90, 60, 300, 400), INKS["ice"], width=7, shade=0.3, angle=90)
    s.line([(240, 60), (240, 460)], 9)
    s.line([(90, 240), (390, 240)], 9)
    s.body(sh.rect(70, 456, 340, 34), lighter(ground, 0.4), width=6, shade=0)
    s.tone(sh.rect(390, -10, WIDTH, TABLE + 20), darker(ground, 0.25), -0.2, 0.4, 0, over=ground)


BACKDROPS = {"rays": _rays, "dots": _dots, "stripes": _stripes, "disc": _disc, "window": _window}


def _table(s: Sheet, cloth: Ink, seed: int) -> None:
    """Checked cloth, boards or a plain counter, by the seed."""
    s.fill(sh.rect(-10, TABLE, WIDTH + 20, HEIGHT), cloth, true=True)
    (_checks, _boards, _plain)[seed % 3](s, cloth)
    s.line([(-20, TABLE), (WIDTH + 20, TABLE)], 6)


def _checks(s: Sheet, cloth: Ink) -> None:
    dark = darker(cloth, 0.16)
    for k in range(-9, 10):
        s.fill([(600 + k * 100, TABLE), (650 + k * 100, TABLE), (650 + k * 168 + 30, HEIGHT), (600 + k * 168, HEIGHT)], dark, true=True)
    for top, high in ((28, 30), (96, 40), (188, 56)):
        s.tone(sh.rect(-10, TABLE + top, WIDTH + 20, high), darker(cloth, 0.3), 0.6, 0.6)


def _boards(s: Sheet, cloth: Ink) -> None:
    for joint in (TABLE + 44, TABLE + 104, TABLE + 184):
        s.line([(-10, joint), (WIDTH + 10, joint)], 4, darker(cloth, 0.4))
    for _ in range(16):
        x, y = s.random.uniform(0, WIDTH), s.random.uniform(TABLE + 14, HEIGHT - 10)
        s.line(sh.curve([(x, y), (x + 70, y + 3), (x + 150, y - 2)]), 3, darker(cloth, 0.25), taper=True)


def _plain(s: Sheet, cloth: Ink) -> None:
    s.tone(sh.rect(-10, TABLE, WIDTH + 20, HEIGHT - TABLE + 10), darker(cloth, 0.35), -0.2, 0.6, 90, over=cloth)
