"""Entries as the table has them: folded, weighted, and every word counted, some hundreds in three statements."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from directory.folding import fold
from directory.models import SearchEntry
from directory.searching.entries import LOWERED, Entry
from directory.searching.misspellings import what_is_left
from directory.searching.words import plain_text, surfaces

LONGEST_TEXT = 6_000
"""Characters of a long text that are kept: what it is about stands at its beginning."""

WORTH_LEFT = {0: 1, LOWERED: 2}
"""By doubt: what its worth is divided by. Of what nobody vouches for any more none is left."""

Word = tuple[int, str]
"""Primary key of the portal, and the word in its plain form."""

_PUT = """
INSERT INTO directory_searchentry AS old (
    kind, object_id, site_id, title, folded_title, words, document,
    worth, doubt, merchant_id, category_id, sector_id, latitude, longitude)
SELECT %s, object_id, site_id, title, folded_title, string_to_array(words, ' '),
       setweight(to_tsvector('french', a), 'A') || setweight(to_tsvector('simple', a), 'A')
       || setweight(to_tsvector('french', b), 'B') || setweight(to_tsvector('french', c), 'C')
       || setweight(to_tsvector('french', d), 'D'),
       worth, doubt, merchant_id, category_id, sector_id, latitude, longitude
  FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
              %s::text[], %s::smallint[], %s::smallint[], %s::bigint[], %s::bigint[], %s::bigint[],
              %s::float8[], %s::float8[])
    AS told (object_id, site_id, title, folded_title, words, a, b, c, d,
             worth, doubt, merchant_id, category_id, sector_id, latitude, longitude)
ON CONFLICT (kind, object_id) DO UPDATE
   SET site_id = EXCLUDED.site_id, title = EXCLUDED.title, folded_title = EXCLUDED.folded_title,
       words = EXCLUDED.words, document = EXCLUDED.document, worth = EXCLUDED.worth, doubt = EXCLUDED.doubt,
       merchant_id = EXCLUDED.merchant_id, category_id = EXCLUDED.category_id, sector_id = EXCLUDED.sector_id,
       latitude = EXCLUDED.latitude, longitude = EXCLUDED.longitude
"""

_COUNT = """
INSERT INTO directory_searchword AS old (site_id, word, shown, stem, uses, misspelt)
SELECT site_id, word, shown, COALESCE((ts_lexize('french_stem', word))[1], ''), uses, string_to_array(misspelt, ' ')
  FROM unnest(%s::int[], %s::text[], %s::text[], %s::int[], %s::text[]) AS told (site_id, word, shown, uses, misspelt)
ON CONFLICT (site_id, word) DO UPDATE SET uses = old.uses + EXCLUDED.uses
"""

_FORGET = """
DELETE FROM directory_searchword
 WHERE uses <= 0 AND (site_id, word) IN (SELECT * FROM unnest(%s::int[], %s::text[]))
"""


def replace(kind: str, keys: Sequence[int], entries: Iterable[Entry]) -> None:
    """Afterwards the things of this kind with these keys have the entries given, and no other.

    An entry may be of another thing than was asked about: of a translation's original.
    """
    told = list(entries)
    rows = SearchEntry.objects.filter(kind=kind, object_id__in={*keys, *(entry.object_id for entry in told)})
    uses: Counter[Word] = Counter()
    for site_id, words in rows.values_list("site_id", "words"):
        uses.subtract((site_id, word) for word in words)
    rows.exclude(object_id__in=[entry.object_id for entry in told]).delete()
    shown: dict[Word, str] = {}
    _put(kind, [_row(entry, uses, shown) for entry in told])
    _count({word: number for word, number in uses.items() if number}, shown)


def _row(entry: Entry, uses: Counter[Word], shown: dict[Word, str]) -> tuple[Any, ...]:
    texts = [entry.title, entry.also, entry.text, entry.more[:LONGEST_TEXT]]
    words = {word: surface for text in reversed(texts) for surface, word in surfaces(text)}
    for word, surface in words.items():
        uses[entry.site_id, word] += 1
        shown[entry.site_id, word] = surface
    return (
        entry.object_id,
        entry.site_id,
        entry.title[:255],
        fold(entry.title)[:255],
        " ".join(words),
        *map(plain_text, texts),
        entry.worth // WORTH_LEFT[entry.doubt] if entry.doubt in WORTH_LEFT else 0,
        entry.doubt,
        entry.merchant_id,
        entry.category_id,
        entry.sector_id,
        entry.latitude,
        entry.longitude,
    )


def _put(kind: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_PUT, [kind, *_columns(rows)])


def _count(uses: Mapping[Word, int], shown: Mapping[Word, str]) -> None:
    """In the order of the words: whoever counts at the same time waits, and nobody for ever."""
    rows = [
        (site_id, word, shown.get((site_id, word), word), number, " ".join(what_is_left(word)))
        for (site_id, word), number in sorted(uses.items())
    ]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, _columns(rows))
        cursor.execute(_FORGET, _columns(row[:2] for row in rows))


def _columns(rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    """For ``unnest``: one list for each column."""
    return [list(column) for column in zip(*rows, strict=True)]
