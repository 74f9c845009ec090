"""Stories in lists: newest first, with their pictures and without their text."""

from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.core.paginator import Paginator
from django.db.models import (
    Count,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from directory.models import Merchant
from editorial.models import StoryAuthor, StoryIndexPage, StoryMerchant, StoryPage
from editorial.read_ahead import read_blocks
from editorial.signatures import authors_of
from home.page_lists import public_pages
from home.pictures import pictures_of

PER_PAGE = 24
RELATED = 3


def published_stories() -> QuerySet[StoryPage]:
    """The stories of the portal in scope that everyone may read, ready to be listed."""
    return _published().prefetch_related("lead_image__renditions")


def _published() -> QuerySet[StoryPage]:
    """``byline`` names who signs, in order; empty where nobody does."""
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


def related_stories(page: StoryPage) -> list[StoryPage]:
    """A few other stories, those that share most merchants with ``page`` first, then the newest; without renditions."""
    merchants = StoryMerchant.objects.filter(page=page).values("merchant")
    shared = Count("story_merchants", filter=Q(story_merchants__merchant__in=merchants))
    stories = _published().exclude(pk=page.pk).annotate(shared_merchants=shared)
    return list(stories.order_by("-shared_merchants", "-published_on", "-pk")[:RELATED])


def story_index_context(page: StoryIndexPage, request: HttpRequest) -> dict[str, Any]:
    """What ``editorial/story_index_page.html`` shows: nonsense asked for is page 1, beyond the end is the last one."""
    stories = published_stories().child_of(page)  # type: ignore[attr-defined]
    return {"stories": Paginator(stories, PER_PAGE).get_page(request.GET.get("page"))}


def story_context(page: StoryPage, request: HttpRequest) -> dict[str, Any]:
    """What ``editorial/story_page.html`` shows beside the page itself."""
    read_blocks(page)
    related = related_stories(page)
    pictures = [page.lead_image, *(story.lead_image for story in related), *pictures_of(page.body)]
    prefetch_related_objects([picture for picture in pictures if picture], "renditions")
    return {"related": related, "authors": authors_of(page), "parts": parts_of_series(page)}


def parts_of_series(page: StoryPage) -> list[StoryPage]:
    """The published stories of the page's series, in the order of reading; none where it stands there alone."""
    if page.series_id is None:
        return []
    parts = public_pages(StoryPage.objects.filter(series=page.series_id)).defer("body")
    rows = list(parts.order_by(F("series_part").asc(nulls_last=True), "published_on", "pk"))
    return rows if len(rows) > 1 else []
