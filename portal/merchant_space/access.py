"""Whose desk is it? A stranger's shop or order is 404; what is the owner's alone is 404 to a helper."""

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from directory.enums import MembershipRole
from directory.models import Membership, Merchant
from home.models import PortalSettings
from portal.accounts.views import open_memberships
from shop.enums import OrderStatus
from shop.models import Order


def merchant_or_404(request: HttpRequest, slug: str) -> Merchant:
    """The merchant by its slug, if the signed-in person is one of its people; a stranger's does not exist."""
    return membership_or_404(request, slug).merchant


def membership_or_404(request: HttpRequest, slug: str) -> Membership:
    mine = Membership.objects.filter(user=request.user.pk, merchant__slug=slug, merchant__suspended_at=None)
    membership = mine.select_related("merchant__category", "merchant__sector").first()
    if membership is None:
        raise Http404
    return membership


def owned_merchant_or_404(request: HttpRequest, slug: str) -> Merchant:
    """For payouts and the like: helpers do not find them."""
    membership = membership_or_404(request, slug)
    if membership.role != MembershipRole.OWNER:
        raise Http404
    return membership.merchant


def order_or_404(merchant: Merchant, number: str) -> Order:
    """An order of this merchant that was paid for: what nobody paid is not the merchant's concern."""
    unpaid = (OrderStatus.PENDING, OrderStatus.CANCELED)
    rows = Order.objects.filter(merchant=merchant, paid_at__isnull=False).exclude(status__in=unpaid)
    return get_object_or_404(rows.select_related("checkout", "slot"), number=number)


def desk_context(request: HttpRequest, merchant: Merchant, **more: Any) -> dict[str, Any]:
    """What every screen shows: the shop, the person's other shops, and a human's name and phone."""
    settings = PortalSettings.for_request(request)
    return {
        "merchant": merchant,
        "memberships": open_memberships(request.user.pk),
        "person": {"name": settings.contact_name, "phone": settings.contact_phone},
        **more,
    }
