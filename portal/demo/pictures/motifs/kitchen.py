"""Bread, cheese, butter, pies and pots to serve them in."""

from portal.demo.pictures import shapes as sh
from portal.demo.pictures.inks import INKS, Ink, darker, lighter
from portal.demo.pictures.press import Sheet

from . import Look, motif
from .cellar import leaf

CRUST = (206, 134, 66)


def board(s: Sheet, width: float = 600, y: float = 262) -> None:
    """The maple board most food rests on."""
    s.shadow(20, y + 26, width * 0.52, 20)
    s.body(sh.rounded(-width / 2, y - 14, width, 38, 16), INKS["wood"], shade=0.5)
    s.line(sh.curve([(-width / 2 + 40, y + 6), (-60, y + 2), (width / 2 - 90, y + 8)]), 2.5, INKS["oak"])


@motif
def wheel(s: Sheet, look: Look) -> None:
    """A wheel of cheese with a quarter out, the wedge in front."""
    board(s)
    rind, paste = look.second, look.tint
    s.body([*sh.arc(-50, 160, 220, 84, 0, 180), *sh.arc(-50, 0, 220, 84, 180, 0)], rind, shade=0.6)
    s.body(sh.ellipse(-50, 0, 220, 84), lighter(rind, 0.25), shade=0.25, angle=60)
    s.line(sh.ellipse(-50, -2, 176, 64), 3, darker(rind, 0.25), closed=True)
    s.text(look.label, -160, 108, 50, look.face, darker(rind, 0.7), room=184)
    cut = [(-50, 4), (70, 70), (70, 232), (-50, 166)]
    other = [(-50, 4), (168, 14), (168, 176), (-50, 166)]
    s.body(other, lighter(paste, 0.2), width=4, shade=0.2)
    s.body(cut, paste, width=4, shade=0.5)
    _eyes(s, [(20, 110, 12), (-10, 70, 8), (44, 170, 9), (86, 60, 9), (120, 110, 13), (60, 120, 7)], paste)
    with s.at(196, 190):
        s.body([(-110, 26), (60, -30), (124, 34), (124, 84), (-110, 84)], paste, shade=0.35, angle=60)
        s.body([(-110, 26), (60, -30), (124, 34)], lighter(paste, 0.35), width=4, shade=0)
        s.line([(124, 34), (124, 84)], 14, rind)
        _eyes(s, [(-40, 56, 10), (20, 62, 8), (70, 56, 11)], paste)


def _eyes(s: Sheet, holes: list[tuple[float, float, float]], paste: Ink) -> None:
    for x, y, r in holes:
        s.fill(sh.ellipse(x, y, r, r * 0.8), darker(paste, 0.22))
        s.line(sh.arc(x, y, r, r * 0.8, 170, 320), 3, darker(paste, 0.5))


@motif
def blue_cheese(s: Sheet, look: Look) -> None:
    """A thick wedge with blue veins, and walnuts."""
    board(s)
    s.body([(-240, 80), (120, -110), (250, 60), (250, 250), (-240, 250)], look.tint, shade=0.3, angle=60)
    s.body([(-240, 80), (120, -110), (250, 60)], lighter(look.tint, 0.4), width=4, shade=0.15)
    s.body([(250, 60), (250, 250), (214, 250), (214, 64)], look.second, width=4)
    for _ in range(26):
        x, y = s.random.uniform(-200, 190), s.random.uniform(104, 232)
        vein = sh.curve([(x + k * 13, y + s.random.uniform(-13, 13)) for k in range(4)], steps=4)
        s.line(vein, s.random.uniform(5, 11), INKS["river"] if s.random.random() < 0.6 else INKS["pine"], taper=True)
    for x, y in ((-40, 30), (60, 0), (120, 20), (30, 46), (-110, 60)):
        s.line(sh.curve([(x, y), (x + 16, y - 8), (x + 30, y + 4)]), 7, INKS["river"], taper=True)
    for x in (-292, -256):
        s.body(sh.ellipse(x + 6, 232, 26, 22), INKS["wood"], width=4)
        s.line(sh.curve([(x - 8, 220), (x + 6, 234), (x + 2, 250)]), 3)


