"""Wool, jewels and soap: what goes on a person."""

from portal.demo.pictures import shapes as sh
from portal.demo.pictures.inks import INKS, Ink, darker, lighter
from portal.demo.pictures.press import Sheet

from . import Look, motif


def _stitches(s: Sheet, left: float, right: float, top: float, bottom: float, tint: Ink, *, gap: float = 30) -> None:
    """Rows of knitted Vs."""
    y, row = top, 0
    while y < bottom:
        x = left + (gap / 2 if row % 2 else 0)
        while x < right:
            s.line([(x - 9, y - 7), (x, y + 7), (x + 9, y - 7)], 4, tint)
            x += gap
        y, row = y + gap * 0.8, row + 1


@motif
def tuque(s: Sheet, look: Look) -> None:
    s.shadow(40, 258, 270, 24)
    dome = sh.lathe([(0, -190), (90, -170), (190, -60), (226, 60), (232, 140), (0, 150)])
    s.body(dome, look.tint, shade=0.5)
    _stitches(s, -150, 160, -110, -40, lighter(look.tint, 0.4))
    for k in range(9):
        x = -200 + k * 50
        s.fill([(x - 25, 60), (x, 20), (x + 25, 60), (x, 100)], look.second)
    s.line(dome, 5, closed=True)
    s.body(sh.rounded(-254, 118, 508, 136, 34), look.second, shade=0.5)
    for k in range(17):
        s.line(sh.curve([(-232 + k * 29, 134), (-236 + k * 29.6, 186), (-232 + k * 29, 240)]), 4, darker(look.second, 0.4))
    _pompom(s, 0, -226, 84, look.second)


def _pompom(s: Sheet, x: float, y: float, r: float, tint: Ink) -> None:
    s.body(sh.star(x, y, r, r * 0.84, 22), tint, width=4, shade=0.45, angle=60)
    for k in range(16):
        (ax, ay), = sh.arc(x, y, r * 0.3, r * 0.3, k * 23, k * 23)[:1]
        (bx, by), = sh.arc(x, y, r * 0.72, r * 0.72, k * 23 + 8, k * 23 + 8)[:1]
        s.line([(ax, ay), (bx, by)], 4, lighter(tint, 0.5), taper=True)


@motif
def mittens(s: Sheet, look: Look) -> None:
    s.shadow(20, 258, 290, 22)
    s.line(sh.curve([(-130, 210), (-110, 300), (110, 300), (130, 210)]), 8, look.second)
    for side in (-1, 1):
        with s.at(side * 140, 0, turn=side * 9):
            _mitten(s, look, side)


def _mitten(s: Sheet, look: Look, side: int) -> None:
    thumb = sh.scaled(sh.blob([(-80, 120), (-150, 50), (-176, -20), (-140, -46), (-106, -6), (-70, 40)]), side, 1)
    s.body(thumb, look.tint, shade=0.4)
    hand = sh.blob([(-98, 150), (-108, -60), (-84, -200), (0, -256), (84, -200), (108, -60), (98, 150)])
    s.body(hand, look.tint, shade=0.5)
    for y in (-150, 30):
        for k in range(-1, 2):
            s.fill([(k * 58, y - 34), (k * 58 + 24, y), (k * 58, y + 34), (k * 58 - 24, y)], look.second)
    star = sh.star(0, -60, 66, 26, 8)
    s.fill(star, look.second)
    s.body(sh.rounded(-112, 120, 224, 120, 24), look.second, shade=0.5)
    for k in range(8):
        s.line([(-92 + k * 26, 136), (-92 + k * 26, 226)], 4, darker(look.second, 0.4))


