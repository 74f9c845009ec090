"""Killed before and after every statement, COMMIT and request: the act done again and `reconcile` mend everything.

Mended means: the books add up, they say exactly what they say when nothing was cut short, Stripe's ledger too,
and a second `reconcile` finds nothing to do and writes no row.

Deaths between which nothing was written, here or at Stripe, leave the same traces: they are mended in the same way, and
that is tried once. Of deaths after a step that only reads, which find what the one before it found, each day tries a
third (`tests.depth`). PROOFS=all in the environment tries each and mends each, which takes four times as long.
"""

import gc
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain

import pytest
from django.utils import timezone

from home.models import PortalSettings
from shop import outbox
from shop.models import OutboxMessage, StripeEvent
from shop.payments import webhooks
from shop.payments.reconcile import Report, reconcile
from shop.sandbox.server import Sandbox
from tests import depth
from tests.books import broken
from tests.shop.conftest import Stall
from tests.shop.proofs.facts import Facts, facts, traces
from tests.shop.proofs.killing import Walk, walk
from tests.shop.proofs.scenes import SCENES, Scene, Town
from tests.shop.proofs.snapshot import Snapshot, written

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

READS = ("after SQL SELECT", "after SQL SAVEPOINT", "after SQL RELEASE", "after HTTP GET")
"""Steps after which stands, for everybody else, what stood before them."""

A_DEAD_WORKERS_CLAIM = max(outbox.LEASE, webhooks.LEASE) + timedelta(seconds=1)
"""So much later another worker may take what the killed one held."""


@pytest.fixture
def town(portal: PortalSettings, sandbox: Sandbox, cheese: Stall, candles: Stall) -> Town:
    sandbox.webhooks("drop")
    return Town(sandbox, portal, cheese, candles)


@pytest.fixture(autouse=True)
def _share_memory_with_children() -> None:
    """What the garbage collector does not touch is not copied for each child."""
    gc.freeze()


@pytest.mark.parametrize("kind", SCENES, ids=[kind.__name__ for kind in SCENES])
def test_killed_anywhere_all_is_as_if_nothing_had_happened(
    kind: type[Scene], town: Town, record_property
) -> None:
    scene = kind(town)
    scene.arrange()
    with Snapshot(town.sandbox) as start:
        scene.act()
        expected = mended(start)
        record_property(
            "points at which a process was killed, and all was mended",
            sum(1 for _death in deaths(scene, start, expected)),
        )


def deaths(scene: Scene, start: Snapshot, expected: Facts) -> Iterator[Walk]:
    """Each death, once it is proved to be mended. A first child comes to its end, and tells all there is to pass."""
    start.restore()
    whole = walk(scene.act, fatal=None)
    assert_plausible(scene, whole)
    known: list[Facts] = []
    for fatal in sorted(fatal_points(whole.points)):
        start.restore()
        child = walk(scene.act, fatal=fatal)
        assert child.is_killed, told(child)
        assert broken() == [], told(child)
        left = traces(start.sandbox, start.columns)
        if left not in known or depth.WHOLE:
            scene.repeat()
            assert mended(start) == expected, told(child)
            known.append(left)
        yield child


def fatal_points(points: tuple[str, ...]) -> Iterator[int]:
    """Counted from 1: all that come after a step that may write, and the day's share of the others."""
    places = range(1, len(points) + 1)
    reads = [place for place in places if points[place - 1].startswith(READS)]
    return chain((place for place in places if place not in reads), depth.in_turn(reads))


def told(child: Walk) -> str:
    return f"killed at point {len(child.points)}: {child.points[-1]}"


def mended(start: Snapshot) -> Facts:
    """What the books say once `reconcile` was there: at once, and when the dead worker's claims have ended."""
    now = timezone.now()
    assert_mending(now)
    if (
        OutboxMessage.objects.filter(sent_at=None).exists()
        or StripeEvent.objects.filter(processed_at=None).exists()
    ):
        now += A_DEAD_WORKERS_CLAIM
        assert_mending(now)
    before = written(start.columns)
    assert reconcile(now=now) == Report()
    assert written(start.columns) == before
    return facts(start.sandbox)


def assert_mending(now: datetime) -> None:
    report = reconcile(now=now)
    assert (report.failures, report.mismatches, report.unknown_sessions) == ([], [], [])
    assert broken() == []


def assert_plausible(scene: Scene, whole: Walk) -> None:
    """A path that is no longer wrapped would be noticed here."""
    assert not whole.is_killed
    assert len(whole.points) >= scene.at_least
    for step in scene.passes:
        for side in ("before", "after"):
            assert any(f"{side} {step}" in point for point in whole.points), (side, step)
