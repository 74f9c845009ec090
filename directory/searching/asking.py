"""What somebody asks: words as typed made into what the search table is asked for.

A word that nothing in the portal has is taken for the beginning of one, else for a mistyped one. What the Journal
says that words also mean (``SearchSynonym``) is looked for beside them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery
from django.db import connection

from directory.searching.misspellings import nearest, what_is_left
from directory.searching.synonyms import LONGEST_PHRASE, Meanings, meanings_of_portal
from directory.searching.times import When, when_of
from directory.searching.words import STOP_WORDS, all_words, plain
from home.tenancy import current_site_id

MAX_QUERY_LENGTH = 100
MAX_WORDS = 8
SHORTEST_BEGINNING = 3
MOST_ENDINGS = 8

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """One thing wanted: any of these phrases will do. The first is what was typed, or what was meant by it."""

    phrases: tuple[Phrase, ...]

    def sql(self) -> str:
        """For ``to_tsquery``; words have letters and digits alone."""
        return "(" + " | ".join(f"({' & '.join(phrase)})" for phrase in self.phrases) + ")"


@dataclass(frozen=True)
class Asked:
    """``typed`` is one line of what was typed; ``shown`` the same with mistyped words put right, empty for none."""

    typed: str
    wanted: tuple[Wanted, ...] = ()
    when: When | None = None
    shown: str = ""
    found: dict[tuple[str, bool], list[int] | None] = field(default_factory=dict, compare=False, repr=False)
    """What ``directory.searching.engine`` has answered already, by kind and whether loosely."""

    @property
    def is_nothing(self) -> bool:
        """Nothing was asked, or nothing that can be looked for (« ??? », « le la »)."""
        return not self.wanted and self.when is None

    @property
    def query(self) -> SearchQuery:
        """Everything wanted. Only where something is."""
        return _query(" & ".join(wanted.sql() for wanted in self.wanted))

    @property
    def loose_query(self) -> SearchQuery | CombinedSearchQuery:
        """Any of what is wanted."""
        return _query(" | ".join(wanted.sql() for wanted in self.wanted))

    @property
    def own_query(self) -> SearchQuery:
        """The very words, without what they also mean: what is found by them comes first."""
        return _query(" & ".join(" & ".join(wanted.phrases[0]) for wanted in self.wanted))


NOTHING_ASKED = Asked("")


def _query(text: str) -> SearchQuery:
    return SearchQuery(text, config="french", search_type="raw")


def one_line(text: str) -> str:
    """At most MAX_QUERY_LENGTH characters, without those that PostgreSQL refuses."""
    return " ".join(text.replace("\x00", " ").split())[:MAX_QUERY_LENGTH]


def asked_of(q: str) -> Asked:
    """What ``q`` asks of the portal in scope: one query, two where a word of it is unknown; none for no words."""
    typed = one_line(q)
    when, words = when_of(all_words(typed))
    words = [plain(word) for word in words if word not in STOP_WORDS][:MAX_WORDS]
    if not words:
        return Asked(typed, when=when)
    wanted = _with_meanings(words, meanings_of_portal())
    unknown = _unknown([each.phrases[0][0] for each in wanted if len(each.phrases) == 1])
    if not unknown:
        return Asked(typed, tuple(wanted), when)
    return _put_right(Asked(typed, tuple(wanted), when), unknown)


def _with_meanings(words: Sequence[str], meanings: Meanings) -> list[Wanted]:
    """The words one by one, those that stand together in a phrase with a meaning together."""
    wanted, place = [], 0
    while place < len(words):
        phrase = _known_phrase(words[place:], meanings)
        wanted.append(Wanted((phrase, *meanings.get(phrase, ()))))
        place += len(phrase)
    return wanted


def _known_phrase(words: Sequence[str], meanings: Meanings) -> Phrase:
    """The longest beginning that means something, else the first word."""
    for length in range(min(LONGEST_PHRASE, len(words)), 1, -1):
        if tuple(words[:length]) in meanings:
            return tuple(words[:length])
    return (words[0],)


_UNKNOWN = """
SELECT word FROM (SELECT word, (ts_lexize('french_stem', word))[1] AS stem FROM unnest(%(words)s::text[]) AS word) typed
 WHERE NOT EXISTS (SELECT FROM directory_searchword w WHERE w.site_id = %(site)s AND w.word = typed.word)
   AND NOT EXISTS (SELECT FROM directory_searchword w WHERE w.site_id = %(site)s AND w.stem = typed.stem)
