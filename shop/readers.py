"""In which language people are written to: the one they chose, where their portal offers it; else French."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model

from home.languages import ENGLISH, FRENCH
from home.models import PortalSettings


def offered(language: str, site_id: int) -> str:
    """That language, where letters may lead to pages in it: a portal may have gone back to French alone."""
    if language == ENGLISH and PortalSettings.objects.filter(site=site_id, offers_english=True).exists():
        return ENGLISH
    return FRENCH


def language_of(address: str, site_id: int) -> str:
    """That of the person whose account has the address; French for whoever has none."""
    return next(iter(by_language([address], site_id)))


def by_language(addresses: Iterable[str], site_id: int) -> dict[str, list[str]]:
    """The addresses, each with those who read the same language, in their order. Empty for none."""
    wanted = list(addresses)
    english = _who_read_english(wanted) if wanted and offered(ENGLISH, site_id) == ENGLISH else set()
    found: dict[str, list[str]] = {}
    for address in wanted:
        found.setdefault(ENGLISH if address.lower() in english else FRENCH, []).append(address)
    return found


def _who_read_english(addresses: Iterable[str]) -> set[str]:
    people = get_user_model()._default_manager.filter(language=ENGLISH, is_active=True)
    written = people.filter(email__in={address.lower() for address in addresses})
    return {email.lower() for email in written.values_list("email", flat=True)}
