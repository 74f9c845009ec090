"""The stories of a portal as RSS, at /histoires/rss/."""

import datetime as dt

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.utils.feedgenerator import Enclosure
from django.utils.translation import gettext as _

from directory.hours import ZONE
from editorial.listing import published_stories
from editorial.models import StoryPage
from home import twins
from home.addresses import address_of
from home.languages import current_tag, in_language
from home.models import PortalSettings

NEWEST = 20
PICTURE = "fill-1200x675|format-jpeg"


class StoryFeed(Feed):
    """The newest stories of the portal that the host names. Items keep their address as identity."""

    item_guid_is_permalink = True

    def get_object(self, request: HttpRequest) -> PortalSettings:
        settings: PortalSettings = PortalSettings.for_request(request)
        settings.asked_by = request
        return settings

    def link(self, portal: PortalSettings) -> str:
        return in_language("/histoires/")

    def feed_url(self, portal: PortalSettings) -> str:
        return in_language("/histoires/rss/")

    @property
    def language(self) -> str:  # type: ignore[override]
        return current_tag()

    def title(self, portal: PortalSettings) -> str:
        return _("%(brand)s\u00a0: les histoires") % {"brand": portal.brand}

    def description(self, portal: PortalSettings) -> str:
        return portal.tagline or self.title(portal)

    def items(self, portal: PortalSettings) -> list[StoryPage]:
        stories = twins.speak(published_stories()[:NEWEST])
        for story in stories:
            story.enclosures = _enclosures(story, portal.asked_by)
        return stories

    def item_title(self, item: StoryPage) -> str:
        return item.title

    def item_description(self, item: StoryPage) -> str:
        """Readers of feeds see who paid before they see anything else."""
        if not item.sponsored:
            return item.deck
        said = _("Contenu commandité par %(sponsor)s") % {"sponsor": item.sponsor}
        return f"{said} – {item.deck}" if item.deck else said

    def item_categories(self, item: StoryPage) -> list[str]:
        section = [item.section.name] if item.section else []
        return [_("Contenu commandité"), *section] if item.sponsored else section

    def item_link(self, item: StoryPage) -> str:
        return address_of(item.url_path)

    def item_author_name(self, item: StoryPage) -> str:
        return item.byline

    def item_pubdate(self, item: StoryPage) -> dt.datetime:
        return dt.datetime.combine(item.published_on, dt.time(6), tzinfo=ZONE)

    def item_enclosures(self, item: StoryPage) -> list[Enclosure]:
        enclosures: list[Enclosure] = item.enclosures
        return enclosures


def _enclosures(story: StoryPage, request: HttpRequest) -> list[Enclosure]:
    """Its photo with the length that programs ask for; none where the file is gone."""
    if story.lead_image is None:
        return []
    try:
        picture = story.lead_image.get_rendition(PICTURE)
        length = picture.file.size
    except OSError:
        return []
    return [Enclosure(request.build_absolute_uri(picture.url), str(length), "image/jpeg")]
