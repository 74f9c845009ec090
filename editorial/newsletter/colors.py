"""The portal's colours as mail programs take them: written out, with those that read on the dark theme."""

import re

from home.contrast import LEAST_CONTRAST, contrast
from home.models import PortalSettings

NIGHT = "#15181c"
"""The ground of the dark theme, in ``letter_dark.css`` too."""
HOUSE = {"ink": "#16324f", "accent": "#c8102e", "paper": "#f4f5f2"}
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def palette(portal: PortalSettings) -> dict[str, str]:
    """Only what is written ``#rrggbb`` is let through: whatever a row holds, it adds no rule."""
    said = {name: getattr(portal, f"color_{name}") for name in HOUSE}
    own = {name: color if _HEX.fullmatch(color) else HOUSE[name] for name, color in said.items()}
    return {
        **own,
        "hairline": mixed(own["ink"], own["paper"], 0.3),
        "accent_dark": readable_at_night(own["accent"]),
    }


def readable_at_night(color: str) -> str:
    """The same hue, lightened until it reads on the dark ground."""
    for step in range(11):
        lighter = mixed("#ffffff", color, step / 10)
        if (contrast(lighter, NIGHT) or 0) >= LEAST_CONTRAST:
            return lighter
    return "#ffffff"


def mixed(one: str, other: str, part: float) -> str:
    """``part`` of the one, the rest of the other."""
    channels = ((int(a[i : i + 2], 16), int(b[i : i + 2], 16)) for a, b in [(one, other)] for i in (1, 3, 5))
    return "#" + "".join(f"{round(a * part + b * (1 - part)):02x}" for a, b in channels)
