"""One cell at a time: names, phones, postal codes, addresses, links. What cannot be read is not made up."""

import html
import math
import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from directory.importing.refusals import LineRefused

LONGEST_NAME, LONGEST_ADDRESS, LONGEST_LINK = 120, 160, 200

_FORMULA = re.compile(r"^\s*(?:=|[+\-@]\s*[A-Za-z_.]+\()")
_UNDONE = re.compile(r"Ã[\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ¡-¿]|â€")
_EXTENSION = re.compile(r"[\s,;]*(?:poste|ext\.?|extension|p\.|#|x)\s*\.?:?\s*(\d{1,6})\s*$", re.IGNORECASE)
_SEVERAL = re.compile(r"\s+(?:ou|et|/)\s+|\s*[/;|]\s*")
_POSTAL = re.compile(r"^([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z])(\d[ABCEGHJ-NPRSTV-Z]\d)$")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_valid_link = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, slots=True)
class Read:
    """What a cell says, and what there is to tell of it. ``value`` is None where it says something unreadable."""

    value: str | None
    warning: str = ""
    note: str = ""


def plain(text: str) -> str:
    """One line, without what cannot be seen; accents as one letter each, those of a file decoded twice mended."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    if _UNDONE.search(text):
        text = _mended(text)
    seen = "".join(" " if unicodedata.category(letter) in {"Cc", "Zl", "Zp"} else letter for letter in text)
    seen = "".join(letter for letter in seen if unicodedata.category(letter) not in {"Cf", "Co", "Cs"})
    return " ".join(unicodedata.normalize("NFC", seen).split())


def _mended(text: str) -> str:
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def is_formula(text: str) -> bool:
    """What a spreadsheet would compute."""
    return _FORMULA.match(text) is not None


def name(text: str) -> Read:
    """Raises LineRefused where there is none, or none that can be shown."""
    said = plain(text)
    if is_formula(said):
        raise LineRefused(
            _("Le nom est une formule de tableur\u00a0: «\u00a0%(said)s\u00a0».") % {"said": said[:60]}
        )
    shown = plain(strip_tags(html.unescape(said))) if "<" in said or "&" in said else said
    if not any(letter.isalnum() for letter in shown):
        raise LineRefused(_("Le nom manque.") if not said else _("Le nom n’a ni lettre ni chiffre."))
    if len(shown) > LONGEST_NAME:
        raise LineRefused(
            _("Le nom compte %(letters)s caractères; %(most)s au plus.")
            % {"letters": len(shown), "most": LONGEST_NAME}
        )
    warning = _("Du code a été retiré du nom.") if "<" in said and shown != said else ""
    return Read(shown, warning)


def text(said: str, label: str, most: int) -> Read:
    """Any words; a formula or an endless text says nothing."""
    shown = plain(said)
    if is_formula(shown):
        return Read(None, _("%(label)s\u00a0: une formule de tableur n’est pas gardée.") % {"label": label})
    if "<" in shown:
        shown = plain(strip_tags(shown))
    if len(shown) > most:
        words = _("%(label)s\u00a0: %(letters)s caractères, %(most)s au plus; laissé vide.")
        return Read(None, words % {"label": label, "letters": len(shown), "most": most})
    return Read(shown)


def neq(said: str) -> Read:
    digits = re.sub(r"[\s.-]", "", plain(said))
    if not digits or re.fullmatch(r"(11|22|33|88)\d{8}", digits):
        return Read(digits)
    return Read(None, _("NEQ illisible\u00a0: «\u00a0%(said)s\u00a0».") % {"said": said[:30]})


def phone(said: str) -> Read:
    """The first number, in E.164; an extension is told of and let go, which such a number cannot carry."""
    shown = plain(said)
    if not shown:
        return Read("")
    parts = [part for part in _SEVERAL.split(shown) if part]
    for part in parts:
        extension = _EXTENSION.search(part)
        number = _e164(part[: extension.start()] if extension else part)
        if number:
            return Read(number, note=_of_phone(extension, len(parts)))
    return Read(
        None, _("Téléphone illisible\u00a0: «\u00a0%(said)s\u00a0»; laissé vide.") % {"said": shown[:40]}
    )


def _of_phone(extension: re.Match[str] | None, count: int) -> str:
    if extension:
        return _("Téléphone\u00a0: le poste %(extension)s n’est pas gardé.") % {"extension": extension[1]}
    return _("Téléphone\u00a0: le premier de plusieurs est gardé.") if count > 1 else ""


def _e164(said: str) -> str:
    if re.search(r"[A-Za-z]{3}", said) or sum(letter.isdigit() for letter in said) < 7:
        return ""
    try:
        number = phonenumbers.parse(said, "CA")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def postal_code(said: str) -> Read:
    """« g6v6c4 » is « G6V 6C4 »."""
    shown = plain(said)
    if not shown:
        return Read("")
    found = _POSTAL.match(re.sub(r"[^A-Z0-9]", "", shown.upper()))
    if found is None:
        return Read(
            None,
            _("Code postal illisible\u00a0: «\u00a0%(said)s\u00a0»; laissé vide.") % {"said": shown[:20]},
        )
    return Read(f"{found[1]} {found[2]}")


def email(said: str) -> Read:
    shown = plain(said).removeprefix("mailto:")
    parts = [part for part in re.split(r"[\s;,/]+", shown) if part]
    for part in parts:
        try:
            validate_email(part)
        except ValidationError:
            continue
        if len(part) <= 254:
            note = _("Courriel\u00a0: le premier de plusieurs est gardé.") if len(parts) > 1 else ""
            return Read(part.lower(), note=note)
    if not parts:
        return Read("")
    return Read(
        None, _("Courriel illisible\u00a0: «\u00a0%(said)s\u00a0»; laissé vide.") % {"said": shown[:40]}
    )


def link(said: str, label: str) -> Read:
    """Completed with https:// where it names no scheme; nothing but the web is linked to."""
    shown = plain(said)
    if not shown:
        return Read("")
    scheme = _SCHEME.match(shown)
    is_web = shown.lower().startswith(("http://", "https://"))
    if scheme and not is_web and not re.match(r"^[\w.-]+\.[a-z]{2,}:\d+", shown, re.IGNORECASE):
        words = _("%(label)s\u00a0: «\u00a0%(said)s\u00a0» n’est pas une adresse du web; laissé vide.")
        return Read(None, words % {"label": label, "said": shown[:40]})
    whole = shown if is_web else f"https://{shown.lstrip('/')}"
    try:
        _valid_link(whole)
    except ValidationError:
        whole = ""
    if not whole or len(whole) > LONGEST_LINK or "@" in whole.partition("//")[2].partition("/")[0]:
        words = _("%(label)s illisible\u00a0: «\u00a0%(said)s\u00a0»; laissé vide.")
        return Read(None, words % {"label": label, "said": shown[:40]})
    return Read(whole)


def number(said: str) -> float | None:
    """With a point or a comma; None for what is no finite number."""
    try:
        found = float(plain(said).replace(",", ".").replace("−", "-"))
    except ValueError:
        return None
    return found if math.isfinite(found) else None
