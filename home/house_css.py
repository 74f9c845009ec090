"""The style that all portals share, as one text: tokens, base, then every component in the order of its name.

What only those need who do something (buy, pay, sell, sign in) stands apart in bundles: who reads does not wait for it.
Kept as small files of one component each (static/css), sent as one answer: thirty requests would cost a phone a
second, and a build step would have to be run.
"""

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

_FONT = re.compile(r'url\("(?:\.\./)+(fonts/[-\w]+\.woff2)"\)')
_COMMENT_OR_INDENT = re.compile(r"/\*.*?\*/\s*|^[ \t]+", re.DOTALL | re.MULTILINE)


def house_css() -> str:
    """The shared style; read once, or at each call while developing."""
    return _read() if settings.DEBUG else _read_once()


BUNDLES = {"agir": "acting", "comptoir": "desk"}
"""Their names in addresses, and the folders of their components."""


def bundle_css(name: str) -> str:
    """The style of baskets, orders and accounts (« agir »), or of the people who sell (« comptoir »)."""
    return _read_bundle(name) if settings.DEBUG else _read_bundle_once(name)


def bundle_digest(name: str) -> str:
    """Changes with its text."""
    return hashlib.sha256(bundle_css(name).encode()).hexdigest()[:12]


@lru_cache(maxsize=1)
def _read_once() -> str:
    return _read()


@lru_cache(maxsize=len(BUNDLES))
def _read_bundle_once(name: str) -> str:
    return _read_bundle(name)


def _read() -> str:
    folder = _folder()
    return _text_of(
        [folder / "tokens.css", folder / "base.css", *sorted((folder / "components").glob("*.css"))]
    )


def _read_bundle(name: str) -> str:
    return _text_of(sorted((_folder() / BUNDLES[name]).glob("*.css")))


def _folder() -> Path:
    return Path(settings.BASE_DIR, "static", "css")


def _text_of(files: Iterable[Path]) -> str:
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    return _FONT.sub(lambda font: f'url("{static(font[1])}")', _COMMENT_OR_INDENT.sub("", text))
