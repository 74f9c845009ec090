"""The number of a book, as merchants type it and as machines want it."""


def gtin13(typed: str) -> str:
    """« 978-2-7637-1234-5 » → thirteen digits; ten-digit numbers get their 978. "" for what is no ISBN."""
    bare = typed.replace("-", "").replace(" ", "").upper()
    if len(bare) == 10 and _is_isbn10(bare):
        stem = f"978{bare[:9]}"
        return stem + _check_digit(stem)
    is_thirteen = len(bare) == 13 and bare.isascii() and bare.isdecimal() and bare[:3] in {"978", "979"}
    return bare if is_thirteen and bare[12] == _check_digit(bare[:12]) else ""


def _is_isbn10(bare: str) -> bool:
    if not (bare.isascii() and bare[:9].isdecimal() and (bare[9].isdecimal() or bare[9] == "X")):
        return False
    digits = [10 if digit == "X" else int(digit) for digit in bare]
    return sum(weight * digit for weight, digit in zip(range(10, 0, -1), digits, strict=True)) % 11 == 0


def _check_digit(stem: str) -> str:
    """The thirteenth of twelve digits."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(stem))
    return str(-total % 10)