@motif
def log(s: Sheet, look: Look) -> None:
    """A goat's cheese log rolled in ash, two slices cut."""
    board(s)
    s.body([(-250, 90), (90, 90), *sh.arc(90, 166, 44, 78, -90, 90), (-250, 244), *sh.arc(-250, 167, 44, 77, 90, 270)], look.second, shade=0.6, angle=90)
    for _ in range(110):
        x, y = s.random.uniform(-280, 76), s.random.uniform(100, 236)
        s.fill(sh.ellipse(x, y, 2.8), lighter(look.second, s.random.choice((0.3, 0.6))))
    for x, k in ((96, 1.0), (176, 0.98), (252, 0.97)):
        s.body(sh.ellipse(x + 10, 168, 44, 78 * k), look.second, width=4)
        s.body(sh.ellipse(x, 168, 40, 74 * k), look.tint, width=4, shade=0.3)
    leaf(s, -150, 60, 1.1, INKS["leaf"], 70)
    leaf(s, -96, 54, 0.9, INKS["leaf"], -60)


@motif
def block(s: Sheet, look: Look) -> None:
    """A pound of butter or a brick of cheese, paper half off."""
    board(s)
    s.body([(-220, 40), (170, 40), (170, 248), (-220, 248)], look.tint, shade=0.3)
    s.body([(-220, 40), (-150, -40), (240, -40), (170, 40)], lighter(look.tint, 0.4), shade=0)
    s.body([(170, 40), (240, -40), (240, 168), (170, 248)], darker(look.tint, 0.15), shade=0.5)
    wrap = [(-232, 36), (20, 36), (-6, 90), (30, 140), (4, 190), (26, 252), (-232, 252)]
    s.body(wrap, INKS["paper"], shade=0.2)
    s.body([(-232, 36), (-160, -46), (92, -46), (20, 36)], INKS["white"], shade=0.1)
    for k in range(5):
        s.fill([(-226 + k * 52, 48), (-204 + k * 52, 48), (-204 + k * 52, 64), (-226 + k * 52, 64)], look.second)
    s.text(look.label, -112, 130, 66, look.face, look.second, room=200)
    s.text(look.small, -112, 192, 24, "plain", room=190)


@motif
def cheese_box(s: Sheet, look: Look) -> None:
    """A wooden box, lid up, three cheeses in straw."""
    s.shadow(40, 262, 330, 24)
    s.body(sh.rounded(-280, -150, 560, 200, 18), INKS["wood"], shade=0.4, angle=90)
    s.text(look.label, 0, -66, 66, look.face, INKS["bark"], room=500)
    s.text(look.small, 0, -10, 26, "plain", INKS["bark"], room=420)
    for x, y, r, tint in ((-160, 60, 104, look.tint), (160, 64, 100, INKS["cream"]), (0, 74, 112, look.second)):
        s.body([*sh.arc(x, y + 50, r, 44, 0, 180), *sh.arc(x, y, r, 44, 180, 0)], darker(tint, 0.1), shade=0.5)
        s.body(sh.ellipse(x, y, r, 44), lighter(tint, 0.3), width=4, shade=0.2)
    for k in range(34):
        x = -262 + k * 16
        s.line(sh.curve([(x, 148), (x + s.random.uniform(-20, 20), 118), (x + s.random.uniform(-30, 30), 104)]), 4, INKS["straw"], taper=True)
    s.body(sh.rect(-290, 138, 580, 124), INKS["wood"], shade=0.45)
    s.line([(-290, 200), (290, 200)], 3)
    for x in (-270, 270):
        s.fill(sh.ellipse(x, 168, 6), INKS["ink"])
        s.fill(sh.ellipse(x, 232, 6), INKS["ink"])


@motif
def loaf(s: Sheet, look: Look) -> None:
    """A round loaf, floured and scored."""
    board(s)
    s.body(sh.blob([(-270, 170), (-230, 20), (-90, -80), (90, -80), (230, 20), (270, 170), (220, 246), (-220, 246)]), look.tint, shade=0.6, angle=60)
    for k in range(-2, 3):
        slash = sh.blob([(k * 84 - 44, 80), (k * 84 - 6, -20), (k * 84 + 50, -34), (k * 84 + 10, 40)], steps=6)
        s.fill(slash, INKS["cream"])
        s.line(sh.curve([(k * 84 - 44, 82), (k * 84 - 4, -16), (k * 84 + 52, -36)]), 5, darker(look.tint, 0.5), taper=True)
    for _ in range(90):
        x, y = s.random.uniform(-200, 200), s.random.uniform(-60, 210)
        s.fill(sh.ellipse(x, y, s.random.uniform(2, 4)), INKS["white"])
    for _ in range(12):
        x, y = s.random.uniform(-220, 220), s.random.uniform(110, 220)
        s.fill(sh.ellipse(x, y, 12, 9), look.second)


