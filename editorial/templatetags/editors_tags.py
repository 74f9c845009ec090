"""What an editor sees of a page and nobody else."""

from django import template
from wagtail.models import Page

from editorial.remarks import Remark, remarks_on

register = template.Library()


@register.simple_tag
def remarks(page: Page) -> list[Remark]:
    """What there is to look at again in the page in hand."""
    return remarks_on(page)
