"""Past and present purchases, made with the shop's own rules against the payment sandbox, in the order of time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from wagtail.models import Site

from home.models import PortalSettings
from home.tenancy import portal_scope
from portal.demo.agenda import Choice, Purchase
from portal.demo.loading import handing_over
from portal.demo.loading.leading import Leads
from portal.demo.loading.till import Till
from shop import carts, checkouts, orders, outbox
from shop.enums import CheckoutStatus, OrderStatus
from shop.models import Cart, Checkout, Order, OutboxMessage, Variant
from shop.payments import refunds, sessions, sync
from shop.payments.handlers import HANDLERS

MAILS_SENT_FOR = timedelta(days=2)
"""Mails of older purchases count as sent long ago: nobody wants ninety days of them at once."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens to one purchase at a moment."""

    at: datetime
    happen: Callable[[], None]


class Counter:
    """One portal's purchases. What has happened already does not happen again."""

    def __init__(self, site: Site, till: Till, *, now: datetime) -> None:
        self.site, self.till, self.now = site, till, now
        self.settings = PortalSettings.for_site(site)
        self.users = dict(get_user_model().objects.values_list("email", "pk"))
        self.variants = self._variants()
        self.leads = Leads()

    def _variants(self) -> dict[tuple[str, str, str], Variant]:
        rows = Variant.objects.select_related("product__merchant")
        return {(row.product.merchant.slug, row.product.slug, row.title): row for row in rows}

    def unfinished(self, purchases: list[Purchase]) -> list[Purchase]:
        """Those not placed yet, and those cut short between placing and their fate."""
        known = Checkout.objects.filter(form_token__in=[purchase.token for purchase in purchases])
        over = {row.form_token for row in known.prefetch_related("orders") if _is_over(row, purchases)}
        return [purchase for purchase in purchases if purchase.token not in over]

    def events(self, purchase: Purchase) -> Iterator[Event]:
        """What becomes of a purchase, from the click to its fate; nothing happens in the future."""
        placed, fate = purchase.placed_at, purchase.fate
        yield Event(placed, lambda: self._place(purchase))
        if fate in ("canceled", "expired"):
            yield Event(placed + checkouts.PAYABLE_FOR, lambda: self._let_go(purchase))
        if fate in ("paid", "ready", "fulfilled", "refunded"):
            yield Event(placed + timedelta(minutes=1), lambda: self._pay(purchase))
        if fate in ("ready", "fulfilled"):
            yield Event(placed + timedelta(hours=4), lambda: self._move(purchase, OrderStatus.READY))
        if fate == "fulfilled":
            yield Event(placed + timedelta(hours=27), lambda: self._move(purchase, OrderStatus.FULFILLED))
        if fate == "refunded":
            yield Event(placed + timedelta(hours=50), lambda: self._refund(purchase))

    def happen(self, event: Event) -> None:
        with portal_scope(self.site):
            event.happen()

    def _place(self, purchase: Purchase) -> None:
        if Checkout.objects.filter(form_token=purchase.token).exists():
            return
        with transaction.atomic():
            cart = self._cart(purchase)
            handing_over.choose_slots(cart, self._basket(cart, purchase))
            basket = self._basket(cart, purchase)
            checkout = checkouts.place(
                cart,
                form_token=purchase.token,
                contact=self._contact(purchase),
                accepted_total_cents=basket.total_cents,
                settings=self.settings,
                now=purchase.placed_at,
            )
        self.till.set_clock(purchase.placed_at)
        sessions.ensure_session(checkout, now=purchase.placed_at)

    def _basket(self, cart: Cart, purchase: Purchase) -> carts.Basket:
        day = timezone.localdate(purchase.placed_at)
        return carts.basket_of(cart, settings=self.settings, today=day, now=purchase.placed_at)

    def _cart(self, purchase: Purchase) -> Cart:
        cart = carts.create()
        for choice in purchase.choices:
            led_here = self.leads.of(purchase, choice.shop)
            carts.add(cart, self._variant(choice), choice.quantity, credit=led_here)
        return cart

    def _variant(self, choice: Choice) -> Variant:
        return self.variants[choice.shop, choice.product, choice.variant]

    def _contact(self, purchase: Purchase) -> checkouts.Contact:
        user_id = self.users.get(purchase.email)
        return checkouts.Contact(purchase.name, purchase.email, purchase.phone, user_id)

    def _pay(self, purchase: Purchase) -> None:
        checkout = _checkout(purchase)
        if checkout.status != CheckoutStatus.OPEN:
            return
        at = purchase.placed_at + timedelta(minutes=1)
        self.till.set_clock(at)
        session = sessions.ensure_session(checkout, now=at)
        self.till.pay(str(session.session_id), name=purchase.name, email=purchase.email)
        sync.sync_checkout(checkout.pk, now=at)
        self._deliver(checkout, at)

    def _let_go(self, purchase: Purchase) -> None:
        at = purchase.placed_at + checkouts.PAYABLE_FOR
        self.till.set_clock(at)
        to = CheckoutStatus.CANCELED if purchase.fate == "canceled" else CheckoutStatus.EXPIRED
        sync.close_checkout(_checkout(purchase).pk, to=to, cause=f"demo, {purchase.fate}", now=at)

    def _move(self, purchase: Purchase, to: OrderStatus) -> None:
        at = min(self.now, purchase.placed_at + timedelta(hours=4 if to == OrderStatus.READY else 27))
        before = OrderStatus.PAID if to == OrderStatus.READY else OrderStatus.READY
        for order in Order.objects.filter(checkout__form_token=purchase.token, status=before).order_by("pk"):
            orders.move(order, to=to, cause="demo", now=at)

    def _refund(self, purchase: Purchase) -> None:
        """The first order of the purchase is given back; its others, if any, are picked up as usual."""
        at = purchase.placed_at + timedelta(hours=50)
        self.till.set_clock(at)
        first, *others = Order.objects.filter(checkout__form_token=purchase.token).order_by("pk")
        if first.status != OrderStatus.REFUNDED:
            refunds.request(first, reason="retour au comptoir", restock=True, now=at)
        for order in others:
            if order.status == OrderStatus.PAID:
                orders.move(order, to=OrderStatus.FULFILLED, cause="demo", now=at)
        self._deliver(first.checkout, at)

    def _deliver(self, checkout: Checkout, at: datetime) -> None:
        """Transfers and refunds of this moment; mails too, but those of long ago only on paper."""
        quiet = checkout.created_at < self.now - MAILS_SENT_FOR
        mails = [kind for kind in HANDLERS if kind.startswith(outbox.MAIL)]
        outbox.deliver({**HANDLERS, **(dict.fromkeys(mails, _said_before) if quiet else {})}, now=at)


def _said_before(message: OutboxMessage, now: datetime) -> None:
    """A mail that left back then."""


def _checkout(purchase: Purchase) -> Checkout:
    return Checkout.objects.get(form_token=purchase.token)


ENDS = {
    "pending": (CheckoutStatus.OPEN, CheckoutStatus.EXPIRED),
    "canceled": (CheckoutStatus.CANCELED,),
    "expired": (CheckoutStatus.EXPIRED,),
}


def _is_over(checkout: Checkout, purchases: list[Purchase]) -> bool:
    """Nothing is left to do: it met its fate, or people have taken it in hand since."""
    fate = next(purchase.fate for purchase in purchases if purchase.token == checkout.form_token)
    if fate in ENDS:
        return checkout.status in ENDS[fate] or checkout.status == CheckoutStatus.PAID
    if checkout.status == CheckoutStatus.OPEN:
        return False
    waiting = {OrderStatus.PAID} if fate != "paid" else set()
    waiting |= {OrderStatus.READY} if fate == "fulfilled" else set()
    return not any(order.status in waiting for order in checkout.orders.all())
