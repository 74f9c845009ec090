"""What the worker does for the top floor; each takes the moment and returns how many things were done."""

from datetime import datetime, timedelta

from portal.privacy import retention
from shop import checks
from shop.enums import CheckKind


def forget_what_is_past(now: datetime) -> int:
    """Once a day, whichever worker comes first."""
    if not checks.claim(CheckKind.RETENTION, every=timedelta(days=1), now=now):
        return 0
    touched = retention.apply(now)
    checks.note(CheckKind.RETENTION, [], now=now)
    return touched
