"""Portraits of people at work: a bust on a flat ground. Invented faces, each as one chooses to describe it."""

from dataclasses import dataclass

from . import shapes as sh
from .inks import INKS, SKINS, Ink, darker, lighter, mix
from .press import Sheet

WIDTH, HEIGHT = 960, 1200
HAIRS: dict[str, Ink] = {
    "black": (36, 32, 38),
    "brown": (92, 58, 42),
    "chestnut": (138, 82, 50),
    "blond": (226, 182, 104),
    "red": (190, 84, 44),
    "grey": (170, 172, 176),
    "white": (232, 232, 228),
}


@dataclass(frozen=True, slots=True)
class Portrait:
    """One person. `style` is the hair, `wear` the clothes, `extras` any of glasses, beard, moustache, tuque, cap, scarf, earrings, freckles."""

    skin: int
    hair: str
    style: str
    wear: str
    tint: str
    second: str
    ground: str = "sky"
    extras: tuple[str, ...] = ()
    seed: int = 0

    def draw(self) -> bytes:
        s = Sheet(WIDTH, HEIGHT, INKS[self.ground], self.seed)
        s.fill(sh.ellipse(480, 560, 400), lighter(INKS[self.ground], 0.42))
        s.tone(sh.ellipse(480, 560, 400), darker(INKS[self.ground], 0.12), -0.2, 0.65, 90, over=lighter(INKS[self.ground], 0.42))
        with s.at(480, 560, 1.12):
            self._person(s)
        return s.jpeg()

    def _person(self, s: Sheet) -> None:
        skin, hair = SKINS[self.skin], HAIRS[self.hair]
        _BACK.get(self.style, _nothing)(s, hair)
        _WEAR[self.wear](s, INKS[self.tint], INKS[self.second], skin)
        _head(s, skin, s.random.uniform(0.95, 1.06))
        _face(s, skin, hair, s.random.uniform(-4, 4))
        if "beard" in self.extras:
            _beard(s, hair)
        if "moustache" in self.extras:
            _moustache(s, hair)
        _FRONT.get(self.style, _nothing)(s, hair)
        for extra in self.extras:
            _EXTRA.get(extra, _no_extra)(s, INKS[self.second])


def _nothing(s: Sheet, hair: Ink) -> None:
    """Some styles have no back, or no front."""


def _no_extra(s: Sheet, tint: Ink) -> None:
    """Beards and freckles are drawn with the face."""


def _head(s: Sheet, skin: Ink, width: float) -> None:
    neck = [(-64, 90), (64, 90), (78, 250), (0, 290), (-78, 250)]
    s.body(neck, darker(skin, 0.1), width=5, shade=0.3, angle=270)
    for side in (-1, 1):
        s.body(sh.ellipse(side * 146 * width, -12, 28, 42), skin, shade=0.2)
        s.line(sh.arc(side * 148 * width, -10, 12, 20, 200, 340), 4, darker(skin, 0.35))
    face = sh.scaled(sh.blob([(0, -196), (104, -172), (150, -70), (146, 40), (106, 130), (44, 176), (0, 184), (-44, 176), (-106, 130), (-146, 40), (-150, -70), (-104, -172)]), width, 1)
    s.body(face, skin, shade=0.42, angle=20)


