"""Toys of wood and plush."""

from portal.demo.pictures import shapes as sh
from portal.demo.pictures.inks import INKS, Ink, darker, lighter
from portal.demo.pictures.press import Sheet

from . import Look, motif


def _wheels(s: Sheet, xs: tuple[float, ...], y: float, r: float, tint: Ink) -> None:
    for x in xs:
        s.body(sh.ellipse(x, y, r), tint, shade=0.5)
        s.body(sh.ellipse(x, y, r * 0.4), INKS["cream"], width=4, shade=0)


@motif
def ferry(s: Sheet, look: Look) -> None:
    """The wooden ferry on wheels, with its string."""
    s.shadow(30, 262, 320, 20)
    s.line(sh.curve([(-300, 120), (-350, 150), (-330, 210), (-380, 236)]), 5, INKS["bark"])
    s.body([(-310, 60), (310, 60), (250, 210), (-250, 210)], look.tint, shade=0.5)
    s.fill([(-292, 104), (292, 104), (284, 126), (-284, 126)], INKS["white"])
    s.body(sh.rect(-210, -50, 420, 110), INKS["cream"], shade=0.4)
    for k in range(5):
        s.body(sh.rounded(-186 + k * 80, -22, 50, 54, 10), INKS["sky"], width=4, shade=0.3)
    s.body(sh.rect(-130, -124, 260, 74), INKS["cream"], shade=0.4)
    s.body(sh.rect(-150, -140, 300, 20), look.second, width=4)
    s.body(sh.rect(-36, -236, 84, 98), look.second, shade=0.5)
    s.fill(sh.rect(-36, -210, 84, 22), INKS["white"])
    s.text(look.label, 0, 162, 44, look.face, INKS["white"], room=380)
    _wheels(s, (-170, 170), 216, 44, look.second)
    for x, y, r in ((20, -290, 30), (70, -330, 40), (130, -350, 26)):
        s.body(sh.ellipse(x, y, r), INKS["white"], width=4, shade=0.2)


@motif
def top(s: Sheet, look: Look) -> None:
    """A spinning top, leaning into its turn."""
    s.shadow(20, 258, 160, 16)
    for k, r in enumerate((210, 250)):
        s.line(sh.arc(0, 240, r, 26, 20 + k * 20, 160 - k * 10), 5, INKS["white"], taper=True)
    with s.at(0, 20, turn=12):
        s.body(sh.rounded(-15, -260, 30, 130, 12), INKS["wood"], shade=0.5)
        s.body(sh.ellipse(0, -262, 28, 24), look.second, width=4)
        s.body(sh.lathe([(0, -140), (90, -120), (220, -20), (170, 70), (60, 180), (0, 240)]), look.tint, shade=0.55)
        for y, w, tint in ((-60, 172, look.second), (-10, 214, INKS["cream"]), (50, 180, look.second)):
            s.line(sh.arc(0, y - 16, w, 26, 8, 172), 20, tint)
        s.line(sh.lathe([(0, -140), (90, -120), (220, -20), (170, 70), (60, 180), (0, 240)]), 5, closed=True)


@motif
def beluga(s: Sheet, look: Look) -> None:
    """A plush beluga, pleased with itself."""
    s.shadow(10, 252, 300, 24)
    tail = sh.blob([(200, 60), (270, -20), (330, -90), (300, 0), (360, 20), (290, 60), (230, 120)])
    s.body(tail, look.tint, shade=0.4)
    s.body(sh.blob([(-300, 90), (-290, -20), (-210, -110), (-60, -130), (100, -80), (230, 40), (250, 110), (160, 200), (0, 244), (-180, 236), (-270, 180)]), look.tint, shade=0.45, angle=80)
    s.fill(sh.blob([(-250, 170), (-100, 190), (80, 180), (150, 196), (0, 238), (-170, 232)]), lighter(look.tint, 0.6))
    s.body(sh.blob([(-60, 150), (0, 150), (40, 230), (10, 262), (-40, 230)]), darker(look.tint, 0.1), shade=0.3)
    s.fill(sh.ellipse(-190, 30, 15), INKS["ink"])
    s.fill(sh.ellipse(-194, 25, 5), INKS["white"])
    s.line(sh.curve([(-276, 96), (-240, 126), (-196, 118)]), 6)
    s.fill(sh.ellipse(-160, 84, 26, 17), INKS["rose"])
    for k in range(4):
        s.line([(40 + k * 32, -88 + k * 19), (52 + k * 32, -70 + k * 19)], 4, darker(look.tint, 0.35))
    s.body(sh.blob([(-130, -118), (-60, -150), (20, -112), (-40, -96)]), look.second, width=4, shade=0.3)


