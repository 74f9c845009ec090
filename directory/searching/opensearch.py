"""OpenSearch, through Wagtail's own backend for it: the index of entries, what it is told and what it is asked.

Loaded where SEARCH_URL is set, and only there: it needs the package ``opensearch-py``. Words come to it folded and in
their plain form, as PostgreSQL gets them, and are stemmed by the same Snowball rules.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from modelsearch.query import And, Or, PlainText, SearchQuery
from modelsearch.utils import deep_update
from opensearchpy import OpenSearchException
from opensearchpy.helpers import bulk
from wagtail.search.backends import opensearch3 as wagtails

from directory.models import IndexedEntry, SearchEntry
from directory.searching.asking import Asked
from directory.searching.engine import EngineFailed

MOST_FOUND = 1000
"""Of one kind, for one question: as many as are ever counted."""
SECONDS_FOR_A_PAGE = 2
"""A page waits no longer for an answer, then PostgreSQL finds."""
WORTH_COUNTS = 1 / 100
"""Among what answers alike, the page that tells more is rather among those found."""
LARGEST_KEY = 2**63 - 1

FRENCH = {
    "settings": {
        "analysis": {
            "analyzer": {
                "default": {
                    "type": "custom",
                    "tokenizer": "standard",
                    "filter": ["lowercase", "snowball_french"],
                }
            },
            "filter": {"snowball_french": {"type": "stemmer", "language": "french"}},
        }
    }
}


class Mapping(wagtails.OpenSearch3Mapping):
    """A document is named for the thing it tells of: a rebuilt table has other keys, and the same things."""

    def get_document_id(self, obj: SearchEntry) -> str:
        return document_id(obj.kind, obj.object_id)


class QueryCompiler(wagtails.OpenSearch3SearchQueryCompiler):
    mapping_class = Mapping

    def get_query(self) -> dict[str, Any]:
        worth = {"field": "worth_filter", "factor": WORTH_COUNTS, "missing": 0}
        words = super().get_query()
        return {"function_score": {"query": words, "field_value_factor": worth, "boost_mode": "sum"}}


class SearchBackend(wagtails.OpenSearch3SearchBackend):
    """Everything it is asked raises EngineFailed, and nothing else, where the engine fails."""

    mapping_class = Mapping
    query_compiler_class = QueryCompiler
    settings = deep_update(deepcopy(wagtails.OpenSearch3SearchBackend.settings), FRENCH)

    @property
    def entries(self) -> Any:
        """The index, or the name that leads to the one in use."""
        return self.get_index_for_model(IndexedEntry)

    def keys_of(self, kind: str, asked: Asked, *, loosely: bool) -> list[int]:
        """Of ``kind`` in the portal in scope, the best answers first, MOST_FOUND at most."""
        compiler = self.query_compiler_class(
            IndexedEntry.objects.filter(kind=kind), query(asked, loosely=loosely)
        )
        compiler.check()
        body = {"query": compiler.get_query(), "size": MOST_FOUND, "_source": False}
        with _failing_as_one():
            answer = self.es.search(index=self.entries.name, body=body, request_timeout=SECONDS_FOR_A_PAGE)
            if answer["timed_out"] or answer["_shards"]["failed"]:
                raise EngineFailed("It found only a part.")
            return [key for hit in answer["hits"]["hits"] if (key := _key(kind, hit["_id"]))]

    def is_built(self) -> bool:
        """False before the first ``rebuild_search``: what is sent then would make half an index."""
        with _failing_as_one():
            return bool(self.entries.is_alias())

    def tell(self, entries: Sequence[SearchEntry], gone: Iterable[tuple[str, int]]) -> None:
        """These entries as they are, and these (kind and key) not any more. Twice is the same as once."""
        with _failing_as_one():
            self.entries.add_items(IndexedEntry, entries)
            if lost := [{"_op_type": "delete", "_id": document_id(*thing)} for thing in gone]:
                self.bulk(self.es, lost, index=self.entries.name, ignore_status=(404,))

    def rebuild(self, batches: Iterable[Sequence[SearchEntry]]) -> int:
        """A new index of these, which then takes the place of the old one; how many they are."""
        with _failing_as_one():
            rebuilder = self.rebuilder_class(self.entries)
            index, count, is_whole = rebuilder.start(), 0, False
            try:
                index.add_model(IndexedEntry)
                for entries in batches:
                    index.add_items(IndexedEntry, entries)
                    count += len(entries)
                rebuilder.finish()
                is_whole = True
            finally:
                if not is_whole:
                    index.delete()
            return count

    def bulk(self, client: Any, actions: list[dict[str, Any]], **options: Any) -> None:
        """Raises where one of these is refused, or not answered for."""
        done, refused = bulk(client, actions, stats_only=True, **options)
        if done + refused != len(actions):
            raise EngineFailed(f"It answered for {done + refused} of {len(actions)}.")


def document_id(kind: str, object_id: int) -> str:
    return f"{kind}-{object_id}"


def _key(kind: str, document: str) -> int | None:
    """None for a thing of another kind. Raises ValueError for what is no document of ours."""
    of, _, key = document.partition("-")
    number = int(key)
    if not 0 < number <= LARGEST_KEY:
        raise ValueError(document)
    return number if of == kind else None


def query(asked: Asked, *, loosely: bool) -> SearchQuery:
    """Everything wanted, or any of it; of each thing wanted any phrase, with all its words."""
    wanted = [
        Or([And([PlainText(word) for word in phrase]) for phrase in each.phrases]) for each in asked.wanted
    ]
    return Or(wanted) if loosely else And(wanted)


@contextmanager
def _failing_as_one() -> Iterator[None]:
    try:
        yield
    except (OpenSearchException, AttributeError, LookupError, TypeError, ValueError) as failure:
        raise EngineFailed(f"{type(failure).__name__}: {failure}") from failure
