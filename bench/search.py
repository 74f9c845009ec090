"""The search table with many rows: what somebody waits for in PostgreSQL, beside a look-up by primary key.

Rows are invented in SQL: titles of three words and texts of twelve, of twenty thousand words used as unevenly as a
language uses its own. Whether a row may be seen is asked of each candidate as of a product: by its key. What the pages
make of the answer is not in these figures.
"""

import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import quantiles

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Count
from wagtail.models import Site

from bench.figures import Figure
from directory.distances import on_the_map
from directory.enums import SearchKind
from directory.models import SearchEntry, SearchWord
from directory.searching.asking import Asked, asked_of
from directory.searching.finding import MOST_COUNTED, best, entries_for
from directory.searching.misspellings import what_is_left
from home.tenancy import current_site

QUICK, USUAL, WHOLE = (1_000,), (10_000, 100_000), (10_000, 100_000, 1_000_000)
WORDS = 20_000
AIMS = {
    "word": 20.0,
    "common word with facets": 30.0,
    "suggestion": 5.0,
    "near me": 5.0,
    "typo put right": 10.0,
}
"""Milliseconds, 99 of a hundred, at 100,000 rows."""
KIND = SearchKind.PRODUCT

_FILL = """
INSERT INTO directory_searchentry (id, kind, object_id, site_id, title, folded_title, words, document, worth,
                                   category_id, latitude, longitude)
SELECT t.n, 'product', t.n, %(site)s, t.title, t.title, '{}',
       setweight(to_tsvector('french', t.title), 'A') || setweight(to_tsvector('simple', t.title), 'A')
       || setweight(to_tsvector('french', t.body), 'C'),
       (random() * 100)::int, t.n %% 14, 46.6 + random() * 0.3, -71.5 + random() * 0.5
  FROM (SELECT n, string_agg(word, ' ') FILTER (WHERE place <= 3) AS title,
               string_agg(word, ' ') FILTER (WHERE place > 3) AS body
          FROM (SELECT n, place, translate(md5((%(words)s * power(random(), 3))::int::text),
                                           '0123456789abcdef', 'abcdefghijklmnop')::varchar(7) AS word
                  FROM generate_series(1, %(rows)s) n, generate_series(1, 15) place) w GROUP BY n) t
"""


def figures(*, sizes: tuple[int, ...], times: int) -> Iterator[Figure]:
    """The portal in scope gets the rows, and loses them afterwards. Raises RuntimeError outside a database of tests."""
    _refuse_real_databases()
    site = current_site()
    vocabulary = _vocabulary(site)
    found: dict[str, list[float]] = {}
    for size in sizes:
        _grow_to(size, site)
        for name, act in _acts(vocabulary).items():
            median, p99 = _measured(act, times)
            found.setdefault(name, []).append(median)
            aim = AIMS.get(name) if size == 100_000 else None
            yield Figure(f"search, {size:,} rows: {name}, median", median, "ms")
            yield Figure(f"search, {size:,} rows: {name}, p99", p99, "ms", at_most=aim)
    for name, medians in found.items():
        if len(sizes) > 1:
            yield Figure(
                f"search, {sizes[0]:,} to {sizes[-1]:,} rows: {name}", medians[-1] / medians[0], "times"
            )
    SearchEntry.objects.all().delete()
    SearchWord.objects.all().delete()


def _refuse_real_databases() -> None:
    """What is measured here is deleted here: only in a database that ``bench.town`` made for it."""
    if not str(name := connection.settings_dict["NAME"]).startswith("test_"):
        raise RuntimeError(f"Not in {name}: its search table would be lost")


def _vocabulary(site: Site) -> list[str]:
    """The words from the most to the least used, and the table of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT translate(md5(n::text), '0123456789abcdef', 'abcdefghijklmnop')::varchar(7)"
            " FROM generate_series(0, %s) n",
            [WORDS],
        )
        words = list(dict.fromkeys(word for (word,) in cursor.fetchall()))
    rows = [
        SearchWord(site=site, word=word, shown=word, stem=word, uses=WORDS - n, misspelt=what_is_left(word))
        for n, word in enumerate(words)
    ]
    SearchWord.objects.bulk_create(rows, batch_size=2000)
    return words


def _grow_to(size: int, site: Site) -> None:
    SearchEntry.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(_FILL, {"site": site.pk, "words": WORDS, "rows": size})
        cursor.execute("VACUUM ANALYZE directory_searchentry")
        cursor.execute("VACUUM ANALYZE directory_searchword")


def _acts(words: list[str]) -> dict[str, Callable[[], object]]:
    """Each time with other words: of the seldom used, of the most used, begun, mistyped."""
    chance = random.Random(1)  # noqa: S311 - nothing is guarded by it
    keys = list(SearchEntry.objects.order_by("pk").values_list("pk", flat=True)[:1000])
    return {
        "primary key": lambda: SearchEntry.objects.get(pk=chance.choice(keys)),
        "word": lambda: _best(chance.choice(words[1000:])),
        "common word": lambda: _best(chance.choice(words[:20])),
        "common word with facets": partial(_with_facets, chance, words),
        "suggestion": lambda: _suggested(chance.choice(words)[:3]),
        "typo put right": lambda: asked_of(_mistyped(chance.choice(words), chance)),
        "near me": lambda: list(
            SearchEntry.objects.order_by(on_the_map(46.7 + chance.random() / 10, -71.3)).values_list("pk")[
                :20
            ]
        ),
    }


def _best(word: str) -> object:
    return best(_asked(word), {KIND: SearchEntry.objects.all()}, most=20)


def _asked(word: str) -> Asked:
    return asked_of(word)


def _with_facets(chance: random.Random, words: list[str]) -> None:
    word = chance.choice(words[:20])
    _best(word)
    worthiest = entries_for(KIND, _asked(word)).values("category_id")[:MOST_COUNTED]
    list(
        SearchEntry.objects.filter(pk__in=worthiest.values("pk"))
        .values("category_id")
        .annotate(n=Count("pk"))
    )


def _suggested(begun: str) -> list[object]:
    query = SearchQuery(f"{begun}:*A", config="simple", search_type="raw")
    list(SearchWord.objects.filter(word__startswith=begun).order_by("-uses", "word").values_list("shown")[:3])
    return list(
        SearchEntry.objects.filter(document=query).order_by("-worth", "object_id").values("title")[:6]
    )


def _mistyped(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _measured(act: Callable[[], object], times: int) -> tuple[float, float]:
    """Median and the 99th of a hundred, in milliseconds, after a few that warm up."""
    for _warming in range(3):
        act()
    taken = []
    for _time in range(times):
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1000)
    cuts = quantiles(taken, n=100, method="inclusive") if len(taken) > 1 else taken * 99
    return cuts[49], cuts[98]
