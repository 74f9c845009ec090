"""Fields, orchards, the river and the woods."""

from portal.demo.pictures import shapes as sh
from portal.demo.pictures.inks import INKS, darker, lighter
from portal.demo.pictures.motifs.cellar import bee
from portal.demo.pictures.motifs.garden import apple
from portal.demo.pictures.press import Sheet

from . import WIDTH, scene
from .parts import church, cloud, fir, ground, house, person, sky, snowfall, stars, tree, waves


@scene
def ferry(s: Sheet) -> None:
    """The ferry under the cliff, the old town above."""
    sky(s, INKS["peach"], INKS["sun"], 420)
    s.body(sh.ellipse(930, 170, 74), INKS["tomato"], width=0, shade=0.2)
    for x, y, k in ((200, 110, 1.0), (560, 70, 0.8), (1080, 90, 0.7)):
        cloud(s, x, y, k, INKS["cream"])
    cliff = [(-20, 300), (120, 276), (330, 286), (560, 262), (800, 292), (1010, 272), (1220, 300)]
    land = [*sh.curve(cliff), (1220, 520), (-20, 520)]
    s.fill(land, INKS["pine"], true=True)
    s.tone(land, INKS["ink"], -0.1, 0.65, 90)
    for k, x in enumerate(range(20, 1180, 86)):
        wall = (INKS["cream"], INKS["brick"], INKS["straw"], INKS["lilac"], INKS["fog"])[k % 5]
        house(s, x, 300 + (k % 3) * 8, 56 + (k % 3) * 9, 52 + (k % 4) * 12, wall, (INKS["slate"], INKS["tomato"], INKS["night"])[k % 3])
    church(s, 520, 296, 0.58)
    for k, x in enumerate(range(60, 1200, 120)):
        house(s, x, 488 - (k % 2) * 18, 70, 56, (INKS["straw"], INKS["white"], INKS["brick"])[k % 3], INKS["slate"])
    s.line([(-20, 498), (WIDTH + 20, 498)], 9, INKS["bark"])
    waves(s, 500, 820, INKS["river"])
    _ferry(s, 560, 620)
    for x, y, k in ((220, 380, 1.0), (300, 350, 0.8), (900, 430, 0.9), (980, 400, 0.7)):
        s.line(sh.curve([(x - 34 * k, y - 12 * k), (x - 14 * k, y - 20 * k), (x, y), (x + 14 * k, y - 20 * k), (x + 34 * k, y - 12 * k)]), 6, INKS["white"], taper=True)


def _ferry(s: Sheet, x: float, y: float) -> None:
    with s.at(x, y):
        s.body([(-330, 0), (330, 0), (290, 92), (-290, 92)], INKS["night"], shade=0.4)
        s.fill([(-318, 26), (318, 26), (312, 42), (-312, 42)], INKS["white"])
        s.body(sh.rect(-280, -70, 560, 72), INKS["white"], shade=0.35)
        for k in range(11):
            s.body(sh.rounded(-262 + k * 48, -52, 32, 32, 6), INKS["sky"], width=3.5, shade=0)
        s.body(sh.rect(-210, -124, 420, 56), INKS["white"], shade=0.35)
        s.body(sh.rect(-80, -170, 170, 48), INKS["white"], width=5, shade=0.3)
        s.body(sh.rect(-66, -160, 142, 22), INKS["sky"], width=3.5, shade=0)
        s.body([(110, -122), (180, -122), (172, -210), (118, -210)], INKS["tomato"], shade=0.4)
        s.fill([(113, -190), (177, -190), (175, -172), (115, -172)], INKS["white"])
        s.line([(-20, -170), (-20, -250)], 6)
        s.body([(-20, -250), (46, -234), (-20, -216)], INKS["sky"], width=4, shade=0)
        for k, dx in enumerate((-180, -130, -60, 20, 70)):
            person(s, dx, -70, 0.26, (INKS["tomato"], INKS["sun"], INKS["leaf"], INKS["plum"])[k % 4], INKS["night"], skin=k % 6)
        s.line(sh.curve([(-380, 104), (-200, 90), (0, 104), (200, 90), (400, 106)]), 12, INKS["white"], taper=True)


