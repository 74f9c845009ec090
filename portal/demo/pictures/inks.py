"""The inks on the shelf of the press. Few, flat and named: a picture says `INKS["tomato"]`, never a number."""

from typing import TypeAlias

Ink: TypeAlias = tuple[int, int, int]

INKS: dict[str, Ink] = {
    "ink": (29, 31, 41),
    "paper": (246, 244, 238),
    "white": (252, 251, 247),
    "snow": (228, 237, 243),
    "fog": (205, 216, 222),
    "slate": (92, 106, 122),
    "night": (33, 46, 82),
    "river": (38, 98, 150),
    "sky": (132, 190, 222),
    "ice": (188, 220, 232),
    "mint": (163, 211, 187),
    "leaf": (62, 138, 92),
    "pine": (28, 84, 68),
    "moss": (122, 140, 62),
    "lime": (190, 206, 92),
    "sun": (250, 196, 54),
    "mustard": (214, 156, 38),
    "straw": (242, 216, 156),
    "cream": (249, 238, 208),
    "peach": (247, 186, 144),
    "orange": (238, 126, 52),
    "tomato": (224, 66, 50),
    "cherry": (176, 32, 54),
    "rose": (242, 164, 168),
    "plum": (116, 56, 104),
    "lilac": (190, 172, 214),
    "brick": (182, 84, 62),
    "wood": (194, 140, 90),
    "oak": (150, 98, 58),
    "bark": (92, 60, 44),
    "amber": (222, 142, 38),
    "honey": (240, 174, 50),
    "steel": (150, 164, 176),
}

SKINS: tuple[Ink, ...] = (
    (250, 216, 186),
    (244, 200, 164),
    (228, 174, 132),
    (196, 138, 98),
    (150, 98, 66),
    (108, 68, 48),
)


def ink(name: str) -> Ink:
    return INKS[name]


def mix(one: Ink, other: Ink, part: float) -> Ink:
    """The ink `part` of the way from `one` (0.0) to `other` (1.0)."""
    return (
        round(one[0] + (other[0] - one[0]) * part),
        round(one[1] + (other[1] - one[1]) * part),
        round(one[2] + (other[2] - one[2]) * part),
    )


def darker(tint: Ink, part: float = 0.25) -> Ink:
    return mix(tint, INKS["ink"], part)


def lighter(tint: Ink, part: float = 0.35) -> Ink:
    return mix(tint, INKS["white"], part)
