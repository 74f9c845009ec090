"""What readers of English still read in French."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from wagtail.models import Page

from home.languages import ENGLISH
from home.page_lists import in_french
from home.tenancy import below_roots
from home.twins import twins


def without_english(pages: QuerySet[Any]) -> QuerySet[Any]:
    """Of ``pages`` those in French that are live in the portal in scope, and that nobody has published in English.

    Each knows the key of its English ``draft``, None where nobody has begun.
    """
    key = OuterRef("translation_key")
    begun = Page.objects.filter(locale__language_code=ENGLISH, alias_of=None, translation_key=key)
    told = Exists(twins(Page).filter(translation_key=key))
    here = pages.filter(in_french(), below_roots(), ~told, live=True, alias_of=None)
    return here.annotate(draft=Subquery(begun.values("pk")[:1]))
