"""Rooms where things are made and sold."""

from portal.demo.pictures import shapes as sh
from portal.demo.pictures.inks import INKS, Ink, darker, lighter
from portal.demo.pictures.motifs import MOTIFS, Look
from portal.demo.pictures.press import Sheet

from . import WIDTH, scene
from .parts import person


def _room(s: Sheet, wall: Ink, floor: Ink, line: float = 620) -> None:
    s.fill(sh.rect(-20, -20, 1240, line + 40), wall, true=True)
    s.tone(sh.rect(-20, -20, 1240, line + 40), darker(wall, 0.3), -0.35, 0.5, 90, over=wall)
    s.fill(sh.rect(-20, line, 1240, 240), floor, true=True)
    for k in range(-8, 9):
        s.line([(600 + k * 90, line), (600 + k * 190, 820)], 3.5, darker(floor, 0.35))
    s.tone(sh.rect(-20, line, 1240, 240), darker(floor, 0.5), -0.1, 0.5, 90)
    s.line([(-20, line), (WIDTH + 20, line)], 6)


def _window(s: Sheet, x: float, y: float, w: float, h: float, light: Ink) -> None:
    s.body(sh.rect(x - 12, y - 12, w + 24, h + 24), INKS["white"], width=6, shade=0)
    s.body(sh.rect(x, y, w, h), light, width=4, shade=0.3, angle=90)
    s.line([(x + w / 2, y), (x + w / 2, y + h)], 7, INKS["white"])
    s.line([(x, y + h / 2), (x + w, y + h / 2)], 7, INKS["white"])
    s.body(sh.rect(x - 26, y + h + 10, w + 52, 22), INKS["white"], width=5, shade=0)


def _shelf(s: Sheet, x: float, y: float, w: float, things: tuple[tuple[str, str, str], ...], k: float) -> None:
    """A shelf with motifs on it."""
    gap = w / len(things)
    for j, (name, tint, second) in enumerate(things):
        with s.at(x + gap * (j + 0.5), y - 258 * k, k):
            MOTIFS[name](s, Look(INKS[tint], INKS[second]))
    s.body(sh.rect(x, y, w, 16), INKS["oak"], width=5, shade=0.3)


def _hanging_lamp(s: Sheet, x: float, y: float, tint: Ink) -> None:
    s.line([(x, -10), (x, y)], 5)
    s.tone([(x - 60, y + 40), (x + 60, y + 40), (x + 220, y + 360), (x - 220, y + 360)], INKS["sun"], 0.65, 0.0, 90)
    s.body([(x - 22, y), (x + 22, y), (x + 66, y + 46), (x - 66, y + 46)], tint, shade=0.4)
    s.body(sh.ellipse(x, y + 52, 24, 17), INKS["cream"], width=4, shade=0)


@scene
def bakery(s: Sheet) -> None:
    """Four in the morning: the oven, the racks, two bakers."""
    _room(s, INKS["straw"], INKS["brick"])
    _window(s, 60, 90, 200, 250, INKS["night"])
    for x, y in ((110, 140), (200, 180), (150, 250), (220, 110)):
        s.fill(sh.star(x, y, 9, 3, 4), INKS["cream"])
    with s.at(900, 640):
        s.body(sh.rect(-240, -460, 500, 460), INKS["brick"], shade=0.4)
        for row in range(12):
            for col in range(7):
                if (row * 5 + col * 3) % 4 == 0:
                    s.fill(sh.rect(-232 + col * 70 + (row % 2) * 30, -452 + row * 38, 58, 28), INKS["wood"])
        s.body([(-150, -60), (-150, -200), *sh.arc(10, -200, 160, 140, 180, 360), (170, -60)], INKS["ink"], width=0, shade=0)
        s.fill(sh.blob([(-120, -64), (-80, -170), (-20, -120), (20, -220), (70, -130), (120, -180), (146, -64)]), INKS["orange"])
        s.fill(sh.blob([(-80, -64), (-40, -130), (10, -96), (40, -150), (100, -64)]), INKS["sun"])
        s.body(sh.rect(-190, -66, 400, 24), INKS["steel"], width=5, shade=0.3)
    _shelf(s, 330, 230, 280, (("loaf", "amber", "cream"), ("loaf", "wood", "cream")), 0.2)
    _shelf(s, 330, 380, 280, (("baguette", "amber", "tomato"), ("croissants", "amber", "tomato")), 0.2)
    _hanging_lamp(s, 450, 30, INKS["tomato"])
    person(s, 280, 720, 1.5, INKS["white"], INKS["slate"], skin=1, hair=INKS["oak"], apron=INKS["sky"], reach=1)
    person(s, 680, 700, 1.4, INKS["white"], INKS["night"], skin=5, hair=INKS["ink"], apron=INKS["tomato"], reach=1)
    s.body(sh.rect(60, 650, 560, 40), INKS["wood"], shade=0.4)
    s.body(sh.rect(90, 690, 500, 130), INKS["oak"], shade=0.4)
    for k in range(4):
        s.body(sh.ellipse(130 + k * 84, 636, 40, 25), INKS["cream"], width=5, shade=0.35, angle=60)
    with s.at(520, 626, 0.5):
        MOTIFS["loaf"](s, Look(INKS["amber"], INKS["cream"]))
    s.line([(800, 560), (1010, 520)], 13, INKS["wood"])


