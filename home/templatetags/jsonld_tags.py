"""Structured data in templates."""

import json
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from home.found import page_graph

register = template.Library()

# What could end the script element, or open a comment in it, is written as JSON escapes.
_ESCAPES = {
    ord("<"): "\\u003C",
    ord(">"): "\\u003E",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


@register.simple_tag(takes_context=True)
def json_ld(context: template.Context, thing: Any) -> SafeString:
    """``{% json_ld page %}``: a script element with the graph of a page, or with a dict as it is.

    Prints nothing for nothing, and on a page without request.
    """
    if thing and not isinstance(thing, dict):
        thing = _graph_of(thing, context) if "request" in context else None
    if not thing:
        return mark_safe("")
    text = json.dumps(thing, ensure_ascii=False, default=str, separators=(",", ":")).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308


def _graph_of(thing: Any, context: template.Context) -> Any:
    """What the thing says, and around it what is known of its portal."""
    request, portal = context["request"], context.get("portal")
    if portal is None:
        return thing.json_ld(request)
    return page_graph(thing, request, portal, context.get("site_nav") or [])
