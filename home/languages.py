"""French has no prefix; English is under /en/ (the address says the language, and nothing else does).

Letters are written in the language of whoever reads them: ``speaking`` opens it for a worker that has no address.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import get_language, override

FRENCH = "fr-ca"
ENGLISH = "en"
ENGLISH_PREFIX = "/en"

LANGUAGES = ((FRENCH, "Français"), (ENGLISH, "English"))
"""Each by its own name, whatever language is spoken around it."""

TAGS = {FRENCH: "fr-CA", ENGLISH: "en-CA"}
"""As pages, headers and structured data name them (BCP 47)."""


def language_of(path: str) -> str:
    """The language that an address speaks: of ``/en/commerces/`` it is English."""
    return ENGLISH if path == ENGLISH_PREFIX or path.startswith(f"{ENGLISH_PREFIX}/") else FRENCH


def current() -> str:
    """``fr-ca`` or ``en``: what this request, or the letter that is being written, speaks."""
    return ENGLISH if (get_language() or "").partition("-")[0] == ENGLISH else FRENCH


def is_english() -> bool:
    return current() == ENGLISH


def current_tag() -> str:
    """``fr-CA`` or ``en-CA``."""
    return TAGS[current()]


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Work in that language; in French where it is none of ours."""
    with override(language if language in TAGS else FRENCH):
        yield


def in_language(path: str) -> str:
    """A path of the portal, without its language, as the language in use writes it: ``/en/commerces/`` in English."""
    return f"{ENGLISH_PREFIX}{path}" if path.startswith("/") and is_english() else path


def without_language(path: str) -> str:
    """The path that the same page has in French."""
    return path.removeprefix(ENGLISH_PREFIX) or "/" if language_of(path) == ENGLISH else path


def other_than(language: str) -> str:
    """The other of the two."""
    return FRENCH if language == ENGLISH else ENGLISH


def in_other_language(path: str) -> str:
    """The address of the same page in the other of the two languages."""
    plain = without_language(path)
    return plain if language_of(path) == ENGLISH else f"{ENGLISH_PREFIX}{plain}"
