"""Bottles, jars, cans, bags and tins."""

from portal.demo.pictures import shapes as sh
from portal.demo.pictures.inks import INKS, Ink, darker, lighter, mix
from portal.demo.pictures.press import Sheet

from . import Look, motif

BOTTLE_GREEN = (52, 78, 62)
BORDEAUX: sh.Shape = [(0, -330), (26, -330), (27, -190), (34, -160), (74, -110), (84, -60), (84, 236), (74, 258), (0, 260)]
CHAMPAGNE: sh.Shape = [(0, -330), (27, -330), (29, -250), (38, -180), (72, -90), (94, -10), (96, 232), (84, 258), (0, 260)]


def _label(s: Sheet, look: Look, y: float, width: float, height: float, paper: Ink = INKS["cream"]) -> None:
    """A paper label with a band of colour, its name and a small line."""
    s.body(sh.box(0, y, width, height), paper, width=3.5, shade=0.22)
    s.fill(sh.box(0, y - height / 2 + height * 0.11, width - 8, height * 0.12), look.second)
    s.text(look.label, 0, y + height * 0.06, height * 0.30, look.face, room=width - 18)
    s.line([(-width * 0.18, y + height * 0.23), (width * 0.18, y + height * 0.23)], 2.5, look.second)
    s.text(look.small, 0, y + height * 0.36, height * 0.12, "plain", room=width - 20)


def _glass(s: Sheet, profile: list[sh.Point], tint: Ink, *, steps: int = 6) -> None:
    outline = sh.lathe(profile, steps=steps)
    s.fill(outline, tint)
    s.tone(outline, darker(tint, 0.6), -0.3, 0.75, 0)
    s.line(outline, 5, closed=True)


@motif
def wine(s: Sheet, look: Look) -> None:
    s.shadow(60, 258, 170, 24)
    _glass(s, BORDEAUX, look.tint)
    s.body(sh.rect(-29, -336, 58, 118), look.second, width=4, shade=0.6)
    s.line([(-29, -300), (29, -300)], 3)
    _label(s, look, 96, 160, 190)
    s.shine([(-62, -84), (-66, -30), (-66, -8)], 9)


@motif
def sparkling(s: Sheet, look: Look) -> None:
    s.shadow(64, 258, 180, 24)
    _glass(s, CHAMPAGNE, look.tint)
    foil = sh.mirrored([(30, -262), (33, -236), (48, -150), (20, -128), (0, -140)])
    s.body(foil, look.second, width=4, shade=0.6)
    s.body(sh.rounded(-37, -344, 74, 90, 26), look.second, width=4, shade=0.6)
    s.line([(-34, -262), (0, -254), (34, -262)], 5)
    _label(s, look, 110, 182, 150)
    s.shine([(-72, -50), (-80, 0), (-80, 20)], 9)
    for x, y, r in ((-190, -210, 10), (-150, -280, 6), (-226, -130, 7), (170, -240, 8), (214, -160, 11), (190, -70, 6)):
        s.line(sh.ellipse(x, y, r), 3.5, INKS["white"], closed=True)


@motif
def two_bottles(s: Sheet, look: Look) -> None:
    """A gift box with two necks sticking out."""
    s.shadow(70, 256, 280, 26)
    for x, tint in ((-84, look.tint), (84, look.second)):
        with s.at(x, 0):
            _glass(s, BORDEAUX, tint)
            s.body(sh.rect(-29, -336, 58, 118), darker(tint, 0.3), width=4)
    s.body(sh.rect(-196, -40, 392, 300), INKS["straw"], shade=0.4, angle=20)
    for x in (-84, 84):
        s.body(sh.rounded(x - 64, 4, 128, 170, 60), INKS["night"], width=4, shade=0)
        with s.at(x, 0):
            _label(s, look, 92, 104, 120)
    s.line([(-196, 214), (196, 214)], 3)
    s.text(look.small or "COFFRET", 0, 238, 26, "tall", track=0.2)
    s.line(sh.curve([(-60, -40), (-40, -96), (40, -96), (60, -40)]), 8, INKS["bark"])


