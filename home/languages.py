"""French has no prefix; English is under /en/ (the address says the language, and nothing else does)."""

from django.utils.translation import get_language

ENGLISH = "en"
ENGLISH_PREFIX = "/en"


def is_english() -> bool:
    """Whether this request, or the letter that is being written, speaks English."""
    return (get_language() or "").partition("-")[0] == ENGLISH


def in_language(path: str) -> str:
    """A path of the portal, without its language, as the language in use writes it: ``/en/commerces/`` in English."""
    return f"{ENGLISH_PREFIX}{path}" if path.startswith("/") and is_english() else path
