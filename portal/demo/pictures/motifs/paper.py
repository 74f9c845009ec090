"""Books, notebooks, posters: where type does the drawing."""

from portal.demo.pictures import shapes as sh
from portal.demo.pictures.inks import INKS, Ink, darker, lighter
from portal.demo.pictures.press import Sheet

from . import Look, motif

COVERS = ("waves", "night", "sun", "birds", "house", "stripes", "hill", "tree")


def _lines(words: str, most: int) -> list[str]:
    """Words broken into lines of about `most` letters."""
    lines: list[str] = []
    for word in words.split():
        if lines and len(lines[-1]) + len(word) < most:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines


@motif
def book(s: Sheet, look: Look) -> None:
    """A standing book, seen a little from the left; its cover scene comes from `small`."""
    s.shadow(60, 258, 250, 24)
    s.body([(-220, -270), (-186, -300), (-186, 236), (-220, 256)], darker(look.tint, 0.35), shade=0.3)
    s.body([(-186, -300), (206, -300), (206, 256), (-220, 256), (-186, 236)], INKS["cream"], shade=0)
    s.body([(-186, -300), (200, -300), (200, 246), (-186, 246)], look.tint, shade=0.15)
    scene = look.small if look.small in COVERS else "waves"
    _COVER[scene](s, look)
    _cover_words(s, look, _lines(look.label, 13))
    s.line([(-164, -300), (-164, 246)], 3, darker(look.tint, 0.4))


def _cover_words(s: Sheet, look: Look, lines: list[str]) -> None:
    size = min(70, 250 / max(2, len(lines)))
    bright = sum(look.tint) > 420
    for k, words in enumerate(lines):
        s.text(words, 18, -244 + size * 0.5 + k * size * 0.98, size, look.face, INKS["ink"] if bright else INKS["white"], room=326)


def _waves(s: Sheet, look: Look) -> None:
    for k in range(5):
        crest = sh.curve([(-160 + j * 45, 86 + k * 38 + (14 if (j + k) % 2 else -14)) for j in range(9)])
        s.fill([*crest, (200, 246), (-160, 246)], (look.second, lighter(look.second, 0.25))[k % 2], true=True)
        s.line(crest, 4)
    s.body([(-40, 70), (80, 70), (60, 104), (-26, 104)], INKS["tomato"], width=4)
    s.body(sh.rect(-16, 40, 70, 30), INKS["white"], width=4, shade=0)


def _night(s: Sheet, look: Look) -> None:
    s.body(sh.ellipse(108, 20, 44), look.second, width=0, shade=0)
    s.fill(sh.ellipse(126, 8, 36), look.tint)
    for _ in range(18):
        s.fill(sh.star(s.random.uniform(-140, 180), s.random.uniform(-30, 120), 7, 3, 4), INKS["cream"])
    for x, h in ((-160, 90), (-90, 130), (-34, 84), (20, 120), (92, 96), (140, 140)):
        s.fill(sh.rect(x, 246 - h, 58, h), INKS["ink"], true=True)
        s.fill(sh.rect(x + 20, 246 - h + 24, 15, 20), INKS["sun"], true=True)


def _sun(s: Sheet, look: Look) -> None:
    s.fill(sh.star(18, 140, 170, 96, 16), lighter(look.second, 0.3))
    s.body(sh.ellipse(18, 140, 88), look.second, shade=0.4, angle=60)


def _birds(s: Sheet, look: Look) -> None:
    for x, y, k in ((-60, 60, 1.2), (60, 20, 0.9), (110, 96, 1.1), (0, 130, 1.0), (-110, 140, 0.7)):
        s.line(sh.curve([(x - 40 * k, y - 16 * k), (x - 18 * k, y - 26 * k), (x, y), (x + 18 * k, y - 26 * k), (x + 40 * k, y - 16 * k)]), 8, look.second)
    for k in range(18):
        x = -150 + k * 20
        s.line(sh.curve([(x, 246), (x + 8, 210), (x + 24, 180 + (k % 3) * 12)]), 6, INKS["ink"], taper=True)


