"""What static/css/tokens.css names, said again for the style page: a test holds the two together."""

import re
from pathlib import Path

from django.conf import settings

PAIRS = (
    ("ink", "paper", "le texte"),
    ("muted", "paper", "le texte second"),
    ("accent", "paper", "les surtitres, les erreurs"),
    ("good", "paper", "ouvert"),
    ("warn", "paper", "ferme bientôt"),
    ("ink", "sheet-white", "le texte d’un champ"),
    ("muted", "tint", "sur une teinte"),
    ("band-ink", "band", "la bande"),
    ("flyer-ink", "flyer", "l’étiquette de prix"),
    ("paper", "ink", "le bouton principal"),
    ("spot", "paper", "une forme, pas un texte (3 : 1)"),
    ("rule", "paper", "un filet (aucun seuil)"),
)
"""A colour and what it is read on, by their names without dashes."""

SIZES = ("h1", "h2", "h3", "h4", "lead", "body", "small")
SPACES = ("gap", "room", "cut")

_SYMBOL = re.compile(r'<symbol id="([-\w]+)"')


def icons() -> list[str]:
    """The names in the sprite, in its order."""
    return _SYMBOL.findall(
        Path(settings.BASE_DIR, "static", "icons", "sprite.svg").read_text(encoding="utf-8")
    )
