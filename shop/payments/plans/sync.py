"""``sync_subscription``: the one door through which a merchant's plan comes in.

The return page, the webhooks, ``reconcile`` and the job of the free period all call it. It asks Stripe, takes the
merchant's row, writes down what Stripe said, and settles the tier. Called again it finds nothing to do.

Who asks draws a number first. An answer whose number is not above the one that stands in the rows is older than they
are, and is thrown away: of two that overtake each other the newer one stays.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from directory import tiers
from directory.entitlements import IN_ORDER, LATE
from directory.enums import Tier
from directory.models import Merchant
from home.tenancy import across_portals, portal_scope, unjoined
from shop.enums import Tax
from shop.models import (
    BillingCustomer,
    PlanInvoice,
    PlanPrice,
    PlanTaxRate,
    StaysFree,
    Subscription,
    SubscriptionAttempt,
)
from shop.payments.plans import billing, letters, standing
from shop.payments.plans.asked import InvoiceState, SubscriptionState

logger = logging.getLogger(__name__)

PAGE_IS_GONE = timedelta(hours=1)
"""A page that was never made by then never will be: its address would have ended half an hour before."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Stripe said of one customer; ``number``: when it was asked."""

    number: int
    subscriptions: list[SubscriptionState]
    invoices: list[InvoiceState]


def sync_subscription(merchant_id: int, *, now: datetime) -> bool:
    """Bring a merchant's plan to where Stripe says it is. True when something changed.

    Raises GatewayUnavailable or GatewayRefused when Stripe does not say; nothing has changed then.
    """
    with across_portals():
        merchant = Merchant.objects.select_related("site").get(pk=merchant_id)
    with portal_scope(merchant.site_id):
        answer = _ask(merchant)
        closed = _finished_attempts(merchant, now)
        with transaction.atomic():
            tiers.lock(merchant)
            changed = _close(closed, now)
            if answer and _is_newest(merchant, answer):
                changed |= _write(merchant, answer, now)
            return bool(standing.settle(merchant, now=now)) or changed


def _ask(merchant: Merchant) -> Answer | None:
    """None for a merchant that never was Stripe's customer."""
    with transaction.atomic():
        rows = BillingCustomer.objects.select_for_update(of=("self",)).exclude(customer_id=None)
        customer = rows.filter(merchant=merchant).first()
        if customer is None:
            return None
        customer.asked += 1
        customer.save(update_fields=["asked"])
    name = str(customer.customer_id)
    return Answer(customer.asked, billing.subscriptions_of(name), billing.invoices_of(name))


def _is_newest(merchant: Merchant, answer: Answer) -> bool:
    """The caller holds the merchant's row. False for an answer that another one overtook."""
    rows = unjoined(BillingCustomer).filter(merchant=merchant.pk, answered__lt=answer.number)
    return bool(rows.update(answered=answer.number))


def _finished_attempts(merchant: Merchant, now: datetime) -> list[int]:
    """Tries whose page cannot be used any more."""
    rows = SubscriptionAttempt.objects.filter(merchant=merchant, closed_at=None)
    return [row.pk for row in rows if _is_finished(row, now)]


def _is_finished(row: SubscriptionAttempt, now: datetime) -> bool:
    if row.session_id:
        return not billing.session(row.session_id).is_open
    return now - row.created_at > PAGE_IS_GONE


def _close(attempts: Iterable[int], now: datetime) -> bool:
    rows = unjoined(SubscriptionAttempt).filter(pk__in=list(attempts), closed_at=None)
    return bool(rows.update(closed_at=now))


def _write(merchant: Merchant, answer: Answer, now: datetime) -> bool:
    """The caller holds the merchant's row."""
    invoices = answer.invoices
    changed = [_note(merchant, state, invoices, now) for state in reversed(answer.subscriptions)]
    changed += [_note_invoice(merchant, state, now) for state in reversed(invoices)]
    return any(changed)


