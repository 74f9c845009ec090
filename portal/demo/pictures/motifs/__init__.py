"""What the shops sell, one function a thing. Each stands on y = 260, within 300 of the middle, on a sheet of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from portal.demo.pictures.inks import Ink
from portal.demo.pictures.press import Sheet


@dataclass(frozen=True, slots=True)
class Look:
    """How one thing differs from others of its kind: two inks, and the words on its label."""

    tint: Ink
    second: Ink
    label: str = ""
    small: str = ""
    face: str = "display"


Motif: TypeAlias = Callable[[Sheet, Look], None]
MOTIFS: dict[str, Motif] = {}


def motif(draw: Motif) -> Motif:
    """Put a drawing in the catalogue under its own name."""
    MOTIFS[draw.__name__] = draw
    return draw


from . import cellar, garden, kitchen, paper, playroom, wardrobe, workbench  # noqa: E402,F401  (they fill MOTIFS)
