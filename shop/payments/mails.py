"""The shop's mails: written from the frozen order when they leave, one per key.

To the shopper in the language of the checkout; to merchants and staff in each one's own.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from home import pdf
from home.languages import is_english, speaking
from home.models import PortalSettings
from shop import contracts
from shop.enums import OrderStatus
from shop.models import Checkout, Dispute, Order, OutboxMessage, Refund
from shop.order_page import order_parts, part_of, totals_of
from shop.payments.effects import MAIL_SHOPPER
from shop.payments.sessions import portal_url
from shop.readers import by_language, offered
from shop.tokens import order_token

_LINE_BREAKS = re.compile(r"[ \t\r\n]+")
"""A subject is one line; its no-break spaces stay."""


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes | str
    kind: str


def send_to_shopper(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: the order with the copy of each contract, or the word that a late payment was refunded."""
    checkout = Checkout.objects.select_related("site").get(pk=message.payload["checkout"])
    with speaking(offered(checkout.language, checkout.site_id)):
        parts = order_parts(checkout, now=now)
        context = {
            "checkout": checkout,
            "orders": parts,
            "totals": totals_of(checkout),
            "payment": checkout.payment_intents.filter(status="succeeded").first(),
            "order_url": _order_url(checkout),
        }
        copies = _copies((part.order for part in parts), now) if message.kind == MAIL_SHOPPER else []
        name = message.kind.removeprefix("mail.")
        _send(message, name, [checkout.contact_email], context, attachments=copies)


def send_to_merchant(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: a new order for one shop. A shop without any address has nobody to tell."""
    order = _order(message)

    def context() -> dict[str, Any]:
        lines = list(order.lines.all())
        return {"order": order, "lines": lines, "checkout": order.checkout, "order_url": _desk_url(order)}

    _send_to_each(message, "merchant_order", context)


def send_ready(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: the order waits at the counter, or has left. Not ready after all, or handed over: nothing."""
    _send_part(message, "order_ready", OrderStatus.READY, now)


def send_handed_over(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: thanks, what was handed over, and how to bring it back. Refunded meanwhile: nothing."""
    _send_part(message, "handed_over", OrderStatus.FULFILLED, now)


def _send_part(message: OutboxMessage, name: str, status: OrderStatus, now: datetime) -> None:
    """One merchant's order to its shopper, if it still stands there."""
    order = _order(message)
    if order.status != status:
        return
    with speaking(offered(order.checkout.language, order.site_id)):
        context = {
            "checkout": order.checkout,
            "part": part_of(order, now=now),
            "order_url": _order_url(order.checkout),
        }
        _send(message, name, [order.checkout.contact_email], context)


def send_refund(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: the shopper reads how much comes back, for what, and why."""
    order = _order(message)
    with speaking(offered(order.checkout.language, order.site_id)):
        context = {**_refund_context(message, order), "order_url": _order_url(order.checkout)}
        _send(message, "refund", [order.checkout.contact_email], context)


def send_merchant_refund(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: a shop reads that the shopper, or the portal, took back one of its sales."""
    order = _order(message)
    _send_to_each(
        message,
        "merchant_refund",
        lambda: {**_refund_context(message, order), "order_url": _desk_url(order)},
    )


def send_failed_refund(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: staff read that the bank sent a refund back, and whom to call."""
    order = _order(message)
    _send_to_each(
        message,
        "staff_refund_failed",
        lambda: {**_refund_context(message, order), "order_url": _admin_url()},
    )


def send_dispute(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: a payment is contested; its merchants and the staff read what they can do about it."""
    order = _order(message)
    is_staff = message.kind.startswith("mail.staff")

    def context() -> dict[str, Any]:
        return {
            "dispute": Dispute.objects.get(pk=message.payload["dispute"]),
            "order": order,
            "checkout": order.checkout,
            "order_url": _admin_url() if is_staff else _desk_url(order),
        }

    _send_to_each(message, "staff_dispute" if is_staff else "merchant_dispute", context)


def _send_to_each(message: OutboxMessage, name: str, context: Callable[[], dict[str, Any]]) -> None:
    """To the row's addresses: one mail in each language that some of them read."""
    for language, addresses in by_language(_addresses(message), message.site_id).items():
        with speaking(language):
            _send(message, name, addresses, context())


def _order(message: OutboxMessage) -> Order:
    rows = Order.objects.select_related("checkout__site", "merchant", "slot")
    return rows.prefetch_related("lines", "status_changes", "refunds").get(pk=message.payload["order"])


def _refund_context(message: OutboxMessage, order: Order) -> dict[str, Any]:
    refund = Refund.objects.get(pk=message.payload["refund"])
    return {
        "refund": refund,
        "refund_lines": list(refund.lines.select_related("line").order_by("pk")),
        "order": order,
        "checkout": order.checkout,
    }


def _copies(orders: Iterable[Order], now: datetime) -> list[Attachment]:
    """Each order's contract: as PDF where it can be made, else as the page itself."""
    copies = ((order, contracts.copy_of(order, now=now)) for order in orders)
    return [_attachment(order.number, copy.html) for order, copy in copies if copy]


def _attachment(number: str, html: str) -> Attachment:
    if settings.MAIL_ATTACHES_PDF and pdf.can_print():
        return Attachment(f"recu-{number}.pdf", pdf.pdf_of(html), "application/pdf")
    return Attachment(f"recu-{number}.html", html, "text/html")


def _order_url(checkout: Checkout) -> str:
    return _url(checkout.site, "shop:order", order_token(checkout))


def _desk_url(order: Order) -> str:
    return _url(order.checkout.site, "merchant:order", order.merchant.slug, order.number)


def _url(site: Site, name: str, *args: str) -> str:
    return portal_url(site) + reverse(name, args=args)


def _admin_url() -> str:
    return f"{settings.WAGTAILADMIN_BASE_URL}{reverse('money_desk:index')}"


def _message_id(message: OutboxMessage, portal: PortalSettings) -> str:
    """The same whenever the same mail is sent again; a row that leaves in both languages is two mails."""
    name = message.key.replace(":", ".")
    return f"<{name}{'.en' if is_english() else ''}@{portal.site.hostname}>"


def _addresses(message: OutboxMessage) -> list[str]:
    return [address.strip() for address in message.recipient.split(",") if address.strip()]


def _send(
    message: OutboxMessage,
    name: str,
    recipients: list[str],
    context: dict[str, Any],
    *,
    attachments: Iterable[Attachment] = (),
) -> None:
    """One mail in both forms, in the language in use. With nobody to send it to, nothing happens."""
    if not recipients:
        return
    portal = PortalSettings.objects.select_related("site").get(site=message.site_id)
    context = {**context, "portal": portal, "today": timezone.localdate()}
    subject, text, html = (
        render_to_string(f"shop/mail/{name}.{part}", context) for part in ("subject.txt", "txt", "html")
    )
    mail = EmailMultiAlternatives(
        _LINE_BREAKS.sub(" ", subject).strip(),
        text,
        settings.DEFAULT_FROM_EMAIL,
        recipients,
        reply_to=[portal.contact_email] if portal.contact_email else None,
        headers={"Message-ID": _message_id(message, portal)},
    )
    mail.attach_alternative(html, "text/html")
    for attachment in attachments:
        mail.attach(attachment.name, attachment.content, attachment.kind)
    mail.send()
