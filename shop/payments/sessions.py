"""Opening the hosted payment page of a checkout, and closing it. Our row comes first, then Stripe's session."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Site

from home.compiled import Compiled, Ints
from home.languages import ENGLISH, FRENCH, speaking
from home.tenancy import unjoined
from shop.checkouts import PAYABLE_FOR
from shop.enums import CheckoutStatus
from shop.exceptions import GatewayBroke, GatewayError, GatewayRefused, NotPayable
from shop.models import Checkout, CheckoutSession, LineItem, Order
from shop.payments import gateway
from shop.payments.asked import SessionLine, SessionRequest, SessionState
from shop.tokens import payment_token

MOST_LINES = 100
"""Stripe shows no more on one page."""

LOCALES = {FRENCH: "fr-CA", ENGLISH: "en"}
"""Languages as Stripe names those of its pages: it knows no Canadian English there."""


class TotalMismatch(GatewayError):
    """Stripe's total is not ours: no shopper may be sent to such a page."""


def ensure_session(checkout: Checkout, *, now: datetime) -> CheckoutSession:
    """The checkout's payable session, made now if it has none. Called again, it answers the same one.

    Raises NotPayable when it was paid or let go, GatewayUnavailable (call again later: the key is the row's)
    or GatewayRefused.
    """
    row = _payable_row(checkout, now)
    if row.session_id:
        return row
    try:
        state = _create(checkout, row)
    except GatewayRefused as refusal:
        if refusal.param != "expires_at":
            raise
        # Asked again too long after the row was made, and nothing was made the first time.
        row = _next_attempt(row, now)
        state = _create(checkout, row)
    if state.amount_total_cents != checkout.total_cents:
        gateway.expire_session(state.session_id, account=checkout.account)
        raise TotalMismatch(f"{checkout.pk}: {state.amount_total_cents} is not {checkout.total_cents}")
    CheckoutSession.objects.filter(pk=row.pk).update(session_id=state.session_id, url=state.url)
    row.session_id, row.url = state.session_id, state.url
    return row


@transaction.atomic
def _payable_row(checkout: Checkout, now: datetime) -> CheckoutSession:
    _lock_open(checkout)
    known = _KNOWN.rows(checkout=checkout.pk)
    return next((row for row in known if row.closed_at is None), None) or _new_row(checkout, now, len(known))


_KNOWN = Compiled(lambda checkout: CheckoutSession.objects.filter(checkout=checkout), checkout=int)


@transaction.atomic
def _next_attempt(row: CheckoutSession, now: datetime) -> CheckoutSession:
    """The row never had a session: another takes its place, and the checkout can be paid for as long as that one."""
    _lock_open(row.checkout)
    never_made = unjoined(CheckoutSession).filter(pk=row.pk, closed_at=None, session_id=None)
    if not never_made.update(closed_at=now):
        raise NotPayable
    Checkout.objects.filter(pk=row.checkout_id).update(expires_at=now + PAYABLE_FOR)
    return _new_row(row.checkout, now, row.checkout.sessions.count())


def _lock_open(checkout: Checkout) -> None:
    """A page for a checkout that is paid would be paid twice."""
    if Checkout.objects.select_for_update().get(pk=checkout.pk).status != CheckoutStatus.OPEN:
        raise NotPayable


def _new_row(checkout: Checkout, now: datetime, known: int) -> CheckoutSession:
    return CheckoutSession.objects.create(checkout=checkout, attempt=known + 1, created_at=now)


def _create(checkout: Checkout, row: CheckoutSession) -> SessionState:
    """In the language of the checkout, whoever asks, so that asking again asks for the very same."""
    with speaking(checkout.language):
        request = _request(checkout, row)
    return gateway.create_session(request, key=row.idempotency_key, since=row.created_at)


def _request(checkout: Checkout, row: CheckoutSession) -> SessionRequest:
    base = portal_url(checkout.site)
    token = payment_token(checkout)
    return SessionRequest(
        reference=str(checkout.public_id),
        lines=_lines(checkout),
        customer_email=checkout.contact_email,
        success_url=base + reverse("shop:checkout_return", args=[token]),
        cancel_url=base + reverse("shop:checkout_cancel", args=[token]),
        expires_at=row.created_at + PAYABLE_FOR,
        metadata={"checkout": str(checkout.public_id), "portal": checkout.site.hostname},
        account=checkout.account,
        locale=LOCALES[checkout.language],
    )


def portal_url(site: Site) -> str:
    """The portal's own address, whatever host asked; behind TLS everywhere but in the demo."""
    root: str = site.root_url
    return root if settings.DEMO or not root.startswith("http://") else root.replace("http://", "https://", 1)


def _lines(checkout: Checkout) -> tuple[SessionLine, ...]:
    """Every line of every order; one line for each shop where that would be more than Stripe shows."""
    orders = _ORDERS.rows(checkout=checkout.pk)
    _LINES_OF.prefetch(orders, "lines")
    lines = tuple(line for order in orders for line in (*_goods(order), *_charges(order)))
    if len(lines) <= MOST_LINES:
        return lines
    return tuple(SessionLine(order.seller["name"], order.total_cents) for order in orders)


_ORDERS = Compiled(lambda checkout: Order.objects.filter(checkout=checkout).order_by("pk"), checkout=int)
_LINES_OF = Compiled(lambda parents: LineItem.objects.filter(order__id__any_of=parents), parents=Ints)


def _goods(order: Order) -> Iterator[SessionLine]:
    for line in order.lines.all():
        seller = order.seller["name"]
        if line.discount_cents:  # Spread over the units it might not come out even.
            yield SessionLine(f"{line.quantity} × {line.name}", line.amount_cents, description=seller)
        else:
            yield SessionLine(line.name, line.unit_price_cents, line.quantity, description=seller)


def _charges(order: Order) -> Iterator[SessionLine]:
    """Delivery, deposits and the two taxes, each apart: Stripe computes nothing."""
    seller = order.seller["name"]
    named = (
        (_("Livraison, %s"), order.delivery_cents),
        (_("Consignes, %s"), order.deposit_cents),
        (_("TPS, %s"), order.gst_cents),
        (_("TVQ, %s"), order.qst_cents),
    )
    for name, cents in named:
        if cents:
            yield SessionLine(name % seller, cents)


def close_session(row: CheckoutSession) -> SessionState | None:
    """Make sure the session can no longer be paid; returns what Stripe says of it.

    None: no session was ever made for this row, and none can be any more.
    """
    if row.session_id:
        return gateway.expire_session(row.session_id, account=row.checkout.account)
    try:
        state = _create(row.checkout, row)
    except (GatewayRefused, GatewayBroke):
        return None
    CheckoutSession.objects.filter(pk=row.pk).update(session_id=state.session_id, url=state.url)
    return gateway.expire_session(state.session_id, account=row.checkout.account)
