"""Shop fronts: a house of the town, its sign, its window with what is sold in it."""

from dataclasses import dataclass

from . import shapes as sh
from .inks import INKS, Ink, darker, lighter, mix
from .motifs import MOTIFS, Look
from .press import Sheet

WIDTH, HEIGHT = 1200, 900
STREET = 760
WALLS = ("brick", "clapboard", "stone", "shingle")
ROOFS = ("flat", "gable", "mansard", "false_front")
SEASONS = {"summer": "sky", "autumn": "peach", "winter": "fog", "dusk": "lilac", "spring": "mint"}


ANY_INKS = (("tomato", "sun"), ("river", "cream"), ("leaf", "rose"), ("mustard", "plum"))
OWN_INKS = {
    "apples": ("tomato", "leaf"), "baguette": ("amber", "tomato"), "basket": ("straw", "bark"), "block": ("sun", "river"),
    "can": ("cherry", "river"), "cheese_box": ("straw", "peach"), "comb": ("honey", "cream"), "croissants": ("amber", "cream"),
    "flowers": ("sky", "rose"), "gear": ("steel", "tomato"), "honey": ("honey", "cream"), "loaf": ("amber", "oak"),
    "log": ("white", "slate"), "pie": ("straw", "oak"), "plant": ("leaf", "brick"), "rolls": ("straw", "oak"),
    "sparkling": ("pine", "sun"), "spoon": ("wood", "oak"), "tapers": ("honey", "bark"), "tyre": ("ice", "steel"),
    "wheel": ("straw", "amber"), "wine": ("cherry", "mustard"), "wreath": ("leaf", "tomato"), "wrench": ("steel", "tomato"),
    "pendant": ("steel", "mustard"), "ring": ("cherry", "mustard"), "beluga": ("white", "fog"), "seeds": ("leaf", "sun"),
}
"""What has a colour of its own; the rest takes any."""


@dataclass(frozen=True, slots=True)
class Front:
    """One façade. `wares` are motifs shown in the window; `wall`, `roof` and `season` are words of this module."""

    name: str
    tint: str
    second: str
    face: str = "display"
    wall: str = "clapboard"
    roof: str = "gable"
    season: str = "summer"
    wares: tuple[str, ...] = ()
    seed: int = 0

    def draw(self) -> bytes:
        s = Sheet(WIDTH, HEIGHT, INKS[SEASONS[self.season]], self.seed)
        _sky(s, self.season)
        _neighbours(s, self.season)
        _house(s, self)
        _ground_floor(s, self)
        _street(s, self.season)
        return s.jpeg()


def _sky(s: Sheet, season: str) -> None:
    ground = INKS[SEASONS[season]]
    s.tone(sh.rect(-10, -10, WIDTH + 20, 620), darker(ground, 0.25) if season == "dusk" else INKS["white"], 0.6, 0.0, 90)
    for x, y, k in ((150, 130, 1.0), (1010, 90, 1.3)) if season != "dusk" else ():
        s.fill(sh.blob([(x - 110 * k, y + 20), (x - 70 * k, y - 20), (x - 10 * k, y - 44), (x + 60 * k, y - 26), (x + 110 * k, y + 16), (x, y + 30)]), INKS["white"])
    if season == "dusk":
        s.body(sh.ellipse(1030, 130, 54), INKS["cream"], width=0, shade=0.2)


def _neighbours(s: Sheet, season: str) -> None:
    """The houses left and right, paler, and a tree."""
    for x, w, top, tint in ((-60, 260, 330, "lilac"), (1000, 280, 380, "straw")):
        wall = mix(INKS[tint], INKS["fog"], 0.35)
        s.body(sh.rect(x, top, w, STREET - top), wall, shade=0.4, angle=90)
        s.body([(x - 24, top + 10), (x + w / 2, top - 150), (x + w + 24, top + 10)], INKS["slate"], shade=0.5)
        for k in range(2):
            _pane(s, x + 70 + k * 100 if x > 0 else x + 90 + k * 90, top + 60, 62, 92, season)
            _pane(s, x + 70 + k * 100 if x > 0 else x + 90 + k * 90, top + 240, 62, 92, season)
    _tree(s, 176 if s.random.random() < 0.5 else 1060, STREET, season)


def _tree(s: Sheet, x: float, y: float, season: str) -> None:
    s.line(sh.curve([(x, y), (x + 4, y - 120), (x - 4, y - 240)]), 22, INKS["bark"])
    for dx, dy in ((-60, -330), (66, -320), (0, -390), (-20, -280)):
        s.line(sh.curve([(x, y - 190), (x + dx * 0.5, y + dy * 0.7), (x + dx, y + dy)]), 9, INKS["bark"])
    if season == "winter":
        return
    crown = {"autumn": "orange", "spring": "lime", "dusk": "pine"}.get(season, "leaf")
    for dx, dy, r in ((-66, -310, 74), (64, -316, 78), (0, -390, 84), (-6, -280, 66)):
        s.fill(sh.ellipse(x + dx, y + dy, r), INKS[crown])
        s.tone(sh.ellipse(x + dx, y + dy, r), darker(INKS[crown], 0.4), -0.2, 0.6, 50)