@motif
def scarf(s: Sheet, look: Look) -> None:
    """A folded scarf with its fringe hanging."""
    s.shadow(30, 258, 280, 22)
    for k in range(13):
        x = -120 + k * 20
        s.line([(x, 190), (x + s.random.uniform(-6, 6), 254)], 8, look.second)
    s.body(sh.rect(-132, -20, 264, 214), look.tint, shade=0.4)
    for k in range(4):
        s.fill(sh.rect(-132, 8 + k * 48, 264, 20), look.second)
    s.line(sh.rect(-132, -20, 264, 214), 5, closed=True)
    for y, tint in ((-60, look.tint), (-130, lighter(look.tint, 0.15)), (-196, look.tint)):
        s.body(sh.rounded(-270, y - 44, 540, 96, 46), tint, shade=0.45, angle=90)
        for k in range(7):
            s.line([(-216 + k * 72, y - 34), (-228 + k * 72, y + 40)], 14, look.second)
        s.line(sh.rounded(-270, y - 44, 540, 96, 46), 5, closed=True)


@motif
def socks(s: Sheet, look: Look) -> None:
    s.shadow(30, 258, 280, 22)
    for dx, dy in ((70, -30), (-60, 10)):
        with s.at(dx, dy):
            sock = sh.blob([(-90, -250), (60, -250), (64, -60), (70, 60), (170, 130), (190, 200), (130, 240), (-20, 230), (-84, 150), (-90, 0)], steps=7)
            s.body(sock, look.tint, shade=0.45)
            s.fill(sh.blob([(100, 110), (186, 140), (192, 206), (130, 240), (88, 232), (84, 170)]), look.second)
            s.fill(sh.blob([(-88, 60), (-40, 80), (-30, 160), (-60, 190), (-92, 130)]), look.second)
            s.line(sock, 5, closed=True)
            s.body(sh.rounded(-100, -280, 172, 86, 20), look.second, shade=0.4)
            for y in (-150, -110, -70):
                s.line([(-82, y), (56, y)], 13, look.second)


@motif
def skein(s: Sheet, look: Look) -> None:
    """A twisted skein with its paper band."""
    s.shadow(30, 258, 280, 24)
    for k in range(3):
        y = 40 + k * 66
        s.body(sh.rounded(-290, y - 60, 580, 140, 66), (look.tint, lighter(look.tint, 0.2), look.tint)[k], shade=0.4, angle=90)
        for j in range(12):
            x = -240 + j * 42
            s.line(sh.curve([(x, y + 66), (x + 18, y + 10), (x + 44, y - 50)]), 5, darker(look.tint, 0.35), taper=True)
    s.body(sh.rounded(-96, -40, 192, 300, 18), INKS["cream"], shade=0.2)
    s.text(look.label, 0, 74, 50, look.face, room=174)
    s.text(look.small, 0, 124, 22, "plain", room=160)
    _sheep(s, 0, 186, look.second)


def _sheep(s: Sheet, x: float, y: float, tint: Ink) -> None:
    with s.at(x, y, 0.8):
        for dx in (-24, 20):
            s.line([(dx, 20), (dx, 46)], 7)
        s.body(sh.star(0, 0, 52, 44, 12), tint, width=4, shade=0)
        s.body(sh.ellipse(-50, -10, 20, 16), INKS["ink"], width=0, shade=0)


@motif
def knitting(s: Sheet, look: Look) -> None:
    """Balls of wool in a basket, needles across."""
    s.shadow(30, 258, 300, 24)
    for (ax, ay), (bx, by) in (((-120, 120), (150, -270)), ((140, 120), (-110, -280))):
        s.line([(ax, ay), (bx, by)], 16)
        s.line([(ax, ay), (bx, by)], 9, INKS["wood"])
        s.body(sh.ellipse(bx, by, 19), look.second, width=4)
    for x, y, r, tint in ((-150, 20, 104, look.tint), (156, 26, 100, look.second), (0, -20, 122, lighter(look.tint, 0.25))):
        _ball(s, x, y, r, tint)
    s.body([(-290, 80), (290, 80), (236, 256), (-236, 256)], INKS["straw"], shade=0.5)
    for row in range(5):
        for k in range(15):
            x = -262 + k * 37 + (18 if row % 2 else 0)
            if abs(x) < 276 - row * 12:
                s.line(sh.curve([(x - 15, 104 + row * 34), (x, 92 + row * 34), (x + 15, 104 + row * 34)]), 5, INKS["oak"])


