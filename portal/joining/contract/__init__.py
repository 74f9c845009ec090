"""The contract between a portal and a merchant: its texts, what this portal says in them, and how it is accepted.

French is shown first; only then may an English version be chosen, and the choice is kept with the words (Charter of the
French language, s. 55). A version, once somebody accepted it, is never edited: a new file begins a new one.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.core import signing
from django.utils import timezone, translation

from directory.agreements import ENGLISH, FRENCH
from directory.enums import Tier
from directory.models import Plan
from home.dates import date_format
from home.models import PortalSettings
from home.money import NO_BREAK_SPACE
from home.templatetags.phone_tags import national
from home.tenancy import current_site
from portal.joining.offers import price_words

VERSION = "2026-12"
LANGUAGES = (FRENCH, ENGLISH)
_SALT = "achetons.contract.shown"
_SECONDS_GOOD = 24 * 3600
_LOCALES = {FRENCH: "fr-ca", ENGLISH: "en"}


@dataclass(frozen=True, slots=True)
class Part:
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """As this portal says it today. ``words`` is all of it, as it is kept."""

    version: str
    language: str
    title: str
    parts: tuple[Part, ...]
    words: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.words.encode()).hexdigest()[:32]


def text(language: str) -> Contract:
    """The present version for the portal in scope. Raises KeyError for a language that it is not written in."""
    words = _source(VERSION, language) % _told(language)
    title, *sections = words.strip().split("\n\n## ")
    parts = tuple(Part(*_split(section)) for section in sections)
    return Contract(VERSION, language, title.strip(), parts, words.strip())


def _split(section: str) -> tuple[str, tuple[str, ...]]:
    heading, *lines = section.strip().splitlines()
    return heading, tuple(line for line in lines if line.strip())


@cache
def _source(version: str, language: str) -> str:
    if language not in LANGUAGES:
        raise KeyError(language)
    words = (Path(__file__).parent / f"{version}.{language}.txt").read_text(encoding="utf-8")
    return words.replace(" :", f"{NO_BREAK_SPACE}:") if language == FRENCH else words


def _told(language: str) -> dict[str, str]:
    """What differs from portal to portal."""
    settings = PortalSettings.for_site(current_site())
    with translation.override(_LOCALES[language]):
        name, phone = settings.contact_name or settings.brand, settings.contact_phone
        return {
            "brand": settings.brand,
            "town": settings.town_name or settings.brand,
            "person": f"{name}, {national(phone)}" if phone else name,
            "privacy_officer": settings.privacy_officer or settings.brand,
            "price_clause": PRICES[language](settings),
            "commission_clause": COMMISSIONS[language](settings),
        }


def _prices() -> dict[str, int]:
    return {plan.tier: plan.monthly_price_cents for plan in Plan.objects.all()}


def _french_prices(settings: PortalSettings) -> str:
    prices = _prices()
    listed = [
        f"{label}{NO_BREAK_SPACE}: {_month(prices.get(tier, 0), 'par mois plus taxes', 'gratuit')}"
        for tier, label in (
            (Tier.LISTING, "Une page qui mène chez vous"),
            (Tier.LINKED_SHOP, "une page qui mène à votre boutique"),
            (Tier.TRANSACTIONAL, "vendre ici"),
        )
    ]
    until = settings.free_until
    free = f" Tout est gratuit jusqu’au {date_format(until, 'j F Y')}." if until else ""
    return "; ".join(listed) + "." + free


def _english_prices(settings: PortalSettings) -> str:
    prices = _prices()
    listed = [
        f"{label}: {_month(prices.get(tier, 0), 'a month plus taxes', 'free')}"
        for tier, label in (
            (Tier.LISTING, "A page that leads to you"),
            (Tier.LINKED_SHOP, "a page that leads to your shop"),
            (Tier.TRANSACTIONAL, "selling here"),
        )
    ]
    until = settings.free_until
    free = f" Everything is free until {date_format(until, 'F j, Y')}." if until else ""
    return "; ".join(listed) + "." + free


def _month(cents: int, words: str, nothing: str) -> str:
    return f"{price_words(cents)} {words}" if cents else nothing


def _french_commission(settings: PortalSettings) -> str:
    if settings.merchants_charge_themselves or not settings.commission_bps:
        return "Le portail ne prend aucune commission sur vos ventes."
    rate = _percent(settings.commission_bps, ",")
    return (
        f"Sur ce que vous vendez ici, le portail retient {rate}{NO_BREAK_SPACE}% du prix des marchandises, "
        "avant taxes. Rien sur ce que vous vendez ailleurs."
    )


def _english_commission(settings: PortalSettings) -> str:
    if settings.merchants_charge_themselves or not settings.commission_bps:
        return "The portal takes no commission on your sales."
    rate = _percent(settings.commission_bps, ".")
    return (
        f"On what you sell here, the portal keeps {rate}% of the price of the goods, before taxes. "
        "Nothing on what you sell elsewhere."
    )


def _percent(bps: int, mark: str) -> str:
    whole, rest = divmod(bps, 100)
    return f"{whole}{mark}{rest:02d}".rstrip("0").rstrip(mark) if rest else str(whole)


PRICES = {FRENCH: _french_prices, ENGLISH: _english_prices}
COMMISSIONS = {FRENCH: _french_commission, ENGLISH: _english_commission}


# ------------------------------------------------------------------------------------------------ shown, then accepted


@dataclass(frozen=True, slots=True)
class Seen:
    """When the French text was shown, and which words they were."""

    at: datetime
    digest: str


def shown_now(registration_pk: int) -> str:
    """A sealed word, for the page that shows the French text: when, to whose registration, which words."""
    facts: list[Any] = [registration_pk, timezone.now().isoformat(), text(FRENCH).digest]
    return signing.dumps(facts, salt=_SALT, compress=True)


def shown_before(sealed: str, registration_pk: int) -> Seen | None:
    """What such a word says; None for a forged, old or foreign one, and for words that have changed since."""
    try:
        pk, at, digest = signing.loads(sealed, salt=_SALT, max_age=_SECONDS_GOOD)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    if pk != registration_pk or digest != text(FRENCH).digest:
        return None
    return Seen(datetime.fromisoformat(at), digest)