@scene
def vineyard(s: Sheet) -> None:
    """Rows of vines down to the river at harvest."""
    sky(s, INKS["sky"], INKS["cream"], 300)
    s.body(sh.ellipse(240, 150, 62), INKS["sun"], width=0, shade=0)
    cloud(s, 760, 110, 1.1)
    cloud(s, 1050, 170, 0.8)
    ground(s, [(-20, 260), (260, 220), (560, 250), (860, 210), (1220, 246)], INKS["lilac"], shade=0.3)
    s.fill(sh.rect(-20, 290, WIDTH + 40, 70), INKS["river"], true=True)
    s.tone(sh.rect(-20, 290, WIDTH + 40, 70), INKS["night"], 0.0, 0.5, 90)
    ground(s, [(-20, 350), (400, 336), (820, 356), (1220, 330)], INKS["lime"])
    house(s, 930, 372, 130, 92, INKS["white"], INKS["tomato"])
    fir(s, 1110, 376, 150, INKS["pine"])
    for row in range(7):
        _vine_row(s, row)
    person(s, 300, 770, 1.1, INKS["tomato"], INKS["night"], skin=3, hat=INKS["straw"], reach=1)
    person(s, 800, 690, 0.86, INKS["sky"], INKS["bark"], skin=1, hair=INKS["oak"], reach=-1)
    for x, y, k in ((430, 760, 1.0), (700, 690, 0.8)):
        with s.at(x, y, k):
            s.body([(-70, -50), (70, -50), (54, 20), (-54, 20)], INKS["oak"], shade=0.5)
            for j in range(11):
                s.body(sh.ellipse(-56 + j * 11.5, -54 - (j % 2) * 16, 15), INKS["plum"], width=3.5, shade=0.4)


def _vine_row(s: Sheet, row: int) -> None:
    """One row, from the top of the slope towards the reader, wider as it comes near."""
    top, foot = 560 + (row - 3) * 74, 560 + (row - 3) * 330
    for k in range(12):
        t = (k / 11) ** 1.7
        x, y, r = top + (foot - top) * t, 366 + 430 * t, 11 + 44 * t
        if -80 < x < 1280:
            s.body(sh.ellipse(x, y, r * 1.25, r), (INKS["leaf"], INKS["moss"])[k % 2], width=3 + 2 * t, shade=0.5, angle=60)
            for j in range(3):
                s.fill(sh.ellipse(x - r * 0.4 + j * r * 0.4, y + r * 0.4, r * 0.2), INKS["plum"])


@scene
def sugar_shack(s: Sheet) -> None:
    """Steam over the shack, pails on the maples."""
    sky(s, INKS["ice"], INKS["peach"], 430)
    for k in range(15):
        tree(s, 30 + k * 84, 440 + (k % 3) * 10, 210 + (k % 4) * 26, None)
    ground(s, [(-20, 430), (300, 416), (700, 436), (1220, 410)], INKS["snow"], shade=0.25)
    for x, y, r in ((650, 120, 70), (720, 60, 90), (590, 60, 66), (670, 190, 54), (800, 10, 80)):
        s.body(sh.ellipse(x, y, r), INKS["white"], width=0, shade=0.35, angle=90)
    with s.at(640, 620):
        s.body(sh.rect(-250, -200, 500, 200), INKS["oak"], shade=0.45)
        for k in range(14):
            s.line([(-232 + k * 36, -196), (-232 + k * 36, -4)], 3, INKS["bark"])
        s.body([(-290, -190), (0, -370), (290, -190)], INKS["tomato"], shade=0.45)
        s.body([(-90, -320), (0, -384), (90, -320), (90, -280), (-90, -280)], INKS["oak"], shade=0.3)
        s.body([(-110, -318), (0, -404), (110, -318)], INKS["white"], width=5, shade=0.2)
        s.body(sh.rect(-40, -130, 84, 130), INKS["sun"], width=5, shade=0.2)
        for x in (-190, 110):
            s.body(sh.rect(x, -140, 84, 70), INKS["sun"], width=5, shade=0.3)
            s.line([(x + 42, -140), (x + 42, -70)], 4)
    ground(s, [(-20, 640), (300, 616), (640, 626), (900, 612), (1220, 650)], INKS["white"], shade=0.35)
    for x, y, high in ((140, 760, 620), (1060, 780, 680)):
        s.line(sh.curve([(x, y), (x + 8, y - high * 0.5), (x - 6, y - high)]), 62, INKS["ink"])
        s.line(sh.curve([(x, y), (x + 8, y - high * 0.5), (x - 6, y - high)]), 50, INKS["bark"])
        with s.at(x + 26, y - 260):
            s.body([(-42, 0), (42, 0), (32, 84), (-32, 84)], INKS["steel"], shade=0.5)
            s.body([(-48, -10), (0, -34), (48, -10), (48, 6), (-48, 6)], INKS["steel"], width=5, shade=0.3)
    person(s, 420, 740, 1.05, INKS["cherry"], INKS["night"], skin=1, hat=INKS["river"], reach=1)
    with s.at(530, 660):
        s.body([(-34, 0), (34, 0), (28, 60), (-28, 60)], INKS["steel"], width=5)
        s.line(sh.arc(0, 4, 32, 40, 180, 360), 5)
    person(s, 860, 710, 0.75, INKS["sun"], INKS["river"], skin=2, hat=INKS["tomato"])
    for k in range(6):
        s.line(sh.curve([(250 + k * 30, 780 - k * 6), (264 + k * 30, 774 - k * 6)]), 9, INKS["fog"])