def _face(s: Sheet, skin: Ink, hair: Ink, tilt: float) -> None:
    warm = mix(mix(skin, INKS["white"], 0.45), INKS["tomato"], 0.30)
    for side in (-1, 1):
        s.tone(sh.ellipse(side * 88, 62, 36, 28), warm, 0.5, 0.42)
        s.fill(sh.ellipse(side * 60, -22, 13, 15), INKS["ink"])
        s.fill(sh.ellipse(side * 60 - 5, -28, 4.5), INKS["white"])
        s.line(sh.arc(side * 60, -18, 27, 24, 200, 340), 5)
        brow = sh.curve([(side * 30, -66 + tilt), (side * 62, -80), (side * 96, -64)])
        s.line(brow, 10, darker(hair, 0.25) if sum(hair) < 600 else INKS["slate"], taper=True)
        s.line(sh.curve([(side * 92, 84), (side * 104, 98), (side * 100, 116)]), 3.5, darker(skin, 0.4), taper=True)
    s.line(sh.curve([(6, -20), (22, 34), (16, 48), (-8, 48)]), 5, darker(skin, 0.5))
    smile = sh.curve([(-54, 88), (-26, 108), (0, 113), (26, 108), (54, 88)])
    s.fill([*smile, *sh.curve([(54, 88), (0, 99), (-54, 88)])], INKS["white"])
    s.line(smile, 5.5)
    s.line(sh.curve([(-56, 88), (0, 98), (56, 88)]), 4)
    s.line(sh.curve([(-20, 134), (0, 138), (20, 134)]), 4, darker(skin, 0.4), taper=True)


def _beard(s: Sheet, hair: Ink) -> None:
    whole = sh.blob([(-148, 10), (-128, 40), (-84, 62), (-60, 74), (0, 66), (60, 74), (84, 62), (128, 40), (148, 10), (140, 120), (80, 208), (0, 232), (-80, 208), (-140, 120)])
    s.body(whole, hair, shade=0.35, angle=60)
    for k in range(-4, 5):
        s.line(sh.curve([(k * 26, 150 - abs(k) * 8), (k * 24, 180 - abs(k) * 8), (k * 18, 206 - abs(k) * 10)]), 4, lighter(hair, 0.3), taper=True)
    mouth = sh.curve([(-44, 98), (0, 116), (44, 98)])
    s.fill([*mouth, *sh.curve([(44, 98), (0, 104), (-44, 98)])], INKS["white"])
    s.line(mouth, 6)


def _moustache(s: Sheet, hair: Ink) -> None:
    for side in (-1, 1):
        s.body(sh.scaled(sh.blob([(0, 66), (40, 62), (84, 84), (100, 74), (86, 104), (40, 96), (0, 86)]), side, 1), hair, width=4, shade=0.2)


# Hair: what lies behind the head, then what lies on it.


def _long_back(s: Sheet, hair: Ink) -> None:
    s.body(sh.blob([(0, -230), (150, -190), (200, -40), (206, 140), (220, 300), (120, 330), (-120, 330), (-220, 300), (-206, 140), (-200, -40), (-150, -190)]), hair, shade=0.4)


def _curly_back(s: Sheet, hair: Ink) -> None:
    for k in range(26):
        (x, y), = sh.arc(0, -60, 176, 170, 140 + k * 10.6, 140 + k * 10.6)[:1]
        s.body(sh.ellipse(x, y, 58), hair, width=5, shade=0.35, angle=60)
    s.fill(sh.ellipse(0, -60, 190, 180), hair)


def _bun_back(s: Sheet, hair: Ink) -> None:
    s.body(sh.ellipse(30, -236, 76, 68), hair, shade=0.4)
    s.line(sh.curve([(-16, -240), (30, -262), (80, -238), (50, -212), (16, -222)]), 5, lighter(hair, 0.3))
    s.body(sh.ellipse(0, -90, 166, 146), hair, width=5, shade=0.3)


def _bob_back(s: Sheet, hair: Ink) -> None:
    s.body(sh.blob([(0, -226), (140, -190), (194, -60), (198, 90), (176, 164), (90, 170), (-90, 170), (-176, 164), (-198, 90), (-194, -60), (-140, -190)]), hair, shade=0.4)


def _braid_back(s: Sheet, hair: Ink) -> None:
    s.body(sh.ellipse(0, -80, 170, 150), hair, width=5, shade=0.3)
    for k in range(7):
        s.body(sh.ellipse(168 + (8 if k % 2 else -8), 70 + k * 46, 38, 32), hair, width=5, shade=0.4)


