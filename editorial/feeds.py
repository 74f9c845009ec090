"""The stories of a portal as RSS, at /histoires/rss/."""

import datetime as dt

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from directory.hours import ZONE
from editorial.listing import published_stories
from editorial.models import StoryPage
from home.addresses import address_of
from home.models import PortalSettings

NEWEST = 20


class StoryFeed(Feed):
    """The newest stories of the portal that the host names. Items keep their address as identity."""

    link = "/histoires/"
    language = "fr-CA"
    item_guid_is_permalink = True

    def get_object(self, request: HttpRequest) -> PortalSettings:
        settings: PortalSettings = PortalSettings.for_request(request)
        return settings

    def title(self, portal: PortalSettings) -> str:
        return _("%(brand)s\u00a0: les histoires") % {"brand": portal.brand}

    def description(self, portal: PortalSettings) -> str:
        return portal.tagline or self.title(portal)

    def items(self, portal: PortalSettings) -> QuerySet[StoryPage]:
        return published_stories()[:NEWEST]

    def item_title(self, item: StoryPage) -> str:
        return item.title

    def item_description(self, item: StoryPage) -> str:
        """Readers of feeds see who paid before they see anything else."""
        if not item.sponsored:
            return item.deck
        said = _("Contenu commandité par %(sponsor)s") % {"sponsor": item.sponsor}
        return f"{said} – {item.deck}" if item.deck else said

    def item_categories(self, item: StoryPage) -> list[str]:
        return [item.section.name] if item.section else []

    def item_link(self, item: StoryPage) -> str:
        return address_of(item.url_path)

    def item_author_name(self, item: StoryPage) -> str:
        return item.byline

    def item_pubdate(self, item: StoryPage) -> dt.datetime:
        return dt.datetime.combine(item.published_on, dt.time(6), tzinfo=ZONE)
