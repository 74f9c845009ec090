"""What the search table was told, brought to the engine of SEARCH_URL, if there is one.

A mark of ``SearchStale`` whose entry is told waits here until the engine has it: an engine that is down for an hour
has everything after it, and the table was right all along.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from django.db import connection, transaction

from directory.models import IndexedEntry, SearchEntry, SearchStale
from directory.searching.engine import EngineFailed, engine, fall_silent, is_silent
from home.tenancy import across_portals

if TYPE_CHECKING:
    from directory.searching.opensearch import SearchBackend

LOCK = 0x73656E64
BATCH = 500
MOST_AT_ONCE = 4 * BATCH
"""Marks in one round: the worker has other things to do each second."""


def send() -> int:
    """A round of what is told and not yet sent; how many things. 0 too where the engine is silent, or there is none.

    One sends at a time: another leaves it to the first, or waits for a rebuild to end.
    """
    backend = engine()
    if backend is None or is_silent():
        return 0
    with transaction.atomic(), across_portals():
        marks = list(SearchStale.objects.filter(is_told=True).order_by("pk")[:MOST_AT_ONCE])
        if not marks or not _is_alone():
            return 0
        things = {(mark.kind, mark.object_id) for mark in marks}
        try:
            _bring(backend, things)
        except EngineFailed as failure:
            fall_silent(failure)
            return 0
        SearchStale.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
        return len(things)


def rebuild_index() -> int:
    """The engine's index anew from the whole table; searches ask the old one until the end. Returns how many entries.

    Raises EngineFailed. 0 where there is no engine.
    """
    backend = engine()
    if backend is None:
        return 0
    with transaction.atomic(), across_portals():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        return backend.rebuild(_whole_table())


def _is_alone() -> bool:
    """False while another sends. The lock goes with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _bring(backend: "SearchBackend", things: set[tuple[str, int]]) -> None:
    if not backend.is_built():
        raise EngineFailed("It has no index yet: manage.py rebuild_search makes one.")
    for kind in sorted({kind for kind, _key in things}):
        keys = sorted(key for of, key in things if of == kind)
        for start in range(0, len(keys), BATCH):
            _bring_some(backend, kind, keys[start : start + BATCH])


def _bring_some(backend: "SearchBackend", kind: str, keys: Sequence[int]) -> None:
    entries = list(IndexedEntry.objects.filter(kind=kind, object_id__in=keys).defer("document"))
    gone = set(keys) - {entry.object_id for entry in entries}
    backend.tell(entries, [(kind, key) for key in sorted(gone)])


def _whole_table() -> Iterator[Sequence[SearchEntry]]:
    some: list[SearchEntry] = []
    for entry in IndexedEntry.objects.order_by("pk").defer("document").iterator(chunk_size=BATCH):
        some.append(entry)
        if len(some) == BATCH:
            yield some
            some = []
    if some:
        yield some
