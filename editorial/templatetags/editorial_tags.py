"""What pages of every floor show of the Journal's stories."""

from django import template

from directory.models import Merchant
from editorial.listing import stories_about
from editorial.models import StoryPage
from home import twins

register = template.Library()


@register.simple_tag
def merchant_stories(merchant: Merchant, limit: int = 3) -> list[StoryPage]:
    """The newest stories about a merchant."""
    return twins.speak(stories_about(merchant)[:limit])