def _parted(s: Sheet, hair: Ink) -> None:
    for side in (-1, 1):
        lock = sh.scaled(sh.blob([(-10, -214), (80, -220), (150, -160), (172, -40), (160, 60), (142, 40), (140, -60), (96, -132), (20, -176)]), side, 1)
        s.body(lock, hair, shade=0.35, angle=40)
        s.line(sh.curve([(side * 40, -196), (side * 110, -160), (side * 148, -70)]), 4, lighter(hair, 0.35), taper=True)


def _fringe(s: Sheet, hair: Ink) -> None:
    s.body(sh.blob([(-164, 0), (-176, -110), (-120, -206), (0, -232), (120, -206), (176, -110), (164, 0), (140, -70), (100, -104), (50, -92), (0, -110), (-50, -92), (-100, -104), (-140, -70)]), hair, shade=0.35, angle=40)
    for x in (-80, -20, 44, 96):
        s.line(sh.curve([(x * 0.8, -204), (x, -160), (x * 1.08, -112)]), 4, lighter(hair, 0.35), taper=True)


def _short(s: Sheet, hair: Ink) -> None:
    s.body(sh.blob([(-152, -30), (-172, -120), (-120, -210), (-10, -238), (110, -216), (170, -130), (152, -30), (140, -92), (104, -140), (20, -128), (-70, -150), (-132, -100)]), hair, shade=0.35, angle=40)
    for x in (-90, -36, 20, 76):
        s.line(sh.curve([(x - 16, -162), (x, -200), (x + 34, -214)]), 4, lighter(hair, 0.35), taper=True)


def _curly(s: Sheet, hair: Ink) -> None:
    for k in range(11):
        (x, y), = sh.arc(0, -70, 134, 118, 186 + k * 17, 186 + k * 17)[:1]
        s.body(sh.ellipse(x, y, 46), hair, width=4.5, shade=0.3, angle=60)
        s.line(sh.arc(x, y, 22, 20, 180, 330), 4, lighter(hair, 0.35))


def _crop(s: Sheet, hair: Ink) -> None:
    s.body(sh.blob([(-150, -40), (-160, -120), (-110, -194), (0, -214), (110, -194), (160, -120), (150, -40), (134, -110), (80, -150), (0, -158), (-80, -150), (-134, -110)]), hair, shade=0.3)


def _bald(s: Sheet, hair: Ink) -> None:
    for side in (-1, 1):
        s.body(sh.scaled(sh.blob([(138, -90), (172, -70), (170, 20), (146, 40), (140, -20)]), side, 1), hair, width=4.5, shade=0.3)
    s.shine(sh.curve([(-70, -160), (-20, -180), (30, -178)]), 12)


def _bun(s: Sheet, hair: Ink) -> None:
    s.body(sh.blob([(-158, -20), (-164, -110), (-110, -196), (0, -222), (110, -196), (164, -110), (158, -20), (128, -104), (60, -160), (0, -168), (-60, -160), (-128, -104)]), hair, shade=0.3)
    for x in (-80, 0, 80):
        s.line(sh.curve([(x, -166), (x * 0.6, -196), (x * 0.3 + 16, -214)]), 4, lighter(hair, 0.35), taper=True)


_BACK = {"long": _long_back, "curly": _curly_back, "bun": _bun_back, "bob": _bob_back, "braid": _braid_back}
_FRONT = {"long": _parted, "curly": _curly, "bun": _bun, "bob": _fringe, "braid": _parted, "short": _short, "crop": _crop, "bald": _bald}


# Clothes.

SHOULDERS = [*sh.curve([(-78, 212), (-150, 246), (-280, 300), (-352, 390), (-380, 520), (-392, 660)]), *sh.curve([(392, 660), (380, 520), (352, 390), (280, 300), (150, 246), (78, 212)]), (0, 280)]


