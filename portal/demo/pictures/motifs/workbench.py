"""Bicycle parts and tools."""

from portal.demo.pictures import shapes as sh
from portal.demo.pictures.inks import INKS, darker, lighter
from portal.demo.pictures.press import Sheet

from . import Look, motif


@motif
def bell(s: Sheet, look: Look) -> None:
    s.shadow(20, 258, 280, 20)
    s.line([(-330, 214), (330, 214)], 52)
    s.line([(-330, 214), (330, 214)], 40, INKS["steel"])
    s.body(sh.rect(-34, 150, 68, 50), INKS["slate"], width=4)
    s.body(sh.lathe([(0, -150), (100, -140), (196, -40), (214, 100), (222, 126), (0, 130)]), look.tint, shade=0.6)
    s.line([(-216, 100), (216, 100)], 5)
    s.body(sh.ellipse(0, -158, 26, 20), look.second, width=4)
    s.line([(226, 60), (296, 20)], 16)
    s.line([(226, 60), (296, 20)], 9, INKS["steel"])
    s.text(look.label, 0, 10, 66, look.face, INKS["cream"], room=300)
    s.shine([(-130, -60), (-166, 0), (-176, 60)], 13)
    for k, r in enumerate((290, 340)):
        s.line(sh.arc(0, -10, r, r * 0.9, 215 + k * 4, 245), 7, INKS["white"], taper=True)
        s.line(sh.arc(0, -10, r, r * 0.9, 295, 325 - k * 4), 7, INKS["white"], taper=True)


@motif
def saddle(s: Sheet, look: Look) -> None:
    s.shadow(20, 258, 250, 20)
    s.body(sh.rect(-24, 90, 48, 166), INKS["steel"], shade=0.6)
    s.line(sh.curve([(-160, 40), (-60, 110), (80, 110), (200, 30)]), 16, INKS["slate"])
    s.body(sh.blob([(-310, -20), (-300, -76), (-200, -80), (-60, -50), (90, -84), (240, -96), (300, -30), (270, 60), (200, 86), (80, 20), (-80, 30), (-240, 30)]), look.tint, shade=0.5, angle=90)
    for x, y in ((-262, -40), (210, -50), (250, -10), (230, 30)):
        s.body(sh.ellipse(x, y, 13), INKS["mustard"], width=3.5)
    s.line(sh.curve([(-220, -36), (-60, -8), (100, -40), (180, -56)]), 4, lighter(look.tint, 0.4))
    s.text(look.label, 60, -26, 36, look.face, lighter(look.tint, 0.6), room=150)


@motif
def tyre(s: Sheet, look: Look) -> None:
    """A studded winter tyre, and snow."""
    s.shadow(20, 258, 220, 20)
    s.body(sh.star(0, 0, 262, 244, 44), INKS["ink"], width=0, shade=0)
    s.body(sh.ellipse(0, 0, 246), INKS["slate"], shade=0.6)
    s.body(sh.ellipse(0, 0, 196), look.tint, shade=0.3, angle=60)
    for k in range(32):
        (x, y), = sh.arc(0, 0, 236, 236, k * 11.25, k * 11.25)[:1]
        s.fill(sh.ellipse(x, y, 7), INKS["white"])
    for k in range(16):
        s.line(sh.turned([(0, -196), (0, -30)], k * 22.5), 4, INKS["steel"])
    s.line(sh.ellipse(0, 0, 196), 16, INKS["steel"], closed=True)
    s.body(sh.ellipse(0, 0, 34), INKS["steel"], shade=0.5)
    s.text(look.label, 0, 120, 50, look.face, INKS["ink"], room=260)
    for _ in range(26):
        s.fill(sh.ellipse(s.random.uniform(-330, 330), s.random.uniform(-290, 230), s.random.uniform(5, 11)), INKS["white"])


@motif
def lamp(s: Sheet, look: Look) -> None:
    s.shadow(20, 258, 240, 20)
    beam = [(-110, -40), (-360, -180), (-360, 190), (-110, 60)]
    s.fill(beam, lighter(INKS["sun"], 0.3))
    s.tone(beam, INKS["sun"], 0.0, 0.8, 0)
    s.line([(40, 256), (40, 90)], 52)
    s.line([(40, 256), (40, 90)], 40, INKS["slate"])
    s.body(sh.blob([(-110, -90), (60, -110), (190, -60), (230, 10), (190, 80), (60, 124), (-110, 104)]), look.tint, shade=0.55, angle=60)
    s.body(sh.ellipse(-112, 8, 46, 106), INKS["cream"], shade=0.2)
    s.line(sh.ellipse(-112, 8, 26, 66), 4, INKS["mustard"], closed=True)
    s.body(sh.rounded(40, -146, 84, 44, 16), look.second, width=4)
    s.text(look.label, 70, 6, 48, look.face, INKS["white"], room=210)


