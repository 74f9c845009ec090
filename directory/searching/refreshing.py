"""Entries kept right: what triggers have marked stale is told again, by the worker and by acts that change much.

Whatever wrote the rows, and however many at once, its transaction marked them; here they are read once more, by the
floor that knows them, and their entries written or taken away. One refresh at a time: another leaves it to the first.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import QuerySet
from wagtail.models import Site

from directory.models import SearchEntry, SearchStale, SearchWord
from directory.searching import writing
from directory.searching.entries import kinds, source_of
from directory.searching.sending import send
from home.tenancy import across_portals, portal_scope

BATCH = 500
MOST_AT_ONCE = 10 * BATCH
"""Marks read in one round: the worker has other things to do each second."""
LOCK = 0x73656172
SECONDS_BETWEEN_DOUBTS = 600


def keep_fresh(now: datetime) -> int:
    """The worker's job, each second: the table, then the engine, if there is one; how many things were told."""
    told = refresh()
    send()
    return told


def refresh() -> int:
    """Tell again what is stale, a round of it; returns how many things that were. 0 also while another does it."""
    with transaction.atomic(), across_portals():
        waiting = _waiting().order_by("pk").values_list("pk", "kind", "object_id")
        marks = list(waiting[:MOST_AT_ONCE])
        if not marks or not _is_alone():
            return 0
        stale = {(kind, key) for _pk, kind, key in marks}
        for kind in kinds():
            _tell(kind, sorted(key for of, key in stale if of == kind))
        _settle(SearchStale.objects.filter(pk__in=[pk for pk, _kind, _key in marks]))
        return len(stale)


def _waiting() -> QuerySet[SearchStale]:
    """Marks of what is to be told. Without an engine also what one was to be sent once: told again, it is done."""
    marks = SearchStale.objects.all()
    return marks if settings.SEARCH_ENGINE is None else marks.filter(is_told=False)


def _settle(marks: QuerySet[SearchStale]) -> None:
    """Of what is told: done, or to be sent to the engine."""
    if settings.SEARCH_ENGINE is None:
        marks.delete()
    else:
        marks.update(is_told=True)


def tell_doubts(now: datetime) -> int:
    """The worker's job, every ten minutes: what time alone has put in doubt, or out of it, is told anew; how many."""
    if not cache.add("search.doubts", 1, SECONDS_BETWEEN_DOUBTS):
        return 0
    return sum(_mark_doubts(site, now) for site in Site.objects.order_by("pk"))


def _mark_doubts(site: Site, now: datetime) -> int:
    """Marks entries of this portal that say another doubt than there is."""
    with portal_scope(site):
        marks = [
            SearchStale(kind=kind, object_id=key) for kind in kinds() for key in _changed_doubts(kind, now)
        ]
        SearchStale.objects.bulk_create(marks, batch_size=BATCH)
        return len(marks)


def _changed_doubts(kind: str, now: datetime) -> list[int]:
    told = dict(
        SearchEntry.objects.filter(kind=kind, doubt__gt=0).order_by().values_list("object_id", "doubt")
    )
    true = source_of(kind).doubts(now)
    return sorted(key for key in told.keys() | true.keys() if told.get(key) != true.get(key))


def refresh_all() -> int:
    """At the end of an act that changed much: nothing is stale afterwards, unless somebody else goes on changing."""
    done = 0
    while count := refresh():
        done += count
    return done


def rebuild() -> int:
    """Every entry and word of every portal anew; returns how many entries. Searches see the old ones until the end."""
    with transaction.atomic(), across_portals():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        for model in (SearchEntry, SearchWord, SearchStale):
            model.objects.all().delete()
        for kind in kinds():
            _tell(kind, source_of(kind).keys())
        return int(SearchEntry.objects.count())


def _is_alone() -> bool:
    """False while another refreshes. The lock goes with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _tell(kind: str, keys: Iterable[int]) -> None:
    for some in _batches(keys):
        writing.replace(kind, some, source_of(kind).entries(some))


def _batches(keys: Iterable[int]) -> Iterator[Sequence[int]]:
    some: list[int] = []
    for key in keys:
        some.append(key)
        if len(some) == BATCH:
            yield some
            some = []
    if some:
        yield some