def _breadth(y: float) -> float:
    """Half the width of the shoulders at the height `y`, less the line."""
    return (272 + (y - 300) * 0.80 if y < 390 else 346 + (y - 390) * 0.20) - 6


def _band(s: Sheet, y: float, high: float, tint: Ink) -> None:
    a, b = _breadth(y), _breadth(y + high)
    s.fill([(-a, y), (a, y), (b, y + high), (-b, y + high)], tint)


def _sweater(s: Sheet, tint: Ink, second: Ink, skin: Ink) -> None:
    s.body(SHOULDERS, tint, shade=0.45)
    s.body(sh.blob([(-96, 206), (0, 262), (96, 206), (108, 250), (0, 316), (-108, 250)]), darker(tint, 0.15), shade=0.2)
    for k in range(14):
        x = -305 + k * 47
        s.fill([(x - 23, 440), (x, 404), (x + 23, 440), (x, 476)], second)
    for y in (378, 488):
        _band(s, y, 12, second)
    s.line(SHOULDERS, 5, closed=True)


def _apron(s: Sheet, tint: Ink, second: Ink, skin: Ink) -> None:
    _shirt(s, second, INKS["white"], skin)
    s.body([(-190, 350), (190, 350), (230, 640), (-230, 640)], tint, shade=0.4)
    for side in (-1, 1):
        s.body([(side * 190, 356), (side * 150, 356), (side * 92, 226), (side * 124, 236)], tint, width=5, shade=0.2)
    s.body(sh.rounded(-96, 450, 192, 140, 14), lighter(tint, 0.1), width=5, shade=0.2)
    s.line([(40, 440), (54, 480)], 13, INKS["sun"])


def _shirt(s: Sheet, tint: Ink, second: Ink, skin: Ink) -> None:
    s.body(SHOULDERS, tint, shade=0.45)
    s.fill([(-70, 220), (70, 220), (0, 320)], skin)
    for side in (-1, 1):
        s.body([(side * 60, 204), (side * 128, 232), (side * 96, 336), (0, 300)], lighter(tint, 0.2), width=5, shade=0.2)
    s.line([(0, 320), (0, 640)], 4)
    for y in (380, 460, 540):
        s.body(sh.ellipse(12, y, 9), second, width=3, shade=0)


def _plaid(s: Sheet, tint: Ink, second: Ink, skin: Ink) -> None:
    s.body(SHOULDERS, tint, shade=0)
    for x in range(-336, 360, 84):
        top = 262 + max(0, abs(x) - 150) ** 2 * 0.0036
        s.fill(sh.rect(x - 13, top, 26, 660 - top), darker(tint, 0.45))
        s.fill(sh.rect(x + 30, top + 12, 5, 640 - top), second)
    for y in range(310, 640, 84):
        _band(s, y, 22, darker(tint, 0.3))
    s.line(SHOULDERS, 5, closed=True)
    s.fill([(-70, 220), (70, 220), (0, 320)], skin)
    for side in (-1, 1):
        s.body([(side * 60, 204), (side * 128, 232), (side * 96, 336), (0, 300)], tint, width=5, shade=0.3)


def _overalls(s: Sheet, tint: Ink, second: Ink, skin: Ink) -> None:
    _striped(s, second, INKS["white"], skin)
    s.body([(-170, 400), (170, 400), (220, 640), (-220, 640)], tint, shade=0.4)
    for side in (-1, 1):
        s.body([(side * 170, 410), (side * 116, 410), (side * 120, 236), (side * 176, 254)], tint, width=5, shade=0.2)
        s.body(sh.ellipse(side * 143, 424, 17), INKS["mustard"], width=4, shade=0)
    s.line(sh.rounded(-76, 450, 152, 110, 12), 4, INKS["straw"], closed=True)


def _striped(s: Sheet, tint: Ink, second: Ink, skin: Ink) -> None:
    s.body(SHOULDERS, second, shade=0.2)
    for y in range(300, 640, 52):
        _band(s, y, 24, tint)
    s.line(SHOULDERS, 5, closed=True)
    s.body(sh.blob([(-92, 208), (0, 262), (92, 208), (98, 236), (0, 296), (-98, 236)]), tint, width=5, shade=0)


