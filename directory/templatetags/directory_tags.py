"""What pages of every floor show of the directory."""

import datetime as dt
from typing import Any

from django import template
from django.db.models import CharField, F, Value
from django.db.models.functions import MD5, Cast, Concat
from django.utils import timezone
from django_scopes import get_scope

from directory.cards import visible_briefs
from directory.hours import wall_clock
from directory.models import Merchant
from directory.open_now import open_at
from directory.town import groups_of_the_minute, index_of, keys_of_the_minute, open_count_of_the_minute

register = template.Library()

DIRECTORY = "/commerces/"


@register.simple_tag(takes_context=True)
def masthead(context: template.Context) -> dict[str, Any]:
    """``today`` in town, and ``open_count`` merchants open now; None where no portal is in scope (error pages)."""
    has_portal = "site" in get_scope()
    count = open_count_of_the_minute(context.get("request")) if has_portal else None
    return {"today": wall_clock(timezone.now()).date(), "open_count": count}


@register.simple_tag
def directory_categories() -> list[dict[str, Any]]:
    """The categories that have merchants: name, slug, icon, count, url."""
    return _linked(index_of(groups_of_the_minute(), "category", "icon"), "categorie")


@register.simple_tag
def directory_sectors() -> list[dict[str, Any]]:
    """The sectors that have merchants: name, slug, color, count, url."""
    return _linked(index_of(groups_of_the_minute(), "sector", "color"), "secteur")


def _linked(rows: list[dict[str, Any]], parameter: str) -> list[dict[str, Any]]:
    return [{**row, "url": f"{DIRECTORY}?{parameter}={row['slug']}"} for row in rows]


@register.simple_tag
def open_merchants(limit: int = 6) -> list[Merchant]:
    """A few merchants open now, without photo: others each day, so that chance favours nobody for long.

    Who is drawn is looked up once a minute; what is shown of them, each time.
    """
    now = timezone.now()
    drawn = keys_of_the_minute(
        f"drawn-{limit}",
        lambda: open_at(Merchant.objects.visible(), now).order_by(_draw_of(wall_clock(now).date()), "pk")[
            :limit
        ],
    )
    return [merchant for merchant in visible_briefs(drawn, moment=now) if merchant.hours_status.is_open]


def _draw_of(date: dt.date) -> MD5:
    return MD5(Concat(Value(date.isoformat()), Cast(F("pk"), CharField())))
