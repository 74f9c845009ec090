"""The few words that stand under a page's name in a list of results or on a shared link."""

from html import unescape
from typing import Any

from django.utils.html import strip_tags

LONGEST = 155
"""Characters: search engines cut what is longer."""


def shortened(text: str) -> str:
    """One line of at most LONGEST characters, cut between words."""
    line = " ".join(text.split())
    if len(line) <= LONGEST:
        return line
    return line[:LONGEST].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"


def beginning_of(body: Any) -> str:
    """The first words of a StreamField's text; "" for one without any."""
    for block in body or ():
        if text := " ".join(unescape(strip_tags(str(block.value))).split()):
            return shortened(text)
    return ""
