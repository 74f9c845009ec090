"""How wide a portal's name stands in the masthead's face: the front page sets it as wide as the sheet, on one line."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from PIL import ImageFont

FACE, NARROWEST = "bricolage-grotesque", 75
SIZE = 200
"""In pixels: large enough that a hundredth of an em is more than a pixel."""
TIGHTENED = 0.045
"""What the style sheet takes off after each letter, in ems (static/css/components/masthead.css)."""
LEAST = 2.0
"""A name of three letters does not fill the screen."""


@lru_cache(maxsize=64)
def width_in_ems(name: str) -> float:
    """In ems of its own size, at least ``LEAST``; to the hundredth, so that the style sheet rarely changes."""
    face = ImageFont.truetype(str(Path(settings.BASE_DIR, "static", "fonts", f"{FACE}.woff2")), SIZE)
    face.set_variation_by_axes([NARROWEST])
    return max(round(face.getlength(name) / SIZE - TIGHTENED * len(name), 2), LEAST)
