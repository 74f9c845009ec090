"""Accents and case put aside, so that ``levis`` finds ``Lévis``: the same folding in Python and in SQL.

No database extension: ``translate``, ``replace`` and ``lower`` are immutable, so a folded column can be generated.
Capitals are listed as well as small letters, because ``lower`` leaves « É » alone in a database whose locale is C.
"""

from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Concat, Lower, Replace

_SMALL = "àâäáãåçéèêëíîïìñóôöòõúùûüýÿ"
_SMALL_PLAIN = "aaaaaaceeeeiiiinooooouuuuyy"
_SIGNS = "’ʼ‘‐‑–—-\u00a0\u202f"
_SIGNS_PLAIN = "'''       "
_COMBINING = "\u0300\u0301\u0302\u0303\u0308\u030a\u0327"

ACCENTED = _SMALL + _SMALL.upper() + _SIGNS + _COMBINING
"""What ``translate`` takes; what stands beyond the end of PLAIN (accents written apart) is dropped."""
PLAIN = _SMALL_PLAIN * 2 + _SIGNS_PLAIN
LIGATURES = {"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae"}

_TABLE = str.maketrans(ACCENTED[: len(PLAIN)], PLAIN, _COMBINING)


def fold(text: str) -> str:
    """Lower case, without accents, ligatures opened, apostrophes straight, hyphens as spaces."""
    folded = text.lower().translate(_TABLE)
    for ligature, letters in LIGATURES.items():
        folded = folded.replace(ligature, letters)
    return folded


def folded_words(text: str) -> list[str]:
    """The words of what someone typed, folded, without what PostgreSQL refuses (NUL)."""
    return fold(text.replace("\x00", " ")).split()


class Translate(Func):
    function = "translate"
    arity = 3


def folded(*names: str) -> Func:
    """The same folding as :func:`fold`, as an SQL expression over the given columns, joined by spaces."""
    joined: Func | F = F(names[0])
    for name in names[1:]:
        joined = Concat(joined, Value(" "), F(name), output_field=TextField())
    small = Lower(joined, output_field=TextField())
    text: Func = Translate(small, Value(ACCENTED), Value(PLAIN), output_field=TextField())
    for ligature, letters in LIGATURES.items():
        text = Replace(text, Value(ligature), Value(letters), output_field=TextField())
    return text