def _ball(s: Sheet, x: float, y: float, r: float, tint: Ink) -> None:
    s.body(sh.ellipse(x, y, r), tint, shade=0.5, angle=45)
    for k in range(-2, 3):
        s.line(sh.curve([(x - r * 0.86, y + k * r * 0.2 - 10), (x, y + k * r * 0.36), (x + r * 0.86, y + k * r * 0.2 + 10)]), 4, darker(tint, 0.4), taper=True)
        s.line(sh.curve([(x + k * r * 0.24, y - r * 0.8), (x + k * r * 0.36 + 10, y), (x + k * r * 0.24, y + r * 0.8)]), 4, lighter(tint, 0.4), taper=True)


@motif
def blanket(s: Sheet, look: Look) -> None:
    """A pile of folded blankets, the top one checked."""
    s.shadow(30, 260, 320, 24)
    for k, tint in enumerate((look.second, INKS["cream"], look.tint)):
        y = 190 - k * 118
        s.body(sh.rounded(-300, y - 56, 600, 120, 56), tint, shade=0.45, angle=90)
        for j in range(3):
            s.line(sh.curve([(-270, y - 10 + j * 18), (0, y - 4 + j * 18), (270, y - 10 + j * 18)]), 3.5, darker(tint, 0.35))
    s.body(sh.rounded(-290, -190, 580, 150, 44), look.tint, shade=0.3)
    for k in range(7):
        s.line([(-240 + k * 80, -186), (-240 + k * 80, -44)], 18, look.second)
    for y in (-150, -84):
        s.line([(-280, y), (280, y)], 14, INKS["cream"])
    s.line(sh.rounded(-290, -190, 580, 150, 44), 5, closed=True)


@motif
def soap(s: Sheet, look: Look) -> None:
    """A stamped bar on another, a few bubbles."""
    s.shadow(30, 258, 300, 24)
    _bar(s, 20, 196, look.second, "", "")
    with s.at(-10, 60, turn=-5):
        _bar(s, 0, 0, look.tint, look.label, look.face)
    for x, y, r in ((-250, -60, 34), (-206, -130, 20), (236, -90, 42), (196, -160, 18), (270, -170, 14), (-270, -150, 12), (0, -170, 24)):
        s.fill(sh.ellipse(x, y, r), INKS["ice"])
        s.line(sh.ellipse(x, y, r), 4, closed=True)
        s.shine(sh.arc(x, y, r * 0.6, r * 0.6, 190, 270), 6)


def _bar(s: Sheet, x: float, y: float, tint: Ink, words: str, face: str) -> None:
    with s.at(x, y):
        s.body(sh.rounded(-260, -50, 520, 112, 34), darker(tint, 0.2), shade=0.5)
        s.body(sh.rounded(-260, -94, 520, 120, 44), tint, shade=0.35, angle=60)
        s.line(sh.rounded(-228, -76, 456, 84, 30), 4, darker(tint, 0.35), closed=True)
        s.text(words, 0, -36, 62, face or "display", darker(tint, 0.6), room=400)


@motif
def round_soap(s: Sheet, look: Look) -> None:
    """A shampoo puck on its wooden dish."""
    s.shadow(30, 262, 300, 20)
    s.body(sh.rounded(-290, 200, 580, 56, 20), INKS["wood"], shade=0.5)
    for k in range(7):
        s.line([(-230 + k * 76, 204), (-230 + k * 76, 250)], 6, INKS["oak"])
    s.body([*sh.arc(0, 150, 220, 66, 0, 180), *sh.arc(0, 40, 220, 66, 180, 0)], darker(look.tint, 0.15), shade=0.55)
    s.body(sh.ellipse(0, 40, 220, 66), look.tint, shade=0.2, angle=60)
    s.line(sh.ellipse(0, 38, 180, 48), 4, darker(look.tint, 0.35), closed=True)
    s.text(look.label, 0, 40, 50, look.face, darker(look.tint, 0.6), room=290)
    for _ in range(26):
        s.fill(sh.ellipse(s.random.uniform(-190, 190), s.random.uniform(100, 190), 5, 3), look.second)
    for x, y, r in ((-150, -90, 40), (-80, -160, 24), (130, -110, 32), (60, -200, 16), (200, -180, 20)):
        s.fill(sh.ellipse(x, y, r), INKS["ice"])
        s.line(sh.ellipse(x, y, r), 4, closed=True)
        s.shine(sh.arc(x, y, r * 0.6, r * 0.6, 190, 270), 6)


