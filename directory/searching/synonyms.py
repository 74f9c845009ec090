"""Words that people say for others: the Journal's list of the portal, which begins with ours."""

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from django.core.cache import cache
from wagtail.models import Site

from directory.folding import fold
from directory.models import SearchSynonym
from directory.searching.words import STOP_WORDS, all_words, plain
from home.tenancy import current_site_id

SECONDS_KEPT = 60
LONGEST_PHRASE = 3
"""Words; a longer one is not looked for among what is typed."""
OURS = Path(__file__).with_name("synonyms.toml")

Phrase = tuple[str, ...]
Meanings = dict[Phrase, tuple[Phrase, ...]]


def meanings_of_portal() -> Meanings:
    """What each phrase also means in the portal in scope; asked of the database once a minute."""
    found: Meanings | None = cache.get_or_set(_key(), _read, SECONDS_KEPT)
    return found or {}


def forget_meanings() -> None:
    """After a change of the list: it holds at once in this process, within a minute in the others."""
    cache.delete(_key())


def _key() -> str:
    return f"search-meanings-{current_site_id()}"


def _read() -> Meanings:
    rows = SearchSynonym.objects.order_by("pk").values_list("words", "means")
    return {phrase: tuple(phrases(means)) for words, means in rows for phrase in phrases(words)}


def phrases(text: str) -> Iterator[Phrase]:
    """The phrases of one line of the list, « auto, char usagé », as the search sees words."""
    for part in text.replace(";", ",").split(","):
        if words := tuple(plain(word) for word in all_words(part) if word not in STOP_WORDS):
            yield words


@lru_cache
def ours() -> tuple[tuple[str, str], ...]:
    """What every portal begins with: words, and what they also mean."""
    return tuple(tomllib.loads(OURS.read_text(encoding="utf-8")).items())


def give_ours(site: Site) -> int:
    """The portal has our list, where it has none yet; returns how many lines that were."""
    if SearchSynonym.objects.exists():
        return 0
    rows = [SearchSynonym(site=site, words=words, means=means) for words, means in ours()]
    SearchSynonym.objects.bulk_create(rows, ignore_conflicts=True)
    forget_meanings()
    return len(rows)


def is_stated(words: str, *, but: int | None = None) -> bool:
    """Whether the list has these words already, however they are accented; ``but`` a row's own key."""
    same = SearchSynonym.objects.filter(folded_words=fold(words))
    return (same.exclude(pk=but) if but else same).exists()
