"""Addresses of the portal in the language of the page."""

from django import template

from home.languages import in_language as written

register = template.Library()


@register.filter
def in_language(path: str) -> str:
    """``{{ '/commerces/'|in_language }}``: ``/en/commerces/`` on an English page. For paths that no view names."""
    return written(path)
