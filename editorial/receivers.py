"""What Wagtail tells us: a page was published (by a person, a workflow, or on schedule), or taken down."""

import logging
from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from wagtail.models import Site
from wagtail.signals import page_published, page_unpublished

from editorial import share_pictures
from editorial.campaigns import forget_bands
from editorial.mentions import sync_mentions
from editorial.models import CampaignPage, StoryPage
from home.languages import FRENCH

logger = logging.getLogger(__name__)


@receiver(page_published, sender=StoryPage, dispatch_uid="editorial.mentions")
def note_who_is_mentioned(sender: type[StoryPage], instance: StoryPage, **kwargs: Any) -> None:
    """A story that only waits for its hour says nothing yet. An English one is words for its French page, no more."""
    if instance.live and instance.locale.language_code == FRENCH:
        sync_mentions(instance)
        _picture(instance)


def _picture(story: StoryPage) -> None:
    """A disk that is full keeps nobody from publishing: the worker tries again."""
    try:
        share_pictures.make(story, now=timezone.now())
    except OSError:
        logger.exception("no share picture of story %s", story.pk)


@receiver(page_unpublished, sender=StoryPage, dispatch_uid="editorial.shares")
def take_its_picture_away(sender: type[StoryPage], instance: StoryPage, **kwargs: Any) -> None:
    """Of one that is deleted, too: Wagtail takes it down first."""
    share_pictures.forget(instance)


@receiver(page_published, sender=CampaignPage, dispatch_uid="editorial.campaigns.published")
@receiver(page_unpublished, sender=CampaignPage, dispatch_uid="editorial.campaigns.unpublished")
def look_again_at_the_masthead(sender: type[CampaignPage], instance: CampaignPage, **kwargs: Any) -> None:
    """Whoever publishes sees it at once; other processes within the minute."""
    site = instance.get_site()
    if isinstance(site, Site):
        forget_bands(site.pk)
