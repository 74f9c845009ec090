"""What Wagtail tells us: a story was published (by a person, a workflow, or on schedule)."""

from typing import Any

from django.dispatch import receiver
from wagtail.signals import page_published

from editorial.mentions import sync_mentions
from editorial.models import StoryPage


@receiver(page_published, sender=StoryPage, dispatch_uid="editorial.mentions")
def note_who_is_mentioned(sender: type[StoryPage], instance: StoryPage, **kwargs: Any) -> None:
    """A story that only waits for its hour says nothing yet."""
    if instance.live:
        sync_mentions(instance)
