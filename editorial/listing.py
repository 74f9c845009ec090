"""Stories in lists: newest first, with their pictures and without their text."""

from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from directory.models import Merchant
from editorial.models import Author, Section, Series, StoryAuthor, StoryIndexPage, StoryPage, StoryTag
from home import twins
from home.page_lists import public_pages

PER_PAGE = 24


def published_stories() -> QuerySet[StoryPage]:
    """The stories of the portal in scope that everyone may read, ready to be listed."""
    return listed_stories().prefetch_related("lead_image__renditions")


def listed_stories() -> QuerySet[StoryPage]:
    """The same without renditions. ``byline`` names who signs, in order; empty where nobody does."""
    stories = public_pages(StoryPage.objects.all()).defer("body").select_related("lead_image", "section")
    return stories.annotate(byline=_byline()).order_by("-published_on", "-pk")


def _byline() -> Coalesce:
    """In the list's own query: a story's card costs no question about its authors."""
    signed = StoryAuthor.objects.filter(page=OuterRef("pk")).order_by().values("page")
    names = signed.annotate(
        names=StringAgg("author__name", ", ", order_by=("sort_order", "pk"), output_field=TextField())
    ).values("names")
    return Coalesce(Subquery(names, output_field=TextField()), Value(""), output_field=TextField())


def stories_about(merchant: Merchant) -> QuerySet[StoryPage]:
    """Published stories that speak of ``merchant``."""
    return published_stories().filter(story_merchants__merchant=merchant)


def stories_by(author: Author) -> QuerySet[StoryPage]:
    """Each once, however often the author signed it."""
    signed = StoryAuthor.objects.filter(author=author).values("page")
    return published_stories().filter(pk__in=signed)


def stories_in(section: Section) -> QuerySet[StoryPage]:
    return published_stories().filter(section=section)


def stories_of(series: Series) -> QuerySet[StoryPage]:
    """In the order of reading: parts without a number after the others, by the day they appeared."""
    parts = published_stories().filter(series=series)
    return parts.order_by(F("series_part").asc(nulls_last=True), "published_on", "pk")


def stories_under(tag: StoryTag) -> QuerySet[StoryPage]:
    return published_stories().filter(taggings__tag=tag)


def page_of(stories: QuerySet[StoryPage], request: HttpRequest) -> "Page[StoryPage]":
    """The page asked for: nonsense is page 1, beyond the end is the last one."""
    return Paginator(stories, PER_PAGE).get_page(request.GET.get("page"))


def sections_told() -> QuerySet[Section]:
    """The sections in which everyone may read something."""
    told = public_pages(StoryPage.objects.filter(section=OuterRef("pk")))
    return Section.objects.filter(Exists(told))


def story_index_context(page: StoryIndexPage, request: HttpRequest) -> dict[str, Any]:
    """What ``editorial/story_index_page.html`` shows."""
    stories = published_stories().child_of(page)  # type: ignore[attr-defined]
    shown = page_of(stories, request)
    shown.object_list = twins.speak(shown.object_list)
    return {"stories": shown, "sections": sections_told()}