@motif
def baguette(s: Sheet, look: Look) -> None:
    """Three sticks in a paper sleeve."""
    s.shadow(50, 256, 210, 24)
    for x, turn in ((-70, -9), (6, 2), (78, 11)):
        with s.at(x, 60, turn=turn):
            s.body(sh.rounded(-46, -390, 92, 560, 46), look.tint, shade=0.6)
            for k in range(4):
                y = -330 + k * 96
                s.fill(sh.blob([(-26, y + 60), (-6, y + 10), (28, y), (8, y + 44)], steps=5), INKS["cream"])
                s.line(sh.curve([(-26, y + 62), (-8, y + 10), (28, y - 2)]), 4, darker(look.tint, 0.5), taper=True)
    s.body([(-150, 20), (160, -10), (120, 262), (-110, 262)], INKS["paper"], shade=0.3)
    for k in range(6):
        s.line([(-132 + k * 48, 24 - k * 4), (-96 + k * 38, 256)], 5, look.second)
    s.body(sh.ellipse(6, 134, 84, 62), INKS["paper"], width=4, shade=0)
    s.text(look.label, 6, 132, 34, look.face, room=140)


@motif
def rolls(s: Sheet, look: Look) -> None:
    """Cinnamon rolls in a pan."""
    s.shadow(30, 256, 320, 26)
    s.body(sh.rounded(-310, 84, 620, 172, 34), INKS["slate"], shade=0.5, angle=90)
    for x, y, r in ((-190, 40, 104), (190, 44, 104), (0, 30, 110), (-100, 118, 104), (100, 120, 104)):
        s.body(sh.ellipse(x, y, r, r * 0.78), look.tint, shade=0.45, angle=60)
        turns = [(x + (r - 14) * (1 - k / 40) * _cos(k * 26), y + (r - 14) * 0.74 * (1 - k / 40) * _sin(k * 26)) for k in range(38)]
        s.line(turns, 7, look.second)
        s.line(sh.curve([(x - r * 0.6, y - 18), (x - r * 0.2, y - r * 0.5), (x + r * 0.2, y - 10), (x + r * 0.6, y - r * 0.3)]), 9, INKS["white"])
    s.body([(-310, 150), (310, 150), (296, 256), (-296, 256)], INKS["slate"], shade=0.5)
    s.text(look.label, 0, 206, 40, look.face, INKS["white"], room=520)


def _cos(degrees: float) -> float:
    return sh.arc(0, 0, 1, 1, degrees, degrees)[0][0]


def _sin(degrees: float) -> float:
    return sh.arc(0, 0, 1, 1, degrees, degrees)[0][1]


@motif
def croissants(s: Sheet, look: Look) -> None:
    board(s)
    for x, y, k, turn in ((-130, 60, 0.9, -8), (140, 70, 0.9, 10), (0, 170, 1.05, 0)):
        with s.at(x, y, k, turn):
            _croissant(s, look.tint)


def _croissant(s: Sheet, tint: Ink) -> None:
    s.body(sh.blob([(-200, 70), (-170, -10), (-90, -70), (0, -88), (90, -70), (170, -10), (200, 70), (120, 40), (50, 24), (-50, 24), (-120, 40)]), tint, shade=0.55, angle=90)
    for a, b in (((-130, 44), (-120, -52)), ((-58, 26), (-50, -84)), ((58, 26), (50, -84)), ((130, 44), (120, -52))):
        s.line(sh.curve([a, ((a[0] + b[0]) / 2 + (12 if a[0] > 0 else -12), (a[1] + b[1]) / 2), b]), 5, darker(tint, 0.45))
    s.shine([(-30, -62), (0, -68), (30, -62)], 9)


@motif
def pie(s: Sheet, look: Look) -> None:
    """A pie in its plate, leaves cut in the crust."""
    s.shadow(30, 256, 310, 24)
    s.body([(-300, 120), (300, 120), (220, 256), (-220, 256)], INKS["fog"], shade=0.5)
    s.body(sh.ellipse(0, 110, 310, 118), look.tint, shade=0.4, angle=60)
    for k in range(30):
        x, y = 292 * _cos(k * 12), 110 + 106 * _sin(k * 12)
        s.body(sh.ellipse(x, y, 34, 19), lighter(look.tint, 0.15), width=3.5, shade=0.3)
    s.body(sh.ellipse(0, 104, 246, 84), lighter(look.tint, 0.22), width=4, shade=0.3, angle=60)
    for k in range(5):
        with s.at(112 * _cos(k * 72 - 90), 104 + 38 * _sin(k * 72 - 90), 0.9, k * 72):
            s.fill(sh.blob([(0, -30), (16, -4), (0, 28), (-16, -4)]), look.second)
            s.line(sh.blob([(0, -30), (16, -4), (0, 28), (-16, -4)]), 3, closed=True)
    for x in (-60, 0, 60):
        s.line(sh.curve([(x, 20), (x + 18, -24), (x - 14, -70), (x + 12, -120)]), 8, INKS["white"], taper=True)