def _house(s: Sheet, look: Look) -> None:
    s.body([(-70, 120), (18, 30), (106, 120), (106, 236), (-70, 236)], look.second, shade=0.4)
    s.body([(-92, 124), (18, 10), (128, 124), (104, 128), (18, 46), (-68, 128)], INKS["ink"], width=0, shade=0)
    s.body(sh.rect(-6, 156, 48, 80), INKS["sun"], width=4, shade=0)
    s.body(sh.rect(-50, 140, 34, 34), INKS["cream"], width=4, shade=0)
    s.body(sh.rect(54, 140, 34, 34), INKS["cream"], width=4, shade=0)


def _stripes(s: Sheet, look: Look) -> None:
    for k in range(6):
        s.fill([(-160, 60 + k * 34), (196, 20 + k * 34), (196, 36 + k * 34), (-160, 76 + k * 34)], look.second)
    s.body(sh.ellipse(18, 140, 62, 40), INKS["cream"], width=4, shade=0.2)
    s.line(sh.curve([(-30, 140), (0, 128), (36, 150), (64, 136)]), 5)


def _hill(s: Sheet, look: Look) -> None:
    s.body([*sh.ellipse(18, 250, 200, 120)[36:], (218, 246), (-160, 246)], look.second, width=0, shade=0)
    s.body([*sh.curve([(-160, 180), (-60, 120), (60, 150), (196, 90)]), (196, 246), (-160, 246)], look.second, shade=0.4, angle=90)
    s.body(sh.blob([(0, 140), (20, 90), (66, 84), (90, 120), (84, 160), (20, 164)]), INKS["oak"], width=4)
    s.fill(sh.ellipse(34, 112, 5), INKS["ink"])
    s.line(sh.curve([(20, 134), (28, 142), (40, 138)]), 4)


def _tree(s: Sheet, look: Look) -> None:
    s.body(sh.box(18, 196, 26, 100), INKS["bark"], width=4)
    for k in range(3):
        s.body([(-82 + k * 22, 160 - k * 56), (18, 50 - k * 50), (118 - k * 22, 160 - k * 56)], look.second, width=4, shade=0.5)


_COVER = {"waves": _waves, "night": _night, "sun": _sun, "birds": _birds, "house": _house, "stripes": _stripes, "hill": _hill, "tree": _tree}


@motif
def notebook(s: Sheet, look: Look) -> None:
    """A stitched notebook and a pencil."""
    s.shadow(40, 258, 270, 22)
    with s.at(-30, 0, turn=-5):
        s.body(sh.rounded(-196, -270, 400, 520, 16), darker(look.tint, 0.2), shade=0.3)
        s.body(sh.rounded(-206, -282, 400, 520, 16), look.tint, shade=0.3, angle=45)
        s.fill(sh.rect(-206, -282, 54, 520), look.second)
        for k in range(9):
            s.line([(-150, -250 + k * 58), (-150, -222 + k * 58)], 4, INKS["cream"])
        s.body(sh.box(24, -110, 240, 130), INKS["cream"], width=4, shade=0.1)
        s.text(look.label, 24, -124, 56, look.face, room=214)
        s.text(look.small, 24, -76, 24, "italic", room=200)
    with s.at(246, 30, turn=14):
        s.body(sh.rect(-17, -220, 34, 390), INKS["sun"], shade=0.6)
        s.body([(-17, 170), (17, 170), (0, 222)], INKS["straw"], width=4, shade=0)
        s.body(sh.rounded(-17, -262, 34, 44, 8), INKS["rose"], width=4)


