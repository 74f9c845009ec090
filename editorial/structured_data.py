"""A story in schema.org's words."""

from typing import Any

from django.http import HttpRequest

from directory.structured_data import without_gaps
from editorial.models import StoryPage
from editorial.signatures import authors_of
from home.addresses import absolute_url
from home.models import PortalSettings


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


def _pictures(page: StoryPage, request: HttpRequest) -> list[str]:
    if page.lead_image is None:
        return []
    rendition = page.lead_image.get_rendition("fill-1200x675|format-jpeg")
    return [request.build_absolute_uri(rendition.url)]
