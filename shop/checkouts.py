"""Placing a checkout, and letting it go: the only writer of ``Checkout`` before the money comes.

One form token makes at most one checkout, whatever is clicked twice or open in two tabs.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from home.models import PortalSettings
from shop import carts, orders, stock
from shop.carts import Basket
from shop.enums import CHECKOUT_EDGES, ChargeModel, CheckoutStatus
from shop.exceptions import CannotSell, EmptyCart, ForbiddenMove, TotalChanged
from shop.models import Cart, CartItem, Checkout, LineItem, StatusChange

PAYABLE_FOR = timedelta(minutes=31)
"""Stripe wants a session's expiry at least 30 minutes ahead; one more covers slow clocks."""

LEAST_CENTS = 50
"""Stripe takes no payment of less in Canadian dollars."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who buys: a name, an email address for the contract's copy, perhaps a phone; an account's key if signed in."""

    name: str
    email: str
    phone: str = ""
    user_id: int | None = None


def place(
    cart: Cart,
    *,
    form_token: uuid.UUID,
    contact: Contact,
    accepted_total_cents: int,
    settings: PortalSettings,
    now: datetime,
) -> Checkout:
    """Re-price from the database, reserve all or nothing, freeze everything: one transaction.

    Returns the checkout this token already made, if it did. Raises EmptyCart, CannotSell, TotalChanged or
    OutOfStock; then nothing was written.
    """
    if existing := made_by(form_token, cart):
        return _as_accepted(existing, accepted_total_cents)
    try:
        with transaction.atomic():
            return _place(cart, form_token, contact, accepted_total_cents, settings, now)
    except IntegrityError:
        # Another tab or click got there first; its row is the answer. Anything else is a real error.
        if existing := made_by(form_token, cart) or open_checkout_of(cart):
            return _as_accepted(existing, accepted_total_cents)
        raise


def made_by(form_token: uuid.UUID, cart: Cart) -> Checkout | None:
    """The checkout that this form of this cart made: another's token opens nothing."""
    return Checkout.objects.filter(form_token=form_token, cart=cart).first()


def _as_accepted(existing: Checkout, accepted_total_cents: int) -> Checkout:
    """Nobody is sent to pay another total than the one on the button that was pressed."""
    if existing.status == CheckoutStatus.OPEN and existing.total_cents != accepted_total_cents:
        raise TotalChanged(accepted_cents=accepted_total_cents, total_cents=existing.total_cents)
    return existing


def open_checkout_of(cart: Cart) -> Checkout | None:
    return Checkout.objects.filter(cart=cart, status=CheckoutStatus.OPEN).first()


def _place(
    cart: Cart,
    form_token: uuid.UUID,
    contact: Contact,
    accepted_total_cents: int,
    settings: PortalSettings,
    now: datetime,
) -> Checkout:
    basket = carts.basket_of(cart, settings=settings, today=timezone.localdate(now))
    _refuse_what_cannot_be_sold(basket, accepted_total_cents)
    checkout = Checkout.objects.create(
        site_id=cart.site_id,
        cart=cart,
        form_token=form_token,
        charge_model=ChargeModel.SEPARATE,
        user_id=contact.user_id,
        contact_name=contact.name,
        contact_email=contact.email,
        contact_phone=contact.phone,
        total_cents=basket.total_cents,
        created_at=now,
        expires_at=now + PAYABLE_FOR,
    )
    _log(checkout, from_status="", cause="placed", now=now)
    orders.place(checkout, basket, settings=settings, now=now)
    # Last, so that the busiest rows are held for the fewest statements.
    stock.reserve({line.variant.pk: line.item.quantity for line in basket.lines})
    return checkout


def _refuse_what_cannot_be_sold(basket: Basket, accepted_total_cents: int) -> None:
    if basket.is_empty:
        raise EmptyCart
    if basket.problems:
        raise CannotSell(basket.problems[0])
    if basket.total_cents < LEAST_CENTS:
        raise CannotSell(_("Un paiement par carte demande au moins 0,50 $."))
    if basket.total_cents != accepted_total_cents:
        raise TotalChanged(accepted_cents=accepted_total_cents, total_cents=basket.total_cents)


def mark_paid(checkout: Checkout, *, now: datetime) -> None:
    """Its one payment succeeded. The caller holds the row's lock; raises ForbiddenMove from a wrong state."""
    late = checkout.status != CheckoutStatus.OPEN
    parts = list(checkout.orders.order_by("pk"))
    (orders.mark_paid_again if late else orders.mark_paid)(parts, now=now)
    _move(checkout, to=CheckoutStatus.PAID, cause="payment", now=now, paid_at=now)
    checkout.paid_at = now
    _empty_cart(checkout)


def let_go(checkout: Checkout, *, to: CheckoutStatus, cause: str, now: datetime) -> bool:
    """Give the stock back. Only once Stripe said that the session can no longer be paid.

    The caller holds the row's lock. False when it is no longer open.
    """
    if checkout.status != CheckoutStatus.OPEN:
        return False
    orders.cancel_unpaid(checkout.orders.order_by("pk"), cause=cause, now=now)
    _move(checkout, to=to, cause=cause, now=now)
    _renew_form_token(checkout)
    return True


def mark_refunded(checkout: Checkout, *, cause: str, now: datetime) -> None:
    """All of its orders were given back."""
    _move(checkout, to=CheckoutStatus.REFUNDED, cause=cause, now=now)


def _empty_cart(checkout: Checkout) -> None:
    """What was bought leaves the cart; what was added meanwhile stays, and the next checkout gets a new token."""
    # The cart's row first, as in ``carts.add``: taken the other way round, the two could wait for each other.
    _renew_form_token(checkout)
    bought = LineItem.objects.filter(order__checkout=checkout).values("variant")
    CartItem.objects.filter(cart=checkout.cart_id, variant__in=bought).delete()


def _renew_form_token(checkout: Checkout) -> None:
    """The next form of its cart makes a new checkout."""
    if checkout.cart_id:
        Cart.objects.filter(pk=checkout.cart_id).update(form_token=uuid.uuid4())


def unused_form_token(cart: Cart) -> uuid.UUID:
    """The token of the cart's next form: one that made a checkout already would only lead back to that one."""
    if made_by(cart.form_token, cart):
        cart.form_token = uuid.uuid4()
        cart.save(update_fields=["form_token"])
    return cart.form_token


def _move(checkout: Checkout, *, to: CheckoutStatus, cause: str, now: datetime, **fields: Any) -> None:
    """Compare and swap on the status in hand, which the row's lock keeps true."""
    source = checkout.status
    if to not in CHECKOUT_EDGES[source]:
        raise ForbiddenMove(f"checkout {checkout.pk}: {source} → {to}")
    if not Checkout.objects.filter(pk=checkout.pk, status=source).update(status=to, **fields):
        raise ForbiddenMove(f"checkout {checkout.pk} is no longer {source}")
    checkout.status = to
    _log(checkout, from_status=source, cause=cause, now=now)


def _log(checkout: Checkout, *, from_status: str, cause: str, now: datetime) -> None:
    StatusChange.objects.create(
        site_id=checkout.site_id,
        checkout=checkout,
        from_status=from_status,
        to_status=checkout.status,
        cause=cause,
        at=now,
    )
