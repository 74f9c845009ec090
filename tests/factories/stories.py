"""Who signs, and where it is sorted. They belong to the portal in scope."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from editorial.models import Author, Section, Series, StoryAuthor, StoryPage
from home.tenancy import current_site


class AuthorFactory(DjangoModelFactory):
    class Meta:
        model = Author

    site = factory.LazyFunction(current_site)
    name = factory.Sequence(lambda n: f"Plume {n}")
    slug = factory.Sequence(lambda n: f"plume-{n}")


class SectionFactory(DjangoModelFactory):
    class Meta:
        model = Section

    site = factory.LazyFunction(current_site)
    name = factory.Sequence(lambda n: f"Rubrique {n}")
    slug = factory.Sequence(lambda n: f"rubrique-{n}")


class SeriesFactory(DjangoModelFactory):
    class Meta:
        model = Series

    site = factory.LazyFunction(current_site)
    title = factory.Sequence(lambda n: f"Série {n}")
    slug = factory.Sequence(lambda n: f"serie-{n}")


def sign(story: StoryPage, *authors: Author, **fields: Any) -> StoryPage:
    """The story, signed by these, in this order; by a new author made of ``fields`` where none is named."""
    for order, author in enumerate(authors or [AuthorFactory(**fields)]):
        StoryAuthor.objects.create(page=story, author=author, sort_order=order)
    return story
