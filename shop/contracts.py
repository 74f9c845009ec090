"""The shopper's copy of the contract: receipt and terms as one page, written when the order is paid, kept unchanged.

In French, unless the shopper, who had it in French before paying, asked for it in English.

Consumer Protection Act, 54.4 (what it says), 54.6 and 54.7 (sent at once, kept). Everything is read from what was
frozen at the sale; afterwards only the stored page is read.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from home.languages import is_english, speaking
from home.models import PortalSettings
from shop.cancellation import lawful_from, may_cancel_until_ready
from shop.enums import TaxCollector
from shop.models import Checkout, ContractCopy, LineItem, Order

_STYLE = Path("static", "css", "documents", "contract.css")


def write(order: Order, *, now: datetime) -> ContractCopy:
    """Keep the copy of a paid order, in the transaction that marks it paid. Twice gives the first one."""
    copy = ContractCopy.objects.filter(order=order).first()
    if copy is None:
        copy = ContractCopy.objects.create(order=order, html=_page(order), created_at=now)
    return copy


def copy_of(order: Order, *, now: datetime) -> ContractCopy | None:
    """The kept copy; None for an order nobody paid. One sold before copies were kept is given its own now."""
    kept = ContractCopy.objects.filter(order=order).first()
    if kept or order.paid_at is None:
        return kept
    return write(order, now=now)


def _page(order: Order) -> str:
    checkout = order.checkout
    portal = PortalSettings.objects.get(site=order.site_id)
    lines = list(order.lines.all())
    context = {
        "order": order,
        "seller": order.seller,
        "checkout": checkout,
        "portal": portal,
        "lines": lines,
        "payment_method": _payment_method(checkout),
        "may_cancel": may_cancel_until_ready(order),
        "lawful_from": lawful_from(order),
        "style": _style(),
    }
    with speaking(checkout.contract_language):
        context["taxes"] = _taxes(order, lines)
        return render_to_string("shop/documents/contract.html", context)


def _style() -> SafeString:
    """A file of our own, in which nobody else writes: it stands in the page as it is."""
    return SafeString(Path(settings.BASE_DIR, _STYLE).read_text(encoding="utf-8"))


def _payment_method(checkout: Checkout) -> str:
    paid = checkout.payment_intents.filter(status="succeeded").values_list("payment_method", flat=True)
    return paid.first() or ""


def _taxes(order: Order, lines: Iterable[LineItem]) -> list[dict[str, Any]]:
    """Each tax that was charged, apart: its name, rate, amount, and whose number it goes under."""
    lines = list(lines)
    charged = (
        (_("TPS"), order.gst_cents, order.seller.get("gst_number", ""), "gst"),
        (_("TVQ"), order.qst_cents, order.seller.get("qst_number", ""), "qst"),
    )
    return [
        {
            "name": name,
            "cents": cents,
            "number": number,
            "percent": _percent(max((getattr(line, f"{tax}_rate_ppm") for line in lines), default=0)),
            "by_portal": any(getattr(line, f"{tax}_collector") == TaxCollector.PORTAL for line in lines),
        }
        for name, cents, number, tax in charged
        if cents or number
    ]


def _percent(rate_ppm: int) -> str:
    """50000 → « 5 », 99750 → « 9,975 », in English « 9.975 »; "" for no rate."""
    whole, rest = divmod(rate_ppm, 10_000)
    point = "." if is_english() else ","
    return f"{whole}{point}{rest:04d}".rstrip("0").rstrip(point) if rate_ppm else ""