@scene
def bookshop(s: Sheet) -> None:
    """Shelves to the ceiling, a ladder, a cat on the counter."""
    _room(s, INKS["mint"], INKS["oak"], 640)
    for row in range(5):
        y = 60 + row * 116
        s.body(sh.rect(30, y + 96, 720, 18), INKS["bark"], width=4, shade=0.2)
        x = 42.0
        while x < 728:
            w, h = s.random.uniform(16, 34), s.random.uniform(62, 92)
            tint = INKS[s.random.choice(("tomato", "river", "sun", "plum", "leaf", "cream", "night", "rose", "mustard", "sky"))]
            s.body(sh.rect(x, y + 96 - h, w, h), tint, width=3.5, shade=0.25)
            s.line([(x + 5, y + 112 - h), (x + w - 5, y + 112 - h)], 3, lighter(tint, 0.5))
            x += w + (1 if s.random.random() < 0.9 else 26)
    for x in (20, 742):
        s.body(sh.rect(x, 30, 24, 620), INKS["bark"], width=5, shade=0.2)
    with s.at(560, 660, turn=10):
        for dx in (-44, 44):
            s.line([(dx, 0), (dx * 0.7, -560)], 13, INKS["wood"])
        for k in range(9):
            s.line([(-42 + k * 1.4, -40 - k * 60), (42 - k * 1.4, -40 - k * 60)], 9, INKS["wood"])
    _window(s, 850, 110, 270, 290, INKS["sky"])
    s.fill([(850, 330), (930, 300), (1010, 320), (1120, 290), (1120, 400), (850, 400)], INKS["river"])
    s.body([(930, 330), (1050, 330), (1030, 356), (944, 356)], INKS["tomato"], width=4, shade=0)
    _hanging_lamp(s, 800, 30, INKS["river"])
    person(s, 220, 770, 1.6, INKS["river"], INKS["bark"], skin=4, hair=INKS["ink"], reach=1)
    with s.at(390, 500, 0.2, -8):
        MOTIFS["book"](s, Look(INKS["tomato"], INKS["cream"]))
    person(s, 960, 690, 1.5, INKS["plum"], INKS["night"], skin=1, hair=INKS["fog"], apron=INKS["cream"])
    s.body(sh.rect(740, 600, 480, 30), INKS["wood"], shade=0.3)
    s.body(sh.rect(760, 630, 480, 190), INKS["brick"], shade=0.4)
    for k, name in enumerate(("sun", "river", "tomato")):
        s.body(sh.rect(1080 - k * 6, 578 - k * 22, 110, 22), INKS[name], width=4, shade=0.2)
    _cat(s, 820, 600)


def _cat(s: Sheet, x: float, y: float) -> None:
    with s.at(x, y):
        s.line(sh.curve([(-50, -14), (-90, -30), (-96, -70)]), 17)
        s.body(sh.blob([(-60, 0), (-56, -50), (0, -76), (50, -46), (60, 0)]), INKS["orange"], shade=0.4)
        s.body(sh.ellipse(44, -76, 32, 28), INKS["orange"], width=5, shade=0.3)
        for dx in (24, 60):
            s.body([(dx - 12, -94), (dx, -124), (dx + 12, -96)], INKS["orange"], width=4, shade=0)
        for dx in (34, 56):
            s.line(sh.arc(dx, -78, 6, 6, 0, 180), 4)
        for k in range(3):
            s.line([(-30 + k * 22, -60), (-26 + k * 22, -38)], 5, INKS["bark"])


@scene
def pottery(s: Sheet) -> None:
    """The wheel, the shelves of drying cups, clay to the elbows."""
    _room(s, INKS["rose"], INKS["slate"])
    _window(s, 850, 100, 260, 260, INKS["ice"])
    _shelf(s, 60, 190, 660, (("mug", "river", "cream"), ("bowl", "cream", "river"), ("flowers", "sky", "sun"), ("teapot", "mustard", "cream"), ("mug", "leaf", "cream")), 0.22)
    _shelf(s, 60, 360, 660, (("plate", "cream", "river"), ("mug", "plum", "cream"), ("butter_dish", "sky", "cream"), ("bowl", "tomato", "sun"), ("plant", "leaf", "brick")), 0.22)
    _hanging_lamp(s, 560, 30, INKS["mustard"])
    person(s, 420, 740, 1.75, INKS["mustard"], INKS["night"], skin=2, hair=INKS["brick"], apron=INKS["cream"], reach=1)
    with s.at(650, 720):
        s.body(sh.rect(-120, -120, 260, 200), INKS["steel"], shade=0.4)
        s.body(sh.ellipse(10, -126, 140, 32), INKS["fog"], shade=0.3)
        s.body(sh.lathe([(0, -270), (50, -266), (84, -210), (66, -150), (70, -132), (0, -128)]), INKS["wood"], shade=0.5)
        for k in range(4):
            s.line(sh.arc(0, -250 + k * 28, 56 + (k % 2) * 18, 12, 10, 170), 4, INKS["bark"])
    with s.at(980, 700):
        s.body(sh.rect(-160, -120, 330, 30), INKS["wood"], width=5, shade=0.3)
        for dx in (-130, 130):
            s.line([(dx, -90), (dx, 60)], 17, INKS["oak"])
        for k in range(3):
            s.body(sh.rounded(-130 + k * 90, -180, 78, 60, 14), INKS["bark"], width=5, shade=0.4)


