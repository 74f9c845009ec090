"""Addresses in a letter: absolute, and marked as the letter's."""

from datetime import datetime
from typing import Any

from wagtail.models import Page

from directory.counting.credit import sign_credit
from directory.enums import Source
from home.addresses import address_of

Words = dict[str, Any]
"""What a letter says, as plain values."""

MARK = "v=infolettre"
"""By which a visit is counted as the letter's; it says nothing of who reads."""


def marked(base: str, path: str) -> str:
    return f"{base}{path}{'&' if '?' in path else '?'}{MARK}"


def page_link(base: str, page: Page) -> str:
    return marked(base, address_of(page.url_path))


def letter_mark(page: Page, *, site_id: int, now: datetime) -> str:
    """Which letter it is, for what its readers do then; the same in every copy. ``page``: the letter's French one."""
    return sign_credit(Source.NEWSLETTER, page.pk, site_id=site_id, now=now)


def naming(words: Any, letter: str) -> Any:
    """The same words; each address that is marked as a letter's says which letter, too, in HTML as well."""
    if isinstance(words, str):
        named = words.replace(f'{MARK}"', f'{MARK}&amp;de={letter}"')
        return f"{named}&de={letter}" if named.endswith(MARK) else named
    if isinstance(words, dict):
        return {name: naming(value, letter) for name, value in words.items()}
    if isinstance(words, list):
        return [naming(value, letter) for value in words]
    return words
