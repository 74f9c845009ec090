"""French as it is set in print, from text as one types it."""

import re

NBSP = "\u00a0"

# A colon that ends a word, not one inside an address or between block marks.
_BEFORE = re.compile(r"(?<=[\w»)”’!?.…>]) (?=[:%$](?:\s|$|[<.,;)»]))")
_INSIDE_LEFT = re.compile(r"« ?(?=\S)")
_INSIDE_RIGHT = re.compile(r"(?<=\S) ?»")
_HOURS = re.compile(r"(?<=\d) h(?: (?=\d\d))?\b")
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}\b)")
_UNITS = re.compile(r"(?<=\d) (?=(?:g|kg|ml|cm|lb|po|m)\b)")
_MARK_SPACED = re.compile(r"(?<=\w) +(?=[;!?])")


def french(text: str) -> str:
    """`text` with no-break spaces where they belong, and typographic apostrophes.

    No-break before `: $ %` and the units of a number, inside « », in `17 h 30` and in `1 234`; none before `; ! ?`.
    """
    text = text.replace("'", "’")
    text = _MARK_SPACED.sub("", text)
    text = _INSIDE_LEFT.sub("«" + NBSP, text)
    text = _INSIDE_RIGHT.sub(NBSP + "»", text)
    text = _HOURS.sub(lambda found: found[0].replace(" ", NBSP), text)
    for pattern in (_BEFORE, _THOUSANDS, _UNITS):
        text = pattern.sub(NBSP, text)
    return text
