"""Drawn pictures, kept in a shared folder under what they show, so that each is drawn once on a machine."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from portal.demo.plans import Drawing

PICTURES = Path(__file__).parents[1] / "pictures"
HANDS = 2
"""Processes that draw side by side."""


@cache
def kit() -> str:
    """Changes whenever the drawing code or a font does."""
    digest = hashlib.sha256()
    for path in sorted(PICTURES.rglob("*.*")):
        if path.suffix in (".py", ".woff2"):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def folder() -> Path:
    """Where drawn pictures are kept: DEMO_PICTURES, else under the machine's temporary folder, this user's alone."""
    named = os.environ.get("DEMO_PICTURES")
    kept = Path(named) if named else Path(tempfile.gettempdir()) / f"achetons-pictures-{os.getuid()}"
    kept.mkdir(parents=True, exist_ok=True, mode=0o700)
    return kept


def place_of(drawing: Drawing) -> Path:
    name = hashlib.sha256(f"{kit()} {drawing!r}".encode()).hexdigest()
    return folder() / f"{name}.jpg"


def draw_all(drawings: Iterable[Drawing]) -> dict[Drawing, bytes]:
    """Every drawing as JPEG; those not kept yet are drawn now, on two processes."""
    wanted = {drawing: place_of(drawing) for drawing in drawings}
    missing = [drawing for drawing, path in wanted.items() if not path.exists()]
    if len(missing) > 3:
        with ProcessPoolExecutor(HANDS) as hands:
            list(hands.map(_draw, missing, chunksize=4))
    else:
        for drawing in missing:
            _draw(drawing)
    return {drawing: path.read_bytes() for drawing, path in wanted.items()}


def _draw(drawing: Drawing) -> None:
    """Written aside and moved into place, so that no reader sees half a picture."""
    path = place_of(drawing)
    aside = path.with_suffix(f".{os.getpid()}")
    aside.write_bytes(drawing.draw())
    aside.replace(path)
