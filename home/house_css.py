"""The style that all portals share, as one text: tokens, base, then every component in the order of its name.

Kept as small files of one component each (static/css), sent as one answer: thirty requests would cost a phone a
second, and a build step would have to be run.
"""

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

_FONT = re.compile(r'url\("(?:\.\./)+(fonts/[-\w]+\.woff2)"\)')
_COMMENT_OR_INDENT = re.compile(r"/\*.*?\*/\s*|^[ \t]+", re.DOTALL | re.MULTILINE)


def house_css() -> str:
    """The shared style; read once, or at each call while developing."""
    return _read() if settings.DEBUG else _read_once()


@lru_cache(maxsize=1)
def _read_once() -> str:
    return _read()


def _read() -> str:
    folder = Path(settings.BASE_DIR, "static", "css")
    files = (folder / "tokens.css", folder / "base.css", *sorted((folder / "components").glob("*.css")))
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    return _FONT.sub(lambda font: f'url("{static(font[1])}")', _COMMENT_OR_INDENT.sub("", text))
