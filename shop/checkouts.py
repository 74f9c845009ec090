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

from home.compiled import Compiled
from home.languages import FRENCH
from home.models import PortalSettings
from shop import carts, orders, placing, promotions, slots, stock
from shop.baskets import BasketPayment
from shop.enums import CHECKOUT_EDGES, CheckoutStatus
from shop.exceptions import AdultNotDeclared, CannotSell, EmptyCart, ForbiddenMove, TotalChanged, Undecided
from shop.models import Cart, CartItem, Checkout, LineItem, Order, StatusChange

PAYABLE_FOR = timedelta(minutes=31)
"""Stripe wants a session's expiry at least 30 minutes ahead; one more covers slow clocks."""

LEAST_CENTS = 50
"""Stripe takes no payment of less in Canadian dollars."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who buys: a name, an email address for the contract's copy, perhaps a phone; an account's key if signed in.

    ``language``: of the pages and mails; ``contract_language``: French until the person asked otherwise.
    """

    name: str
    email: str
    phone: str = ""
    user_id: int | None = None
    language: str = FRENCH
    contract_language: str = FRENCH


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the shopper's press on the button says: of which form, for which total, and of which age."""

    form_token: uuid.UUID
    total_cents: int
    is_adult: bool


def place(
    cart: Cart,
    *,
    form_token: uuid.UUID,
    contact: Contact,
    accepted_total_cents: int,
    settings: PortalSettings,
    now: datetime,
    is_adult: bool = False,
) -> Checkout:
    """Re-price from the database, reserve all or nothing, freeze everything: one transaction.

    Places the cart's first payment (``Basket.payments``); what others charge stays in the cart for the next one.
    ``is_adult``: the shopper declared to be 18 or more. Returns the checkout this token already made, if it did.
    Raises EmptyCart, CannotSell, AdultNotDeclared, TotalChanged or OutOfStock; then nothing was written.
    """
    if existing := made_by(form_token, cart):
        return _as_accepted(existing, accepted_total_cents)
    accepted = Accepted(form_token, accepted_total_cents, is_adult)
    try:
        with transaction.atomic():
            return _place(cart, accepted, contact, settings, now)
    except IntegrityError:
        # Another tab or click got there first; its row is the answer. Anything else is a real error.
        if existing := made_by(form_token, cart) or open_checkout_of(cart):
            return _as_accepted(existing, accepted_total_cents)
        raise


def made_by(form_token: uuid.UUID, cart: Cart) -> Checkout | None:
    """The checkout that this form of this cart made: another's token opens nothing."""
    return _MADE_BY.first(form_token=form_token, cart=cart.pk)


_MADE_BY = Compiled(
    lambda form_token, cart: Checkout.objects.filter(form_token=form_token, cart=cart)[:1],
    form_token=uuid.UUID,
    cart=int,
)


def _as_accepted(existing: Checkout, accepted_total_cents: int) -> Checkout:
    """Nobody is sent to pay another total than the one on the button that was pressed."""
    if existing.status == CheckoutStatus.OPEN and existing.total_cents != accepted_total_cents:
        raise TotalChanged(accepted_cents=accepted_total_cents, total_cents=existing.total_cents)
    return existing


def open_checkout_of(cart: Cart) -> Checkout | None:
    return _OPEN_OF.first(cart=cart.pk)


_OPEN_OF = Compiled(lambda cart: Checkout.objects.filter(cart=cart, status=CheckoutStatus.OPEN)[:1], cart=int)


