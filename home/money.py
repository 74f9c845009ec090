"""Amounts as Québec writes them: « 1 234,50 $ ». Amounts are integers in cents; nothing is rounded here."""

NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"


def dollars(cents: int) -> str:
    """The whole dollars, by thousands, with their sign: −123450 gives « −1 234 »."""
    grouped = f"{abs(cents) // 100:,}".replace(",", NO_BREAK_SPACE)
    return f"{MINUS}{grouped}" if cents < 0 else grouped


def cents_part(cents: int) -> str:
    """The two digits after the comma."""
    return f"{abs(cents) % 100:02d}"


def cad(cents: int) -> str:
    """« 1 234,50 $ », with no-break spaces."""
    return f"{dollars(cents)},{cents_part(cents)}{NO_BREAK_SPACE}$"
