"""Many pages under one parent at once: treebeard adds them one by one, eight statements each."""

from collections.abc import Sequence
from typing import TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models.sql import InsertQuery
from django.utils import timezone
from wagtail.models import Locale, Page, ReferenceIndex
from wagtail.search.backends import get_search_backend

PageType = TypeVar("PageType", bound=Page)
BATCH = 500


def add_children(parent: Page, pages: Sequence[PageType]) -> list[PageType]:
    """Add live `pages`, all of one type, after the children `parent` has. Must run in a transaction.

    No signal is sent: neither the staff's search nor the reference index hears of them (`announce` tells both).
    """
    if not pages:
        return []
    _place(Page.objects.select_for_update().get(pk=parent.pk), pages)
    bases = [_base_of(page) for page in pages]
    Page.objects.bulk_create(bases, batch_size=BATCH)
    for page, base in zip(pages, bases, strict=True):
        page.pk = page.page_ptr_id = base.pk
    _insert_own_rows(pages)
    Page.objects.filter(pk=parent.pk).update(numchild=models.F("numchild") + len(pages))
    return list(pages)


def _place(parent: Page, pages: Sequence[Page]) -> None:
    """Paths, addresses and what a live page says of itself."""
    last = parent.get_last_child()
    step = int(last.path[-Page.steplen :], 36) + 1 if last else 1
    content_type, locale, now = (
        ContentType.objects.get_for_model(type(pages[0])),
        Locale.get_default(),
        timezone.now(),
    )
    for number, page in enumerate(pages, start=step):
        page.path = parent.path + _base36(number).rjust(Page.steplen, "0")
        page.depth, page.numchild = parent.depth + 1, 0
        page.url_path = f"{parent.url_path}{page.slug}/"
        page.draft_title, page.content_type, page.locale = page.title, content_type, locale
        page.live, page.first_published_at, page.last_published_at = True, now, now
        page.latest_revision_created_at = now


def _base36(number: int) -> str:
    """As treebeard writes a step: digits, then capital letters."""
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest] + digits
    return digits


def _base_of(page: Page) -> Page:
    """The row of wagtailcore_page alone: Django refuses to bulk-create the two rows of an inherited model."""
    names = [field.attname for field in Page._meta.concrete_fields if not field.primary_key]
    return Page(**{name: getattr(page, name) for name in names})


def _insert_own_rows(pages: Sequence[Page]) -> None:
    """The rows of the page type's own table, as Model.save would write them."""
    model = type(pages[0])
    fields = model._meta.local_concrete_fields
    for start in range(0, len(pages), BATCH):
        query = InsertQuery(model)
        query.insert_values(fields, list(pages[start : start + BATCH]))
        query.get_compiler(connection=connection).execute_sql()


def announce(pages: Sequence[PageType]) -> None:
    """Put `pages` where the staff's search and « what uses this? » find them."""
    if not pages:
        return
    get_search_backend().add_bulk(type(pages[0]), pages)
    for page in pages:
        ReferenceIndex.create_or_update_for_object(page)
