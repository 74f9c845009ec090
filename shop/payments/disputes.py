"""A cardholder contests a payment: its unsent shares wait, staff answer with what was frozen at the sale, the bank
decides. Lost, each merchant gives back its part; won, all goes on. A direct charge's dispute is its merchant's own to
answer: what the bank takes from the merchant's account is written in the books, and no share of it was ever sent.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from home.dates import date_format
from home.tenancy import across_portals, portal_scope, unjoined
from shop import ledger, outbox, pricing
from shop.enums import DISPUTE_IS_OVER, DisputeStatus, OrderStatus
from shop.exceptions import ForbiddenMove
from shop.models import Checkout, Dispute, Order, OutboxMessage, PaymentIntent
from shop.payments import effects, gateway, readings, refunds, shares, transfers
from shop.payments.locks import lock_checkout
from shop.payments.readings import DisputeState

LANGUAGE = "fr-ca"
MOST_TEXT = 20_000
"""Characters that Stripe takes of all text evidence is 150,000; one field takes this many."""


def sync_dispute(payment: PaymentIntent, dispute_id: str, *, now: datetime) -> bool:
    """Bring one dispute to where Stripe says it is. True when something changed. Raises GatewayError."""
    return bring_in(payment, readings.dispute(dispute_id, account=payment.account), now=now)


def bring_in(payment: PaymentIntent, state: DisputeState, *, now: datetime) -> bool:
    """As ``sync_dispute``, with what Stripe just said; from any scope."""
    with across_portals():
        site_id = Checkout.objects.values_list("site", flat=True).get(pk=payment.checkout_id)
    with portal_scope(site_id):
        return note(payment, state, now=now)


@transaction.atomic
def note(payment: PaymentIntent, state: DisputeState, *, now: datetime) -> bool:
    """Our row as Stripe says, and what follows from it. True when that is news."""
    checkout = lock_checkout(payment.checkout_id)
    before = Dispute.objects.filter(dispute_id=state.dispute_id).first()
    if before and _told(before) == (state.status, state.amount_cents, state.due_by):
        return False
    dispute = _write(checkout, state, now)
    if before is None:
        effects.after_dispute(dispute, now=now)
    _follow(dispute, now)
    return True


def _told(row: Dispute) -> tuple[str, int, datetime | None]:
    return row.status, row.amount_cents, row.evidence_due_by


def _write(checkout: Checkout, state: DisputeState, now: datetime) -> Dispute:
    is_over = state.status in DISPUTE_IS_OVER
    told = {
        "checkout": checkout,
        "charge_id": state.charge_id,
        "amount_cents": state.amount_cents,
        "reason": state.reason[:60],
        "status": state.status,
        "evidence_due_by": state.due_by,
        "created_at": state.created_at,
        "closed_at": now if is_over else None,
    }
    row, _created = Dispute.objects.update_or_create(dispute_id=state.dispute_id, defaults=told)
    return row


def _follow(dispute: Dispute, now: datetime) -> None:
    checkout = dispute.checkout
    if dispute.is_open:
        transfers.freeze(checkout, now=now)
        return
    if dispute.status == DisputeStatus.LOST:
        _lose(dispute, now)
    elif dispute.status == DisputeStatus.WON:
        _win_back(dispute, now)
    transfers.thaw(checkout, now=now)


def _lose(dispute: Dispute, now: datetime) -> None:
    """The bank gave the shopper back: each order bears its part of what was left of it."""
    orders = list(dispute.checkout.orders.select_related("checkout").order_by("pk"))
    left = [refunds.left_cents(order) for order in orders]
    parts = pricing.split(min(dispute.amount_cents, sum(left)), left) if any(left) else []
    for order, cents in zip(orders, parts, strict=False):
        if cents and ledger.dispute_lost(dispute, order, cents, now=now):
            shares.settle(order, reason="dispute lost", now=now)


def _win_back(dispute: Dispute, now: datetime) -> None:
    """Lost before, and won after all."""
    for order in dispute.checkout.orders.select_related("checkout").order_by("pk"):
        if ledger.dispute_won_back(dispute, order, now=now):
            shares.settle(order, reason="dispute won after all", now=now)


# ------------------------------------------------------------------------------------------------------------ evidence


def evidence_for(dispute: Dispute) -> dict[str, str]:
    """What was frozen at the sale, in Stripe's fields: who bought what, under which terms, and when it was handed over.

    Stripe's names; texts in French, as the contract was.
    """
    checkout = dispute.checkout
    orders = list(checkout.orders.prefetch_related("lines", "status_changes").order_by("pk"))
    with override(LANGUAGE):
        found = {
            "customer_name": checkout.contact_name,
            "customer_email_address": checkout.contact_email,
            "product_description": "\n".join(line for order in orders for line in _goods(order)),
            "refund_policy_disclosure": "\n".join(
                f"{order.seller['name']}\u00a0: {policy}"
                for order in orders
                if (policy := order.seller.get("return_policy"))
            ),
            "shipping_address": _addresses(orders),
            "service_date": _handed_over_on(orders),
            "uncategorized_text": _story(checkout, orders),
        }
    return {name: text[:MOST_TEXT] for name, text in found.items() if text}


def _goods(order: Order) -> Iterator[str]:
    for line in order.lines.all():
        yield f"{line.quantity} × {line.name} ({order.seller['name']}, {order.number})"


def _addresses(orders: list[Order]) -> str:
    named = ("name", "street_address", "city", "province", "postal_code")
    addresses = [order.delivery_address for order in orders if order.delivery_address]
    return "\n".join(", ".join(address.get(name, "") for name in named) for address in addresses)


def _handed_over(order: Order) -> datetime | None:
    moments = [
        change.at for change in order.status_changes.all() if change.to_status == OrderStatus.FULFILLED
    ]
    return moments[-1] if moments else None


def _handed_over_on(orders: list[Order]) -> str:
    moments = [moment for order in orders if (moment := _handed_over(order))]
    return _day(max(moments)) if moments else ""


def _day(moment: datetime) -> str:
    return date_format(localtime(moment), "j F Y, H:i")


def _story(checkout: Checkout, orders: list[Order]) -> str:
    """The receipt in words, and what happened to each part."""
    lines = [
        _("Passage en caisse %(id)s du %(day)s\u00a0: %(total)s CAD, payé le %(paid)s.")
        % {
            "id": checkout.public_id,
            "day": _day(checkout.created_at),
            "total": _dollars(checkout.total_cents),
            "paid": _day(checkout.paid_at) if checkout.paid_at else "—",
        }
    ]
    if checkout.contact_phone:
        lines.append(_("Téléphone donné\u00a0: %s.") % checkout.contact_phone)
    for order in orders:
        lines += [f"{order.number}, {order.seller['legal_name']}, {_dollars(order.total_cents)} CAD"]
        lines += [
            f"    {_day(change.at)}\u00a0: {OrderStatus(change.to_status).label}"
            for change in order.status_changes.all()
        ]
        if order.adult_checked_at:
            lines.append("    " + _("Âge vérifié le %s.") % _day(order.adult_checked_at))
    return "\n".join(lines)


def _dollars(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}\u00a0$"


@transaction.atomic
def submit_evidence(dispute: Dispute, extra_text: str, *, now: datetime) -> None:
    """Answer the bank, once: what was frozen, and what staff add. The answer leaves from the outbox.

    Raises ForbiddenMove when the dispute is over, answered, or a direct charge's (its merchant answers it).
    """
    lock_checkout(dispute.checkout_id)
    row = Dispute.objects.select_related("checkout").get(pk=dispute.pk)
    if not row.is_open or row.evidence or row.checkout.account:
        raise ForbiddenMove(f"dispute {row.dispute_id} takes no answer of ours")
    evidence = evidence_for(row)
    texts = (evidence.get("uncategorized_text", ""), extra_text.strip())
    evidence["uncategorized_text"] = "\n\n".join(text for text in texts if text)[:MOST_TEXT]
    Dispute.objects.filter(pk=row.pk).update(evidence=evidence)
    outbox.put(
        site_id=row.checkout.site_id,
        key=f"dp:{row.pk}",
        kind=effects.EVIDENCE,
        payload={"dispute": row.pk},
        now=now,
    )


def send_evidence(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: the answer, as it was written down."""
    dispute = Dispute.objects.get(pk=message.payload["dispute"])
    gateway.submit_evidence(dispute.dispute_id, dispute.evidence, key=message.key)
    unjoined(Dispute).filter(pk=dispute.pk, submitted_at=None).update(submitted_at=now)