def _vessel(s: Sheet, inside: Ink, *, wide: float = 150, high: float = 340) -> None:
    top = 260 - high
    profile = [(0, top), (wide * 0.80, top), (wide * 0.84, top + 26), (wide, top + 66), (wide, 226), (wide * 0.9, 256), (0, 260)]
    s.fill(sh.lathe(profile, steps=4), mix(INKS["ice"], INKS["white"], 0.4))
    full = [(0, top + 58), (wide * 0.93, top + 58), (wide * 0.97, top + 82), (wide * 0.97, 222), (wide * 0.87, 250), (0, 252)]
    s.fill(sh.lathe(full, steps=4), inside)
    s.tone(sh.lathe(full, steps=4), darker(inside, 0.5), -0.35, 0.7, 0)
    s.line(sh.lathe(profile, steps=4), 5, closed=True)


@motif
def jar(s: Sheet, look: Look) -> None:
    """A jar of something, its lid under a round of cloth."""
    s.shadow(70, 256, 230, 28)
    _vessel(s, look.tint)
    cloth = [(-142, -60), (-128, -118), (-60, -134), (60, -134), (128, -118), (142, -60), (106, -74), (72, -52), (36, -72), (0, -50), (-36, -72), (-72, -52), (-106, -74)]
    s.body(sh.blob(cloth, steps=5), look.second, shade=0.4)
    for x, y in ((-92, -92), (-48, -112), (0, -90), (46, -114), (92, -94), (-70, -72), (26, -72)):
        s.fill(sh.ellipse(x, y, 9), INKS["white"])
    s.line(sh.curve([(-124, -106), (-40, -92), (40, -92), (124, -106)]), 6, INKS["bark"])
    _label(s, look, 112, 222, 160)
    s.shine([(-132, 10), (-136, 60), (-134, 140)], 10)


@motif
def honey(s: Sheet, look: Look) -> None:
    """A squat jar and the dipper that goes with it."""
    s.shadow(90, 256, 270, 28)
    _vessel(s, look.tint, wide=160, high=290)
    s.body(sh.rounded(-140, -78, 280, 66, 14), look.second, shade=0.6)
    for x in range(-112, 120, 28):
        s.line([(x, -66), (x, -24)], 2.5, darker(look.second, 0.3))
    hexagon = sh.turned(sh.star(0, 126, 104, 90, 3, 0), 0)
    s.body(hexagon, INKS["cream"], width=4, shade=0.2)
    s.text(look.label, 0, 118, 44, look.face, room=150)
    s.text(look.small, 0, 160, 19, "plain", room=120)
    with s.at(236, 30, turn=24):
        s.body(sh.rounded(-9, -250, 18, 260, 8), INKS["wood"], width=4)
        for k in range(5):
            s.body(sh.rounded(-40 + abs(k - 2) * 6, 4 + k * 25, 80 - abs(k - 2) * 12, 19, 9), INKS["wood"], width=4)
    s.shine([(-142, 30), (-144, 80), (-142, 150)], 10)


@motif
def comb(s: Sheet, look: Look) -> None:
    """A frame of honeycomb that drips a little."""
    s.shadow(30, 256, 300, 22)
    s.body(sh.box(0, 60, 520, 380), INKS["wood"], shade=0.4, angle=60)
    s.body(sh.box(0, 60, 452, 312), look.tint, width=4, shade=0.4, angle=60)
    for row in range(6):
        for col in range(9):
            x, y = -204 + col * 52 + (row % 2) * 26, -66 + row * 48
            if x < 214:
                cell = sh.star(x, y + 6, 27, 25, 3, -90)
                s.fill(cell, lighter(look.tint, 0.35) if (row * 3 + col) % 4 else darker(look.tint, 0.2))
                s.line(cell, 3.2, darker(look.tint, 0.45), closed=True)
    s.body(sh.rect(-300, -150, 600, 44), INKS["wood"], shade=0.3)
    drip = sh.blob([(-60, 196), (-30, 190), (-8, 200), (-12, 246), (-26, 262), (-40, 244)])
    s.body(drip, INKS["honey"], width=4)
    for x, y, turn in ((-210, -214, -20), (190, -240, 18)):
        with s.at(x, y, 0.9, turn):
            bee(s)


