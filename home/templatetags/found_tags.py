"""What the head of a public page says to search engines and to whoever shares its address."""

from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.urls import reverse
from django.utils.safestring import SafeString

from home.found import alternates, neighbours, picture_address
from home.house_css import bundle_digest

register = template.Library()


@register.inclusion_tag("components/found.html", takes_context=True)
def found(
    context: template.Context,
    items: Any = None,
    picture: Any = None,
    picture_alt: str = "",
    kind: str = "website",
) -> dict[str, Any]:
    """Canonical address, the pages before and after in a list (``items``), and the card of a shared link.

    Title and description are the page's own, kept by ``{% kept %}``. Without ``picture``, that of ``page``.
    """
    request, page, portal = context["request"], context.get("page"), context.get("portal")
    if picture is None and page is not None and hasattr(page, "share_picture"):
        picture, picture_alt = page.share_picture()
    address = neighbours(request, items)
    in_both = alternates(address.canonical, request) if portal and portal.offers_english else []
    return {
        "portal": portal,
        "title": context.get("head_title"),
        "description": context.get("head_description"),
        "address": address,
        "alternates": in_both,
        "other_locales": [each.locale for each in in_both if each.locale and not each.is_this],
        "picture": picture_address(picture, request),
        "picture_alt": picture_alt,
        "kind": kind,
    }


@register.simple_tag
def bundle_url(name: str) -> str:
    """The style sheet of pages where one does something: « agir » for shoppers, « comptoir » for who sells."""
    return reverse("bundle_css", args=[name, bundle_digest(name)])


class KeptNode(template.Node):
    """Writes nothing; what its template writes stands under a name for the rest of the page."""

    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist, self.name = nodelist, name

    def render(self, context: template.Context) -> SafeString:
        context[self.name] = SafeString(" ".join(self.nodelist.render(context).split()))
        return SafeString("")


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """``{% kept as name %}…{% endkept %}``: the page may then say the same several times, blocks of it included."""
    _tag, _as, name = token.split_contents()
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodelist, name)
