"""Plants, apples, wreaths, candles of wax."""

from portal.demo.pictures import shapes as sh
from portal.demo.pictures.inks import INKS, Ink, darker, lighter
from portal.demo.pictures.press import Sheet

from . import Look, motif
from .cellar import leaf


def pot(s: Sheet, tint: Ink) -> None:
    s.shadow(60, 258, 200, 24)
    s.body([(-130, 80), (130, 80), (100, 256), (-100, 256)], tint, shade=0.6)
    s.body(sh.rounded(-150, 40, 300, 60, 10), lighter(tint, 0.1), shade=0.5)


@motif
def plant(s: Sheet, look: Look) -> None:
    """A leafy thing in a pot."""
    for k, (x, y, size, turn) in enumerate(((-150, -60, 2.3, -58), (150, -70, 2.3, 56), (-100, -170, 2.5, -28), (104, -176, 2.5, 26), (0, -216, 2.8, 0), (-176, 10, 1.6, -80), (178, 6, 1.6, 80))):
        s.line(sh.curve([(0, 60), (x * 0.4, y * 0.3 + 20), (x, y)]), 8, INKS["pine"])
        leaf(s, x, y, size, (look.tint, lighter(look.tint, 0.15), darker(look.tint, 0.15))[k % 3], turn)
    pot(s, look.second)
    s.text(look.label, 0, 164, 44, look.face, INKS["cream"], room=190)


@motif
def flowers(s: Sheet, look: Look) -> None:
    """A vase with a few stems."""
    for k, (x, y) in enumerate(((-120, -190), (0, -260), (126, -200), (-60, -130), (70, -120))):
        s.line(sh.curve([(0, 20), (x * 0.4, y * 0.4), (x, y)]), 7, INKS["pine"])
        s.body(sh.star(x, y, 62, 40, 9 + k), (look.second, INKS["sun"])[k % 2], width=4, shade=0.3)
        s.body(sh.ellipse(x, y, 20), INKS["bark"], width=4, shade=0)
    leaf(s, -70, -30, 1.2, INKS["leaf"], -60)
    leaf(s, 76, -40, 1.2, INKS["leaf"], 60)
    s.shadow(60, 258, 170, 22)
    s.body(sh.lathe([(0, 0), (70, 0), (60, 40), (116, 110), (124, 190), (80, 256), (0, 260)]), look.tint, shade=0.6)
    for k in range(3):
        s.line(sh.arc(0, 110 + k * 26, 118, 20, 10, 170), 7, lighter(look.tint, 0.5))
    s.shine([(-86, 110), (-98, 150), (-96, 190)], 10)


@motif
def apples(s: Sheet, look: Look) -> None:
    """A slatted crate of apples."""
    s.shadow(20, 260, 320, 22)
    for x, y, r in ((-190, 20, 76), (-70, -10, 80), (64, -16, 80), (190, 16, 78), (-130, -104, 72), (0, -130, 76), (130, -106, 72), (6, 36, 76)):
        apple(s, x, y, r, look.tint)
    for k in range(3):
        s.body(sh.rect(-300, 70 + k * 66, 600, 52), INKS["wood"], shade=0.4)
    for x in (-300, 262):
        s.body(sh.rect(x, 60, 40, 198), INKS["oak"], shade=0.4)
    s.text(look.label, 0, 162, 48, look.face, INKS["bark"], room=480)


def apple(s: Sheet, x: float, y: float, r: float, tint: Ink) -> None:
    with s.at(x, y, r / 80):
        s.body(sh.blob([(0, -60), (40, -78), (80, -30), (66, 44), (20, 76), (-20, 76), (-66, 44), (-80, -30), (-40, -78)]), tint, shade=0.55, angle=45)
        s.line(sh.curve([(0, -56), (6, -86), (18, -104)]), 8, INKS["bark"])
        s.fill(sh.blob([(14, -84), (44, -110), (66, -96), (40, -78)]), INKS["leaf"])
        s.shine([(-48, -30), (-54, 0), (-44, 24)], 12)


