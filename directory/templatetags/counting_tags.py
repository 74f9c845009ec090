"""What pages need to be counted: their image, and the addresses of links that leave and of calls."""

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from directory.counting.leaving import stored_address
from directory.counting.tokens import Counted, image_address, leaving_address
from directory.enums import Act, Subject
from directory.models import Merchant
from home.tenancy import current_site_id

register = template.Library()

_IMAGE = (
    '<img class="visually-hidden" src="{}" alt="" aria-hidden="true" width="1" height="1" decoding="async"'
    ' fetchpriority="low">'
)
_SCRIPT = '<script type="module" src="{}" id="counting" data-seen="{}"></script><noscript>{}</noscript>'


@register.simple_tag(takes_context=True)
def count_list(context: template.Context, name: str, *, has_scripts: bool = True) -> SafeString:
    """A page of the portal's own. ``name``: which, so that two seen within half an hour are two."""
    address = _seen(Counted(Subject.PORTAL, current_site_id()))
    return _counted(context, f"{address}?p={name}", has_scripts=has_scripts)


@register.simple_tag(takes_context=True)
def count_merchant(context: template.Context, merchant: Merchant) -> SafeString:
    return _counted(context, _seen(Counted(Subject.MERCHANT, merchant.pk, merchant.pk)))


@register.simple_tag(takes_context=True)
def count_product(context: template.Context, product: Any) -> SafeString:
    return _counted(context, _seen(Counted(Subject.PRODUCT, product.pk, product.merchant_id)))


@register.simple_tag(takes_context=True)
def count_campaign(context: template.Context, page: Any) -> SafeString:
    return _counted(context, _seen(Counted(Subject.CAMPAIGN, page.pk)))


@register.simple_tag(takes_context=True)
def count_story(context: template.Context, page: Any) -> SafeString:
    """Without a script: stories have none."""
    return _counted(context, _seen(Counted(Subject.STORY, page.pk)), has_scripts=False)


@register.simple_tag
def leave(merchant: Merchant, act: str) -> str:
    """The address of a link to the merchant's ``site`` or ``shop``, or of ``directions`` to it; empty without one.

    Where shoppers do not see the merchant, as in an editor's preview: its own address.
    """
    own = stored_address(merchant, Act(act))
    if not own or not merchant.is_visible:
        return own
    return leaving_address(Act(act), merchant.pk, site_id=merchant.site_id)


@register.simple_tag
def call(merchant: Merchant) -> str:
    """What the script asks for when the merchant's number is tapped: ``data-call`` of a ``tel:`` link."""
    if not merchant.is_visible:
        return ""
    counted = Counted(Subject.MERCHANT, merchant.pk, merchant.pk)
    return image_address(Act.CALL, counted, site_id=merchant.site_id)


def _seen(counted: Counted) -> str:
    return image_address(Act.SEEN, counted, site_id=current_site_id())


def _counted(context: template.Context, address: str, *, has_scripts: bool = True) -> SafeString:
    """Nothing in an editor's preview."""
    if getattr(context.get("request"), "is_preview", False):
        return SafeString("")
    image = format_html(_IMAGE, address)
    return format_html(_SCRIPT, static("js/counting.js"), address, image) if has_scripts else image