@scene
def roastery(s: Sheet) -> None:
    """The roaster at night, jute bags, a watchful face."""
    _room(s, INKS["river"], INKS["bark"])
    _window(s, 70, 90, 220, 250, INKS["night"])
    s.fill(sh.ellipse(220, 160, 32), INKS["cream"])
    _shelf(s, 800, 230, 360, (("coffee", "tomato", "sun"), ("coffee", "cream", "river"), ("tin", "sun", "tomato"), ("coffee", "leaf", "cream")), 0.2)
    _hanging_lamp(s, 560, 30, INKS["sun"])
    with s.at(620, 640):
        s.line([(-20, -360), (-20, -560), (-20, -700)], 70)
        s.line([(-20, -360), (-20, -700)], 56, INKS["steel"])
        s.body(sh.rounded(-190, -400, 360, 250, 110), INKS["tomato"], shade=0.5)
        s.body(sh.ellipse(-120, -276, 92, 96), INKS["ink"], width=0, shade=0)
        s.body(sh.ellipse(-120, -276, 74, 78), INKS["mustard"], width=5, shade=0.4)
        s.fill(sh.ellipse(-120, -276, 36, 38), INKS["bark"])
        s.body([(-30, -396), (90, -396), (130, -500), (-70, -500)], INKS["steel"], shade=0.4)
        s.body(sh.rect(-170, -150, 320, 120), INKS["slate"], shade=0.4)
        s.body([(-330, -80), (-90, -80), (-110, -20), (-310, -20)], INKS["steel"], shade=0.4)
        for k in range(22):
            s.body(sh.ellipse(-312 + (k % 11) * 20, -84 - (k // 11) * 12, 13, 9), INKS["bark"], width=3, shade=0)
        for dx in (-140, 120):
            s.line([(dx, -30), (dx, 60)], 21, INKS["ink"])
    person(s, 880, 750, 1.6, INKS["sun"], INKS["night"], skin=3, hair=INKS["ink"], apron=INKS["tomato"], reach=-1)
    for x, y, size in ((120, 760, 1.0), (1090, 770, 1.1), (240, 790, 0.8)):
        with s.at(x, y - 200 * size, 0.72 * size):
            MOTIFS["bag"](s, Look(INKS["straw"], INKS["tomato"], "MÉLANGE", "60 kg"))
    for x in (520, 560, 600):
        s.line(sh.curve([(x, 120), (x + 22, 80), (x - 16, 30), (x + 10, -20)]), 9, INKS["fog"], taper=True)


@scene
def toy_bench(s: Sheet) -> None:
    """A toymaker's bench in December."""
    _room(s, INKS["lilac"], INKS["wood"])
    _window(s, 80, 80, 230, 260, INKS["night"])
    for _ in range(30):
        s.fill(sh.ellipse(s.random.uniform(84, 306), s.random.uniform(84, 336), 5), INKS["white"])
    _shelf(s, 420, 210, 700, (("blocks", "tomato", "river"), ("ferry", "river", "tomato"), ("top", "sun", "plum"), ("doll_house", "sky", "tomato"), ("beluga", "white", "sky")), 0.23)
    _shelf(s, 420, 400, 700, (("train", "leaf", "sun"), ("flat_box", "tomato", "cream"), ("train", "tomato", "sky"), ("blocks", "sun", "leaf"), ("top", "leaf", "tomato")), 0.23)
    _hanging_lamp(s, 360, 30, INKS["tomato"])
    person(s, 330, 730, 1.7, INKS["tomato"], INKS["night"], skin=0, hair=INKS["fog"], apron=INKS["straw"], reach=1)
    person(s, 760, 710, 1.1, INKS["sun"], INKS["river"], skin=4, hair=INKS["ink"], reach=-1)
    s.body(sh.rect(120, 630, 960, 36), INKS["oak"], shade=0.3)
    s.body(sh.rect(160, 666, 880, 160), INKS["bark"], shade=0.4)
    with s.at(560, 630 - 258 * 0.36, 0.36):
        MOTIFS["train"](s, Look(INKS["cherry"], INKS["sun"]))
    for k in range(12):
        s.line(sh.curve([(840 + k * 17, 626), (846 + k * 17, 612), (856 + k * 17, 622)]), 5, INKS["straw"])
