"""A hundred thousand acts through five processes, one of which is killed in the middle: none is doubled, and only what
the killed one had not written yet is lost."""

import datetime as dt
import mmap
import os
import signal
import struct
import time
from dataclasses import dataclass

import pytest
from django.db import connections
from django.db.models import Sum
from wagtail.models import Site

from directory.counting import tally as module
from directory.counting.tally import Key, tally
from directory.enums import Act, Source, Subject
from directory.models import DailyCount
from home.tenancy import portal_scope

PROCESSES, ACTS, ROWS = 5, 20_000, 20
DAY = dt.date(2026, 11, 23)


class Told:
    """What a process tells the test in memory that both see: acts added, and acts that were surely written."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 16)

    added = property(lambda self: self._read(0), lambda self, value: self._write(0, value))
    written = property(lambda self: self._read(8), lambda self, value: self._write(8, value))

    def _read(self, at: int) -> int:
        return int(struct.unpack_from("q", self._memory, at)[0])

    def _write(self, at: int, value: int) -> None:
        struct.pack_into("q", self._memory, at, value)


@dataclass
class Process:
    pid: int
    told: Told


def begin(site: Site, *, rest: float) -> Process:
    """A child of this process, as gunicorn's workers are of theirs. It writes as a server does, and when it ends."""
    told = Told()
    pid = os.fork()
    if pid:
        return Process(pid, told)
    try:  # the child leaves from in here: nothing of the test's framework may run in it
        connections["default"] = connections.create_connection("default")
        count(site.pk, told, rest)
        tally.write()
        os._exit(0)
    finally:
        os._exit(1)


def count(site_id: int, told: Told, rest: float) -> None:
    remember_what_is_written(told)
    for number in range(1, ACTS + 1):
        row = number % ROWS  # the same rows for all of them
        tally.add(
            Key(site_id, DAY, Act.SEEN.value, Subject.PRODUCT.value, row, Source.OUTSIDE.value, 0, None)
        )
        told.added = number
        if not number % 500:
            time.sleep(rest)


def remember_what_is_written(told: Told) -> None:
    write_batch = module.write_batch

    def remembering(batch: module.Batch) -> None:
        write_batch(batch)
        told.written += batch.counts.total()

    module.write_batch = remembering


def until(holds: object) -> None:
    deadline = time.monotonic() + 60
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_killed_process_loses_what_it_had_not_written_and_nobody_doubles_anything(
    levis: Site, settings
) -> None:
    settings.COUNTS_WRITTEN_EACH_SECONDS = 0.05
    connections["default"].close()
    others = [begin(levis, rest=0.005) for _process in range(PROCESSES - 1)]
    doomed = begin(levis, rest=0.01)
    until(lambda: doomed.told.written > ACTS // 10 and doomed.told.added < ACTS)
    os.kill(doomed.pid, signal.SIGKILL)
    ends = [os.waitstatus_to_exitcode(os.waitpid(process.pid, 0)[1]) for process in (*others, doomed)]

    with portal_scope(levis):
        total = DailyCount.objects.aggregate(total=Sum("times"))["total"]
        assert DailyCount.objects.count() == ROWS
    of_doomed = total - ACTS * len(others)
    assert ends == [0] * len(others) + [-signal.SIGKILL]
    assert [process.told.written for process in others] == [ACTS] * len(others)
    assert doomed.told.added < ACTS
    assert doomed.told.written <= of_doomed <= doomed.told.added
