from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shop.order_page import order_parts, totals_of
from shop.tokens import checkout_for


@never_cache
@require_safe
def order(request: HttpRequest, token: str) -> HttpResponse:
    """The shopper's signed page: every part of one checkout, read from what was frozen."""
    checkout = checkout_for(token)
    if checkout is None:
        raise Http404
    context = {
        "checkout": checkout,
        "orders": order_parts(checkout),
        "totals": totals_of(checkout),
        "token": token,
        "payment": checkout.payment_intents.filter(status="succeeded").first(),
    }
    response = render(request, "shop/order_page.html", context)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
