"""What this process has counted and not yet written.

A request adds one in memory. A thread writes what there is each second: a killed process loses at most that second.
A batch is written under its own key, so that one whose answer was lost and is sent again counts nothing twice.
"""

import atexit
import datetime as dt
import logging
import os
import threading
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

logger = logging.getLogger(__name__)

MOST_KEYS = 50_000
"""Different things counted and not yet written, at most: with the database away for long, memory stays bounded."""
MOST_REFUSALS = 3
"""How often the database may say no to one batch before it is dropped: it would hold back all that follows."""


class Key(NamedTuple):
    """What is counted together: the columns of ``DailyCount``."""

    site_id: int
    day: dt.date
    act: str
    subject: str
    subject_id: int
    source: str
    source_id: int
    merchant_id: int | None


@dataclass
class Batch:
    """Counts that are sent together, again and again until the database has said that it has them."""

    counts: Counter[Key]
    key: uuid.UUID = field(default_factory=uuid.uuid4)
    refusals: int = 0


class Tally:
    """The counts of one process. Threads add; one at a time writes."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Nothing is waiting. For a process that was forked: its parent writes what it counted, and no lock that
        another of the parent's threads held is ever let go here."""
        self._counts: Counter[Key] = Counter()
        self._unanswered: Batch | None = None
        self._adding = threading.Lock()
        self._writing = threading.Lock()
        self._is_written = False
        self._is_full = False

    def add(self, key: Key) -> None:
        """Counts one. Dropped, and said in the log once, where the database has been away for too long."""
        with self._adding:
            if key in self._counts or len(self._counts) < MOST_KEYS:
                self._counts[key] += 1
            elif not self._is_full:
                self._is_full = True
                logger.error("counts are dropped: %s are waiting for the database", MOST_KEYS)
            self._begin()

    def write(self) -> int:
        """All that is waiting is in the database; how many acts were. Raises DatabaseError: then they wait on."""
        with self._writing:
            written = 0
            while batch := self._next():
                self._send(batch)
                written += batch.counts.total()
            return written

    def write_or_wait(self) -> None:
        """As ``write``, where nobody could do anything about a database that does not answer."""
        if not (self._counts or self._unanswered):
            return
        try:
            self.write()
        except DatabaseError:
            logger.warning("counts wait: the database does not answer", exc_info=True)
        finally:
            connection.close()

    def _send(self, batch: Batch) -> None:
        try:
            write_batch(batch)
        except (OperationalError, InterfaceError):
            raise  # it may have them or not: the same batch goes again
        except DatabaseError:
            batch.refusals += 1
            if batch.refusals < MOST_REFUSALS:
                raise
            logger.exception("%s counts are dropped: the database refuses them", batch.counts.total())
        self._unanswered = None

    def _next(self) -> Batch | None:
        """The batch whose answer was lost, under its own key, before anything newer."""
        if self._unanswered is None:
            with self._adding:
                counts, self._counts, self._is_full = self._counts, Counter(), False
            self._unanswered = Batch(counts) if counts else None
        return self._unanswered

    def _begin(self) -> None:
        """This process has the thread that writes: from its first count on, never in a parent that only forks."""
        seconds = settings.COUNTS_WRITTEN_EACH_SECONDS
        if seconds and not self._is_written:
            self._is_written = True
            threading.Thread(target=self._keep_writing, args=(seconds,), name="counts", daemon=True).start()
            atexit.register(self.write_or_wait)

    def _keep_writing(self, seconds: float) -> None:
        rest = threading.Event()
        while not rest.wait(seconds):
            self.write_or_wait()


tally = Tally()
os.register_at_fork(after_in_child=tally.renew)


def write_batch(batch: Batch) -> None:
    """Once, however often it is sent. Raises DatabaseError where it may or may not have been written.

    In one order whoever writes, so that two processes never wait for each other in a ring. What was counted for a
    merchant or a portal that is gone by now is left out.
    """
    columns = [list(column) for column in zip(*batch.counts, strict=True)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [batch.key, timezone.now()])
        if cursor.rowcount:
            cursor.execute(_ADD, [*columns, list(batch.counts.values())])


_CLAIM = """
INSERT INTO directory_countedbatch (key, written_at) VALUES (%s, %s) ON CONFLICT DO NOTHING
"""

_ADD = """
INSERT INTO directory_dailycount
    (site_id, day, act, subject, subject_id, source, source_id, merchant_id, times)
SELECT added.*
  FROM unnest(%s::integer[], %s::date[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::bigint[],
              %s::bigint[], %s::integer[])
       AS added (site_id, day, act, subject, subject_id, source, source_id, merchant_id, times)
 WHERE EXISTS (SELECT FROM wagtailcore_site site WHERE site.id = added.site_id)
   AND (added.merchant_id IS NULL
        OR EXISTS (SELECT FROM directory_merchant merchant WHERE merchant.id = added.merchant_id))
 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8
ON CONFLICT ON CONSTRAINT one_count_a_day DO UPDATE SET times = directory_dailycount.times + EXCLUDED.times
"""
