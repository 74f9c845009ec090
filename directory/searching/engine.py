"""A search engine that finds instead of PostgreSQL, where the operator names one (``SEARCH_URL``).

It is asked for keys alone. What they lead to, whether it may be seen, and in which order, the search table says as
ever, in the portal in scope; and where the engine does not answer, the table finds as if there were none.
"""

import json
import logging
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from wagtail.search.backends import get_search_backend

from directory.searching.asking import Asked

if TYPE_CHECKING:
    from directory.searching.opensearch import SearchBackend

logger = logging.getLogger(__name__)

SECONDS_OF_SILENCE = 30
"""After a failure nobody asks the engine, nor tells it anything, for so long: no page waits for it twice."""
SILENT = "search.engine.silent"


class EngineFailed(Exception):
    """The engine is out of reach, refuses, or answers what cannot be read."""


def engine() -> "SearchBackend | None":
    """What SEARCH_URL names; None where PostgreSQL finds alone."""
    if settings.SEARCH_ENGINE is None:
        return None
    return _connected(json.dumps(settings.SEARCH_ENGINE, sort_keys=True))


@lru_cache(maxsize=1)
def _connected(options: str) -> "SearchBackend":
    """One client for each process, which keeps its connections. The options as JSON: a key for the cache."""
    backend: SearchBackend = get_search_backend("directory.searching.opensearch", **json.loads(options))
    return backend


def is_silent() -> bool:
    return cache.get(SILENT) is not None


def fall_silent(reason: EngineFailed) -> None:
    """Logs it, once for each silence."""
    if cache.add(SILENT, 1, SECONDS_OF_SILENCE):
        logger.warning("The search engine failed; PostgreSQL finds meanwhile: %s", reason)


def keys_found(kind: str, asked: Asked, *, loosely: bool) -> list[int] | None:
    """Of ``kind`` in the portal in scope, the keys that answer best, as the engine has them: some may be gone.

    None where PostgreSQL is to look. The engine is asked once of each ``asked``, however many lists come of it.
    """
    if settings.SEARCH_ENGINE is None:
        return None
    question = (kind, loosely)
    if question not in asked.found:
        asked.found[question] = _ask(kind, asked, loosely=loosely)
    return asked.found[question]


def _ask(kind: str, asked: Asked, *, loosely: bool) -> list[int] | None:
    backend = engine()
    if backend is None or is_silent():
        return None
    try:
        return backend.keys_of(kind, asked, loosely=loosely)
    except EngineFailed as failure:
        fall_silent(failure)
        return None