def bee(s: Sheet) -> None:
    for side in (-1, 1):
        s.body(sh.ellipse(side * 12, -26, 17, 26), INKS["ice"], width=3, shade=0)
    s.body(sh.ellipse(0, 0, 40, 26), INKS["sun"], width=4, shade=0.3)
    for x in (-14, 4, 20):
        s.line(sh.curve([(x, -22), (x + 5, 0), (x, 22)]), 7)
    s.body(sh.ellipse(-36, 0, 14), INKS["ink"], width=0, shade=0)


@motif
def can(s: Sheet, look: Look) -> None:
    """The can of syrup every kitchen here knows, with its picture of a sugar shack."""
    s.shadow(70, 256, 220, 26)
    for y in (-150, 236):
        s.body(sh.ellipse(0, y + 6, 152, 24), INKS["steel"], shade=0.5)
    s.body([*sh.arc(0, 236, 148, 22, 0, 180), *sh.arc(0, -140, 148, 22, 180, 0)], look.tint, shade=0.6)
    s.fill([(-146, 60), (-146, 232), *sh.arc(0, 232, 146, 22, 180, 0), (146, 60), *sh.arc(0, 58, 146, 20, 0, 180)], INKS["snow"])
    s.fill(sh.box(0, 76, 92, 66), INKS["oak"], true=True)
    s.body([(-64, 50), (0, -4), (64, 50)], INKS["tomato"], width=3.5, shade=0.3)
    s.body(sh.rect(-12, 72, 24, 38), INKS["bark"], width=3, shade=0)
    for x, y, k in ((-98, 108, 1.0), (98, 112, 1.1), (-66, 132, 0.8), (70, 136, 0.7)):
        s.line([(x, y), (x, y - 74 * k)], 6)
        s.line([(x, y - 34 * k), (x - 18 * k, y - 62 * k)], 4)
        s.line([(x, y - 40 * k), (x + 18 * k, y - 66 * k)], 4)
    s.line(sh.curve([(20, 10), (34, -16), (18, -36), (36, -60)]), 6, INKS["white"])
    s.fill([(-144, 150), (-144, 216), *sh.arc(0, 216, 144, 22, 180, 0), (144, 150), *sh.arc(0, 150, 144, 22, 0, 180)], look.second)
    s.text(look.small, 0, 204, 30, "tall", INKS["white"], room=210, track=0.06)
    s.text(look.label, 0, -84, 64, look.face, INKS["white"], room=250)
    s.body(sh.ellipse(0, -148, 152, 26), INKS["steel"], shade=0.45)
    s.line(sh.ellipse(0, -148, 126, 18), 3, closed=True)


@motif
def syrup(s: Sheet, look: Look) -> None:
    """A flask with a loop for one finger."""
    s.shadow(66, 256, 200, 26)
    s.line(sh.curve([(34, -190), (86, -196), (98, -150), (60, -110)]), 16)
    s.line(sh.curve([(34, -190), (84, -190), (92, -152), (60, -116)]), 7, lighter(look.tint))
    _glass(s, [(0, -270), (28, -270), (30, -196), (50, -140), (118, -60), (140, 20), (140, 216), (122, 256), (0, 260)], look.tint)
    s.body(sh.rounded(-36, -308, 72, 56, 8), look.second, width=4)
    _label(s, look, 110, 212, 170)
    s.shine([(-106, -40), (-122, 10), (-122, 30)], 10)


