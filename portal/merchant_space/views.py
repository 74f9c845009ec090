"""/mon-commerce/: a merchant's orders, today's first, one button each. A stranger's shop or order is 404."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from directory.cards import dressed
from directory.models import Membership, Merchant
from home.models import AuditEntry, PortalSettings
from portal.accounts.views import open_memberships
from shop import handover
from shop.enums import OrderStatus
from shop.exceptions import ForbiddenMove
from shop.models import Order
from shop.order_page import timeline_of

DONE_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Move:
    """The one thing to do next with an order."""

    label: Any
    value: str


NEXT_MOVE = {
    OrderStatus.PAID: Move(gettext_lazy("C’est prêt"), OrderStatus.READY),
    OrderStatus.READY: Move(gettext_lazy("Remise au client"), OrderStatus.FULFILLED),
}
"""What a merchant may do by a button; ``orders.move`` has the last word."""


def merchant_or_404(request: HttpRequest, slug: str) -> Merchant:
    """The merchant by its slug, if the signed-in person is one of its people; a stranger's does not exist."""
    mine = Membership.objects.filter(user=request.user.pk, merchant__slug=slug, merchant__suspended_at=None)
    membership = mine.select_related("merchant__category", "merchant__sector").first()
    if membership is None:
        raise Http404
    return membership.merchant


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Someone with one shop goes straight to it; with several, to the first by name, where one can switch."""
    membership = open_memberships(request.user.pk).first()
    if membership is None:
        return redirect("account:home")
    return redirect("merchant:home", merchant_slug=membership.merchant.slug)


def _person(request: HttpRequest) -> dict[str, Any]:
    """A human's name and phone, on every screen."""
    settings = PortalSettings.for_request(request)
    return {"name": settings.contact_name, "phone": settings.contact_phone}


@never_cache
@login_required
@require_safe
def home(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    merchant = merchant_or_404(request, merchant_slug)
    rows = Order.objects.filter(merchant=merchant).select_related("checkout").prefetch_related("lines")
    context = {
        "merchant": dressed([merchant])[0],
        "memberships": open_memberships(request.user.pk),
        "orders_to_prepare": _with_moves(rows.filter(status=OrderStatus.PAID).order_by("placed_at")),
        "orders_ready": _with_moves(rows.filter(status=OrderStatus.READY).order_by("placed_at")),
        "orders_done": rows.filter(status__in=(OrderStatus.FULFILLED, OrderStatus.REFUNDED))[:DONE_SHOWN],
        "person": _person(request),
    }
    return render(request, "portal/merchant_home.html", context)


def _with_moves(rows: Any) -> list[Order]:
    shown = list(rows)
    for order in shown:
        order.next_move = NEXT_MOVE.get(OrderStatus(order.status))
    return shown


def order_or_404(merchant: Merchant, number: str) -> Order:
    """An order of this merchant that was paid for: what nobody paid is not the merchant's concern."""
    unpaid = (OrderStatus.PENDING, OrderStatus.CANCELED)
    rows = Order.objects.filter(merchant=merchant).exclude(status__in=unpaid).select_related("checkout")
    return get_object_or_404(rows, number=number)


@never_cache
@login_required
@require_safe
def order(request: HttpRequest, merchant_slug: str, number: str) -> HttpResponse:
    merchant = merchant_or_404(request, merchant_slug)
    row = order_or_404(merchant, number)
    context = {
        "merchant": merchant,
        "memberships": open_memberships(request.user.pk),
        "order": row,
        "lines": row.lines.all(),
        "timeline": timeline_of(row),
        "next_move": NEXT_MOVE.get(OrderStatus(row.status)),
        "person": _person(request),
    }
    return render(request, "portal/merchant_order.html", context)


@login_required
@require_POST
def order_move(request: HttpRequest, merchant_slug: str, number: str) -> HttpResponse:
    """Ready, then handed over. Pressing twice does it once; a move that no longer holds says where the order stands."""
    merchant = merchant_or_404(request, merchant_slug)
    row = order_or_404(merchant, number)
    to = request.POST.get("to", "")
    if to not in {move.value for move in NEXT_MOVE.values()}:
        raise Http404
    try:
        if _move(request, merchant, row, OrderStatus(to)):
            messages.success(request, _("La commande %(number)s est %(status)s.") % _named(row))
    except ForbiddenMove:
        messages.error(request, _("La commande %(number)s est déjà %(status)s.") % _named(row))
    return redirect("merchant:home", merchant_slug=merchant.slug)


def _named(row: Order) -> dict[str, str]:
    return {"number": row.number, "status": row.get_status_display()}


@transaction.atomic
def _move(request: HttpRequest, merchant: Merchant, row: Order, to: OrderStatus) -> bool:
    """The move, its event and its trace, or none of them. False when the order already stands there."""
    before = row.status
    rule = handover.mark_ready if to is OrderStatus.READY else handover.mark_fulfilled
    moved = rule(row, cause=f"merchant {request.user.pk}", now=timezone.now())
    if moved:
        AuditEntry.objects.create(
            site_id=merchant.site_id,
            actor_id=request.user.pk,
            merchant=merchant,
            action=f"order.{row.status}",
            object_type="order",
            object_id=str(row.pk),
            before={"status": before},
            after={"status": row.status},
        )
    return moved
