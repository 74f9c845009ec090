"""Mistyped words: which word of the portal somebody meant.

A word and its mistyped form become the same when a letter or two are left out of each. What is left of every word of
the portal is written down beside it (``SearchWord.misspelt``), so that one look into an index finds the few
candidates, and no word is compared that is not one of them.
"""

from collections.abc import Iterable
from itertools import combinations

from rapidfuzz.distance import DamerauLevenshtein

SHORTEST_MISTYPED = 4
"""A word of three letters is as near to every other."""
LETTERS_FOR_TWO = 8
"""From this length on two slips are forgiven."""
PREFIX = 8
"""Letters looked at: nobody mistypes the end alone of a long word, and it keeps the index small."""


def slips_forgiven(word: str) -> int:
    """0 for what is too short to be mistaken, or has a digit."""
    if len(word) < SHORTEST_MISTYPED or not word.isalpha():
        return 0
    return 1 if len(word) < LETTERS_FOR_TWO else 2


def what_is_left(word: str) -> list[str]:
    """The word's beginning with as many letters left out as slips are forgiven, and the beginning itself."""
    start = word[:PREFIX]
    left = {start}
    for slips in range(1, slips_forgiven(word) + 1):
        kept = len(start) - slips
        left.update("".join(letters) for letters in combinations(start, kept))
    return sorted(left)


def nearest(typed: str, candidates: Iterable[tuple[str, int]]) -> str | None:
    """Of ``(word, uses)`` the word that was most likely meant; None where none is near enough.

    The fewest slips first, then the same first letter, then the word that is used most.
    """
    forgiven = slips_forgiven(typed)
    near = [
        (slips, word[:1] != typed[:1], -uses, word)
        for word, uses in candidates
        if (slips := DamerauLevenshtein.distance(typed, word, score_cutoff=forgiven)) <= forgiven
    ]
    return min(near)[3] if near else None
