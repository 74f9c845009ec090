"""The last act can be taken back: what was there before stands in the session, until it is used or too old.

Nothing of it comes from the browser, so that there is no id in it to swap.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from portal.merchant_space.access import Desk

KEY = "desk_undo"
SECONDS_KEPT = 15 * 60


@dataclass(frozen=True, slots=True)
class Undo:
    """``kind`` names who takes it back (``undoing``), ``words`` tell what was done, ``facts`` what there was before."""

    kind: str
    words: str
    facts: Mapping[str, Any]


def offer(request: HttpRequest, desk: Desk, undo: Undo) -> None:
    """From now on this act is the one that can be taken back."""
    request.session[KEY] = {
        "merchant": desk.merchant.pk,
        "at": int(time.time()),
        "kind": undo.kind,
        "words": str(undo.words),
        "facts": dict(undo.facts),
    }


def offered(request: HttpRequest, desk: Desk) -> Undo | None:
    """What this person last did at this desk and can take back; None when there is nothing, or too late.

    It is offered on the screen that is shown first after the act, and on no other.
    """
    last = _last(request, desk)
    if last is None:
        return None
    if "path" not in request.session[KEY]:
        request.session[KEY] = {**request.session[KEY], "path": request.path}
    return last if request.session[KEY]["path"] == request.path else None


def _last(request: HttpRequest, desk: Desk) -> Undo | None:
    kept = request.session.get(KEY)
    if kept is None or kept["merchant"] != desk.merchant.pk or time.time() - kept["at"] > SECONDS_KEPT:
        return None
    return Undo(kept["kind"], kept["words"], kept["facts"])


def take(request: HttpRequest, desk: Desk) -> Undo | None:
    """What can be taken back, from whichever screen; it is used up."""
    undo = _last(request, desk)
    if undo is not None:
        del request.session[KEY]
    return undo