"""

# From the word itself to whatever begins with it: an index cannot tell how far LIKE goes whose pattern is a column.
_ENDINGS = """
SELECT typed, word, shown, uses, FALSE FROM unnest(%(words)s::text[]) AS typed, LATERAL (
    SELECT word, shown, uses FROM directory_searchword
     WHERE site_id = %(site)s AND word ~>=~ typed AND word ~<~ (typed || '~') AND length(typed) >= %(shortest)s
     ORDER BY uses DESC LIMIT %(most)s) begun
UNION ALL
SELECT NULL, word, shown, uses, TRUE FROM directory_searchword
 WHERE site_id = %(site)s AND misspelt && %(left)s::text[]
"""


def _unknown(words: Sequence[str]) -> set[str]:
    """Of these words those that nothing of the portal in scope has, in whatever form."""
    if not words:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_UNKNOWN, {"words": list(words), "site": current_site_id()})
        return {word for (word,) in cursor.fetchall()}


def _put_right(asked: Asked, unknown: set[str]) -> Asked:
    """Each unknown word as what it begins, or as what was meant by it, if anything."""
    begun, alike, shown = _candidates(sorted(unknown))
    meant: dict[str, Sequence[str]] = {}
    for word in unknown:
        if endings := begun.get(word):
            meant[word] = endings
        elif right := nearest(word, alike):
            meant[word] = [right]
    wanted = tuple(_meaning(each, meant) for each in asked.wanted)
    said = {word: shown[right[0]] for word, right in meant.items() if word not in begun}
    return Asked(asked.typed, wanted, asked.when, _said_right(asked.typed, said))


def _meaning(wanted: Wanted, meant: Mapping[str, Sequence[str]]) -> Wanted:
    words = meant.get(wanted.phrases[0][0]) if len(wanted.phrases[0]) == 1 else None
    return Wanted(tuple((word,) for word in words)) if words else wanted


def _candidates(unknown: Sequence[str]) -> tuple[dict[str, list[str]], list[tuple[str, int]], dict[str, str]]:
    """For each what it begins; words that are like any of them, with their uses; how each is written."""
    begun: dict[str, list[str]] = {}
    alike, shown = [], {}
    left = sorted({part for word in unknown for part in what_is_left(word)})
    with connection.cursor() as cursor:
        cursor.execute(
            _ENDINGS,
            {
                "words": list(unknown),
                "left": left,
                "site": current_site_id(),
                "shortest": SHORTEST_BEGINNING,
                "most": MOST_ENDINGS,
            },
        )
        for typed, word, written, uses, is_alike in cursor.fetchall():
            shown[word] = written
            if is_alike:
                alike.append((word, uses))
            else:
                begun.setdefault(typed, []).append(word)
    return begun, alike, shown


def _said_right(typed: str, said: Mapping[str, str]) -> str:
    """What was typed with these words in place of the mistyped ones; empty where there is none."""
    if not said:
        return ""
    return " ".join(_right(word, said) for word in typed.split())


def _right(written: str, said: Mapping[str, str]) -> str:
    """One written word: « l’epicrie » keeps its article."""
    for folded in all_words(written):
        if right := said.get(plain(folded)):
            head = written[: len(written) - len(folded)] if written.lower().endswith(folded) else ""
            return head + right
    return written
