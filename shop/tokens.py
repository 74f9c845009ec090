"""Signed addresses of a shopper's checkout: no account, nothing to guess.

The order page and the way back from Stripe's page have a token each: Stripe is told the second, and never the first.
"""

import uuid

from django.core import signing

from shop.models import Checkout

SALT = "achetons.order"
PAYMENT_SALT = "achetons.payment"


def order_token(checkout: Checkout) -> str:
    """URL-safe; the same checkout always has the same token, until the secret key is retired."""
    return _sign(checkout, SALT)


def payment_token(checkout: Checkout) -> str:
    """As ``order_token``, for the addresses to which Stripe's page sends the shopper back."""
    return _sign(checkout, PAYMENT_SALT)


def checkout_for(token: str) -> Checkout | None:
    """The checkout an order page's token names in the portal in scope; None for a forged, cut or foreign token."""
    return _named(token, SALT)


def checkout_to_pay(token: str) -> Checkout | None:
    """The checkout a payment's token names in the portal in scope; None for any other token."""
    return _named(token, PAYMENT_SALT)


def _sign(checkout: Checkout, salt: str) -> str:
    return signing.Signer(salt=salt, sep=".").sign(checkout.public_id.hex)


def _named(token: str, salt: str) -> Checkout | None:
    try:
        public_id = uuid.UUID(hex=signing.Signer(salt=salt, sep=".").unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return Checkout.objects.filter(public_id=public_id).first()