@scene
def pasture(s: Sheet) -> None:
    """A concession road, a barn and three cows that look up."""
    sky(s, INKS["mint"], INKS["cream"], 360)
    cloud(s, 220, 110, 1.2)
    cloud(s, 880, 80, 1.0)
    ground(s, [(-20, 330), (280, 286), (640, 320), (960, 280), (1220, 320)], INKS["pine"], shade=0.4)
    ground(s, [(-20, 400), (360, 376), (760, 396), (1220, 370)], INKS["lime"], shade=0.4)
    with s.at(860, 420):
        s.body(sh.rect(-150, -120, 320, 130), INKS["cherry"], shade=0.45)
        s.body([(-170, -116), (-120, -210), (10, -250), (140, -210), (190, -116)], INKS["steel"], shade=0.45)
        s.body(sh.rect(-40, -80, 96, 90), INKS["bark"], width=5, shade=0)
        s.line([(-40, -80), (56, 10)], 6, INKS["cream"])
        s.line([(56, -80), (-40, 10)], 6, INKS["cream"])
        s.body([(196, 10), (196, -190), *sh.arc(236, -190, 40, 46, 180, 360), (276, 10)], INKS["fog"], shade=0.6)
    house(s, 560, 414, 120, 90, INKS["white"], INKS["slate"])
    tree(s, 470, 420, 210, INKS["leaf"])
    road = [*sh.curve([(80, 800), (240, 640), (430, 560), (500, 470), (540, 404)]), *sh.curve([(564, 404), (560, 480), (540, 590), (440, 690), (380, 810)])]
    s.fill(road, INKS["straw"], true=True)
    s.line(sh.curve([(80, 800), (240, 640), (430, 560), (500, 470), (540, 404)]), 5)
    s.line(sh.curve([(564, 404), (560, 480), (540, 590), (440, 690), (380, 810)]), 5)
    for x, y, k, flip in ((760, 590, 1.0, 1), (1010, 680, 1.35, -1), (230, 560, 0.7, -1)):
        _cow(s, x, y, k, flip)
    for k in range(9):
        x = 520 + k * 92
        s.line([(x, 800), (x, 700)], 12, INKS["oak"])
    for y in (724, 764):
        s.line(sh.curve([(500, y), (800, y + 6), (1220, y - 2)]), 6, INKS["ink"])


def _cow(s: Sheet, x: float, y: float, k: float, flip: int) -> None:
    with s.at(x, y, k):
        f = lambda pts: sh.scaled(pts, flip, 1)  # noqa: E731
        for dx in (-74, -44, 46, 76):
            s.body(f(sh.rect(dx - 10, -40, 20, 84)), INKS["white"], width=4, shade=0.3)
        s.body(f(sh.blob([(-106, -90), (-40, -110), (60, -104), (108, -80), (104, -20), (60, 0), (-60, 0), (-108, -20)])), INKS["white"], shade=0.3, angle=90)
        for px, py, r in ((-60, -70, 34), (20, -44, 28), (70, -80, 24)):
            s.fill(f(sh.blob([(px - r, py), (px, py - r * 0.8), (px + r, py - 6), (px + r * 0.4, py + r * 0.7), (px - r * 0.5, py + r * 0.6)])), INKS["ink"])
        s.body(f(sh.blob([(96, -120), (136, -136), (168, -110), (172, -74), (150, -52), (118, -60)])), INKS["white"], shade=0.2)
        s.body(f(sh.ellipse(160, -68, 24, 19)), INKS["rose"], width=4, shade=0)
        s.fill(f(sh.ellipse(140, -104, 5)), INKS["ink"])
        s.body(f(sh.ellipse(104, -130, 19, 10)), INKS["ink"], width=0, shade=0)
        s.line(f(sh.curve([(-106, -86), (-130, -50), (-124, -10)])), 6)


