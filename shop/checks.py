"""Looking the books over: when it was last done, and what it found."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shop.enums import CheckKind
from shop.models import BooksCheck

LONGEST_FINDING = 300
MOST_FINDINGS = 100


def claim(kind: CheckKind, *, every: timedelta, now: datetime) -> bool:
    """It is time for this check, and the caller runs it: of several workers one sees its update count."""
    BooksCheck.objects.get_or_create(kind=kind, defaults={"started_at": now - every})
    due = BooksCheck.objects.filter(kind=kind, started_at__lte=now - every)
    return bool(due.update(started_at=now))


def note(kind: CheckKind, findings: Sequence[str], *, now: datetime) -> None:
    """What a run found, whoever asked for it; it replaces what the one before found."""
    short = [text[:LONGEST_FINDING] for text in findings[:MOST_FINDINGS]]
    BooksCheck.objects.update_or_create(
        kind=kind,
        defaults={"finished_at": now, "findings": short},
        create_defaults={"started_at": now, "finished_at": now, "findings": short},
    )
