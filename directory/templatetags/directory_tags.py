"""What pages of every floor show of the directory."""

from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django_scopes import get_scope

from directory.hours import wall_clock
from directory.town import groups_of_the_minute, index_of, open_count_of_the_minute
from directory.trade_names import is_said_in_french, spoken
from home.languages import FRENCH, TAGS, in_language

register = template.Library()

DIRECTORY = "/commerces/"


@register.simple_tag(takes_context=True)
def masthead(context: template.Context) -> dict[str, Any]:
    """``today`` in town, and ``open_count`` merchants open now; None where no portal is in scope (error pages)."""
    has_portal = "site" in get_scope()
    count = open_count_of_the_minute(context.get("request")) if has_portal else None
    return {"today": wall_clock(timezone.now()).date(), "open_count": count}


@register.filter
def trade(name: str) -> str:
    """A category's name in the language in use; on an English page a French one is said to be French."""
    if is_said_in_french(name):
        return format_html('<span lang="{}">{}</span>', TAGS[FRENCH], name)
    return spoken(name)


@register.simple_tag
def directory_categories() -> list[dict[str, Any]]:
    """The categories that have merchants: name, slug, icon, count, url."""
    return _linked(index_of(groups_of_the_minute(), "category", "icon"), "categorie")


@register.simple_tag
def directory_sectors() -> list[dict[str, Any]]:
    """The sectors that have merchants: name, slug, color, count, url."""
    return _linked(index_of(groups_of_the_minute(), "sector", "color"), "secteur")


def _linked(rows: list[dict[str, Any]], parameter: str) -> list[dict[str, Any]]:
    return [{**row, "url": f"{in_language(DIRECTORY)}?{parameter}={row['slug']}"} for row in rows]
