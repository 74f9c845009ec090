"""Streets and squares."""

from portal.demo.pictures import shapes as sh
from portal.demo.pictures.inks import INKS, Ink, darker
from portal.demo.pictures.motifs import MOTIFS, Look
from portal.demo.pictures.press import Sheet

from . import WIDTH, scene
from .parts import church, cloud, fir, ground, house, lamp_post, person, sky, snowfall, stars, tree


def _row(s: Sheet, y: float, *, lit: bool, snow: bool, start: int = 0) -> None:
    """A street of houses, each its own colour and height."""
    walls: tuple[Ink, ...] = (INKS["brick"], INKS["straw"], INKS["sky"], INKS["cream"], INKS["rose"], INKS["mint"], INKS["lilac"])
    x = -60.0
    k = start
    while x < WIDTH:
        w = 150 + (k * 37) % 60
        house(s, x, y, w, 210 + (k * 53) % 90, walls[k % 7] if not lit else darker(walls[k % 7], 0.25), (INKS["slate"], INKS["night"], INKS["cherry"])[k % 3], lit=lit, snow=snow)
        x += w + 12
        k += 1


def _shop(s: Sheet, x: float, y: float, w: float, awning: Ink, words: str, *, lit: bool) -> None:
    """A lit shop window at street level."""
    s.body(sh.rect(x, y - 170, w, 170), darker(awning, 0.3), shade=0.2)
    s.body(sh.rect(x + 16, y - 118, w * 0.58, 100), INKS["sun"] if lit else INKS["ice"], width=5, shade=0.3, angle=90)
    s.body(sh.rect(x + w * 0.70, y - 120, w * 0.22, 120), INKS["cream"] if lit else INKS["oak"], width=5, shade=0.2)
    for k in range(7):
        s.body([(x + k * w / 7, y - 172), (x + (k + 1) * w / 7, y - 172), (x + (k + 1) * w / 7, y - 128), (x + k * w / 7, y - 128)], awning if k % 2 else INKS["white"], width=4, shade=0.3, angle=90)
    s.body(sh.rounded(x + 10, y - 218, w - 20, 42, 8), INKS["cream"], width=5, shade=0)
    s.text(words, x + w / 2, y - 196, 30, "slab", room=w - 44)


@scene
def dusk_street(s: Sheet) -> None:
    """The côte at closing time: lamps, lit windows, people with bags."""
    sky(s, INKS["plum"], INKS["orange"], 420)
    stars(s, 26, 180)
    church(s, 860, 420, 0.9, INKS["slate"])
    _row(s, 560, lit=True, snow=False)
    for x, w, tint, words in ((60, 250, INKS["tomato"], "CAFÉ"), (420, 270, INKS["river"], "LIBRAIRIE"), (840, 280, INKS["pine"], "ÉPICERIE")):
        _shop(s, x, 590, w, tint, words, lit=True)
    s.fill(sh.rect(-20, 590, 1240, 230), INKS["night"], true=True)
    s.tone(sh.rect(-20, 590, 1240, 230), INKS["ink"], 0.0, 0.6, 90)
    s.line([(-20, 590), (1220, 590)], 6)
    for x, w in ((190, 240), (560, 260), (980, 260)):
        s.tone([(x - w * 0.3, 596), (x + w * 0.3, 596), (x + w * 0.55, 740), (x - w * 0.55, 740)], INKS["sun"], 0.0, 0.0)
        for k in range(4):
            s.line(sh.curve([(x - w * 0.3, 620 + k * 34), (x, 614 + k * 34), (x + w * 0.3, 620 + k * 34)]), 5, INKS["amber"], taper=True)
    for x in (360, 790, 1150):
        lamp_post(s, x, 640, 230)
    person(s, 260, 740, 1.0, INKS["sun"], INKS["river"], skin=4, hat=INKS["tomato"])
    person(s, 640, 770, 1.1, INKS["sky"], INKS["bark"], skin=1, reach=1)
    person(s, 980, 720, 0.9, INKS["rose"], INKS["slate"], skin=2, hat=INKS["leaf"])
    with s.at(752, 640):
        s.body([(-30, -30), (30, -30), (36, 50), (-36, 50)], INKS["straw"], width=5, shade=0.3)
        s.line(sh.arc(0, -30, 15, 22, 180, 360), 5)


@scene
def snow_street(s: Sheet) -> None:
    """First storm of the year: a shovel, a child, a tuque."""
    sky(s, INKS["fog"], INKS["lilac"], 420)
    _row(s, 540, lit=False, snow=True, start=2)
    ground(s, [(-20, 560), (300, 536), (640, 556), (940, 534), (1220, 560)], INKS["white"], shade=0.3)
    for x in (170, 1060):
        fir(s, x, 620, 300, INKS["pine"], snow=True)
    ground(s, [(-20, 660), (340, 636), (700, 670), (1220, 640)], INKS["snow"], shade=0.4)
    for x, y, w, h in ((960, 800, 260, 150), (100, 810, 200, 100)):
        s.body(sh.curve([(x - w, y), (x - w * 0.5, y - h * 0.8), (x, y - h), (x + w * 0.5, y - h * 0.7), (x + w, y)]), INKS["white"], shade=0.5, angle=60)
    person(s, 520, 760, 1.25, INKS["tomato"], INKS["night"], skin=1, hat=INKS["river"], reach=1)
    with s.at(660, 640, turn=14):
        s.line([(0, -90), (0, 110)], 11, INKS["wood"])
        s.body(sh.rounded(-52, 84, 104, 96, 12), INKS["river"], shade=0.3)
    person(s, 330, 770, 0.8, INKS["sun"], INKS["plum"], skin=3, hat=INKS["leaf"], reach=-1)
    person(s, 830, 690, 0.95, INKS["plum"], INKS["slate"], skin=4, hat=INKS["sun"])
    snowfall(s, 220)


