"""One round of the worker; the commands that do one job of it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from home.models import PortalSettings
from shop import worker
from shop.models import BooksCheck, Cart, Checkout, Variant
from shop.payments.reconcile import Report
from shop.sandbox.server import Sandbox
from tests.shop.conftest import complete, pay, place

FOUND_ANEW = 4
"""Two merchants and their two products, which the search reads anew."""


def test_a_round_delivers_what_is_due_and_the_next_has_nothing_to_do(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox
) -> None:
    complete(place(cart, portal), sandbox)
    assert worker.run_due_jobs() == 5 + FOUND_ANEW
    assert worker.run_due_jobs() == 0


def test_a_job_that_fails_leaves_the_others_running(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, caplog
) -> None:
    def stumble(_now: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(worker, "JOBS", (stumble, *worker.JOBS))
    complete(place(cart, portal), sandbox)
    assert worker.run_due_jobs() == 5 + FOUND_ANEW
    assert "job stumble failed" in caplog.text


def test_the_worker_needs_no_portal_in_scope(db, sandbox: Sandbox) -> None:
    assert worker.run_due_jobs() == 0


def test_every_ten_minutes_and_by_one_worker_at_a_time_stripe_is_read(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, caplog
) -> None:
    """With every webhook lost the round itself completes what was paid; what differs is said aloud, once."""
    checkout = place(cart, portal)
    pay(checkout, sandbox)
    with other_connection() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [worker.RECONCILE_LOCK])
        worker.run_due_jobs()
        assert Checkout.objects.get().status == "open"
    worker.run_due_jobs()
    assert Checkout.objects.get().status == "paid"
    runs: list[object] = []
    report = Report(mismatches=["transfer tr_1"])
    monkeypatch.setattr("shop.payments.reconcile.reconcile", lambda *, now: runs.append(now) or report)
    worker.run_due_jobs()
    assert runs == []
    BooksCheck.objects.update(started_at=timezone.now() - worker.BETWEEN_CHECKS)
    for _i in range(2):
        worker.run_due_jobs()
    assert (len(runs), caplog.messages.count("reconcile: transfer tr_1")) == (1, 1)
    assert BooksCheck.objects.get(kind="reconcile").findings == ["transfer tr_1"]


@contextmanager
def other_connection() -> Iterator[CursorWrapper]:
    """Another worker's, with a session of its own."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            yield cursor
    finally:
        other.close()


def test_the_commands_say_what_they_did(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    complete(place(cart, portal), sandbox)
    call_command("deliver_outbox")
    call_command("expire_reservations")
    call_command("check_invariants", "--json")
    assert capsys.readouterr().out.splitlines() == ["5 effects done", "0 checkouts let go", "[]"]


def test_a_broken_book_fails_the_command(
    cart: Cart, capsys: pytest.CaptureFixture[str], breaks_the_books
) -> None:
    Variant.objects.update(on_hand=7)
    with pytest.raises(SystemExit) as ending:
        call_command("check_invariants", "--json")
    assert ending.value.code == 1
    assert [breach["name"] for breach in json.loads(capsys.readouterr().out)] == ["I2"]
    with pytest.raises(SystemExit):
        call_command("check_invariants")
    assert "stock is conserved" in capsys.readouterr().err
    assert Checkout.objects.count() == 0
