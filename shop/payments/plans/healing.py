"""Plans with every webhook lost: Stripe's subscriptions and invoices against our rows, then tiers against those."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from home.tenancy import across_portals
from shop.models import BillingCustomer, PlanInvoice, Subscription, SubscriptionAttempt
from shop.payments.plans import billing, standing
from shop.payments.plans.asked import InvoiceState, SubscriptionState
from shop.payments.plans.sync import sync_subscription

Try = Callable[[str, Callable[[], int]], int]
"""Does something under a name; a failure is noted by whoever gave it, and changed nothing."""


def heal(since: datetime, *, attempt: Try, now: datetime) -> tuple[int, list[str]]:
    """Bring in every plan of which Stripe knows more than we do: how many changed, and what a person must look at."""
    merchants, known, told = _merchants(), _subscriptions(), _invoices()
    stale, strangers = _with_open_pages(), list[str]()
    for state in billing.every_subscription():
        if state.customer_id not in merchants:
            strangers += [f"subscription {state.subscription_id}: no merchant of ours"] if state.tier else []
        elif known.get(state.subscription_id) != _facts_of(state):
            stale.add(merchants[state.customer_id])
    invoices = [state for state in billing.invoices_since(since) if state.customer_id in merchants]
    news = (state for state in invoices if told.get(state.invoice_id) != (state.status, state.attempt_count))
    stale |= {merchants[state.customer_id] for state in news} | _who_owe()
    changed = sum(
        attempt(f"plan of merchant {pk}", partial(sync_subscription, pk, now=now)) for pk in sorted(stale)
    )
    changed += attempt("tiers", partial(standing.settle_all, now=now))
    return changed, [*strangers, *_unwritten(invoices)]


def _merchants() -> dict[str, int]:
    with across_portals():
        rows = BillingCustomer.objects.exclude(customer_id=None)
        return {str(name): pk for name, pk in rows.values_list("customer_id", "merchant_id")}


def _with_open_pages() -> set[int]:
    with across_portals():
        return set(SubscriptionAttempt.objects.filter(closed_at=None).values_list("merchant_id", flat=True))


def _who_owe() -> set[int]:
    """What happened to an invoice that was open is asked for by its merchant, however old it is."""
    with across_portals():
        return set(PlanInvoice.objects.filter(status="open").values_list("merchant_id", flat=True))


FACTS = ("status", "amount_cents", "current_period_end", "cancel_at", "ended_at")


def _subscriptions() -> dict[str, tuple[object, ...]]:
    with across_portals():
        return {
            name: tuple(facts) for name, *facts in Subscription.objects.values_list("subscription_id", *FACTS)
        }


def _facts_of(state: SubscriptionState) -> tuple[object, ...]:
    return tuple(getattr(state, name) for name in FACTS)


def _invoices() -> dict[str, tuple[str, int]]:
    with across_portals():
        rows = PlanInvoice.objects.values_list("invoice_id", "status", "attempt_count")
        return {name: (status, attempts) for name, status, attempts in rows}


def _unwritten(invoices: Iterable[InvoiceState]) -> list[str]:
    """Invoices that are still not in our rows: their sums are none that we understand."""
    names = {state.invoice_id for state in invoices}
    with across_portals():
        known = PlanInvoice.objects.filter(invoice_id__in=names)
        names -= set(known.values_list("invoice_id", flat=True))
    return [f"invoice {name}: its sums are not the portal's" for name in sorted(names)]


def sync_of_customer(customer_id: str, *, now: datetime) -> bool | None:
    """What an event about one of Stripe's customers asks for; None for one that is none of ours, or not yet."""
    with across_portals():
        row = BillingCustomer.objects.filter(customer_id=customer_id).first() if customer_id else None
    return sync_subscription(row.merchant_id, now=now) if row else None