@scene
def hives(s: Sheet) -> None:
    """Painted hives by a flowering field, someone in a veil."""
    sky(s, INKS["sky"], INKS["cream"], 380)
    cloud(s, 260, 120, 1.0)
    cloud(s, 940, 90, 1.2)
    ground(s, [(-20, 360), (380, 320), (820, 352), (1220, 316)], INKS["leaf"])
    for k in range(6):
        fir(s, 60 + k * 60, 372, 150 + (k % 3) * 30, INKS["pine"])
    ground(s, [(-20, 440), (500, 420), (1220, 452)], INKS["lime"], shade=0.35)
    for _ in range(190):
        y = s.random.uniform(470, 790)
        r = 3 + (y - 460) * 0.022
        s.fill(sh.star(s.random.uniform(0, WIDTH), y, r * 1.5, r * 0.8, 6), INKS[s.random.choice(("white", "rose", "plum", "sun"))])
    for k, (x, y, size) in enumerate(((130, 560, 0.8), (360, 620, 1.0), (880, 600, 0.95), (1090, 680, 1.15))):
        with s.at(x, y, size):
            tint = (INKS["sun"], INKS["sky"], INKS["rose"], INKS["mint"])[k]
            for j in range(3):
                s.body(sh.rect(-84, -84 - j * 70, 168, 66), tint if j != 1 else lighter(tint, 0.4), shade=0.45)
                s.body(sh.rounded(-26, -58 - j * 70, 52, 14, 6), darker(tint, 0.4), width=3.5, shade=0)
            s.body(sh.rect(-96, -252, 192, 30), INKS["steel"], shade=0.4)
            for side in (-1, 1):
                s.line([(side * 64, -16), (side * 64, 20)], 13, INKS["oak"])
    person(s, 620, 760, 1.5, INKS["white"], INKS["cream"], skin=1, hat=INKS["straw"], reach=-1)
    s.tone(sh.ellipse(620, 426, 58, 62), INKS["slate"], 0.45, 0.3)
    s.body(sh.ellipse(620, 380, 110, 21), INKS["straw"], width=5, shade=0.3)
    for x, y, turn in ((480, 330, 20), (760, 280, -14), (300, 380, 8), (830, 390, 30), (560, 230, -30), (990, 340, 0)):
        with s.at(x, y, 0.5, turn):
            bee(s)


@scene
def orchard(s: Sheet) -> None:
    """Ladders in the apple trees, the river and its islands behind."""
    sky(s, INKS["sky"], INKS["peach"], 340)
    cloud(s, 900, 100, 1.2)
    ground(s, [(-20, 300), (300, 250), (640, 286), (1000, 240), (1220, 276)], INKS["lilac"], shade=0.3)
    s.fill(sh.rect(-20, 320, WIDTH + 40, 60), INKS["river"], true=True)
    ground(s, [(-20, 372), (500, 360), (1220, 384)], INKS["lime"])
    church(s, 980, 384, 0.42)
    for x, y, high in ((360, 470, 200), (620, 456, 180), (840, 470, 200)):
        tree(s, x, y, high, INKS["leaf"])
        for _ in range(8):
            s.fill(sh.ellipse(x + s.random.uniform(-60, 60), y - high * s.random.uniform(0.5, 1.0), 8), INKS["tomato"])
    for x, y, high in ((170, 740, 520), (1010, 760, 560)):
        tree(s, x, y, high, INKS["leaf"])
        for _ in range(17):
            dx, dy = s.random.uniform(-0.34, 0.34), s.random.uniform(0.52, 1.06)
            apple(s, x + dx * high, y - dy * high, 19, INKS["tomato"])
    for x, turn in ((330, 9), (860, -8)):
        with s.at(x, 770, turn=turn):
            for dx in (-30, 30):
                s.line([(dx * 1.3, 0), (dx * 0.7, -420)], 11, INKS["oak"])
            for k in range(9):
                s.line([(-36 + k * 1.8, -30 - k * 44), (36 - k * 1.8, -30 - k * 44)], 8, INKS["oak"])
    person(s, 480, 760, 1.15, INKS["mustard"], INKS["river"], skin=4, hair=INKS["ink"], reach=-1)
    person(s, 700, 720, 0.85, INKS["plum"], INKS["slate"], skin=0, hat=INKS["tomato"], reach=1)
    with s.at(600, 730, 0.5):
        for k in range(5):
            apple(s, -120 + k * 60, 60 - (k % 2) * 30, 52, INKS["tomato"])
        s.body(sh.rect(-180, 80, 360, 90), INKS["wood"], shade=0.4)
        s.line([(-180, 124), (180, 124)], 6)


