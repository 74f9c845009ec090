"""What the worker does each second: each job by itself, so that one that fails leaves the others running."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from home.tenancy import across_portals
from shop import carts, catalogue, checks
from shop.enums import CheckKind
from shop.invariants import breaches
from shop.payments import patience, webhooks
from shop.payments.expiry import expire_overdue
from shop.payments.handlers import deliver_outbox
from shop.payments.plans import reminders, standing
from shop.payments.reconcile import reconcile_on_record

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


BETWEEN_CHECKS = timedelta(minutes=10)


def _check_the_books(now: datetime) -> int:
    """Every ten minutes, whoever of the workers comes first; what is found stands on the money desk and in the log."""
    if checks.claim(CheckKind.INVARIANTS, every=BETWEEN_CHECKS, now=now):
        found = [str(breach) for breach in breaches()]
        checks.note(CheckKind.INVARIANTS, found, now=now)
        for text in found:
            logger.critical("the books do not add up: %s", text)
    return 0


def _keep_the_plans(now: datetime) -> int:
    """Every ten minutes: free periods end by the portal's calendar, whatever Stripe says; who must choose is told."""
    if not checks.claim(CheckKind.PLANS, every=BETWEEN_CHECKS, now=now):
        return 0
    return standing.settle_all(now=now) + reminders.remind_all(now=now)


LONGEST_RECONCILE_S = 120
"""A Stripe that hangs may hold up the worker's other jobs no longer; what is left is read the next time."""

RECONCILE_LOCK = 0x7265636F


def _reconcile(now: datetime) -> int:
    """Every ten minutes, never two workers at once; what differs stands on the money desk and in the log."""
    with _alone(RECONCILE_LOCK) as is_alone:
        if is_alone and checks.claim(CheckKind.RECONCILE, every=BETWEEN_CHECKS, now=now):
            with patience.at_most(LONGEST_RECONCILE_S):
                report = reconcile_on_record(now=now)
            for text in report.findings:
                logger.error("reconcile: %s", text)
    return 0


@contextmanager
def _alone(number: int) -> Iterator[bool]:
    """False while another holds this lock. It is the database's: it goes with the connection of a worker that dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


JOBS: tuple[Callable[[datetime], int], ...] = (
    _apply_events,
    _deliver,
    _expire,
    _forget_carts,
    _take_down_expired,
    _keep_the_plans,
    _check_the_books,
    _reconcile,
)


def all_jobs() -> tuple[Callable[[datetime], int], ...]:
    """The shop's own, and those of the floors above it (``WORKER_JOBS``, dotted names)."""
    return (*JOBS, *map(import_string, settings.WORKER_JOBS))


def run_due_jobs() -> int:
    """One round; returns how many things were done. A job's error is logged with its trace, never swallowed."""
    done = 0
    for job in all_jobs():
        try:
            done += job(timezone.now())
        except Exception:  # The worker must outlive any one job; the trace says what to mend.
            logger.exception("job %s failed", job.__name__)
    return done