@scene
def winter_ride(s: Sheet) -> None:
    """A cyclist in the bicycle lane, lamp on, snowbanks on both sides."""
    s.fill(sh.rect(-20, -20, 1240, 600), INKS["night"], true=True)
    s.tone(sh.rect(-20, -20, 1240, 600), INKS["plum"], -0.2, 0.8, 90)
    stars(s, 30, 200)
    _row(s, 500, lit=True, snow=True, start=4)
    ground(s, [(-20, 520), (400, 500), (800, 520), (1220, 498)], INKS["snow"], shade=0.5)
    s.fill(sh.rect(-20, 610, 1240, 200), INKS["slate"], true=True)
    s.tone(sh.rect(-20, 610, 1240, 200), INKS["ink"], 0.0, 0.5, 90)
    beam = [(770, 560), (1220, 500), (1220, 760), (770, 590)]
    s.fill(beam, INKS["sun"])
    s.tone(beam, INKS["slate"], -0.1, 0.9, 0)
    _rider(s, 560, 700)
    for x in (60, 250, 1130):
        lamp_post(s, x, 610, 240)
    ground(s, [(-20, 760), (260, 736), (600, 764), (900, 740), (1220, 770)], INKS["white"], shade=0.5)
    snowfall(s, 150)


def _rider(s: Sheet, x: float, y: float) -> None:
    with s.at(x, y, 1.25):
        for dx in (-110, 110):
            s.line(sh.ellipse(dx, -64, 66), 15, closed=True)
            s.line(sh.ellipse(dx, -64, 58), 4, INKS["steel"], closed=True)
        for a, b in (((-110, -64), (-40, -170)), ((-40, -170), (80, -170)), ((80, -170), (6, -64)), ((6, -64), (-110, -64)), ((-40, -170), (6, -64)), ((110, -64), (72, -206))):
            s.line([a, b], 13)
            s.line([a, b], 7, INKS["sun"])
        s.line([(-72, -186), (-14, -186)], 17)
        s.line([(72, -206), (104, -220)], 10)
        s.body(sh.rounded(96, -196, 46, 32, 10), INKS["ink"], width=0, shade=0)
        s.fill(sh.ellipse(144, -180, 11, 15), INKS["cream"])
        for pts in ([(-36, -196), (44, -140), (6, -56)], [(-30, -196), (60, -170), (44, -90)]):
            s.line(sh.curve(pts), 42)
            s.line(sh.curve(pts), 33, INKS["river"])
        s.body(sh.rounded(-20, -72, 62, 25, 10), INKS["bark"], width=4)
        s.body(sh.blob([(-70, -200), (-60, -300), (10, -350), (50, -330), (40, -260), (0, -190)]), INKS["tomato"], shade=0.5)
        s.line(sh.curve([(24, -316), (70, -262), (96, -226)]), 34)
        s.line(sh.curve([(24, -316), (70, -262), (96, -226)]), 25, INKS["tomato"])
        s.line([(-58, -250), (30, -262)], 15, INKS["lime"])
        s.body(sh.ellipse(54, -372, 36, 40), (244, 200, 164), width=4, shade=0.3)
        s.body(sh.blob([(12, -378), (20, -424), (64, -438), (96, -400), (92, -380)]), INKS["river"], width=5, shade=0.3)
        s.body(sh.blob([(16, -350), (60, -330), (92, -346), (80, -316), (30, -318)]), INKS["sun"], width=4, shade=0.2)
        s.line(sh.curve([(20, -330), (-40, -318), (-90, -334)]), 17, INKS["sun"], taper=True)
        s.fill(sh.ellipse(68, -374, 4.5), INKS["ink"])