@motif
def wreath(s: Sheet, look: Look) -> None:
    """A fir wreath with its bow."""
    for ring, size in ((210, 60), (160, 56), (190, 50)):
        for k in range(30):
            angle = k * 12 + ring
            (x, y), = sh.arc(0, -20, ring, ring, angle, angle)[:1]
            tint = (look.tint, darker(look.tint, 0.25), lighter(look.tint, 0.15))[k % 3]
            s.line([(x, y), sh.arc(x, y, size, size, angle + 100, angle + 100)[0]], 17, tint, taper=True)
            s.line([(x, y), sh.arc(x, y, size, size, angle + 60, angle + 60)[0]], 12, tint, taper=True)
    for k in range(12):
        (x, y), = sh.arc(0, -20, 188, 188, k * 30 + 9, k * 30 + 9)[:1]
        s.body(sh.ellipse(x, y, 16), INKS["tomato"], width=3.5, shade=0.4)
    for side in (-1, 1):
        s.body(sh.scaled(sh.blob([(0, 170), (60, 110), (130, 120), (140, 190), (70, 210)]), side, 1), look.second, shade=0.5)
        s.body(sh.scaled([(0, 180), (40, 180), (100, 290), (60, 284), (50, 306)], side, 1), look.second, shade=0.4)
    s.body(sh.rounded(-32, 146, 64, 62, 16), look.second, width=4)


@motif
def tapers(s: Sheet, look: Look) -> None:
    """A pair of beeswax candles, tied by their wick."""
    s.shadow(20, 258, 220, 20)
    for x, turn in ((-70, -5), (70, 5)):
        with s.at(x, 20, turn=turn):
            s.line([(0, -200), (0, -262)], 6)
            s.body([(-30, -200), (30, -200), (46, 236), (-46, 236)], look.tint, shade=0.6)
            for k in range(10):
                s.line(sh.curve([(-30 - k * 1.6, -170 + k * 40), (0, -158 + k * 40), (30 + k * 1.6, -176 + k * 40)]), 3.5, darker(look.tint, 0.3))
    s.line(sh.curve([(-76, -238), (-40, -310), (40, -310), (76, -238)]), 6)
    s.body(sh.rounded(-136, 60, 272, 90, 14), look.second, shade=0.4)
    s.text(look.label, 0, 104, 48, look.face, INKS["cream"], room=240)


@motif
def wraps(s: Sheet, look: Look) -> None:
    """Waxed cloths, folded in a band, one round a bowl."""
    s.shadow(30, 258, 310, 22)
    for k, tint in enumerate((look.second, look.tint, INKS["mint"])):
        y = 190 - k * 84
        s.body(sh.rounded(-290, y - 30, 400, 96, 18), tint, shade=0.3)
        for j in range(9):
            for row in range(2):
                s.fill(sh.star(-256 + j * 42 + row * 20, y - 2 + row * 38, 14, 12, 3), lighter(tint, 0.45))
        s.line(sh.rounded(-290, y - 30, 400, 96, 18), 5, closed=True)
    s.body(sh.rect(-150, -16, 120, 274), INKS["cream"], shade=0.2)
    s.text(look.label, -90, 110, 40, look.face, room=110)
    with s.at(226, 0):
        s.body([(-100, 130), (100, 130), (64, 256), (-64, 256)], INKS["ice"], shade=0.5)
        s.body(sh.blob([(-116, 150), (-90, 96), (0, 76), (90, 96), (116, 150), (60, 132), (0, 156), (-60, 132)]), look.tint, shade=0.3)


@motif
def pollen(s: Sheet, look: Look) -> None:
    """A spoon heaped with grains, before its jar."""
    s.shadow(40, 258, 290, 22)
    with s.at(60, 0):
        s.body(sh.rounded(-140, -120, 290, 376, 40), INKS["ice"], shade=0)
        s.body(sh.rounded(-128, -40, 266, 284, 34), look.tint, width=0, shade=0.5)
        for _ in range(130):
            s.fill(sh.ellipse(s.random.uniform(-116, 128), s.random.uniform(-30, 236), 8), s.random.choice((lighter(look.tint, 0.4), INKS["orange"], INKS["mustard"])))
        s.line(sh.rounded(-140, -120, 290, 376, 40), 5, closed=True)
        s.body(sh.rounded(-150, -186, 310, 80, 14), look.second, shade=0.5)
        s.body(sh.box(6, 120, 210, 120), INKS["cream"], width=4, shade=0.1)
        s.text(look.label, 6, 108, 50, look.face, room=190)
        s.text(look.small, 6, 152, 20, "plain", room=180)
    with s.at(-200, 210, turn=-16):
        s.body(sh.rounded(-20, -14, 210, 26, 12), INKS["wood"], width=4)
        s.body(sh.ellipse(-70, 0, 84, 40), INKS["wood"])
        for _ in range(40):
            s.fill(sh.ellipse(-70 + s.random.uniform(-60, 60), -10 + s.random.uniform(-24, 14), 8), s.random.choice((INKS["sun"], INKS["orange"], INKS["mustard"])))
