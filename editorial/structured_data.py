"""A story, and a list of stories, in schema.org's words."""

from typing import Any

from django.core.paginator import Page as ListPage
from django.http import HttpRequest

from editorial.models import StoryIndexPage, StoryPage
from editorial.signatures import authors_of
from home.addresses import absolute_url
from home.models import PortalSettings
from home.structured_data import Node, item_list, web_page, without_gaps


def news_article(page: StoryPage, request: HttpRequest) -> dict[str, Any]:
    """A NewsArticle, or an AdvertiserContentArticle where somebody paid for it."""
    journal = PortalSettings.for_request(request)
    address = absolute_url(page, request)
    return without_gaps(
        {
            "@context": "https://schema.org",
            "@type": "AdvertiserContentArticle" if page.sponsored else "NewsArticle",
            "mainEntityOfPage": address,
            "url": address,
            "headline": page.title,
            "description": page.deck,
            "articleSection": page.section.name if page.section else "",
            "datePublished": page.published_on.isoformat(),
            "dateModified": page.last_published_at.isoformat() if page.last_published_at else "",
            "inLanguage": "fr-CA",
            "image": _pictures(page, request),
            "author": [{"@type": "Person", "name": author.name} for author in authors_of(page)],
            "publisher": {"@type": "Organization", "name": journal.journal_name or journal.brand},
            "sponsor": {"@type": "Organization", "name": page.sponsor} if page.sponsored else {},
        }
    )


def story_list(page: StoryIndexPage, stories: "ListPage[StoryPage]", request: HttpRequest) -> Node:
    """The page of all stories with those it shows, in its order."""
    shown = item_list(
        request,
        [(story.title, absolute_url(story, request)) for story in stories],
        first=stories.start_index(),
        total=stories.paginator.count,
    )
    return web_page(request, absolute_url(page, request), page.title, kind="CollectionPage", mainEntity=shown)


def _pictures(page: StoryPage, request: HttpRequest) -> list[str]:
    if page.lead_image is None:
        return []
    rendition = page.lead_image.get_rendition("fill-1200x675|format-jpeg")
    return [request.build_absolute_uri(rendition.url)]
