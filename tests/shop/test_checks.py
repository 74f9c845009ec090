"""The books are looked over on a schedule, by one worker, and what was found is kept."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from home.tenancy import portal_scope
from shop import checks, worker
from shop.enums import CheckKind
from shop.models import BooksCheck, StockMovement


def test_of_several_workers_one_checks_and_only_when_it_is_time(db) -> None:
    now, every = timezone.now(), timedelta(minutes=10)
    assert checks.claim(CheckKind.INVARIANTS, every=every, now=now)
    assert not checks.claim(CheckKind.INVARIANTS, every=every, now=now + every - timedelta(seconds=1))
    assert checks.claim(CheckKind.INVARIANTS, every=every, now=now + every)


def test_last_run_replaces_the_one_before(db) -> None:
    checks.note(CheckKind.RECONCILE, ["a", "b"], now=timezone.now())
    checks.note(CheckKind.RECONCILE, [], now=timezone.now())
    assert BooksCheck.objects.get().findings == []


@pytest.mark.parametrize("way", ["worker", "command"])
def test_books_that_do_not_add_up_are_noted(breaks_the_books, cheese, in_levis, way: str, caplog) -> None:
    with portal_scope(in_levis):
        StockMovement.objects.create(variant=cheese.variant, delta=1, reason="count", at=timezone.now())
    if way == "worker":
        worker.run_due_jobs()
    else:
        with pytest.raises(SystemExit):
            call_command("check_invariants", "--json")
    row = BooksCheck.objects.get(kind=CheckKind.INVARIANTS)
    assert [text.split()[0] for text in row.findings] == ["I2"]
    assert row.finished_at is not None
