"""How far back ``reconcile`` reads Stripe's objects. What is open with us is asked for by its name, however old."""

from datetime import datetime, timedelta

from django.utils import timezone

from shop import checks
from shop.enums import CheckKind

OVERLAP = timedelta(days=1)
"""Clocks differ, and Stripe lists an object some time after it made it."""

DEEP = timedelta(days=35)
"""For a month a bank may send back a refund or a payout that went through: so far reads a day's first whole run."""

MOST = timedelta(days=90)
"""Of what was not read for longer than that Stripe's dashboard tells."""


def since(*, now: datetime) -> datetime:
    """From the last run that could read everything, with an overlap; deeper on the first run of a day."""
    last = checks.last_whole_run(CheckKind.RECONCILE)
    if last is None:
        return now - DEEP
    reach = last - OVERLAP
    if timezone.localdate(last) < timezone.localdate(now):
        reach = min(reach, now - DEEP)
    return max(reach, now - MOST)
