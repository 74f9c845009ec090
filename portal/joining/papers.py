"""What is printed for a merchant: its style with the portal's colours, and codes that a telephone reads."""

import re
from pathlib import Path

import segno
from django.conf import settings
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from home.models import PortalSettings

_HEX_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
QUIET_MODULES = 4
"""White around a code, without which telephones do not find it (ISO/IEC 18004)."""


def style(name: str, portal: PortalSettings) -> SafeString:
    """A style sheet of our own, in which nobody else writes; the portal's colours go before it, checked."""
    colors = {word: getattr(portal, f"color_{word}") for word in ("ink", "accent", "paper")}
    root = "".join(f"--{word}:{color};" for word, color in colors.items() if _HEX_COLOR.fullmatch(color))
    text = Path(settings.BASE_DIR, "static", "css", "documents", f"{name}.css").read_text(encoding="utf-8")
    return SafeString(f":root{{{root}}}\n{text}")


def in_parts(address: str) -> SafeString:
    """An address that may be broken behind its strokes, and nowhere else."""
    return format_html_join(SafeString("/<wbr>"), "{}", ((part,) for part in address.split("/")))


def qr_svg(address: str) -> SafeString:
    """The address as a code, drawn in black: a quarter of it may be torn or dirty."""
    code = segno.make(address, error="q", micro=False)
    return SafeString(code.svg_inline(border=QUIET_MODULES, omitsize=True, dark="#000", light="#fff"))