@motif
def mug(s: Sheet, look: Look) -> None:
    """A thrown cup, glazed halfway down."""
    s.shadow(70, 256, 260, 26)
    s.line(sh.curve([(140, 10), (240, 0), (262, 90), (214, 168), (136, 176)]), 46)
    s.line(sh.curve([(140, 10), (240, 0), (262, 90), (214, 168), (136, 176)]), 36, look.tint)
    cup = sh.lathe([(0, -80), (158, -80), (164, 40), (156, 190), (130, 252), (0, 258)])
    s.body(cup, look.second, shade=0.55)
    glaze = [(-158, -80), (158, -80), (164, 60), (150, 120), (112, 96), (70, 140), (30, 104), (-16, 132), (-60, 98), (-104, 136), (-150, 108), (-164, 60)]
    s.fill(sh.blob(glaze, steps=6), look.tint)
    s.tone(sh.blob(glaze, steps=6), darker(look.tint, 0.5), -0.4, 0.6, 0)
    s.line(cup, 5, closed=True)
    s.body(sh.ellipse(0, -80, 158, 34), lighter(look.tint, 0.2), shade=0)
    s.body(sh.ellipse(0, -72, 136, 24), INKS["bark"], width=0, shade=0.4)
    s.text(look.label, 0, 30, 56, look.face, INKS["cream"], room=240)
    for x in (-50, 10, 60):
        s.line(sh.curve([(x, -124), (x + 20, -168), (x - 12, -214), (x + 10, -262)]), 9, INKS["white"], taper=True)
    s.shine([(-132, -30), (-138, 20), (-136, 60)], 10)


@motif
def enamel(s: Sheet, look: Look) -> None:
    """A camping cup in chipped enamel."""
    s.shadow(70, 256, 260, 26)
    s.line(sh.curve([(150, 30), (248, 30), (256, 120), (150, 170)]), 30)
    s.line(sh.curve([(150, 30), (248, 30), (256, 120), (150, 170)]), 20, look.tint)
    s.body([(-170, -40), (170, -40), (158, 244), (140, 258), (-140, 258), (-158, 244)], look.tint, shade=0.6)
    s.body(sh.ellipse(0, -40, 172, 34), INKS["white"], shade=0.2)
    s.line(sh.ellipse(0, -40, 170, 33), 10, look.second, closed=True)
    for _ in range(60):
        s.fill(sh.ellipse(s.random.uniform(-144, 144), s.random.uniform(20, 236), s.random.uniform(2, 4.5)), INKS["white"])
    s.body(sh.ellipse(0, 120, 96, 76), INKS["cream"], width=4, shade=0)
    s.text(look.label, 0, 112, 44, look.face, look.second, room=160)
    s.text(look.small, 0, 156, 20, "plain", room=120)


@motif
def bowl(s: Sheet, look: Look) -> None:
    s.shadow(50, 256, 270, 26)
    s.body(sh.lathe([(0, 20), (260, 20), (236, 130), (140, 226), (90, 236), (92, 258), (0, 260)]), look.tint, shade=0.6)
    s.body(sh.ellipse(0, 20, 260, 60), lighter(look.tint, 0.3), shade=0.2)
    s.body(sh.ellipse(0, 30, 226, 44), look.second, width=4, shade=0.4)
    for x, y in ((-120, 30), (-40, 18), (60, 40), (130, 24), (0, 46)):
        s.body(sh.ellipse(x, y, 26, 12), INKS["orange"], width=3, shade=0)
        s.fill(sh.ellipse(x + 34, y - 8, 10, 6), INKS["leaf"])
    for k in range(9):
        s.line(sh.curve([(-214 + k * 52, 92 + abs(k - 4) * -6), (-190 + k * 47, 116), (-170 + k * 42, 150)]), 7, INKS["cream"], taper=True)
    for x in (-70, 0, 70):
        s.line(sh.curve([(x, -40), (x + 20, -84), (x - 12, -130), (x + 10, -180)]), 9, INKS["white"], taper=True)