@motif
def poster(s: Sheet, look: Look) -> None:
    """A printed view of the town from the ferry, held by two clips."""
    s.shadow(30, 262, 230, 16)
    s.body(sh.rect(-216, -300, 432, 556), INKS["paper"], shade=0.12)
    s.fill(sh.rect(-190, -274, 380, 440), look.tint, true=True)
    s.body(sh.ellipse(96, -170, 54), INKS["sun"], width=0, shade=0)
    s.fill([(-190, -60), (-120, -110), (-30, -90), (60, -130), (190, -70), (190, 60), (-190, 60)], look.second, true=True)
    s.tone([(-190, -60), (-120, -110), (-30, -90), (60, -130), (190, -70), (190, 60), (-190, 60)], INKS["ink"], 0.0, 0.6, 90)
    for k, x in enumerate(range(-178, 180, 34)):
        high = 26 + (k * 17) % 32
        s.body(sh.rect(x, -80 - high + (k % 3) * 10, 30, high), INKS["cream"], width=3, shade=0.2)
        s.body([(x - 3, -80 - high + (k % 3) * 10), (x + 15, -104 - high + (k % 3) * 10), (x + 33, -80 - high + (k % 3) * 10)], INKS["tomato"], width=3, shade=0)
    s.body([(20, -110), (34, -110), (34, -190), (27, -216), (20, -190)], INKS["steel"], width=3)
    for k in range(4):
        crest = sh.curve([(-190 + j * 47.5, 44 + k * 32 + (8 if (j + k) % 2 else -8)) for j in range(9)])
        s.fill([*crest, (190, 166), (-190, 166)], INKS["river"] if k % 2 else INKS["sky"], true=True)
        s.line(crest, 3)
    s.body([(-120, 60), (70, 60), (46, 104), (-98, 104)], INKS["night"], width=4)
    s.body(sh.rect(-84, 26, 116, 34), INKS["white"], width=4, shade=0)
    s.body(sh.rect(-16, -4, 30, 32), INKS["tomato"], width=4)
    s.text(look.label, 0, 194, 50, look.face, room=380)
    s.text(look.small, 0, 236, 20, "geo", room=340, track=0.2)
    for x in (-130, 130):
        s.body(sh.rounded(x - 22, -326, 44, 44, 8), INKS["ink"], width=0, shade=0)


@motif
def flat_box(s: Sheet, look: Look) -> None:
    """A game or puzzle box, its picture from `small`, pieces in front."""
    s.shadow(50, 258, 330, 24)
    s.body([(-300, -190), (290, -190), (290, 170), (-300, 170)], look.tint, shade=0.2)
    s.body([(-300, 170), (290, 170), (290, 250), (-300, 250)], darker(look.tint, 0.3), shade=0.4)
    with s.at(100, -76, 0.74):
        s.fill(sh.rect(-164, -40, 362, 290), INKS["cream"])
        _COVER[look.small if look.small in COVERS else "stripes"](s, look)
        s.line(sh.rect(-164, -40, 362, 290), 6, closed=True)
    for k, words in enumerate(lines := _lines(look.label, 11)):
        s.text(words, -158, -10 + (k - (len(lines) - 1) / 2) * 66, 62, look.face, INKS["white"], room=262)
    s.text("2 À 6 JOUEURS · 8 ANS ET PLUS", 60, 212, 26, "tall", INKS["white"], track=0.08)
    for x, tint in ((-220, INKS["sun"]), (-160, INKS["sky"]), (244, INKS["tomato"])):
        piece(s, x, 250, tint)


def piece(s: Sheet, x: float, y: float, tint: Ink) -> None:
    """A pawn."""
    with s.at(x, y):
        s.body([(-22, 20), (22, 20), (12, -20), (-12, -20)], tint, width=4)
        s.body(sh.ellipse(0, -34, 17), tint, width=4)


@motif
def seeds(s: Sheet, look: Look) -> None:
    """Three seed packets in a fan."""
    s.shadow(30, 258, 260, 22)
    for turn, tint in ((-16, INKS["sun"]), (14, INKS["sky"]), (-1, look.tint)):
        with s.at(0, 60, turn=turn):
            s.body(sh.rect(-140, -300, 280, 470), tint, shade=0.25)
            s.body(sh.rect(-140, -300, 280, 44), lighter(tint, 0.4), width=4, shade=0)
            _sunflower(s, 0, -40, look.second)
    with s.at(0, 60, turn=-1):
        s.body(sh.rect(-116, 60, 232, 88), INKS["cream"], width=4, shade=0)
        s.text(look.label, 0, 92, 46, look.face, room=212)
        s.text(look.small, 0, 126, 20, "plain", room=200)


def _sunflower(s: Sheet, x: float, y: float, tint: Ink) -> None:
    s.line(sh.curve([(x, y + 40), (x + 8, y + 74), (x, y + 110)]), 9, INKS["pine"])
    s.body(sh.star(x, y, 92, 54, 14), tint, width=4, shade=0.3)
    s.body(sh.ellipse(x, y, 42), INKS["bark"], width=4, shade=0.5)