@motif
def tall_bottle(s: Sheet, look: Look) -> None:
    """Juice, vinegar: a straight bottle with a cap."""
    s.shadow(60, 256, 170, 24)
    _glass(s, [(0, -290), (32, -290), (34, -230), (60, -170), (98, -120), (100, 226), (88, 256), (0, 260)], look.tint)
    s.body(sh.rounded(-38, -330, 76, 58, 8), look.second, width=4)
    _label(s, look, 90, 190, 200)
    s.shine([(-80, -110), (-84, -60), (-84, -40)], 9)


@motif
def coffee(s: Sheet, look: Look) -> None:
    """A folded paper bag, and a few beans that got away."""
    s.shadow(70, 256, 270, 28)
    bag = [(-150, -210), (150, -210), (162, 256), (-162, 256)]
    s.body(bag, look.tint, shade=0.45)
    s.fill([(-162, 256), (-150, -210), (-116, -190), (-120, 256)], darker(look.tint, 0.18))
    s.body([(-156, -268), (156, -268), (150, -196), (-150, -196)], darker(look.tint, 0.12), shade=0.5)
    s.body(sh.rounded(-176, -246, 352, 22, 8), look.second, width=4)
    s.line(sh.ellipse(0, -158, 15), 4, closed=True)
    s.body(sh.box(8, 60, 226, 226), INKS["cream"], width=4, shade=0.15)
    s.body(sh.ellipse(8, -4, 46, 46), look.second, width=0, shade=0.4)
    s.line(sh.curve([(-6, 22), (2, -4), (14, -10), (22, -34)]), 6, INKS["cream"])
    s.text(look.label, 8, 84, 62, look.face, room=204)
    s.text(look.small, 8, 138, 22, "plain", room=200)
    for x, y, turn in ((-226, 238, 30), (-190, 262, -12), (214, 252, 60), (252, 236, 10), (-258, 266, 80)):
        with s.at(x, y, turn=turn):
            s.body(sh.ellipse(0, 0, 25, 17), INKS["bark"], width=3.5)
            s.line(sh.curve([(-22, 2), (-6, -4), (6, 4), (22, -2)]), 3, lighter(INKS["bark"], 0.4))


@motif
def tin(s: Sheet, look: Look) -> None:
    """A tea tin, its lid beside a steaming glass."""
    s.shadow(70, 256, 240, 26)
    s.body([(-150, -120), (110, -120), (110, 258), (-150, 258)], look.tint, shade=0.6)
    s.body([(-160, -176), (120, -176), (120, -112), (-160, -112)], darker(look.tint, 0.25), shade=0.6)
    s.body(sh.rounded(-52, -206, 64, 34, 12), look.second, width=4)
    s.body(sh.rounded(-124, -70, 208, 250, 104), INKS["cream"], width=4, shade=0.15)
    leaf(s, -20, -8, 1.3, look.second)
    s.text(look.label, -20, 78, 50, look.face, room=184)
    s.text(look.small, -20, 126, 20, "plain", room=150)
    s.body([(156, 130), (268, 130), (254, 256), (170, 256)], INKS["ice"], shade=0)
    s.body([(160, 160), (264, 160), (253, 250), (171, 250)], INKS["amber"], width=0, shade=0.5)
    for x in (190, 226):
        s.line(sh.curve([(x, 100), (x + 16, 70), (x - 8, 40), (x + 12, 6)]), 6, INKS["white"], taper=True)


def leaf(s: Sheet, x: float, y: float, scale: float, tint: Ink, turn: float = 0) -> None:
    with s.at(x, y, scale, turn):
        s.body(sh.blob([(0, -44), (24, -12), (18, 22), (0, 40), (-18, 22), (-24, -12)]), tint, width=3.5, shade=0.5)
        s.line([(0, -30), (0, 56)], 3)
        for k in (-1, 1):
            s.line([(0, 4), (k * 13, -12)], 2.5)
            s.line([(0, 22), (k * 13, 6)], 2.5)