@motif
def flask(s: Sheet, look: Look) -> None:
    """A drinking bottle for the frame."""
    s.shadow(60, 256, 180, 24)
    s.body(sh.lathe([(0, -150), (92, -150), (116, -110), (116, -40), (96, -10), (96, 40), (116, 70), (116, 230), (100, 258), (0, 260)], steps=5), look.tint, shade=0.6)
    s.body(sh.rounded(-100, -210, 200, 70, 18), look.second, shade=0.5)
    s.body(sh.rounded(-34, -280, 68, 74, 18), look.second, shade=0.4)
    s.fill(sh.rect(-114, 104, 228, 14), look.second)
    s.text(look.label, 0, 150, 56, look.face, INKS["white"], room=200)
    s.text(look.small, 0, 200, 24, "plain", INKS["white"], room=190)
    s.shine([(-92, -104), (-94, -80), (-92, -56)], 9)


@motif
def gear(s: Sheet, look: Look) -> None:
    """A chainring with its chain around."""
    s.shadow(20, 258, 250, 20)
    s.body(sh.star(-40, -10, 220, 196, 30), look.tint, shade=0.5)
    s.body(sh.ellipse(-40, -10, 140), look.second, width=4, shade=0.3)
    for k in range(5):
        s.body(sh.turned(sh.blob([(-66, -10), (-40, -160), (-14, -10)]), k * 72, -40, -10), look.tint, width=4)
    s.body(sh.ellipse(-40, -10, 44), INKS["steel"], shade=0.5)
    spots = [*sh.arc(-40, -10, 232, 232, 90, 290)[::1], *[(60 + k * 26, -222 + k * 12) for k in range(10)]]
    spots += [(-30 + k * 30, 224) for k in range(12)]
    for k, (x, y) in enumerate(spots[::1]):
        if k % 2 == 0 or k > 40:
            s.body(sh.ellipse(x, y, 17), INKS["slate"], width=4, shade=0.3)
            s.fill(sh.ellipse(x, y, 5), INKS["cream"])


@motif
def basket(s: Sheet, look: Look) -> None:
    """A wicker basket with bread and leeks in it."""
    s.shadow(30, 260, 290, 22)
    s.body(sh.rounded(-120, -230, 84, 330, 40), INKS["amber"], shade=0.5)
    for k in range(3):
        s.line(sh.curve([(60 + k * 40, 80), (70 + k * 44, -120), (40 + k * 70, -260)]), 20, INKS["leaf"])
        s.line(sh.curve([(60 + k * 40, 80), (62 + k * 42, -20), (66 + k * 44, -90)]), 20, INKS["cream"])
    s.body(sh.ellipse(-190, 20, 66), INKS["tomato"], width=4, shade=0.5, angle=45)
    s.body([(-280, 40), (280, 40), (226, 256), (-226, 256)], look.tint, shade=0.45)
    for row in range(6):
        for k in range(14):
            x = -254 + k * 39 + (19 if row % 2 else 0)
            if abs(x) < 266 - row * 9:
                s.line(sh.curve([(x - 16, 78 + row * 32), (x, 66 + row * 32), (x + 16, 78 + row * 32)]), 6, darker(look.tint, 0.4))
    s.body(sh.rounded(-300, 20, 600, 44, 20), darker(look.tint, 0.2), shade=0.4)
    for x in (-120, 120):
        s.body(sh.rounded(x - 17, 30, 34, 150, 10), look.second, width=4)
        s.body(sh.rounded(x - 22, 90, 44, 30, 6), INKS["mustard"], width=4)


@motif
def wrench(s: Sheet, look: Look) -> None:
    """A spanner across a cup of bolts: a tune-up."""
    s.shadow(20, 258, 260, 20)
    with s.at(0, -30, turn=38):
        s.body(sh.rounded(-30, -170, 60, 380, 20), look.tint, shade=0.6)
        jaw = [*sh.arc(0, -230, 96, 96, -50, 230), (-34, -190), (-34, -236), (34, -236), (34, -190)]
        s.body(jaw, look.tint, shade=0.5)
        s.body([*sh.arc(0, 250, 74, 74, 0, 359)], look.tint, shade=0.5)
        s.body(sh.star(0, 250, 44, 38, 3), look.second, width=4, shade=0)
    for x, y in ((-230, 220), (-170, 236), (220, 230)):
        s.body(sh.star(x, y, 32, 28, 3), INKS["steel"], width=4)
        s.fill(sh.ellipse(x, y, 12), INKS["ink"])
