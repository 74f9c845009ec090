"""What pages of every floor show of the directory."""

import datetime as dt
from typing import Any

from django import template
from django.db.models import CharField, Count, F, Q, Value
from django.db.models.functions import MD5, Cast, Concat
from django.utils import timezone
from django_scopes import get_scope

from directory.cards import merchant_cards
from directory.hours import wall_clock
from directory.models import Category, Merchant, Sector
from directory.open_now import open_at

register = template.Library()

DIRECTORY = "/commerces/"


@register.simple_tag
def masthead() -> dict[str, Any]:
    """``today`` in town, and ``open_count`` merchants open now; None where no portal is in scope (error pages)."""
    now = timezone.now()
    has_portal = "site" in get_scope()
    count = open_at(Merchant.objects.visible(), now).count() if has_portal else None
    return {"today": wall_clock(now).date(), "open_count": count}


@register.simple_tag
def directory_categories() -> list[dict[str, Any]]:
    """The categories that have merchants: name, slug, icon, count, url."""
    return _with_counts(Category, "categorie", "icon")


@register.simple_tag
def directory_sectors() -> list[dict[str, Any]]:
    """The sectors that have merchants: name, slug, color, count, url."""
    return _with_counts(Sector, "secteur", "color")


def _with_counts(model: type[Category | Sector], parameter: str, extra: str) -> list[dict[str, Any]]:
    visible = Q(merchants__in=Merchant.objects.visible())
    rows = model.objects.annotate(count=Count("merchants", filter=visible)).order_by("sort_order", "name")
    return [
        {**row, "url": f"{DIRECTORY}?{parameter}={row['slug']}"}
        for row in rows.values("name", "slug", "count", extra)
        if row["count"]
    ]


@register.simple_tag
def open_merchants(limit: int = 6) -> list[Merchant]:
    """A few merchants open now, as cards: others each day, so that chance favours nobody for long."""
    now = timezone.now()
    rows = open_at(Merchant.objects.visible(), now).order_by(_draw_of(wall_clock(now).date()), "pk")
    return merchant_cards(rows[:limit], moment=now)


def _draw_of(date: dt.date) -> MD5:
    return MD5(Concat(Value(date.isoformat()), Cast(F("pk"), CharField())))
