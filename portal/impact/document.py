"""The report on paper: tagged, in the language that is spoken, with the figures of the page.

A published month never changes: its file is made once for each language, and kept. Whatever else is printed, staff
alone may ask for, and it is made at most once in ten minutes. One file is made at a time.
"""

import hashlib
from collections.abc import Callable

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.template.loader import render_to_string

from home import pdf
from home.languages import current
from home.models import PortalSettings
from home.models.media import portal_folder
from home.periods import Period
from portal.impact.shown import Shown
from portal.joining import papers

AT_MOST_S = 60
"""How long a file may be in the making before somebody else may try."""
KEPT_S = 600


class BeingMade(RuntimeError):
    """Another process is making a report at this very moment: ask again in some seconds."""


def page_of(shown: Shown, settings: PortalSettings) -> str:
    """The whole report as a page to print."""
    facts = {"shown": shown, "portal": settings, "style": papers.style("impact", settings)}
    return render_to_string("portal/documents/impact.html", facts)


def published(shown: Shown, settings: PortalSettings) -> bytes:
    """The file of a month as it was published: as long as the page says the same, it is the same file.

    Raises BeingMade, and CannotPrint where the libraries are missing.
    """
    html = page_of(shown, settings)
    folder = f"{portal_folder(settings.site_id)}/bilans"
    name = f"{folder}/{shown.report.period.first:%Y-%m}-{current()}-{_mark(html)[:16]}.pdf"
    kept = _kept(name)
    if kept is not None:
        return kept
    made = _alone(settings.site_id, lambda: pdf.pdf_of(html))
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(made))
    return made


def for_staff(shown: Shown, settings: PortalSettings) -> bytes:
    """Of any period, final or not; of one published month, the file that everybody has. Raises as ``published``."""
    if shown.is_published and shown.report.period == Period.month_of(shown.report.period.first):
        return published(shown, settings)
    html = page_of(shown, settings)
    key = f"impact-pdf-{settings.site_id}-{_mark(html)}"
    known: bytes | None = cache.get(key)
    if known is not None:
        return known
    made = _alone(settings.site_id, lambda: pdf.pdf_of(html))
    cache.set(key, made, KEPT_S)
    return made


def _mark(html: str) -> str:
    return hashlib.sha256(html.encode()).hexdigest()


def _kept(name: str) -> bytes | None:
    try:
        with default_storage.open(name, "rb") as file:
            return bytes(file.read())
    except FileNotFoundError:
        return None


def _alone(site_id: int, make: Callable[[], bytes]) -> bytes:
    """One file of a portal at a time, in all its processes."""
    lock = f"impact-pdf-{site_id}-made"
    if not cache.add(lock, 1, AT_MOST_S):
        raise BeingMade
    try:
        return make()
    finally:
        cache.delete(lock)