def _card(s: Sheet, look: Look) -> None:
    s.shadow(30, 262, 220, 18)
    s.body(sh.rounded(-210, -290, 420, 546, 18), INKS["paper"], shade=0.12)
    s.text(look.label, 0, 196, 44, look.face, room=360)
    s.text(look.small, 0, 232, 20, "geo", room=330, track=0.15)


@motif
def earrings(s: Sheet, look: Look) -> None:
    _card(s, look)
    for x in (-92, 92):
        s.fill(sh.ellipse(x, -206, 7), INKS["ink"])
        s.line(sh.curve([(x, -206), (x + 20, -176), (x, -146)]), 6, look.second)
        s.body(sh.ellipse(x, -122, 24), look.second, width=4, shade=0.5)
        s.body(sh.blob([(x, -98), (x + 62, 20), (x + 44, 96), (x, 118), (x - 44, 96), (x - 62, 20)]), look.tint, shade=0.55)
        s.shine([(x - 34, 10), (x - 36, 44), (x - 24, 76)], 9)


@motif
def pendant(s: Sheet, look: Look) -> None:
    _card(s, look)
    s.line(sh.curve([(-120, -290), (-100, -120), (0, -20), (100, -120), (120, -290)]), 6, look.second)
    s.body(sh.ellipse(0, -6, 17), look.second, width=4)
    shoe = [*sh.arc(0, 70, 86, 92, 120, 420), *reversed(sh.arc(0, 70, 48, 54, 120, 420))]
    s.body(shoe, look.tint, shade=0.5)
    for k in range(7):
        (x, y), = sh.arc(0, 70, 67, 73, 140 + k * 43, 140 + k * 43)[:1]
        s.fill(sh.ellipse(x, y, 6), INKS["ink"])


@motif
def ring(s: Sheet, look: Look) -> None:
    """A ring in its open box."""
    s.shadow(30, 260, 260, 22)
    s.body(sh.rounded(-220, -230, 440, 240, 30), look.tint, shade=0.4)
    s.body(sh.rounded(-184, -196, 368, 200, 24), lighter(look.tint, 0.55), width=4, shade=0.2)
    s.body(sh.rounded(-230, 40, 460, 216, 26), look.tint, shade=0.5)
    s.body(sh.rounded(-196, 20, 392, 84, 30), lighter(look.tint, 0.6), width=4, shade=0.3)
    band = [*sh.arc(0, 10, 84, 84, 0, 360), *reversed(sh.arc(0, 10, 60, 60, 0, 360))]
    s.body(band, look.second, shade=0.5)
    s.body([(-40, -96), (-22, -124), (22, -124), (40, -96), (0, -54)], INKS["ice"], width=4, shade=0.3)
    s.body(sh.rounded(-196, 60, 392, 60, 26), lighter(look.tint, 0.6), width=4, shade=0.3)
    s.text(look.label, 0, 186, 48, look.face, INKS["cream"], room=380)
    for k in range(4):
        s.line(sh.turned([(0, -160), (0, -186)], -36 + k * 24, 0, -80), 5, INKS["white"], taper=True)


@motif
def bracelet(s: Sheet, look: Look) -> None:
    """Beads on a cushion."""
    s.shadow(30, 260, 290, 22)
    s.body(sh.blob([(-290, 150), (-240, 60), (0, 30), (240, 60), (290, 150), (240, 240), (0, 256), (-240, 240)]), INKS["plum"], shade=0.5)
    for k in range(26):
        (x, y), = sh.arc(0, 96, 200, 120, k * 360 / 26, k * 360 / 26)[:1]
        s.body(sh.ellipse(x, y - 10, 26), (look.tint, look.second, lighter(look.tint, 0.4))[k % 3], width=4, shade=0.5, angle=45)
    with s.at(0, 206):
        s.line([(0, 0), (0, 26)], 6, INKS["mustard"])
        s.body(sh.star(0, 44, 30, 13, 5), INKS["sun"], width=4)