def _pane(s: Sheet, x: float, y: float, w: float, h: float, season: str) -> None:
    s.body(sh.rect(x - 6, y - 6, w + 12, h + 12), INKS["white"], width=4, shade=0)
    s.body(sh.rect(x, y, w, h), INKS["sun"] if season == "dusk" else INKS["ice"], width=3, shade=0.35, angle=90)
    s.line([(x + w / 2, y), (x + w / 2, y + h)], 4, INKS["white"])
    s.line([(x, y + h / 2), (x + w, y + h / 2)], 4, INKS["white"])


LEFT, RIGHT, TOP = 220, 980, 330


def _house(s: Sheet, front: Front) -> None:
    tint = INKS[front.tint]
    {"flat": _flat, "gable": _gable, "mansard": _mansard, "false_front": _false_front}[front.roof](s, front)
    body = sh.rect(LEFT, TOP, RIGHT - LEFT, STREET - TOP)
    s.fill(body, tint, true=True)
    _texture(s, front.wall, LEFT, TOP, RIGHT, STREET, tint)
    s.tone(body, darker(tint, 0.4), -0.5, 0.35, 0)
    s.line(body, 6, closed=True)
    for x in (LEFT, RIGHT - 26):
        s.body(sh.rect(x, TOP, 26, STREET - TOP), lighter(tint, 0.5), width=4, shade=0.2)


def _texture(s: Sheet, wall: str, left: float, top: float, right: float, bottom: float, tint: Ink) -> None:
    dark = darker(tint, 0.2)
    if wall == "clapboard":
        for y in range(int(top) + 16, int(bottom), 17):
            s.line([(left, y), (right, y)], 2.5, dark)
    elif wall == "shingle":
        for row, y in enumerate(range(int(top), int(bottom), 24)):
            for x in range(int(left) + (15 if row % 2 else 0), int(right), 30):
                s.line(sh.arc(x, y, 15, 16, 10, 170)[::3], 2.5, dark)
    else:
        _courses(s, wall, left, top, right, bottom, tint)


def _courses(s: Sheet, wall: str, left: float, top: float, right: float, bottom: float, tint: Ink) -> None:
    long, high = (54, 22) if wall == "brick" else (92, 42)
    for row in range(int((bottom - top) / high) + 1):
        for col in range(int((right - left) / long) + 2):
            if s.random.random() < 0.34:
                x, y = left + col * long - (long / 2 if row % 2 else 0), top + row * high
                stone = sh.rect(max(x, left) + 2, y + 2, min(x + long, right) - max(x, left) - 4, min(high, bottom - y) - 4)
                if stone[1][0] - stone[0][0] > 6 and stone[2][1] - stone[1][1] > 3:
                    s.fill(stone, s.random.choice((darker(tint, 0.16), lighter(tint, 0.2), darker(tint, 0.08))), true=True)


def _flat(s: Sheet, front: Front) -> None:
    tint = INKS[front.tint]
    s.fill(sh.rect(LEFT, 150, RIGHT - LEFT, 190), tint, true=True)
    _texture(s, front.wall, LEFT, 150, RIGHT, 340, tint)
    s.line(sh.rect(LEFT, 150, RIGHT - LEFT, 190), 6, closed=True)
    s.body(sh.rect(LEFT - 24, 116, RIGHT - LEFT + 48, 40), INKS[front.second], shade=0.4)
    for x in range(LEFT - 10, RIGHT + 10, 48):
        s.body(sh.rect(x, 156, 18, 26), INKS[front.second], width=4)
    for x in (330, 520, 710):
        _pane(s, x + 20, 206, 84, 104, front.season)


def _gable(s: Sheet, front: Front) -> None:
    tint = INKS[front.tint]
    peak = [(LEFT, TOP + 6), (600, 60), (RIGHT, TOP + 6)]
    s.fill(peak, tint, true=True)
    for y in range(90, TOP, 18):
        reach = (y - 60) / (TOP - 54) * (RIGHT - LEFT) / 2
        s.line([(600 - reach, y), (600 + reach, y)], 2.5, darker(tint, 0.2))
    s.tone(peak, darker(tint, 0.4), -0.5, 0.35, 0)
    for side in (-1, 1):
        edge = [(600, 34), (600 + side * 420, TOP + 4), (600 + side * 420, TOP + 34), (600, 72)]
        s.body(edge, INKS["snow"] if front.season == "winter" else INKS[front.second], shade=0.3)
    _pane(s, 500, 200, 74, 110, front.season)
    _pane(s, 626, 200, 74, 110, front.season)
    s.body(sh.ellipse(600, 136, 30), INKS["ice"], width=5, shade=0.3)


