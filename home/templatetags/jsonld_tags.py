"""Structured data in templates."""

import json
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

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
    """``{% json_ld page %}``: a script element with what ``page.json_ld(request)`` says, or with a dict as it is.

    Prints nothing for nothing, and on a page without request.
    """
    if thing and not isinstance(thing, dict):
        thing = thing.json_ld(context["request"]) if "request" in context else None
    if not thing:
        return mark_safe("")
    text = json.dumps(thing, ensure_ascii=False, default=str, separators=(",", ":")).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308
