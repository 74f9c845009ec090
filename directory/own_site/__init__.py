"""« Start from my web address »: a merchant's own site, read and proposed, never taken over by itself.

The seam for everybody else: ask for a reading, look whether it is done, and use what was found. Reading happens in the
worker, behind one door (``fetching``); what came of it is text to be confirmed, by whoever asked.
"""

from directory.own_site.findings import Findings, Found, FoundProduct, FoundVariant
from directory.own_site.readings import (
    TooManyReadings,
    ask,
    failure_words,
    findings_of,
    hand_over,
    is_under_way,
    latest,
    note_taken,
    pictures_of,
)
from directory.own_site.refusals import CannotRead

__all__ = [
    "CannotRead",
    "Findings",
    "Found",
    "FoundProduct",
    "FoundVariant",
    "TooManyReadings",
    "ask",
    "failure_words",
    "findings_of",
    "hand_over",
    "is_under_way",
    "latest",
    "note_taken",
    "pictures_of",
]