@scene
def road(s: Sheet) -> None:
    """A road over the first hills, autumn, a mailbox, a small truck."""
    sky(s, INKS["ice"], INKS["rose"], 360)
    cloud(s, 300, 110, 1.1)
    ground(s, [(-20, 300), (240, 210), (520, 280), (800, 190), (1220, 290)], INKS["plum"], shade=0.4)
    ground(s, [(-20, 370), (300, 320), (640, 372), (940, 316), (1220, 372)], INKS["orange"], shade=0.5)
    for k in range(24):
        x = 10 + k * 52
        s.body(sh.ellipse(x, 372 - (k % 4) * 12, 32, 38), INKS[("tomato", "sun", "orange", "pine", "mustard")[k % 5]], width=3.5, shade=0.5, angle=50)
    ground(s, [(-20, 430), (400, 400), (820, 436), (1220, 400)], INKS["straw"], shade=0.35)
    way = [*sh.curve([(300, 810), (440, 640), (660, 560), (640, 470), (560, 410)]), *sh.curve([(582, 408), (690, 466), (740, 560), (640, 660), (640, 810)])]
    s.fill(way, INKS["slate"], true=True)
    s.tone(way, INKS["ink"], 0.0, 0.5, 90)
    for edge in (way[: len(way) // 2], way[len(way) // 2 :]):
        s.line(edge, 5)
    s.line(sh.curve([(470, 800), (540, 660), (690, 570), (670, 480)]), 6, INKS["sun"])
    house(s, 860, 480, 150, 110, INKS["white"], INKS["tomato"])
    tree(s, 1080, 520, 260, INKS["orange"])
    with s.at(560, 640, 0.9):
        s.body(sh.rounded(-110, -90, 120, 84, 18), INKS["river"], shade=0.4)
        s.body(sh.rect(-10, -60, 130, 54), INKS["river"], shade=0.4)
        s.body(sh.rounded(-92, -78, 60, 36, 8), INKS["ice"], width=4, shade=0)
        for x in (-70, 74):
            s.body(sh.ellipse(x, -2, 25), INKS["ink"], width=0, shade=0)
            s.body(sh.ellipse(x, -2, 10), INKS["steel"], width=0, shade=0)
        for k in range(4):
            apple(s, 14 + k * 28, -72, 17, INKS["orange"])
    with s.at(200, 760):
        s.line([(0, 0), (0, -150)], 17, INKS["oak"])
        s.body([(-70, -150), (-70, -196), *sh.arc(-34, -196, 36, 36, 180, 270), (60, -232), *sh.arc(60, -196, 36, 36, 270, 360), (96, -150)], INKS["tomato"], shade=0.4)
        s.line([(60, -180), (60, -262)], 7)
        s.body([(60, -262), (104, -250), (60, -236)], INKS["sun"], width=4, shade=0)


@scene
def night_woods(s: Sheet) -> None:
    """A lit cabin, deep snow, stars."""
    s.fill(sh.rect(-20, -20, 1240, 840), INKS["night"], true=True)
    s.tone(sh.rect(-20, 200, 1240, 340), INKS["river"], 0.0, 0.6, 90)
    stars(s, 60, 300)
    s.body(sh.ellipse(960, 140, 60), INKS["cream"], width=0, shade=0.2)
    for k in range(16):
        fir(s, 20 + k * 80, 480 + (k % 3) * 16, 230 + (k % 4) * 40, INKS["pine"], snow=True)
    ground(s, [(-20, 490), (400, 466), (800, 486), (1220, 460)], INKS["snow"], shade=0.4)
    house(s, 480, 600, 260, 150, INKS["oak"], INKS["slate"], lit=True, snow=True)
    ground(s, [(-20, 620), (340, 590), (760, 604), (1220, 570)], INKS["white"], shade=0.5)
    fir(s, 150, 760, 460, INKS["pine"], snow=True)
    fir(s, 1060, 770, 520, INKS["pine"], snow=True)
    snowfall(s, 120)