@motif
def train(s: Sheet, look: Look) -> None:
    s.shadow(20, 262, 340, 20)
    s.line([(-340, 258), (340, 258)], 9, INKS["bark"])
    s.body(sh.rect(-300, 40, 180, 160), look.second, shade=0.45)
    for x, tint in ((-270, INKS["sun"]), (-200, INKS["sky"]), (-232, INKS["tomato"])):
        s.body(sh.ellipse(x + 20, 30, 32), tint, width=4)
    s.body(sh.rect(-300, 60, 180, 140), look.second, shade=0.45)
    s.line([(-120, 176), (-80, 176)], 10)
    s.body(sh.rounded(-20, 10, 260, 170, 60), look.tint, shade=0.5, angle=90)
    s.body(sh.rect(-80, -120, 150, 310), look.tint, shade=0.45)
    s.body(sh.rect(-104, -146, 198, 34), look.second, shade=0.3)
    s.body(sh.rect(-48, -84, 86, 92), INKS["ice"], width=4, shade=0.3)
    s.body([(136, 16), (206, 16), (220, -70), (122, -70)], INKS["ink"], width=0, shade=0)
    s.body(sh.ellipse(240, 96, 30), INKS["sun"], width=4)
    s.body([(240, 190), (310, 240), (240, 240)], INKS["oak"], width=4)
    s.body(sh.rect(-90, 186, 340, 30), INKS["oak"], width=4)
    _wheels(s, (-250, -166, -30, 76, 182), 216, 40, look.second)
    for x, y, r in ((180, -120, 34), (130, -180, 46), (54, -226, 34), (-16, -250, 22)):
        s.body(sh.ellipse(x, y, r), INKS["white"], width=4, shade=0.2)


@motif
def blocks(s: Sheet, look: Look) -> None:
    """Letter blocks in a pile."""
    s.shadow(20, 260, 320, 22)
    tints = (look.tint, INKS["sun"], look.second, INKS["leaf"], INKS["sky"], INKS["tomato"])
    letters = (look.label + "LÉVISÉ")[:6]
    spots = ((-230, 160, -3), (-20, 164, 2), (196, 158, -2), (-130, -34, 5), (90, -30, -6), (-20, -226, 9))
    for letter, tint, (x, y, turn) in zip(letters, tints, spots, strict=True):
        with s.at(x, y, turn=turn):
            s.body([(-94, -94), (-66, -122), (122, -122), (94, -94)], lighter(INKS["straw"], 0.4), width=4, shade=0)
            s.body([(94, -94), (122, -122), (122, 66), (94, 94)], INKS["wood"], width=4, shade=0.4)
            s.body(sh.rect(-94, -94, 188, 188), INKS["straw"], shade=0.2)
            s.line(sh.rounded(-74, -74, 148, 148, 12), 8, tint, closed=True)
            s.text(letter, 0, 0, 124, "slab", tint)


@motif
def doll_house(s: Sheet, look: Look) -> None:
    """A little house, open in front."""
    s.shadow(30, 260, 260, 22)
    s.body([(-250, -60), (0, -290), (250, -60)], look.second, shade=0.45)
    s.body(sh.rect(-220, -60, 440, 316), look.tint, shade=0.3)
    for x, y, tint in ((-200, -40, INKS["sky"]), (10, -40, INKS["sun"]), (-200, 110, INKS["mint"]), (10, 110, INKS["rose"])):
        s.body(sh.rect(x, y, 190, 134), tint, width=4, shade=0.25)
    s.body(sh.rect(-180, 20, 120, 44), INKS["cream"], width=4)
    s.body(sh.rect(60, 30, 90, 14), INKS["oak"], width=4)
    s.line([(74, 44), (74, 92)], 6)
    s.line([(136, 44), (136, 92)], 6)
    s.body(sh.rounded(-170, 180, 110, 60, 18), darker(INKS["mint"], 0.3), width=4)
    s.body(sh.rect(70, 160, 74, 84), INKS["bark"], width=4)
