"""Signs that French and English set apart, in templates, around what no sentence holds."""

from django import template
from django.utils.translation import gettext as _

from home.languages import is_english

register = template.Library()


@register.simple_tag
def colon() -> str:
    """A colon behind what stands just before the tag: French leaves a no-break space between them."""
    return ":" if is_english() else "\u00a0:"


@register.filter(is_safe=True)
def quoted(words: str) -> str:
    """Somebody's words between the marks of the language in use."""
    return _("«\u00a0%(name)s\u00a0»") % {"name": words}
