"""Looking the books over: when it was last done, and what it found."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from shop.enums import CheckKind
from shop.models import BooksCheck

LONGEST_FINDING = 300
MOST_FINDINGS = 100


def claim(kind: CheckKind, *, every: timedelta, now: datetime) -> bool:
    """It is time for this check, and the caller runs it: of several workers one sees its update count."""
    BooksCheck.objects.get_or_create(kind=kind, defaults={"started_at": now - every})
    due = BooksCheck.objects.filter(kind=kind, started_at__lte=now - every)
    return bool(due.update(started_at=now))


def note(kind: CheckKind, findings: Sequence[str], *, now: datetime, is_whole: bool = True) -> None:
    """What a run found, whoever asked for it; it replaces what the one before found.

    ``is_whole``: it could read everything it wanted to.
    """
    told: dict[str, Any] = {
        "finished_at": now,
        "findings": [text[:LONGEST_FINDING] for text in findings[:MOST_FINDINGS]],
    }
    if is_whole:
        told["complete_at"] = now
    BooksCheck.objects.update_or_create(kind=kind, defaults=told, create_defaults={"started_at": now, **told})


def last_whole_run(kind: CheckKind) -> datetime | None:
    """When the last one began that could read everything; None when there was none."""
    return BooksCheck.objects.filter(kind=kind).values_list("complete_at", flat=True).first()
