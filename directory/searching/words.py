"""Words as the search sees them: folded, apart, without what means nothing, in one number and gender of spelling.

What is kept of an entry and what is typed go through the same hands; PostgreSQL's French stemming comes after.
"""

import re
import unicodedata
from collections.abc import Iterator

from directory.folding import fold

LONGEST_WORD = 40
"""Characters; what is longer is no word."""

_MEAN_NOTHING = """
a au aux avec c ce ces cet cette d dans de des du elle en est et eux il ils j je l la le les leur leurs lui m ma mais me
mes mon n ne nos notre nous on ou par pas pour qu que qui s sa sans se ses si son sont sous sur t ta te tes toi ton tu
un une vers vos votre vous y the of
"""
STOP_WORDS = frozenset(_MEAN_NOTHING.split())
ABBREVIATED = {"st": "saint", "ste": "sainte", "sts": "saint", "boul": "boulevard"}

_SURFACE = re.compile(r"[^\W_]+")
_PLAIN_LETTERS = re.compile(r"[^a-z0-9]+")
_ENDINGS = (("eaux", "eau"), ("oux", "ou"), ("eux", "eu"), ("ees", "e"), ("ee", "e"), ("s", ""))
"""What the stemmer leaves, or takes for another word once the accents are gone: gateaux, bijoux, jeux, fumee."""
_SHORTEST_INFLECTED = 4


def words_of(text: str) -> list[str]:
    """The words that mean something, in their order; « Les gâteaux de l’épicerie » gives « gateau », « epicerie »."""
    return [word for _surface, word in surfaces(text)]


def surfaces(text: str) -> Iterator[tuple[str, str]]:
    """Each word that means something: as it is written, in small letters, and in its plain form."""
    for surface, folded in _apart(text):
        if folded not in STOP_WORDS:
            yield surface, plain(folded)


def all_words(text: str) -> list[str]:
    """Folded, with those that mean nothing by themselves; none where there is no letter and no digit."""
    return [folded for _surface, folded in _apart(text)]


def _apart(text: str) -> Iterator[tuple[str, str]]:
    for surface in _SURFACE.findall(unicodedata.normalize("NFC", text).lower()):
        folded = _PLAIN_LETTERS.sub("", fold(surface))
        if folded and len(folded) <= LONGEST_WORD and len(surface) <= LONGEST_WORD:
            yield surface, folded


def plain(word: str) -> str:
    """A folded word in its plain form: singular as far as its letters tell, abbreviations written out."""
    if word in ABBREVIATED:
        return ABBREVIATED[word]
    if len(word) >= _SHORTEST_INFLECTED and not word.endswith("ss"):
        for ending, instead in _ENDINGS:
            if word.endswith(ending):
                return word.removesuffix(ending) + instead
    return word


def plain_text(text: str) -> str:
    """What PostgreSQL is given of a text: its words alone, plain, with spaces between them."""
    return " ".join(words_of(text))
