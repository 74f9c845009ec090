"""The tally in one process. Several, with one that is killed: test_kill.py."""

import datetime as dt
import logging
import os
import threading
from collections import Counter

import pytest
from django.db import IntegrityError, OperationalError

from directory.counting import tally as module
from directory.counting.tally import Batch, Key, Tally, write_batch
from directory.enums import Act, Source, Subject
from directory.models import CountedBatch, DailyCount
from tests.factories import MerchantFactory

DAY = dt.date(2026, 11, 23)


def key(site_id: int, subject_id: int = 1, **changes: object) -> Key:
    usual = Key(site_id, DAY, Act.SEEN, Subject.PRODUCT, subject_id, Source.OUTSIDE, 0, None)
    return usual._replace(**changes)


def counted() -> dict[int, int]:
    return dict(DailyCount.objects.values_list("subject_id", "times"))


def test_what_was_counted_is_written_once_and_added_up(in_levis) -> None:
    tally = Tally()
    for subject_id in (1, 2, 1, 1):
        tally.add(key(in_levis.pk, subject_id))
    assert tally.write() == 4
    assert tally.write() == 0
    tally.add(key(in_levis.pk, 2))
    tally.write()

    assert counted() == {1: 3, 2: 2}
    assert CountedBatch.objects.count() == 2


def test_every_column_is_kept_apart(in_levis) -> None:
    merchant = MerchantFactory()
    keys = [
        key(in_levis.pk),
        key(in_levis.pk, day=DAY + dt.timedelta(days=1)),
        key(in_levis.pk, act=Act.BASKET),
        key(in_levis.pk, subject=Subject.STORY),
        key(in_levis.pk, source=Source.FRONT),
        key(in_levis.pk, source=Source.STORY, source_id=7),
        key(in_levis.pk, merchant_id=merchant.pk),
    ]
    write_batch(Batch(Counter(keys)))
    write_batch(Batch(Counter(keys)))

    columns = (
        "site_id",
        "day",
        "act",
        "subject",
        "subject_id",
        "source",
        "source_id",
        "merchant_id",
        "times",
    )
    assert set(DailyCount.objects.values_list(*columns)) == {(*each, 2) for each in keys}


def test_a_batch_whose_answer_was_lost_and_is_sent_again_counts_nothing_twice(in_levis, monkeypatch) -> None:
    tally = Tally()
    tally.add(key(in_levis.pk))
    with monkeypatch.context() as lost:
        lost.setattr(module, "write_batch", writes_and_loses_the_answer)
        with pytest.raises(OperationalError):
            tally.write()
    tally.add(key(in_levis.pk, 2))

    assert tally.write() == 2
    assert counted() == {1: 1, 2: 1}


def test_without_its_key_a_batch_that_is_sent_again_counts_twice(in_levis) -> None:
    counts = Counter([key(in_levis.pk)])
    for _time in range(2):
        write_batch(Batch(counts))

    assert counted() == {1: 2}


def writes_and_loses_the_answer(batch: Batch) -> None:
    write_batch(batch)
    raise OperationalError("server closed the connection unexpectedly")


def test_counts_wait_while_the_database_is_away(in_levis, monkeypatch) -> None:
    tally = Tally()
    with monkeypatch.context() as away:
        away.setattr(module, "write_batch", refusing(OperationalError("connection refused")))
        away.setattr(module.connection, "close", lambda: None)
        for _second in range(10):
            tally.add(key(in_levis.pk))
            tally.write_or_wait()

    assert tally.write() == 10
    assert counted() == {1: 10}


def refusing(error: Exception):
    def refuse(batch: Batch) -> None:
        raise error

    return refuse


def test_a_batch_that_the_database_refuses_holds_nothing_back(in_levis, monkeypatch, caplog) -> None:
    tally = Tally()
    tally.add(key(in_levis.pk))
    with monkeypatch.context() as odd:
        odd.setattr(module, "write_batch", refusing(IntegrityError("no such row")))
        for _time in range(module.MOST_REFUSALS - 1):
            with pytest.raises(IntegrityError):
                tally.write()
        with caplog.at_level(logging.ERROR):
            tally.write()
    tally.add(key(in_levis.pk, 2))
    tally.write()

    assert counted() == {2: 1}
    assert "1 counts are dropped: the database refuses them" in caplog.text


def test_who_is_gone_by_now_is_left_out_and_the_rest_is_written(in_levis) -> None:
    gone = MerchantFactory.create()
    keys = [key(in_levis.pk, 1), key(in_levis.pk, 2, merchant_id=gone.pk), key(999_999, 3)]
    gone.delete()
    write_batch(Batch(Counter(keys)))

    assert counted() == {1: 1}


def test_memory_is_bounded_and_says_so_once(in_levis, monkeypatch, caplog) -> None:
    monkeypatch.setattr(module, "MOST_KEYS", 2)
    tally = Tally()
    for subject_id in (1, 2, 3, 4, 1):
        tally.add(key(in_levis.pk, subject_id))
    tally.write()

    assert counted() == {1: 2, 2: 1}
    assert caplog.text.count("counts are dropped") == 1


def test_threads_that_add_at_once_lose_nothing(in_levis) -> None:
    tally = Tally()
    adding = [
        threading.Thread(target=lambda: [tally.add(key(in_levis.pk)) for _n in range(5_000)])
        for _t in range(4)
    ]
    for thread in adding:
        thread.start()
    for thread in adding:
        thread.join()
    tally.write()

    assert counted() == {1: 20_000}


def test_a_forked_process_begins_with_nothing_and_its_own_locks(in_levis) -> None:
    """Its parent writes what it counted; a lock that was held while it forked would hold the child for ever."""
    module.tally.add(key(in_levis.pk))
    with module.tally._adding, module.tally._writing:
        child = os.fork()
        if not child:  # no test framework in here: it leaves by the shortest way
            empty = not module.tally._counts and module.tally._unanswered is None
            module.tally.add(key(1))
            with module.tally._writing:
                os._exit(0 if empty and module.tally._counts.total() == 1 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert module.tally._counts.total() == 1
