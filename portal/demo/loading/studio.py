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
FEW = 3
"""So few are drawn sooner than processes start."""


@cache
def kit() -> str:
    """Changes whenever the drawing code or a font does."""
    digest = hashlib.sha256()
    for path in sorted(PICTURES.rglob("*.*")):
        if path.suffix in (".py", ".woff2"):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def folder() -> Path:
    """Where drawn pictures are kept: DEMO_PICTURES, else this user's cache, else a folder of this run alone."""
    named = os.environ.get("DEMO_PICTURES")
    cache_home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    kept = Path(named) if named else cache_home / "achetons" / "pictures"
    try:
        kept.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="achetons-pictures-"))
    return kept


def name_of(drawing: Drawing) -> str:
    """The file of a drawing, as this version of the kit draws it."""
    return hashlib.sha256(f"{kit()} {drawing!r}".encode()).hexdigest() + ".jpg"


def draw_all(drawings: Iterable[Drawing]) -> dict[Drawing, bytes]:
    """Every drawing as JPEG; those not kept yet are drawn now, on two processes."""
    kept = folder()
    wanted = {drawing: kept / name_of(drawing) for drawing in drawings}
    missing = [(drawing, path) for drawing, path in wanted.items() if not path.exists()]
    if len(missing) > FEW:
        with ProcessPoolExecutor(HANDS) as hands:
            list(hands.map(_draw, *zip(*missing, strict=True), chunksize=4))
    else:
        for drawing, path in missing:
            _draw(drawing, path)
    return {drawing: path.read_bytes() for drawing, path in wanted.items()}


def _draw(drawing: Drawing, path: Path) -> None:
    """Written aside and moved into place, so that no reader sees half a picture."""
    aside = path.with_suffix(f".{os.getpid()}")
    aside.write_bytes(drawing.draw())
    aside.replace(path)
