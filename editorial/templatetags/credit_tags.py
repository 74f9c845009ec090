"""Links of a page that are credited to it."""

from django import template
from django.template.base import NodeList, Parser, Token
from django.utils import timezone
from django.utils.safestring import SafeString

from editorial.credit import credited, token_of

register = template.Library()


class CreditingNode(template.Node):
    """What stands in it, with every link to a merchant, a product or the shop marked as the page's."""

    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        html = self.nodelist.render(context)
        page, request = context.get("page"), context.get("request")
        if page is None or request is None or getattr(request, "is_preview", False):
            return html
        token = token_of(page, now=timezone.now())
        return SafeString(credited(html, token, host=request.get_host()))


@register.tag
def crediting(parser: Parser, token: Token) -> CreditingNode:
    """``{% crediting %}…{% endcrediting %}`` around what a story or a campaign shows: one place for all its blocks."""
    nodelist = parser.parse(("endcrediting",))
    parser.delete_first_token()
    return CreditingNode(nodelist)