def _mansard(s: Sheet, front: Front) -> None:
    roof = INKS["snow"] if front.season == "winter" else INKS["slate"]
    slope = [(LEFT - 20, TOP + 6), (LEFT + 46, 130), (RIGHT - 46, 130), (RIGHT + 20, TOP + 6)]
    s.body(slope, roof, shade=0.4)
    for k in range(14):
        s.line([(LEFT + 60 + k * 49, 132), (LEFT + 4 + k * 57, TOP + 2)], 3, darker(roof, 0.3))
    s.body(sh.rect(LEFT + 30, 104, RIGHT - LEFT - 60, 32), INKS[front.second], shade=0.3)
    for x in (336, 560, 784):
        s.body([(x - 22, 200), (x + 40, 146), (x + 102, 200)], INKS[front.second], width=5, shade=0.3)
        s.body(sh.rect(x - 14, 198, 108, 132), INKS[front.tint], width=5, shade=0)
        _pane(s, x + 6, 214, 68, 100, front.season)
    s.body(sh.rect(800, 50, 60, 70), INKS["brick"], shade=0.4)


def _false_front(s: Sheet, front: Front) -> None:
    """The stepped wooden parapet of an old general store."""
    tint = INKS[front.tint]
    steps = [(LEFT, 340), (LEFT, 210), (330, 210), (330, 150), (460, 150), *sh.arc(600, 150, 140, 80, 180, 360), (740, 150), (870, 150), (870, 210), (RIGHT, 210), (RIGHT, 340)]
    s.fill(steps, tint, true=True)
    s.tone(steps, darker(tint, 0.4), -0.5, 0.35, 0)
    s.line(steps, 7)
    s.line(sh.moved(steps[1:-1], 0, 22), 9, INKS[front.second])
    for x in (340, 558, 776):
        _pane(s, x, 240 if x != 558 else 220, 84, 90, front.season)


def _ground_floor(s: Sheet, front: Front) -> None:
    accent = INKS[front.second]
    _sign(s, front)
    left_door = front.seed % 2 == 0
    door, window = (282, 470) if left_door else (772, 272)
    _shop_window(s, front, window, 500, 456, 214)
    _door(s, front, door, 506)
    for k in range(11):
        x = 248 + k * 64
        stripe = [(x + 8, 438), (x + 72, 438), (x + 64, 496), *sh.arc(x + 32, 496, 32, 17, 0, 180)]
        s.body(stripe, accent if k % 2 else INKS["white"], width=4, shade=0.35, angle=90)
    s.body(sh.rect(LEFT, STREET - 44, RIGHT - LEFT, 44), darker(INKS[front.tint], 0.4), width=4, shade=0.3)
    s.body(sh.rect(door - 24, STREET - 30, 172, 30), INKS["steel"], width=5, shade=0.3)


def _sign(s: Sheet, front: Front) -> None:
    accent = INKS[front.second]
    board = sh.rounded(252, 348, 696, 84, 10 if front.seed % 3 else 42)
    dark = sum(accent) < 400
    s.body(board, accent, width=6, shade=0.2)
    s.line(sh.rounded(264, 360, 672, 60, 6 if front.seed % 3 else 30), 3, INKS["cream"] if dark else INKS["ink"], closed=True)
    s.text(front.name, 600, 390, 56, front.face, INKS["cream"] if dark else INKS["ink"], room=620)
    for x in (300, 900):
        s.line(sh.curve([(x, 346), (x, 322), (x + 24, 316), (x + 30, 334)]), 6)
        s.body([(x + 12, 332), (x + 50, 332), (x + 42, 350), (x + 20, 350)], INKS["ink"], width=3, shade=0)


def _shop_window(s: Sheet, front: Front, x: float, y: float, w: float, h: float) -> None:
    s.body(sh.rect(x - 16, y - 12, w + 32, h + 30), lighter(INKS[front.second], 0.25), width=6, shade=0)
    pane = sh.rect(x, y, w, h)
    inside = INKS["sun"] if front.season in ("dusk", "winter") else INKS["cream"]
    s.body(pane, lighter(inside, 0.3), width=5, shade=0)
    s.tone(pane, INKS["amber"], 0.0, 0.4, 90)
    s.body(sh.rect(x, y + h - 34, w, 34), INKS["wood"], width=4, shade=0.3)
    wares = front.wares or ("plant",)
    gap = w / max(1, len(wares[:4]))
    for k, name in enumerate(wares[:4]):
        tints = OWN_INKS.get(name) or ANY_INKS[(k + front.seed) % len(ANY_INKS)]
        with s.at(x + gap * (k + 0.5), y + h - 34 - 260 * 0.27 + 12, 0.27):
            MOTIFS[name](s, Look(INKS[tints[0]], INKS[tints[1]]))
    for dx in (60, w - 120):
        s.line([(x + dx, y + h - 50), (x + dx + 54, y + 20)], 8, INKS["white"], taper=True)
    s.line(pane, 5, closed=True)


