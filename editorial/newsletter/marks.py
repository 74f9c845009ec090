"""Addresses in a letter: absolute, and marked as the letter's."""

from typing import Any

from wagtail.models import Page

from home.addresses import address_of

Words = dict[str, Any]
"""What a letter says, as plain values."""

MARK = "v=infolettre"
"""By which a visit is counted as the letter's; it says nothing of who reads."""


def marked(base: str, path: str) -> str:
    return f"{base}{path}{'&' if '?' in path else '?'}{MARK}"


def page_link(base: str, page: Page) -> str:
    return marked(base, address_of(page.url_path))