def _note(merchant: Merchant, state: SubscriptionState, invoices: list[InvoiceState], now: datetime) -> bool:
    known = Subscription.objects.filter(subscription_id=state.subscription_id).first()
    facts = _facts(merchant, state, invoices)
    if known and all(getattr(known, name) == value for name, value in facts.items()):
        return False
    row, _created = Subscription.objects.update_or_create(
        subscription_id=state.subscription_id,
        defaults=facts,
        create_defaults={**facts, "site_id": merchant.site_id, "merchant": merchant},
    )
    _follow(merchant, row, known, now)
    return True


def _follow(merchant: Merchant, row: Subscription, known: Subscription | None, now: datetime) -> None:
    """Who subscribed to an option, or changed to one, wants it."""
    is_other = known is None or known.tier != row.tier
    if row.status in IN_ORDER | LATE and is_other:
        StaysFree.objects.filter(merchant=merchant).delete()
        tiers.choose(merchant, Tier(row.tier), by_id=_who_subscribed(merchant, known), now=now)
    if row.status in IN_ORDER and known is None:
        letters.tell_begun(merchant, row, now=now)


def _who_subscribed(merchant: Merchant, known: Subscription | None) -> int | None:
    """Who opened the page; None for what was changed at Stripe."""
    if known is not None:
        return None
    rows = SubscriptionAttempt.objects.filter(merchant=merchant).order_by("-attempt")
    return rows.values_list("started_by_id", flat=True).first()


def _facts(merchant: Merchant, state: SubscriptionState, invoices: list[InvoiceState]) -> dict[str, Any]:
    late = [
        invoice.next_try_at
        for invoice in invoices
        if invoice.subscription_id == state.subscription_id and invoice.status == "open"
    ]
    return {
        "item_id": state.item_id,
        "status": state.status,
        "tier": _tier_of(state),
        "amount_cents": state.amount_cents,
        "current_period_end": state.current_period_end,
        "trial_end": state.trial_end,
        "cancel_at": state.cancel_at,
        "next_try_at": next((moment for moment in late if moment), None),
        "created_at": state.created_at,
        "ended_at": state.ended_at,
    }


def _tier_of(state: SubscriptionState) -> str:
    """By its price; by what we wrote on it, where staff gave it a price of their own at Stripe."""
    known = PlanPrice.objects.filter(price_id=state.price_id).values_list("tier", flat=True).first()
    return known or state.tier or Tier.LISTING


def _note_invoice(merchant: Merchant, state: InvoiceState, now: datetime) -> bool:
    """One whose sums are not ours to understand is not written down; ``reconcile`` names it."""
    known = PlanInvoice.objects.filter(invoice_id=state.invoice_id).first()
    facts = _invoice_facts(state)
    if facts is None:
        logger.error("invoice %s has taxes that no portal charges", state.invoice_id)
        return False
    if known and all(getattr(known, name) == value for name, value in facts.items()):
        return False
    row, _created = PlanInvoice.objects.update_or_create(
        invoice_id=state.invoice_id,
        defaults=facts,
        create_defaults={**facts, "site_id": merchant.site_id, "merchant": merchant},
    )
    letters.tell_of_invoice(merchant, row, known, now=now)
    return True


def _invoice_facts(state: InvoiceState) -> dict[str, Any] | None:
    rates = PlanTaxRate.objects.filter(rate_id__in=state.taxes).values_list("rate_id", "tax")
    taxes = {Tax.GST: 0, Tax.QST: 0}
    for rate_id, tax in rates:
        taxes[Tax(tax)] += state.taxes[str(rate_id)]
    if state.net_cents + sum(taxes.values()) != state.total_cents:
        return None
    subscription = Subscription.objects.filter(subscription_id=state.subscription_id).first()
    return {
        "subscription_id": subscription.pk if subscription else None,
        "number": state.number,
        "status": state.status,
        "net_cents": state.net_cents,
        "gst_cents": taxes[Tax.GST],
        "qst_cents": taxes[Tax.QST],
        "total_cents": state.total_cents,
        "paid_cents": state.paid_cents,
        "attempt_count": state.attempt_count,
        "next_try_at": state.next_try_at,
        "hosted_url": state.hosted_url,
        "pdf_url": state.pdf_url,
        "period_start": state.period_start,
        "period_end": state.period_end,
        "issued_at": state.issued_at,
    }