def _door(s: Sheet, front: Front, x: float, y: float) -> None:
    leaf = mix(INKS[front.second], INKS["ink"], 0.18)
    s.body(sh.rect(x - 14, y - 12, 152, STREET - y + 12), INKS["cream"], width=5, shade=0)
    s.body(sh.rect(x, y, 124, STREET - y - 24), leaf, shade=0.3)
    s.body(sh.rect(x + 18, y + 20, 88, 112), INKS["sun"] if front.season == "dusk" else INKS["ice"], width=4, shade=0.35, angle=60)
    s.body(sh.rect(x + 18, y + 152, 88, 60), lighter(leaf, 0.12), width=4, shade=0)
    s.body(sh.ellipse(x + 108, y + 146, 9), INKS["sun"], width=3, shade=0)
    with s.at(x + 62, y + 72, turn=-4):
        s.body(sh.rounded(-40, -17, 80, 34, 6), INKS["white"], width=3, shade=0)
        s.text("OUVERT", 0, 1, 24, "tall", INKS["cherry"], track=0.06)


def _street(s: Sheet, season: str) -> None:
    snowy = season == "winter"
    s.fill(sh.rect(-10, STREET, WIDTH + 20, 160), INKS["snow"] if snowy else INKS["fog"], true=True)
    s.tone(sh.rect(-10, STREET, WIDTH + 20, 60), INKS["slate"], 0.5, 0.0, 90)
    s.line([(-10, STREET), (WIDTH + 10, STREET)], 6)
    s.fill(sh.rect(-10, 824, WIDTH + 20, 90), INKS["ice"] if snowy else INKS["slate"], true=True)
    s.line([(-10, 824), (WIDTH + 10, 824)], 5)
    for x in range(-40, WIDTH, 190):
        s.line([(x, STREET + 4), (x - 40, 822)], 3, INKS["steel"])
    (_snowbanks if snowy else _planters)(s)
    if snowy:
        _flakes(s)


def _snowbanks(s: Sheet) -> None:
    for x, w, h in ((90, 170, 90), (1120, 190, 110), (1010, 110, 54)):
        s.body([*sh.curve([(x - w, 830), (x - w * 0.6, 830 - h * 0.6), (x, 830 - h), (x + w * 0.6, 830 - h * 0.5), (x + w, 830)])], INKS["white"], shade=0.4, angle=60)
    with s.at(1064, 700, turn=10):
        s.line([(0, -90), (0, 90)], 9, INKS["wood"])
        s.body(sh.rounded(-34, 70, 68, 70, 8), INKS["tomato"], width=5)


def _flakes(s: Sheet) -> None:
    for _ in range(90):
        s.fill(sh.ellipse(s.random.uniform(0, WIDTH), s.random.uniform(0, HEIGHT), s.random.uniform(3, 7)), INKS["white"])


def _planters(s: Sheet) -> None:
    for x in (236, 962) if s.random.random() < 0.7 else (962,):
        for k in range(9):
            s.body(sh.ellipse(x - 44 + k * 11, 706 - (k % 3) * 18, 17), INKS[("tomato", "rose", "leaf", "sun")[k % 4]], width=3, shade=0)
        s.body([(x - 58, 712), (x + 58, 712), (x + 44, 786), (x - 44, 786)], INKS["oak"], shade=0.4)
    if s.random.random() < 0.55:
        _bicycle(s, 1078, 770)


def _bicycle(s: Sheet, x: float, y: float) -> None:
    for dx in (-70, 70):
        s.line(sh.ellipse(x + dx, y - 44, 46), 7, closed=True)
        s.fill(sh.ellipse(x + dx, y - 44, 6), INKS["ink"])
    frame = [(x - 70, y - 44), (x - 20, y - 120), (x + 50, y - 120), (x + 4, y - 44), (x - 70, y - 44)]
    s.line(frame, 8, INKS["cherry"])
    s.line([(x + 70, y - 44), (x + 42, y - 148), (x + 70, y - 156)], 8, INKS["cherry"])
    s.line([(x - 20, y - 120), (x + 4, y - 44)], 8, INKS["cherry"])
    s.line([(x - 26, y - 140), (x - 20, y - 120)], 6)
    s.line([(x - 46, y - 142), (x - 4, y - 142)], 12)
