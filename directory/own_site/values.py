"""Single values as sites write them, read into what the portal keeps. Whatever does not read is None or ""."""

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from directory.own_site import markup
from directory.own_site.addresses import LONGEST

MOST_READ = 40_000
"""Characters of a text that are looked at before it is cut to what is kept of it."""
LEAST_READ = 30
MOST_CENTS = 10_000_000
"""A hundred thousand dollars: a dearer thing is a mistake of the site, or of its reading."""

_NOT_KEPT = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_AMOUNT = re.compile(
    r"(?<![\d.,-])(\d{1,3}(?:[ \u00a0\u202f',.]\d{3}){1,2}|\d{1,7})(?:[.,](\d{1,2}))?(?!\d|[.,]\d|[eE]\d)"
)
_POSTAL = re.compile(
    r"\b([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z])[ \u00a0-]?(\d[ABCEGHJ-NPRSTV-Z]\d)\b", re.IGNORECASE
)
_SPACES = re.compile(r"[^\S\n]+")


def first(value: Any) -> Any:
    """Of a list its first that is something; anything else as it is."""
    if isinstance(value, list | tuple):
        return next((one for one in value if one not in (None, "", [], {})), None)
    return value


def many(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def line(value: Any, longest: int) -> str:
    """Plain words in one line."""
    return " ".join(text(value, longest * 4 + 200).split())[:longest].strip()


def text(value: Any, longest: int) -> str:
    """Plain words, a line each paragraph: no tag, no script, nothing that a database or a screen chokes on."""
    value = first(value)
    if isinstance(value, dict):
        value = first(value.get("@value") or value.get("name") or value.get("value"))
    if not isinstance(value, str | int | float):
        return ""
    plain = str(value)[:MOST_READ]
    for _twice in range(2):  # « &lt;p&gt; » is a tag, too, in what shops export
        plain = markup.words_of_html(plain) if markup.looks_like_html(plain) else plain
    return cut(kept_lines(plain), longest)


def kept_lines(words: str) -> str:
    """Without empty lines, doubled spaces, and what a database or a screen chokes on."""
    clean = _NOT_KEPT.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (_SPACES.sub(" ", one).strip() for one in clean.split("\n"))
    return "\n".join(one for one in lines if one)


def cut(words: str, longest: int) -> str:
    """At the end of the last sentence that fits, if that leaves something to read; else of a word."""
    if len(words) <= longest:
        return words
    shorter = words[:longest]
    for end in (". ", ".\n", "! ", "? "):
        if (at := shorter.rfind(end)) >= min(LEAST_READ, longest // 2):
            return shorter[: at + 1]
    head = words[: longest - 1]
    whole = head if words[longest - 1].isspace() else head.rpartition(" ")[0]
    return f"{(whole or head).rstrip(' ,;:')}…"


def cents(value: Any) -> int | None:
    """Of « 12,50 $ », « 1 234.50 », 12.5: whole cents, at least one; None where no amount can be read."""
    value = first(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, float):
        value = f"{value:.2f}" if 0 < value < MOST_CENTS else ""
    found = _AMOUNT.search(str(value)[:60])
    if found is None:
        return None
    dollars = re.sub(r"\D", "", found[1])
    amount = int(dollars) * 100 + int((found[2] or "").ljust(2, "0"))
    return amount if 0 < amount <= MOST_CENTS else None


def minor_units(value: Any, digits: Any) -> int | None:
    """Cents of an amount in a currency's smallest unit, as « 1250 » with 2 digits."""
    if not re.fullmatch(r"\d{1,12}", str(value)) or str(digits) not in {"0", "1", "2", "3", "4"}:
        return None
    amount = int(value) * 100 // 10 ** int(digits)
    return amount if 0 < amount <= MOST_CENTS else None


def is_canadian(currency: Any) -> bool:
    """Whether amounts are in Canadian dollars; a site that does not say is taken at its word."""
    return line(currency, 8).upper() in {"", "CAD", "CA$", "$"}


def phone(value: Any) -> str:
    """E.164 of a number that can be called from here."""
    written = line(value, 60).lower().removeprefix("tel:").replace("%20", " ")
    written = re.split(r"poste|ext|[#/;,]|\bou\b|\bor\b", written)[0]
    try:
        number = phonenumbers.parse(written, "CA")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email(value: Any) -> str:
    written = line(value, 300)
    if written.lower().startswith("mailto:"):
        written = written[7:]
    written = written.partition("?")[0].strip()
    try:
        validate_email(written)
    except ValidationError:
        return ""
    return written if len(written) <= 254 else ""


def postal_code(value: Any) -> str:
    """« G6V 6C4 », wherever it stands in the text."""
    found = _POSTAL.search(line(value, 200))
    return f"{found[1]} {found[2]}".upper() if found else ""


def web_address(value: Any, base: str, longest: int = LONGEST) -> str:
    """Whole, http or https, at most so long; whether it may be asked is decided when it is."""
    value = first(value)
    if isinstance(value, dict):
        value = first(value.get("url") or value.get("contentUrl") or value.get("@id") or value.get("id"))
    if not isinstance(value, str) or not (written := value[: longest + 1].strip()):
        return ""
    try:
        whole = urljoin(base, written)
        parts = urlsplit(whole)
        host = parts.hostname
    except ValueError:
        return ""
    is_webs = parts.scheme in {"http", "https"} and bool(host) and len(whole) <= longest
    return "" if not is_webs or re.search(r"[\s<>\"\\]", whole) or _NOT_KEPT.search(whole) else whole


def coordinate(value: Any, most: float) -> float | None:
    try:
        number = float(line(value, 24))
    except ValueError:
        return None
    return number if -most <= number <= most and number == number and number != 0 else None  # noqa: PLR0124 - not NaN
