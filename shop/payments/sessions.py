"""Opening the hosted payment page of a checkout, and closing it. Our row comes first, then Stripe's session."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Site

from shop.checkouts import PAYABLE_FOR
from shop.exceptions import GatewayRefused
from shop.models import Checkout, CheckoutSession, Order
from shop.payments import gateway
from shop.payments.gateway import SessionLine, SessionState
from shop.tokens import order_token


class TotalMismatch(AssertionError):
    """Stripe's total is not ours: no shopper may be sent to such a page."""


def ensure_session(checkout: Checkout, *, now: datetime) -> CheckoutSession:
    """The checkout's payable session, made now if it has none. Called again, it answers the same one.

    Raises GatewayUnavailable (call again later: the key is the row's) or GatewayRefused.
    """
    row = _payable_row(checkout, now)
    if row.session_id:
        return row
    state = _create(checkout, row)
    if state.amount_total_cents != checkout.total_cents:
        gateway.expire_session(state.session_id)
        raise TotalMismatch(f"{checkout.pk}: {state.amount_total_cents} is not {checkout.total_cents}")
    CheckoutSession.objects.filter(pk=row.pk).update(session_id=state.session_id, url=state.url)
    row.session_id, row.url = state.session_id, state.url
    return row


def _payable_row(checkout: Checkout, now: datetime) -> CheckoutSession:
    with transaction.atomic():
        Checkout.objects.select_for_update().get(pk=checkout.pk)
        row = checkout.sessions.filter(closed_at=None).first()
        if row is None:
            attempt = checkout.sessions.count() + 1
            row = CheckoutSession.objects.create(checkout=checkout, attempt=attempt, created_at=now)
    return row


def _create(checkout: Checkout, row: CheckoutSession) -> SessionState:
    base = portal_url(checkout.site)
    token = order_token(checkout)
    request = gateway.SessionRequest(
        reference=str(checkout.public_id),
        lines=tuple(_lines(checkout)),
        customer_email=checkout.contact_email,
        success_url=base + reverse("shop:checkout_return", args=[token]),
        cancel_url=base + reverse("shop:checkout_cancel", args=[token]),
        expires_at=row.created_at + PAYABLE_FOR,
        metadata={"checkout": str(checkout.public_id), "portal": checkout.site.hostname},
    )
    return gateway.create_session(request, key=row.idempotency_key)


def portal_url(site: Site) -> str:
    """The portal's own address, whatever host asked; behind TLS everywhere but in the demo."""
    root: str = site.root_url
    return root if settings.DEMO or not root.startswith("http://") else root.replace("http://", "https://", 1)


def _lines(checkout: Checkout) -> Iterator[SessionLine]:
    orders = list(checkout.orders.order_by("pk").prefetch_related("lines"))
    for order in orders:
        for line in order.lines.all():
            name = f"{line.title}, {line.variant_title}" if line.variant_title else line.title
            yield SessionLine(name, line.unit_price_cents, line.quantity, description=order.seller["name"])
        yield from _charges(order)


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
        return gateway.expire_session(row.session_id)
    try:
        state = _create(row.checkout, row)
    except GatewayRefused:
        return None
    CheckoutSession.objects.filter(pk=row.pk).update(session_id=state.session_id, url=state.url)
    return gateway.expire_session(state.session_id)
