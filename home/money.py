"""Amounts as Québec writes them: « 1 234,50 $ », and « $1,234.50 » where English is spoken.

Amounts are integers in cents; nothing is rounded here.
"""

from home.languages import is_english

NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"


def dollars(cents: int) -> str:
    """The whole dollars, by thousands, with their sign: −123450 gives « −1 234 »."""
    grouped = _grouped(cents)
    return f"{MINUS}{grouped}" if cents < 0 else grouped


def cents_part(cents: int) -> str:
    """The two digits after the comma, or the point."""
    return f"{abs(cents) % 100:02d}"


def cad(cents: int) -> str:
    """« 1 234,50 $ », with no-break spaces; « $1,234.50 » in English, a minus before the sign."""
    if is_english():
        return f"{MINUS if cents < 0 else ''}${_grouped(cents)}.{cents_part(cents)}"
    return f"{dollars(cents)},{cents_part(cents)}{NO_BREAK_SPACE}$"


def cad_round(whole_dollars: int) -> str:
    """An amount without cents, as people say it: « 40 $ », « $40 »."""
    if is_english():
        return f"${_grouped(whole_dollars * 100)}"
    return f"{_grouped(whole_dollars * 100)}{NO_BREAK_SPACE}$"


def _grouped(cents: int) -> str:
    return f"{abs(cents) // 100:,}".replace(",", "," if is_english() else NO_BREAK_SPACE)
