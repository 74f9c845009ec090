"""What an event must look like to be kept: a plain JSON object whose names fit their columns."""

import json
import math
import re
from typing import Any

MOST_DEPTH = 50
"""Stripe's own events are a dozen levels deep."""

NO_TEXT = re.compile("[\\x00\\ud800-\\udfff]")
"""A zero byte, and halves of characters: PostgreSQL keeps neither."""

NAMES = {"id": (1, 255), "type": (1, 80), "account": (0, 64)}
"""The fewest and the most characters of an event's names; one that may be empty may be missing."""


def read_event(payload: bytes) -> dict[str, Any]:
    """The event as a plain dict: a database takes it as it is. Raises ValueError."""
    try:
        event = json.loads(payload)
    except RecursionError as error:
        raise ValueError("too deep") from error
    if not (isinstance(event, dict) and _is_plain(event) and _is_named(event) and _is_about(event)):
        raise ValueError("not an event")
    return event


def _is_plain(value: Any, depth: int = MOST_DEPTH) -> bool:
    """No text that is half a character or holds a zero byte, no number that is none, not too deep."""
    if isinstance(value, str):
        return not NO_TEXT.search(value)
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict | list):
        inside = [*value, *value.values()] if isinstance(value, dict) else value
        return depth > 0 and all(_is_plain(each, depth - 1) for each in inside)
    return True


def _is_named(event: dict[str, Any]) -> bool:
    return all(
        isinstance(name := event.get(field) or "", str) and least <= len(name) <= most
        for field, (least, most) in NAMES.items()
    )


def _is_about(event: dict[str, Any]) -> bool:
    """It may be about nothing; else it says about which object."""
    data = event.get("data") or {}
    about = (data.get("object") or {}) if isinstance(data, dict) else None
    return isinstance(about, dict) and len(str(about.get("id") or "")) <= 255