def _blazer(s: Sheet, tint: Ink, second: Ink, skin: Ink) -> None:
    s.body(SHOULDERS, second, shade=0.2)
    s.fill([(-70, 220), (70, 220), (0, 360)], skin)
    for side in (-1, 1):
        half = [(side * 84, 212), (side * 150, 246), (side * 290, 300), (side * 360, 400), (side * 390, 640), (side * 30, 640), (side * 20, 520)]
        s.body(half, tint, shade=0.4)
        s.body([(side * 84, 212), (side * 150, 300), (side * 110, 340), (side * 130, 372), (side * 20, 520), (side * 60, 330)], darker(tint, 0.15), width=5, shade=0.1)
    s.body(sh.ellipse(-6, 560, 12), INKS["mustard"], width=4, shade=0)


_WEAR = {"sweater": _sweater, "apron": _apron, "shirt": _shirt, "plaid": _plaid, "overalls": _overalls, "striped": _striped, "blazer": _blazer}


def _glasses(s: Sheet, tint: Ink) -> None:
    for side in (-1, 1):
        s.line(sh.ellipse(side * 62, -20, 48, 44), 8, closed=True)
        s.shine(sh.arc(side * 62, -20, 34, 30, 200, 250), 7)
        s.line([(side * 110, -26), (side * 146, -32)], 8)
    s.line(sh.curve([(-16, -26), (0, -34), (16, -26)]), 8)


def _tuque(s: Sheet, tint: Ink) -> None:
    s.body(sh.blob([(-164, -90), (-150, -220), (-60, -300), (60, -300), (150, -220), (164, -90)]), tint, shade=0.4)
    s.body(sh.rounded(-180, -140, 360, 84, 30), darker(tint, 0.18), shade=0.3)
    for k in range(12):
        s.line([(-158 + k * 29, -130), (-158 + k * 29, -66)], 4, darker(tint, 0.5))
    s.body(sh.star(0, -316, 54, 44, 16), INKS["cream"], width=4, shade=0.3)


def _cap(s: Sheet, tint: Ink) -> None:
    s.body(sh.blob([(-166, -96), (-160, -190), (-80, -262), (60, -264), (150, -200), (166, -96)]), tint, shade=0.4)
    s.body(sh.blob([(-170, -104), (0, -130), (170, -104), (190, -70), (0, -92), (-190, -70)]), darker(tint, 0.2), shade=0.3)


def _kerchief(s: Sheet, tint: Ink) -> None:
    s.body(sh.blob([(-172, -60), (-168, -170), (-90, -250), (90, -250), (168, -170), (172, -60), (120, -132), (0, -168), (-120, -132)]), tint, shade=0.35)
    for x, y in ((-110, -170), (-50, -216), (20, -196), (84, -220), (120, -150), (-20, -244)):
        s.fill(sh.ellipse(x, y, 11), INKS["white"])


def _earrings(s: Sheet, tint: Ink) -> None:
    for side in (-1, 1):
        s.body(sh.blob([(side * 150, 34), (side * 170, 72), (side * 150, 92), (side * 130, 72)]), tint, width=4)


def _scarf(s: Sheet, tint: Ink) -> None:
    s.body(sh.blob([(-130, 196), (0, 232), (130, 196), (154, 256), (0, 320), (-154, 256)]), tint, shade=0.4, angle=90)
    s.body([(40, 286), (120, 268), (140, 470), (60, 480)], tint, shade=0.4)
    for y in (330, 380, 430):
        s.line([(48, y + 6), (132, y)], 10, INKS["cream"])


_EXTRA = {"glasses": _glasses, "tuque": _tuque, "cap": _cap, "kerchief": _kerchief, "earrings": _earrings, "scarf": _scarf}
