"""The Journal's large pictures: places and moments, one function a scene, on a sheet of 1200 by 800."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from portal.demo.pictures.inks import INKS
from portal.demo.pictures.press import Sheet

WIDTH, HEIGHT = 1200, 800
Draw: TypeAlias = Callable[[Sheet], None]
SCENES: dict[str, Draw] = {}


def scene(draw: Draw) -> Draw:
    """Put a scene in the catalogue under its own name."""
    SCENES[draw.__name__] = draw
    return draw


@dataclass(frozen=True, slots=True)
class Scene:
    name: str
    seed: int = 0

    def draw(self) -> bytes:
        sheet = Sheet(WIDTH, HEIGHT, INKS["paper"], self.seed)
        SCENES[self.name](sheet)
        return sheet.jpeg()


from . import indoors, outdoors, town  # noqa: E402,F401  (they fill SCENES)
