"""The signed address of a shopper's order page: no account, nothing to guess."""

import uuid

from django.core import signing

from shop.models import Checkout

SALT = "achetons.order"


def order_token(checkout: Checkout) -> str:
    """URL-safe; the same checkout always has the same token, until the secret key is retired."""
    return signing.Signer(salt=SALT, sep=".").sign(checkout.public_id.hex)


def checkout_for(token: str) -> Checkout | None:
    """The checkout a token names in the portal in scope; None for a forged, cut or foreign token."""
    try:
        public_id = uuid.UUID(hex=signing.Signer(salt=SALT, sep=".").unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return Checkout.objects.filter(public_id=public_id).first()