def _place(
    cart: Cart, accepted: Accepted, contact: Contact, settings: PortalSettings, now: datetime
) -> Checkout:
    basket = carts.basket_of(cart, settings=settings, today=timezone.localdate(now), now=now)
    if basket.is_empty:
        raise EmptyCart
    payment = basket.payments[0]
    if basket.problems:
        raise CannotSell(basket.problems[0])
    _refuse_what_cannot_be_sold(payment, accepted)
    checkout = Checkout.objects.create(
        site_id=cart.site_id,
        cart=cart,
        form_token=accepted.form_token,
        charge_model=payment.charge_model,
        account=payment.account,
        adult_declared_at=now if payment.has_alcohol else None,
        user_id=contact.user_id,
        contact_name=contact.name,
        contact_email=contact.email,
        contact_phone=contact.phone,
        language=contact.language,
        contract_language=contact.contract_language,
        total_cents=payment.total_cents,
        created_at=now,
        expires_at=now + PAYABLE_FOR,
    )
    _take_promotions(payment)
    placing.place(checkout, payment, rates=basket.rates, settings=settings, now=now)
    # Last, so that the busiest rows are held for the fewest statements.
    stock.reserve({line.variant.pk: line.item.quantity for line in payment.lines}, now=now)
    return checkout


def _refuse_what_cannot_be_sold(payment: BasketPayment, accepted: Accepted) -> None:
    if undecided := [group for group in payment.groups if group.remise is None]:
        raise Undecided(placing.choose_sentence(undecided[0]))
    if payment.total_cents < LEAST_CENTS:
        raise CannotSell(_("Un paiement par carte demande au moins 0,50\u00a0$."))
    if payment.total_cents != accepted.total_cents:
        raise TotalChanged(accepted_cents=accepted.total_cents, total_cents=payment.total_cents)
    if payment.has_alcohol and not accepted.is_adult:
        raise AdultNotDeclared


def _take_promotions(payment: BasketPayment) -> None:
    used = {line.given.promotion.pk for line in payment.lines if line.given}
    if not promotions.take(used):
        raise CannotSell(
            _("Un rabais de votre panier vient de servir une dernière fois à quelqu’un d’autre.")
        )


def mark_paid(checkout: Checkout, *, now: datetime) -> None:
    """Its one payment succeeded. The caller holds the row's lock; raises ForbiddenMove from a wrong state."""
    late = checkout.status != CheckoutStatus.OPEN
    parts = list(checkout.orders.order_by("pk"))
    if late:
        _take_again(parts)
    (orders.mark_paid_again if late else orders.mark_paid)(parts, now=now)
    _move(checkout, to=CheckoutStatus.PAID, cause="payment", now=now, paid_at=now)
    checkout.paid_at = now
    _empty_cart(checkout)


def _take_again(parts: list[Order]) -> None:
    """Paid after it was let go: the discounts stay, counted or not; a slot that is full by now does not.

    Then nothing is said of an hour any more: shop and shopper agree on another (``slot_lost``).
    """
    for pk in sorted(_promotions_of(parts)):
        if not promotions.take([pk]):
            LineItem.objects.filter(order__in=parts, promotion=pk).update(promotion=None)
    for order in sorted(parts, key=lambda order: order.slot_id or 0):
        if order.slot and not slots.take(order.slot, capacity=None):
            Order.objects.filter(pk=order.pk).update(
                slot=None, slot_lost=True, pickup_from=None, pickup_until=None
            )


def _promotions_of(parts: list[Order]) -> set[int]:
    lines = LineItem.objects.filter(order__in=parts, promotion__isnull=False)
    return set(lines.values_list("promotion", flat=True))


def let_go(checkout: Checkout, *, to: CheckoutStatus, cause: str, now: datetime) -> bool:
    """Give back stock, slots and discounts. Only once Stripe said that the session can no longer be paid.

    The caller holds the row's lock. False when it is no longer open.
    """
    if checkout.status != CheckoutStatus.OPEN:
        return False
    parts = list(checkout.orders.order_by("pk"))
    # Rows that several checkouts want are taken in one order everywhere: promotions, slots, stock.
    promotions.give_back(_promotions_of(parts))
    slots.give_back(order.slot_id for order in parts)
    orders.cancel_unpaid(parts, cause=cause, now=now)
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
    if checkout.cart_id is None:
        return
    lines = LineItem.objects.filter(order__checkout=checkout)
    CartItem.objects.filter(cart=checkout.cart_id, variant__in=lines.values("variant")).delete()
    codes = lines.exclude(promotion=None).exclude(promotion__code="").values("promotion__code")
    Cart.objects.filter(pk=checkout.cart_id, promotion_code__in=codes).update(promotion_code="")


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
