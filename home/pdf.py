"""A kept page as a PDF: tagged, in its own language, with our own fonts, asking nothing of the network.

WeasyPrint stands on the system's Pango. Where that is missing, pages are offered to be printed by the browser.
"""

import contextlib
import io
import threading
import warnings
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from PIL import ImageFile

from home.exceptions import CannotPrint

_FONT_FACES = """
@font-face { font-family: "Figtree"; src: url("figtree.woff2"); font-weight: 400; }
@font-face { font-family: "Figtree"; src: url("figtree.woff2"); font-weight: 700; }
@font-face { font-family: "Bricolage Grotesque"; src: url("bricolage-grotesque.woff2"); font-weight: 800; }
"""
_one_at_a_time = threading.Lock()
"""Fontconfig keeps what it knows in one place per process."""


def pdf_of(html: str) -> bytes:
    """The page as PDF/UA. It loads no file and no address. Raises CannotPrint where the libraries are missing."""
    weasyprint = _weasyprint()
    if weasyprint is None:
        raise CannotPrint(why_not())
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    faces = weasyprint.CSS(
        string=_FONT_FACES,
        base_url=Path(settings.BASE_DIR, "static", "fonts", "x").as_uri(),
        url_fetcher=weasyprint.URLFetcher(allowed_protocols=("file",)),
        font_config=fonts,
    )
    page = weasyprint.HTML(string=html, url_fetcher=weasyprint.URLFetcher(allowed_protocols=()))
    with _one_at_a_time:
        written: bytes = page.write_pdf(stylesheets=[faces], font_config=fonts, pdf_variant="pdf/ua-1")
    return written


def can_print() -> bool:
    return _weasyprint() is not None


def why_not() -> str:
    """What an operator reads where PDF files cannot be made; "" where they can."""
    if can_print():
        return ""
    return (
        "Receipts are offered as pages to print, not as PDF: the system library Pango is missing. "
        "Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    )


@cache
def _weasyprint() -> Any:
    """The package, or None. Loaded when first needed: it takes half a second, which most processes never spend."""
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # HarfBuzz-Subset is not everywhere yet
            import weasyprint
    except OSError:
        return None
    # It turns this on for every picture of the process: uploads that were cut off would pass for whole ones.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return weasyprint