@motif
def balm(s: Sheet, look: Look) -> None:
    """Two flat round tins, one leaning on the other."""
    s.shadow(40, 256, 300, 26)
    for x, y, k, words in ((-110, 70, 1.0, look.label), (176, 144, 0.6, "")):
        with s.at(x, y, k):
            s.body(sh.ellipse(10, 14, 186, 186), INKS["steel"], shade=0.6)
            s.body(sh.ellipse(0, 0, 182, 182), look.tint, shade=0.4, angle=45)
            s.line(sh.ellipse(0, 0, 156, 156), 4, INKS["cream"], closed=True)
            leaf(s, 0, -66 if words else 0, 1.0 if words else 2.0, look.second)
            s.text(words, 0, 26, 60, look.face, INKS["cream"], room=270)
            s.text(look.small if words else "", 0, 84, 26, "plain", INKS["cream"], room=230)


@motif
def bag(s: Sheet, look: Look) -> None:
    """A cloth-tied bag: sugar, curds, flour."""
    s.shadow(70, 256, 250, 28)
    sack = [(-60, -150), (60, -150), (150, -70), (176, 90), (166, 226), (110, 260), (-110, 260), (-166, 226), (-176, 90), (-150, -70)]
    s.body(sh.blob(sack, steps=6), look.tint, shade=0.5)
    ruff = [(-108, -246), (-66, -226), (-36, -254), (0, -230), (36, -254), (66, -226), (108, -246), (66, -146), (-66, -146)]
    s.body(ruff, lighter(look.tint, 0.3), shade=0.4, angle=90)
    s.body(sh.rounded(-80, -166, 160, 26, 12), look.second, width=4)
    s.line(sh.curve([(20, -150), (70, -110), (64, -70)]), 5, look.second)
    s.line(sh.curve([(20, -150), (104, -140), (116, -98)]), 5, look.second)
    _label(s, look, 80, 236, 180)


@motif
def candle(s: Sheet, look: Look) -> None:
    """A poured candle in a glass, lit."""
    s.shadow(70, 256, 240, 26)
    glow = sh.ellipse(0, -150, 190)
    s.fill(glow, lighter(INKS["sun"], 0.55))
    s.tone(glow, INKS["sun"], 0.75, 0.1, 90)
    _vessel(s, look.tint, wide=150, high=320)
    s.body(sh.ellipse(0, -2, 140, 26), lighter(look.tint, 0.45), width=4, shade=0.2)
    s.line([(0, -6), (4, -52)], 7)
    s.body(sh.blob([(4, -178), (34, -110), (40, -72), (4, -40), (-32, -72), (-24, -112)]), INKS["orange"], width=4, shade=0)
    s.fill(sh.blob([(4, -128), (20, -86), (20, -64), (4, -50), (-14, -64), (-10, -86)]), INKS["cream"])
    _label(s, look, 128, 226, 150)


@motif
def salts(s: Sheet, look: Look) -> None:
    """A corked jar of salts, with a wooden scoop."""
    s.shadow(70, 256, 240, 26)
    _vessel(s, look.tint, wide=146, high=310)
    for k in range(46):
        x, y = s.random.uniform(-122, 122), s.random.uniform(20, 240)
        s.fill(sh.star(x, y, 10, 6, 3, k * 20), lighter(look.tint, 0.6))
    s.body([(-104, -112), (104, -112), (96, -34), (-96, -34)], INKS["wood"], shade=0.6)
    _label(s, look, 120, 208, 140)
    with s.at(222, 216, turn=-28):
        s.body(sh.rounded(-30, -12, 150, 22, 10), INKS["oak"], width=4)
        s.body(sh.blob([(-120, -26), (-30, -30), (-18, 0), (-40, 34), (-104, 34), (-128, 4)]), INKS["wood"], width=4)
