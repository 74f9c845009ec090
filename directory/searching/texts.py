"""The words in a StreamField, whatever its blocks are."""

import html
import re
from collections.abc import Iterator
from typing import Any

_TAG = re.compile(r"<[^>]*>")
_NOT_WORDS = ("http://", "https://", "mailto:", "tel:", "/")


def stream_text(raw: Any) -> str:
    """All that is written in ``raw`` (a StreamValue's ``raw_data``), without tags, addresses and keys."""
    return " ".join(_strings(raw))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if not value.startswith(_NOT_WORDS):
            yield html.unescape(_TAG.sub(" ", value))
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name not in {"id", "type"}:
                yield from _strings(inner)
    elif not isinstance(value, (int, float, bool, type(None))):
        for inner in value:
            yield from _strings(inner)
