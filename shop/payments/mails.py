"""The shop's mails: written from the frozen order when they leave, one per key."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from home.models import PortalSettings
from shop.models import Checkout, Order, OutboxMessage
from shop.order_page import order_parts, totals_of
from shop.payments.sessions import portal_url
from shop.tokens import order_token

LANGUAGE = "fr-ca"


def send_to_shopper(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: the copy of the contract, or the word that a late payment was refunded."""
    checkout = Checkout.objects.select_related("site").get(pk=message.payload["checkout"])
    context = {
        "checkout": checkout,
        "orders": order_parts(checkout),
        "totals": totals_of(checkout),
        "payment": checkout.payment_intents.filter(status="succeeded").first(),
        "order_url": portal_url(checkout.site) + reverse("shop:order", args=[order_token(checkout)]),
    }
    _send(message, checkout.site_id, message.kind.removeprefix("mail."), [checkout.contact_email], context)


def send_to_merchant(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: a new order for one shop. A shop without any address has nobody to tell."""
    order = Order.objects.select_related("checkout__site", "merchant").get(pk=message.payload["order"])
    recipients = [address.strip() for address in message.recipient.split(",") if address.strip()]
    url = portal_url(order.checkout.site) + reverse(
        "merchant:order", args=[order.merchant.slug, order.number]
    )
    context = {"order": order, "lines": list(order.lines.all()), "checkout": order.checkout, "order_url": url}
    if recipients:
        _send(message, order.site_id, "merchant_order", recipients, context)


def send_ready(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: the shopper's order waits at one shop."""
    order = Order.objects.select_related("checkout__site").get(pk=message.payload["order"])
    checkout = order.checkout
    part = next(part for part in order_parts(checkout) if part.order.pk == order.pk)
    context = {
        "checkout": checkout,
        "part": part,
        "order_url": portal_url(checkout.site) + reverse("shop:order", args=[order_token(checkout)]),
    }
    _send(message, order.site_id, "order_ready", [checkout.contact_email], context)


def _send(
    message: OutboxMessage, site_id: int, name: str, recipients: list[str], context: dict[str, Any]
) -> None:
    portal = PortalSettings.objects.get(site=site_id)
    context = {**context, "portal": portal}
    with translation.override(LANGUAGE):
        subject, text, html = (
            render_to_string(f"shop/mail/{name}.{part}", context) for part in ("subject.txt", "txt", "html")
        )
    mail = EmailMultiAlternatives(
        " ".join(subject.split()),
        text,
        settings.DEFAULT_FROM_EMAIL,
        recipients,
        reply_to=[portal.contact_email] if portal.contact_email else None,
        headers={"Message-ID": f"<{message.key.replace(':', '.')}@{portal.site.hostname}>"},
    )
    mail.attach_alternative(html, "text/html")
    mail.send()
