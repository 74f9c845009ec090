"""What a story’s page shows beside the story: a constant number of queries, however many its blocks."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest

from editorial.around import around
from editorial.models import StoryPage
from editorial.read_ahead import read_blocks
from editorial.signatures import authors_of
from home.pictures import pictures_of


def story_context(page: StoryPage, request: HttpRequest) -> dict[str, Any]:
    """What ``editorial/story_page.html`` shows beside the page itself."""
    read_blocks(page)
    authors = authors_of(page)
    beside = around(page, is_draft=getattr(request, "is_preview", False))
    page.shown_tags = beside.tags
    shown = [page.lead_image, *(story.lead_image for story in beside.related)]
    pictures = [*shown, *(author.photo for author in authors), *pictures_of(page.body)]
    prefetch_related_objects([picture for picture in pictures if picture], "renditions")
    return {"related": beside.related, "authors": authors, "tags": beside.tags, "place": beside.place}
