"""What the masthead and the front page show of the Journal's choices."""

import datetime as dt

from django import template
from django_scopes import get_scope

from editorial import campaigns
from editorial.front import Front, front_of
from editorial.seasons import season_of
from home.models import HomePage

register = template.Library()


@register.simple_tag
def campaign_on(today: dt.date) -> campaigns.Band | None:
    """The campaign that has the masthead on that day; None where there is none, or no portal (error pages)."""
    return campaigns.band_of_the_masthead(today) if "site" in get_scope() else None


@register.simple_tag(takes_context=True)
def front_page(context: template.Context, page: HomePage) -> Front:
    """Everything of the town that the front page shows."""
    return front_of(page, context.get("request"))


@register.filter
def season(today: dt.date) -> str:
    """The time of the year, as a word of the style sheet."""
    return season_of(today)


@register.filter
def days_left(campaign: campaigns.Band, today: dt.date) -> int:
    """After today; 0 on the last day."""
    return campaign.days_left(today)
