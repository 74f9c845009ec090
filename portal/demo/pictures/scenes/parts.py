"""What scenes share: skies, trees, houses, people, snow."""

from portal.demo.pictures import shapes as sh
from portal.demo.pictures.inks import INKS, SKINS, Ink, darker, lighter
from portal.demo.pictures.press import Sheet

from . import HEIGHT, WIDTH


def sky(s: Sheet, tint: Ink, low: Ink, horizon: float) -> None:
    """Flat sky, its lower half printed over with dots of `low`."""
    s.fill(sh.rect(-20, -20, WIDTH + 40, horizon + 40), tint, true=True)
    s.tone(sh.rect(-20, -20, WIDTH + 40, horizon + 40), low, -0.25, 0.8, 90, over=tint)


def cloud(s: Sheet, x: float, y: float, k: float = 1.0, tint: Ink = INKS["white"]) -> None:
    s.fill(sh.blob([(x - 120 * k, y + 22 * k), (x - 80 * k, y - 22 * k), (x - 14 * k, y - 50 * k), (x + 60 * k, y - 30 * k), (x + 124 * k, y + 18 * k), (x, y + 32 * k)]), tint)


def ground(s: Sheet, tops: list[sh.Point], tint: Ink, *, shade: float = 0.5) -> None:
    """A hill or a field from the curve `tops` down to the foot of the sheet."""
    land = [*sh.curve(tops), (WIDTH + 20, HEIGHT + 20), (-20, HEIGHT + 20)]
    s.fill(land, tint, true=True)
    s.tone(land, darker(tint, 0.35), -0.3, shade, 90, over=tint)
    s.line(sh.curve(tops), 5)


def fir(s: Sheet, x: float, y: float, high: float, tint: Ink, *, snow: bool = False) -> None:
    s.line([(x, y), (x, y - high * 0.2)], high * 0.07, INKS["bark"])
    for k in range(4):
        w, top, low = high * (0.30 - k * 0.055), y - high * (0.42 + k * 0.19), y - high * (0.10 + k * 0.19)
        tier = [(x, top - high * 0.04), (x + w, low), (x + w * 0.4, low - high * 0.03), (x, low + high * 0.01), (x - w * 0.4, low - high * 0.03), (x - w, low)]
        s.body(tier, tint, width=4, shade=0.55)
        if snow:
            s.fill([(x, top - high * 0.04), (x + w * 0.55, low - high * 0.09), (x + w * 0.1, low - high * 0.12), (x - w * 0.5, low - high * 0.08)], INKS["white"])


def tree(s: Sheet, x: float, y: float, high: float, crown: Ink | None) -> None:
    """A leafy tree; bare when `crown` is None."""
    s.line(sh.curve([(x, y), (x + high * 0.02, y - high * 0.4), (x - high * 0.01, y - high * 0.7)]), high * 0.075, INKS["bark"])
    for dx, dy in ((-0.22, -0.82), (0.24, -0.78), (0, -1.0), (-0.12, -0.62), (0.15, -0.6)):
        s.line(sh.curve([(x, y - high * 0.42), (x + dx * high * 0.5, y + dy * high * 0.72), (x + dx * high, y + dy * high)]), high * 0.026, INKS["bark"])
    if crown is None:
        return
    for dx, dy, r in ((-0.2, -0.7, 0.2), (0.2, -0.7, 0.2), (0, -0.92, 0.22), (0, -0.62, 0.19)):
        s.body(sh.ellipse(x + dx * high, y + dy * high, r * high), crown, width=0, shade=0.5, angle=50)


def house(s: Sheet, x: float, y: float, w: float, h: float, wall: Ink, roof: Ink, *, lit: bool = False, snow: bool = False) -> None:
    """A two-storey house standing on y, gable to the street."""
    s.body(sh.rect(x, y - h, w, h), wall, shade=0.4)
    s.body([(x - w * 0.08, y - h + 4), (x + w / 2, y - h - w * 0.46), (x + w * 1.08, y - h + 4)], INKS["white"] if snow else roof, shade=0.4)
    light = INKS["sun"] if lit else INKS["ice"]
    for col in (0.18, 0.60):
        for row in (0.16, 0.56):
            s.body(sh.rect(x + w * col, y - h + h * row, w * 0.23, h * 0.25), light, width=3.5, shade=0.3, angle=90)
            s.line([(x + w * (col + 0.115), y - h + h * row), (x + w * (col + 0.115), y - h + h * (row + 0.25))], 3)


