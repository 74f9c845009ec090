"""The feeds of products, for machines: of the whole portal, and of one merchant."""

from collections.abc import Callable, Iterator

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.enums import Tier
from directory.models import Merchant
from home.models import PortalSettings
from home.tenancy import current_site_id, portal_scope
from shop.models import Product
from shop.product_feed import FOOT, Origin, head, items, products_fed

SECONDS_KEPT = 60
"""What is suspended, sold out or priced anew is so everywhere within a minute."""


@require_safe
def of_portal(request: HttpRequest) -> StreamingHttpResponse:
    """What all merchants of the portal sell here today, but those that keep out of it."""
    origin = _origin(request)
    return _answer(request, origin, origin.settings.brand, products_fed)


@require_safe
def of_merchant(request: HttpRequest, merchant_slug: str) -> StreamingHttpResponse:
    """One merchant's. Raises Http404 for one that does not sell here, or keeps out of feeds."""
    selling = Merchant.objects.visible().filter(tier=Tier.TRANSACTIONAL, shop__is_in_feeds=True)
    merchant = selling.filter(slug=merchant_slug).first()
    if merchant is None:
        raise Http404("No feed of this merchant")
    origin = _origin(request)
    title = _("%(shop)s, sur %(portal)s") % {"shop": merchant.name, "portal": origin.settings.brand}
    return _answer(request, origin, title, lambda: products_fed(merchant))


def _origin(request: HttpRequest) -> Origin:
    root = request.build_absolute_uri("/").rstrip("/")
    return Origin(PortalSettings.for_request(request), timezone.localdate(), root)


def _answer(
    request: HttpRequest, origin: Origin, title: str, products: Callable[[], QuerySet[Product]]
) -> StreamingHttpResponse:
    begun = head(origin, title=title, address=request.build_absolute_uri(reverse("shop:catalogue")))
    parts = _parts(begun, products, origin, site_id=current_site_id(), language=get_language() or "")
    response = StreamingHttpResponse(parts, content_type="application/xml; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={SECONDS_KEPT}"
    return response


def _parts(
    begun: str, products: Callable[[], QuerySet[Product]], origin: Origin, *, site_id: int, language: str
) -> Iterator[str]:
    """The whole feed. It is read when the request's portal and language are closed already: opened for each batch."""
    yield begun
    after: int | None = 0
    while after is not None:
        with portal_scope(site_id), override(language):
            written, last = items(products(), origin, after=after)
        yield written
        after = last or None
    yield FOOT