@scene
def market(s: Sheet) -> None:
    """Stalls under bulbs, a tree, a crowd: the December market."""
    s.fill(sh.rect(-20, -20, 1240, 620), INKS["night"], true=True)
    s.tone(sh.rect(-20, 200, 1240, 420), INKS["plum"], 0.0, 0.7, 90)
    stars(s, 30, 200)
    church(s, 620, 440, 0.9)
    fir(s, 970, 560, 460, INKS["pine"], snow=True)
    for k in range(26):
        y = 200 + (k * 37) % 320
        s.fill(sh.ellipse(970 + ((k * 61) % 200 - 100) * (y - 140) / 420, y, 8), INKS[("sun", "tomato", "sky")[k % 3]])
    s.body(sh.star(970, 96, 36, 15, 5), INKS["sun"], width=5, shade=0)
    ground(s, [(-20, 570), (400, 556), (800, 574), (1220, 560)], INKS["snow"], shade=0.35)
    wares = (("jar", "honey", "candle"), ("tuque", "mittens", "skein"), ("loaf", "wheel", "wine"))
    for k, (x, tint) in enumerate(((190, INKS["tomato"]), (560, INKS["river"]), (930, INKS["leaf"]))):
        _stall(s, x, 690, tint, wares[k])
    for y0, dip in ((150, 60), (200, 50)):
        cord = sh.curve([(-20, y0), (300, y0 + dip), (640, y0), (960, y0 + dip), (1220, y0)])
        s.line(cord, 4)
        for k, (bulb_x, bulb_y) in enumerate(cord[1::3]):
            s.body(sh.ellipse(bulb_x, bulb_y + 14, 11, 14), INKS[("sun", "cream")[k % 2]], width=3.5, shade=0)
    for k, x in enumerate((60, 360, 480, 760, 830, 1130)):
        person(s, x, 790 - (k % 2) * 14, 0.98 + (k % 3) * 0.1, INKS[("sun", "tomato", "sky", "rose", "mustard", "lilac")[k]], INKS["slate"], skin=(1, 4, 0, 2, 5, 3)[k], hat=INKS[("river", "leaf", "tomato", "plum", "pine", "cherry")[k]])
    snowfall(s, 120)


def _stall(s: Sheet, x: float, y: float, tint: Ink, wares: tuple[str, ...]) -> None:
    for side in (-1, 1):
        s.line([(x + side * 140, y), (x + side * 140, y - 250)], 13, INKS["oak"])
    s.tone(sh.rect(x - 140, y - 240, 280, 150), INKS["sun"], 0.9, 0.5, 90)
    person(s, x + 60, y - 8, 0.78, INKS["cream"], INKS["slate"], skin=len(wares[0]) % 6, hat=tint, apron=tint)
    for k in range(6):
        left = x - 168 + k * 56
        s.body([(left + 10, y - 316), (left + 60, y - 316), (left + 56, y - 236), *sh.arc(left + 28, y - 236, 28, 15, 0, 180)], tint if k % 2 else INKS["white"], width=4, shade=0.35, angle=90)
    s.body(sh.rect(x - 160, y - 96, 320, 96), INKS["wood"], shade=0.4)
    for k, name in enumerate(wares):
        with s.at(x - 104 + k * 80, y - 96 - 260 * 0.14, 0.14):
            MOTIFS[name](s, Look(INKS[("honey", "tomato", "sky")[k]], INKS["cream"]))


@scene
def village(s: Sheet) -> None:
    """A river village: church, main street, a bench, laundry in the wind."""
    sky(s, INKS["sky"], INKS["cream"], 380)
    cloud(s, 200, 110, 1.1)
    cloud(s, 930, 130, 0.9)
    ground(s, [(-20, 340), (300, 310), (700, 336), (1220, 300)], INKS["leaf"], shade=0.4)
    s.fill(sh.rect(-20, 366, 1240, 50), INKS["river"], true=True)
    ground(s, [(-20, 410), (400, 396), (800, 412), (1220, 400)], INKS["lime"], shade=0.35)
    church(s, 560, 520, 1.0)
    for k, (x, w, h) in enumerate(((40, 170, 150), (250, 150, 130), (800, 170, 150), (1010, 180, 160))):
        house(s, x, 540, w, h, (INKS["white"], INKS["straw"], INKS["rose"], INKS["sky"])[k], (INKS["tomato"], INKS["slate"], INKS["river"], INKS["cherry"])[k])
    for x, high in ((220, 230), (770, 250), (1190, 240)):
        tree(s, x, 560, high, INKS["leaf"])
    s.fill(sh.rect(-20, 560, 1240, 260), INKS["fog"], true=True)
    s.tone(sh.rect(-20, 560, 1240, 260), INKS["slate"], 0.0, 0.45, 90)
    s.line([(-20, 560), (1220, 560)], 6)
    s.line(sh.curve([(60, 600), (230, 618), (420, 600)]), 4)
    for k, tint in enumerate(("tomato", "white", "sun", "sky")):
        s.body([(96 + k * 76, 606), (150 + k * 76, 608), (156 + k * 76, 680), (104 + k * 76, 672)], INKS[tint], width=4, shade=0.3)
    with s.at(860, 740):
        for side in (-1, 1):
            s.line([(side * 120, 30), (side * 120, -50)], 12)
        for dy in (-96, -62, -20):
            s.body(sh.rounded(-150, dy, 300, 24, 8), INKS["leaf"], width=5, shade=0.3)
    person(s, 830, 762, 0.95, INKS["plum"], INKS["night"], skin=0, hair=INKS["steel"])
    person(s, 920, 762, 0.95, INKS["mustard"], INKS["bark"], skin=2, hair=INKS["fog"])
    person(s, 560, 780, 1.1, INKS["tomato"], INKS["river"], skin=3, reach=1)