def church(s: Sheet, x: float, y: float, k: float, roof: Ink = INKS["steel"]) -> None:
    """A silver-spired parish church."""
    with s.at(x, y, k):
        s.body([(-60, -150), (0, -210), (150, -210), (200, -150)], roof, shade=0.4)
        s.body(sh.rect(-60, -150, 260, 150), INKS["cream"], shade=0.4)
        s.body(sh.rect(-70, -220, 90, 220), INKS["cream"], shade=0.35)
        s.body(sh.rect(-56, -270, 62, 52), INKS["cream"], width=4, shade=0.3)
        s.body([(-62, -268), (-25, -420), (12, -268)], roof, shade=0.5)
        s.line([(-25, -420), (-25, -462)], 5)
        s.line([(-38, -446), (-12, -446)], 5)
        for dx in (50, 100, 150):
            s.body([(dx - 12, -40), (dx - 12, -96), *sh.arc(dx, -96, 12, 14, 180, 360), (dx + 12, -40)], INKS["ice"], width=3.5, shade=0.3)
        s.body([(-44, 0), (-44, -66), *sh.arc(-25, -66, 19, 22, 180, 360), (-6, -66), (-6, 0)], INKS["cherry"], width=4, shade=0.2)


def snowfall(s: Sheet, count: int = 150) -> None:
    for _ in range(count):
        s.fill(sh.ellipse(s.random.uniform(0, WIDTH), s.random.uniform(0, HEIGHT), s.random.uniform(3, 7.5)), INKS["white"])


def stars(s: Sheet, count: int, low: float) -> None:
    for _ in range(count):
        s.fill(sh.star(s.random.uniform(0, WIDTH), s.random.uniform(0, low), 7, 2.6, 4), INKS["cream"])


def person(s: Sheet, x: float, y: float, k: float, coat: Ink, legs: Ink, *, skin: int = 1, hat: Ink | None = None, hair: Ink = INKS["bark"], reach: int = 0, apron: Ink | None = None) -> None:
    """Someone standing on y, 240 high at k = 1; `reach` of 1 or -1 holds out a hand that way."""
    with s.at(x, y, k):
        for side in (-1, 1):
            s.body([(side * 6, -104), (side * 36, -104), (side * 34, -10), (side * 10, -10)], legs, width=4, shade=0.3)
            s.body(sh.rounded(side * 22 - 20, -18, 42, 20, 9), INKS["ink"], width=0, shade=0)
        for side in (-1, 1):
            hand = (side * 92, -150) if reach == side else (side * 56, -92)
            s.line(sh.curve([(side * 36, -180), (side * 58, -142), hand]), 27)
            s.line(sh.curve([(side * 36, -180), (side * 58, -142), hand]), 19, darker(coat, 0.08))
            s.body(sh.ellipse(*hand, 12), SKINS[skin], width=3.5, shade=0)
        s.body([(-34, -196), (34, -196), (48, -150), (46, -84), (-46, -84), (-48, -150)], coat, width=4, shade=0.45)
        if apron is not None:
            s.body([(-24, -170), (24, -170), (36, -66), (-36, -66)], apron, width=3.5, shade=0.2)
        s.body(sh.ellipse(0, -222, 30, 34), SKINS[skin], width=4, shade=0.25)
        _features(s, hair, hat, lighter(SKINS[skin], 0.2))


def _features(s: Sheet, hair: Ink, hat: Ink | None, pale: Ink) -> None:
    for side in (-1, 1):
        s.fill(sh.ellipse(side * 11, -222, 3.6, 4.4), INKS["ink"])
    s.line(sh.curve([(-10, -205), (0, -201), (10, -205)]), 3)
    if hat is None:
        s.body(sh.blob([(-33, -222), (-30, -252), (0, -266), (30, -252), (33, -222), (20, -242), (-18, -244)]), hair, width=3.5, shade=0.2)
        return
    s.body(sh.blob([(-34, -232), (-30, -268), (0, -284), (30, -268), (34, -232)]), hat, width=4, shade=0.3)
    s.body(sh.rounded(-38, -246, 76, 19, 9), darker(hat, 0.2), width=3.5, shade=0)
    s.body(sh.ellipse(0, -288, 13), INKS["cream"], width=3.5, shade=0)


def lamp_post(s: Sheet, x: float, y: float, high: float, *, lit: bool = True) -> None:
    if lit:
        s.tone(sh.ellipse(x, y - high, 120), INKS["sun"], 0.75, 0.15, 90)
    s.line([(x, y), (x, y - high + 20)], 10)
    s.body([(x - 24, y - high + 24), (x + 24, y - high + 24), (x + 16, y - high - 26), (x - 16, y - high - 26)], INKS["sun"] if lit else INKS["ice"], width=5, shade=0)
    s.body([(x - 30, y - high - 24), (x, y - high - 48), (x + 30, y - high - 24)], INKS["ink"], width=0, shade=0)


def waves(s: Sheet, top: float, bottom: float, tint: Ink) -> None:
    """Water between two heights, with crests."""
    s.fill(sh.rect(-20, top, WIDTH + 40, bottom - top), tint, true=True)
    s.tone(sh.rect(-20, top, WIDTH + 40, bottom - top), darker(tint, 0.4), -0.25, 0.6, 90, over=tint)
    y = top + 22
    while y < bottom:
        for _ in range(7):
            x = s.random.uniform(-40, WIDTH)
            w = 26 + (y - top) * 0.22
            s.line(sh.curve([(x, y), (x + w * 0.5, y - 7), (x + w, y), (x + w * 1.5, y + 6), (x + w * 2, y)]), 4, lighter(tint, 0.55), taper=True)
        y += 30
