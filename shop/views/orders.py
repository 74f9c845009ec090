"""The shopper's signed page of one checkout, and taking back one of its orders."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from home import pdf
from home.models import PortalSettings
from home.money import cad
from shop import carts
from shop.baskets import BasketPayment
from shop.cart_cookie import cart_of
from shop.enums import CheckoutStatus
from shop.models import Checkout
from shop.order_page import OrderPart, order_parts, totals_of
from shop.payments import cancel
from shop.tokens import checkout_for

UNPAID = (CheckoutStatus.OPEN, CheckoutStatus.CANCELED, CheckoutStatus.EXPIRED)


@never_cache
@require_safe
def order(request: HttpRequest, token: str) -> HttpResponse:
    """Every part of one checkout, read from what was frozen."""
    checkout = _checkout_or_404(token)
    context = {
        "checkout": checkout,
        "orders": order_parts(checkout, now=timezone.now()),
        "totals": totals_of(checkout),
        "token": token,
        "payment": checkout.payment_intents.filter(status="succeeded").first(),
        "is_paid": checkout.status not in UNPAID,
        "has_pdf": pdf.can_print(),
        "left_to_pay": _left_to_pay(request, checkout),
    }
    return _private(render(request, "shop/order_page.html", context), "no-referrer")


def _left_to_pay(request: HttpRequest, checkout: Checkout) -> BasketPayment | None:
    """The payment that comes after this one, for the browser that holds the cart alone: a link may be passed on."""
    cart = cart_of(request)
    if cart is None or cart.pk != checkout.cart_id or checkout.status != CheckoutStatus.PAID:
        return None
    return carts.what_is_left(cart, settings=PortalSettings.for_request(request), now=timezone.now())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def order_cancel(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """Ask first, then take back one order of the checkout. Pressed twice, it is refunded once."""
    checkout = _checkout_or_404(token)
    part = _part_or_404(checkout, number)
    if request.method == "POST" and not part.why_not_cancelable:
        return _cancel(request, token, part)
    context = {"checkout": checkout, "part": part, "token": token}
    status = 409 if request.method == "POST" else 200
    page = render(request, "shop/order_cancel.html", context, status=status)
    # Not « no-referrer »: a browser would then hide from us that the form is ours.
    return _private(page, "same-origin")


def _cancel(request: HttpRequest, token: str, part: OrderPart) -> HttpResponse:
    try:
        refund = cancel.by_shopper(part.order, now=timezone.now())
    except cancel.NotCancelable as refusal:
        messages.error(request, refusal.reason)
    else:
        named = {"number": part.order.number, "amount": cad(refund.amount_cents)}
        messages.success(
            request,
            _(
                "La commande %(number)s est annulée\u00a0: %(amount)s reviennent sur votre carte en cinq à dix jours."
            )
            % named,
        )
    return redirect("shop:order", token=token)


def _checkout_or_404(token: str) -> Checkout:
    checkout = checkout_for(token)
    if checkout is None:
        raise Http404
    return checkout


def _part_or_404(checkout: Checkout, number: str) -> OrderPart:
    """The part of that number which was paid; another checkout's, or one that nobody paid, is not found."""
    for part in order_parts(checkout, now=timezone.now()):
        if part.order.number == number and part.order.paid_at:
            return part
    raise Http404


def _private(response: Any, referrer: str) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = referrer
    return response
