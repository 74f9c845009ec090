"""A page in English: the French page, with the words of its English twin laid over it for one answer.

The French page stays the page: its address, its place in the tree, the people and merchants that point to it, what is
counted for it. Only its words are exchanged, and what is laid so is never saved. Hence nothing stands twice in a list,
and where the French page is closed, so is its English.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

from django.apps import apps
from django.db.models import CharField, QuerySet, TextField
from wagtail.fields import StreamField
from wagtail.models import Page

from home.languages import ENGLISH, is_english
from home.page_lists import in_french, in_private_section

P = TypeVar("P", bound=Page)

WORDS_OF_EVERY_PAGE = ("title", "seo_title", "search_description")


def words_of(model: type[Page]) -> tuple[str, ...]:
    """Names of the fields that a reader reads: texts, and streams of blocks. Choices and keys are the French page's."""
    return _words_of(model._meta.label)


@cache
def _words_of(label: str) -> tuple[str, ...]:
    own = [field for field in apps.get_model(label)._meta.local_concrete_fields if _is_read(field)]
    return (*WORDS_OF_EVERY_PAGE, *(field.name for field in own))


def _is_read(field: Any) -> bool:
    if isinstance(field, StreamField):
        return True
    return isinstance(field, CharField | TextField) and not field.choices and field.editable


def kept_of(model: type[Page]) -> tuple[str, ...]:
    """Names of the fields that are the French page's in both languages: its address, its choices, its pictures."""
    fields = [
        field for field in model._meta.local_concrete_fields if field.editable and not field.primary_key
    ]
    return ("slug", *(field.name for field in fields if field.name not in words_of(model)))


def speak(pages: Iterable[P]) -> list[P]:
    """The same pages in the same order; where English is spoken, each with its English words, where it has some.

    One query for each kind of page among them, and none in French. What a page has not loaded is not read of its twin.
    """
    rows = list(pages)
    if rows and is_english():
        kinds: dict[type[Page], list[Any]] = defaultdict(list)
        for page in rows:
            kinds[type(page)].append(page)
        for model, group in kinds.items():
            _lay_twins(model, group)
    return rows


def _lay_twins(model: type[Page], pages: list[Any]) -> None:
    left_out = set(words_of(model)) & pages[0].get_deferred_fields()
    found = twins(model).filter(translation_key__in=[page.translation_key for page in pages]).defer(*left_out)
    by_key = {twin.translation_key: twin for twin in found}
    for page in pages:
        if twin := by_key.get(page.translation_key):
            lay(page, twin, without=left_out)


def twins(model: type[Page]) -> QuerySet[Any]:
    """English pages that readers may be shown: live, in no private section, and no mere copies of the French."""
    pages = model._default_manager.filter(locale__language_code=ENGLISH, live=True, alias_of=None)
    return pages.filter(~in_private_section())


def lay(page: Any, twin: Any, *, without: Iterable[str] = ()) -> bool:
    """The page says what its twin says. False where the twin says nothing else: it waits for its translator."""
    names = [name for name in words_of(type(page)) if name not in set(without)]
    if not any(_differs(page, twin, name) for name in names):
        return False
    for name in names:
        setattr(page, name, getattr(twin, name))
    page.language = ENGLISH
    return True


def _differs(page: Any, twin: Any, name: str) -> bool:
    field = page._meta.get_field(name)
    if isinstance(field, StreamField):
        return bool(field.value_to_string(page) != field.value_to_string(twin))
    return bool(getattr(page, name) != getattr(twin, name))


def original_of(twin: Page) -> Any:
    """The French page of an English one; None where there is none (any more)."""
    pages = type(twin)._default_manager.filter(in_french(), translation_key=twin.translation_key)
    return pages.exclude(pk=twin.pk).first()
