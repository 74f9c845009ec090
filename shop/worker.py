"""What the worker does each second: each job by itself, so that one that fails leaves the others running."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from home.tenancy import across_portals
from shop import carts, catalogue
from shop.payments import webhooks
from shop.payments.expiry import expire_overdue
from shop.payments.handlers import deliver_outbox

logger = logging.getLogger(__name__)


def _apply_events(now: datetime) -> int:
    return webhooks.process(now=now)


def _deliver(now: datetime) -> int:
    return deliver_outbox(now=now)


def _expire(now: datetime) -> int:
    return expire_overdue(now=now)


def _forget_carts(now: datetime) -> int:
    with across_portals():
        return carts.forget_old(now=now)


def _take_down_expired(now: datetime) -> int:
    return catalogue.unpublish_expired(now)


JOBS: tuple[Callable[[datetime], int], ...] = (
    _apply_events,
    _deliver,
    _expire,
    _forget_carts,
    _take_down_expired,
)


def run_due_jobs() -> int:
    """One round; returns how many things were done. A job's error is logged with its trace, never swallowed."""
    done = 0
    for job in JOBS:
        try:
            done += job(timezone.now())
        except Exception:  # The worker must outlive any one job; the trace says what to mend.
            logger.exception("job %s failed", job.__name__)
    return done
