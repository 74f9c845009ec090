"""How a browser finds its cart again: a signed cookie with the cart's token, and one with only the count.

The count's cookie is readable by scripts, so that pages stay the same for everyone and can be cached.
"""

import uuid

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from shop import carts
from shop.models import Cart

CART_COOKIE = "panier"
COUNT_COOKIE = "panier_n"
SALT = "achetons.cart"
MAX_AGE_S = int(carts.KEPT_FOR.total_seconds())


def cart_of(request: HttpRequest) -> Cart | None:
    """The cart this browser holds in this portal; None for none, or for a forged, old or foreign cookie."""
    try:
        token = request.get_signed_cookie(CART_COOKIE, salt=SALT, max_age=MAX_AGE_S)
        return carts.find(uuid.UUID(hex=token))
    except (KeyError, ValueError, signing.BadSignature):
        return None


def remember(response: HttpResponse, cart: Cart, *, units: int | None = None) -> HttpResponse:
    """Let the browser keep the cart for 30 more days, and show how many units it holds (counted if not given)."""
    if units is None:
        units = carts.units_in(cart)
    secure = settings.SESSION_COOKIE_SECURE
    response.set_signed_cookie(
        CART_COOKIE,
        cart.token.hex,
        salt=SALT,
        max_age=MAX_AGE_S,
        httponly=True,
        samesite="Lax",
        secure=secure,
    )
    response.set_cookie(COUNT_COOKIE, str(units), max_age=MAX_AGE_S, samesite="Lax", secure=secure)
    return response
