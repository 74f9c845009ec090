"""Goods that no shop here may offer: tobacco, vaping, cannabis, prescription drugs. Pure.

Whole words of a folded list, in French and in English: « tabac » is found in « Tabac à pipe », not in « tabacum ».
A list errs: who sells a « boîte à cigares » is told to call, and staff may allow that word of that product
(``shop.allowances``).
"""

import re
from collections.abc import Container, Mapping
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from directory.folding import fold


class Ban(TextChoices):
    """A sort of goods that the law keeps from shops like these."""

    TOBACCO = "tobacco", _("du tabac")
    VAPING = "vaping", _("un produit de vapotage")
    CANNABIS = "cannabis", _("du cannabis")
    PRESCRIPTION_DRUG = "prescription_drug", _("un médicament sur ordonnance")


WORDS: Mapping[Ban, tuple[str, ...]] = MappingProxyType(
    {
        Ban.TOBACCO: (
            "tabac", "tabacs", "tobacco", "cigarette", "cigarettes", "cigare", "cigares", "cigar", "cigars",
            "cigarillo", "cigarillos", "snus", "shisha", "chicha",
        ),
        Ban.VAPING: (
            "vapoteuse", "vapoteuses", "vapotage", "vapoter", "vape", "vapes", "vaping", "e cigarette", "e cigarettes",
            "e liquide", "e liquides", "e liquid", "e liquids", "nicotine",
        ),
        Ban.CANNABIS: (
            "cannabis", "marijuana", "marihuana", "haschich", "haschisch", "hachich", "hashish", "thc", "cbd",
        ),
        Ban.PRESCRIPTION_DRUG: (
            "medicament sur ordonnance", "medicaments sur ordonnance", "medicament d'ordonnance",
            "medicaments d'ordonnance", "prescription drug", "prescription drugs", "prescription medicine",
            "prescription medicines", "prescription medication", "prescription medications", "opioide", "opioides",
            "opioid", "opioids", "oxycodone", "hydromorphone", "fentanyl", "morphine", "codeine", "semaglutide",
            "ozempic", "sildenafil", "viagra", "tadalafil", "cialis", "amoxicilline", "amoxicillin",
            "benzodiazepine", "benzodiazepines", "alprazolam", "xanax", "diazepam", "valium",
            "methylphenidate", "ritalin", "adderall", "insuline", "insulin",
        ),
    }
)  # fmt: skip
"""The folded words that give each away."""


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


_PATTERNS = {ban: _pattern(words) for ban, words in WORDS.items()}


def banned_in(text: str, *, allowed: Container[str] = ()) -> dict[Ban, str]:
    """Each ban that a text seems to fall under, with the first of its words found there, folded.

    ``allowed``: folded words that are looked over.
    """
    words = " ".join(fold(text).split())
    found = {ban: _first(pattern, words, allowed) for ban, pattern in _PATTERNS.items()}
    return {ban: word for ban, word in found.items() if word}


def _first(pattern: re.Pattern[str], words: str, allowed: Container[str]) -> str:
    return next((match.group() for match in pattern.finditer(words) if match.group() not in allowed), "")