@motif
def teapot(s: Sheet, look: Look) -> None:
    s.shadow(50, 256, 290, 26)
    s.line(sh.curve([(190, 20), (292, -10), (312, 100), (250, 180), (190, 176)]), 40)
    s.line(sh.curve([(190, 20), (292, -10), (312, 100), (250, 180), (190, 176)]), 30, look.tint)
    s.body(sh.blob([(-180, 150), (-240, 110), (-268, 10), (-310, -24), (-290, -50), (-232, -20), (-190, 50)]), look.tint)
    s.body(sh.lathe([(0, -70), (110, -64), (206, 30), (222, 130), (170, 236), (110, 258), (0, 260)]), look.tint, shade=0.6)
    s.body(sh.lathe([(0, -114), (70, -104), (118, -64), (0, -56)]), look.second, width=4)
    s.body(sh.ellipse(0, -130, 28, 24), look.second, width=4)
    for k in range(-3, 4):
        s.line(sh.curve([(k * 56, 190), (k * 66 + 8, 110), (k * 52, 30)]), 6, look.second, taper=True)
        s.fill(sh.ellipse(k * 60, 60, 13), look.second)
    s.line(sh.curve([(-300, -76), (-330, -110), (-300, -150), (-326, -190)]), 8, INKS["white"], taper=True)
    s.shine([(-150, 40), (-176, 90), (-176, 140)], 12)


@motif
def plate(s: Sheet, look: Look) -> None:
    """A plate standing on its edge, so that one sees the brushwork."""
    s.shadow(60, 258, 220, 22)
    s.body(sh.ellipse(10, 14, 268, 262), darker(look.tint, 0.3), shade=0.5)
    s.body(sh.ellipse(0, 0, 266, 262), look.tint, shade=0.3, angle=45)
    s.line(sh.ellipse(0, 0, 190, 186), 4, darker(look.tint, 0.4), closed=True)
    for k in range(4):
        wave = sh.curve([(-170 + j * 42, -30 + k * 44 + (16 if j % 2 else -16)) for j in range(9)])
        s.line([p for p in wave if p[0] ** 2 + p[1] ** 2 < 172**2], 15 - k * 2, look.second, taper=True)
    s.body(sh.ellipse(60, -96, 34), INKS["sun"], width=4, shade=0)
    for k in range(24):
        s.line([(214 * _cos(k * 15), 210 * _sin(k * 15)), (246 * _cos(k * 15), 242 * _sin(k * 15))], 7, look.second, taper=True)


@motif
def butter_dish(s: Sheet, look: Look) -> None:
    s.shadow(40, 256, 320, 22)
    s.body(sh.rounded(-320, 210, 640, 46, 20), look.second, shade=0.4)
    s.body(sh.lathe([(0, -10), (200, 0), (250, 50), (262, 214), (0, 216)], steps=6), look.tint, shade=0.55)
    s.body(sh.rounded(-60, -60, 120, 56, 26), look.second)
    s.line([(-256, 170), (256, 170)], 8, look.second)
    s.text(look.label, 0, 100, 84, look.face, INKS["cream"], room=380)
    s.shine([(-218, 60), (-232, 100), (-232, 140)], 10)


@motif
def spoon(s: Sheet, look: Look) -> None:
    """Two carved spoons, crossed."""
    s.shadow(20, 256, 260, 18)
    for turn, tint in ((-32, look.tint), (30, look.second)):
        with s.at(0, 20, turn=turn):
            s.body(sh.rounded(-17, -120, 34, 380, 15), tint, shade=0.6)
            s.body(sh.ellipse(0, -190, 84, 112), tint, shade=0.35, angle=45)
            s.body(sh.ellipse(0, -186, 58, 82), darker(tint, 0.16), width=4, shade=0.5, angle=225)
            for k in range(3):
                s.line([(-10, 190 + k * 16), (10, 198 + k * 16)], 4)


@motif
def loaf_sugar(s: Sheet, look: Look) -> None:
    """A block of maple sugar in the shape of a house, with its mould mark."""
    board(s)
    s.body([(-220, 60), (120, 60), (120, 248), (-220, 248)], look.tint, shade=0.35)
    s.body([(120, 60), (240, 10), (240, 196), (120, 248)], darker(look.tint, 0.2), shade=0.5)
    s.body([(-220, 60), (-50, -110), (120, 60)], look.tint, shade=0.3)
    s.body([(-50, -110), (74, -160), (240, 10), (120, 60)], lighter(look.tint, 0.25), shade=0.2)
    s.line(sh.rect(-90, 140, 80, 108), 5, darker(look.tint, 0.5), closed=True)
    for x in (-176, 36):
        s.line(sh.rect(x, 120, 54, 54), 5, darker(look.tint, 0.5), closed=True)
    leaf(s, -50, 0, 0.9, darker(look.tint, 0.35))
    for x, y in ((-274, 248), (276, 244), (-300, 254), (258, 256)):
        s.body(sh.box(x, y, 20, 14), look.tint, width=3)
