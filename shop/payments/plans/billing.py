"""The plans' part of Stripe: customers, prices, tax rates, the hosted pages, subscriptions, invoices.

Writes carry a key made from our own row; errors are those of ``gateway``.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from directory.enums import Tier
from home.languages import is_english
from shop.enums import Tax
from shop.exceptions import GatewayRefused
from shop.payments.gateway import (
    CURRENCY,
    SLOW_CLOCKS,
    client,
    expanded,
    get,
    made_once,
    translated_errors,
)
from shop.payments.keys import Key
from shop.payments.plans.asked import (
    InvoiceState,
    Payer,
    PlanSessionRequest,
    PlanSessionState,
    SubscriptionState,
)

LOCALE = "fr-CA"
TAX_WORDS = {Tax.GST: ("TPS", "gst", None), Tax.QST: ("TVQ", "qst", "QC")}
"""How a tax is called on an invoice, Stripe's word for its kind, and its province."""

MOST = 100
PORTAL_EDITION = 1
"""One more whenever what the page offers changes: the one before stays as it was."""

DRAFTS_WAIT = timedelta(days=3)
"""Stripe finalizes a subscription's draft within the hour; longer only where its own systems are down."""


def create_customer(payer: Payer, key: Key, *, since: datetime) -> str:
    """Returns the customer's id."""
    wish: Any = {**_customer(payer), "metadata": {**payer.metadata, "key": key.name}}
    made = made_once(
        lambda name: client().v1.customers.create(wish, {"idempotency_key": name}),
        lambda: client().v1.customers.list(_created_since(since)).auto_paging_iter(),
        key,
    )
    return str(made.id)


def update_customer(customer_id: str, payer: Payer) -> None:
    """Its next invoices say who it is now, and which tax numbers the portal has now."""
    with translated_errors():
        client().v1.customers.update(customer_id, _customer(payer))


def _customer(payer: Payer) -> Any:
    address = {
        "line1": payer.street,
        "city": payer.city,
        "state": "QC",
        "postal_code": payer.postal_code,
        "country": "CA",
    }
    return {
        "name": payer.name,
        "email": payer.email,
        "address": {name: value for name, value in address.items() if value},
        "preferred_locales": [LOCALE],
        "invoice_settings": {
            "custom_fields": [{"name": name, "value": value} for name, value in payer.notices] or "",
            "footer": payer.footer,
        },
    }


def create_price(name: str, amount_cents: int, key: Key, *, since: datetime) -> str:
    """So much a month, taxes on top; returns the price's id."""
    wish: Any = {
        "currency": CURRENCY,
        "unit_amount": amount_cents,
        "recurring": {"interval": "month"},
        "tax_behavior": "exclusive",
        "product_data": {"name": name},
        "metadata": {"key": key.name},
    }
    return _id_of_made(
        lambda name: client().v1.prices.create(wish, {"idempotency_key": name}),
        lambda: client().v1.prices.list(_created_since(since)).auto_paging_iter(),
        key,
    )


def create_tax_rate(tax: Tax, rate_ppm: int, key: Key, *, since: datetime) -> str:
    """Added to the price; returns the rate's id."""
    words, kind, province = TAX_WORDS[tax]
    wish: Any = {
        "display_name": words,
        "percentage": float(Decimal(rate_ppm) / 10_000),
        "inclusive": False,
        "country": "CA",
        "tax_type": kind,
        "metadata": {"key": key.name},
        **({"state": province, "jurisdiction": province} if province else {"jurisdiction": "CA"}),
    }
    return _id_of_made(
        lambda name: client().v1.tax_rates.create(wish, {"idempotency_key": name}),
        lambda: client().v1.tax_rates.list(_created_since(since)).auto_paging_iter(),
        key,
    )


def _id_of_made(make: Callable[[str], Any], made_before: Callable[[], Iterable[Any]], key: Key) -> str:
    return str(made_once(make, made_before, key).id)


def create_session(request: PlanSessionRequest, key: Key, *, since: datetime) -> PlanSessionState:
    """Open the hosted page where a merchant subscribes. A card is asked for, even where nothing is due today."""
    trial = {"trial_end": int(request.trial_end.timestamp())} if request.trial_end else {}
    wish: Any = {
        "mode": "subscription",
        "client_reference_id": request.reference,
        "customer": request.customer_id,
        "line_items": [{"price": request.price_id, "quantity": 1}],
        "subscription_data": {
            "default_tax_rates": list(request.tax_rate_ids),
            "metadata": dict(request.metadata),
            **trial,
        },
        "payment_method_collection": "always",
        "success_url": request.success_url,
        "cancel_url": request.cancel_url,
        "expires_at": int(request.expires_at.timestamp()),
        "locale": LOCALE,
        "metadata": {**request.metadata, "key": key.name},
    }
    sessions = client().v1.checkout.sessions
    made = made_once(
        lambda name: sessions.create(wish, {"idempotency_key": name}),
        lambda: sessions.list(_created_since(since)).auto_paging_iter(),
        key,
    )
    return _session(made)


def find_session(key: str, *, since: datetime) -> PlanSessionState | None:
    """The one that was made under this key, if it was."""
    with translated_errors():
        for found in client().v1.checkout.sessions.list(_created_since(since)).auto_paging_iter():
            if get(expanded(found, "metadata"), "key") == key:
                return _session(found)
    return None


def session(session_id: str) -> PlanSessionState:
    with translated_errors():
        return _session(client().v1.checkout.sessions.retrieve(session_id))


def expire_session(session_id: str) -> PlanSessionState:
    """Close it, so that nobody subscribes there any more; one that is closed already is returned as it is."""
    try:
        with translated_errors():
            return _session(client().v1.checkout.sessions.expire(session_id))
    except GatewayRefused:
        # Only an open one can be expired: whatever it became meanwhile is the answer.
        return session(session_id)


def _session(found: Any) -> PlanSessionState:
    return PlanSessionState(found["id"], get(found, "url"), get(found, "status"))


def portal_address(customer_id: str, site_key: str, *, return_url: str) -> str:
    """A page of Stripe's, in the language in use, for the card, the invoices and the end of a subscription.

    Good for some minutes, once.

    ``site_key`` names the portal: its pages are set up once.
    """
    wish: Any = {
        "customer": customer_id,
        "configuration": _portal_configuration(site_key),
        "return_url": return_url,
        "locale": "en" if is_english() else LOCALE,
    }
    with translated_errors():
        return str(client().v1.billing_portal.sessions.create(wish).url)


def _portal_configuration(site_key: str) -> str:
    """Card, invoices, and stopping at the end of what is paid. Options are changed with us, where terms are told."""
    configurations = client().v1.billing_portal.configurations
    key = Key(f"portal:{site_key}:{PORTAL_EDITION}", is_retry=True)
    wish: Any = {
        "features": {
            "invoice_history": {"enabled": True},
            "payment_method_update": {"enabled": True},
            "subscription_cancel": {"enabled": True, "mode": "at_period_end"},
            "subscription_update": {"enabled": False},
        },
        "metadata": {"key": key.name},
    }
    return _id_of_made(
        lambda name: configurations.create(wish, {"idempotency_key": name}),
        lambda: configurations.list({"active": True, "limit": MOST}).auto_paging_iter(),
        key,
    )


def change_price(subscription: str, item: str, price_id: str, metadata: dict[str, str]) -> None:
    """Another price from the next payment on; nothing is charged or credited now. Done twice is done once."""
    wish: Any = {
        "items": [{"id": item, "price": price_id, "quantity": 1}],
        "proration_behavior": "none",
        "metadata": metadata,
    }
    with translated_errors():
        client().v1.subscriptions.update(subscription, wish)


def end_with_its_period(subscription: str, *, ends: bool) -> None:
    """It stops when what is paid is used up; or goes on after all."""
    with translated_errors():
        client().v1.subscriptions.update(subscription, {"cancel_at_period_end": ends})


def end_at_once(subscription: str) -> None:
    """It is over now, and what is late of it is asked for no more; one that is over already stays so."""
    try:
        with translated_errors():
            client().v1.subscriptions.cancel(subscription, {"invoice_now": False, "prorate": False})
    except GatewayRefused as refusal:
        if refusal.code != "resource_missing":
            raise


def subscriptions_of(customer_id: str) -> list[SubscriptionState]:
    """All that it ever had, newest first."""
    wish: Any = {"customer": customer_id, "status": "all", "limit": MOST}
    with translated_errors():
        page = client().v1.subscriptions.list(wish).auto_paging_iter()
        return [_subscription(found) for found in page]


def every_subscription() -> Iterator[SubscriptionState]:
    """Of every customer, ended ones too."""
    wish: Any = {"status": "all", "limit": MOST}
    with translated_errors():
        for found in client().v1.subscriptions.list(wish).auto_paging_iter():
            yield _subscription(found)


def _subscription(found: Any) -> SubscriptionState:
    item = found["items"]["data"][0]
    ends_at = _moment(item, "current_period_end")
    return SubscriptionState(
        subscription_id=found["id"],
        customer_id=_name(found, "customer"),
        item_id=item["id"],
        status=get(found, "status"),
        price_id=get(expanded(item, "price"), "id"),
        amount_cents=int(item["price"]["unit_amount"] or 0),
        tier=_known_tier(get(expanded(found, "metadata"), "tier")),
        current_period_end=ends_at,
        trial_end=_moment(found, "trial_end"),
        cancel_at=ends_at if found["cancel_at_period_end"] else _moment(found, "cancel_at"),
        created_at=_surely(found, "created"),
        ended_at=_moment(found, "ended_at"),
    )


def _known_tier(word: str) -> str:
    return word if word in Tier.values else ""


def invoices_of(customer_id: str) -> list[InvoiceState]:
    """Finalized ones, newest first."""
    with translated_errors():
        page = client().v1.invoices.list({"customer": customer_id, "limit": MOST}).auto_paging_iter()
        return [_invoice(found) for found in page if get(found, "status") != "draft"]


def invoices_since(moment: datetime) -> Iterator[InvoiceState]:
    """Of every customer, finalized since then, newest first."""
    with translated_errors():
        for found in client().v1.invoices.list(_created_since(moment - DRAFTS_WAIT)).auto_paging_iter():
            if get(found, "status") != "draft":
                yield _invoice(found)


def _invoice(found: Any) -> InvoiceState:
    parent = expanded(expanded(found, "parent"), "subscription_details")
    lines = found["lines"]["data"]
    period = expanded(lines[-1], "period") if lines else {}
    return InvoiceState(
        invoice_id=found["id"],
        customer_id=_name(found, "customer"),
        subscription_id=_name(parent, "subscription"),
        number=get(found, "number"),
        status=get(found, "status"),
        net_cents=int(found["total_excluding_tax"]),
        taxes=_taxes(found),
        total_cents=int(found["total"]),
        paid_cents=int(found["amount_paid"]),
        attempt_count=int(found["attempt_count"]),
        next_try_at=_moment(found, "next_payment_attempt"),
        hosted_url=get(found, "hosted_invoice_url"),
        pdf_url=get(found, "invoice_pdf"),
        period_start=_moment(period, "start"),
        period_end=_moment(period, "end"),
        issued_at=_moment(expanded(found, "status_transitions"), "finalized_at") or _surely(found, "created"),
    )


def _taxes(found: Any) -> dict[str, int]:
    sums: dict[str, int] = {}
    for tax in found["total_taxes"] or ():
        rate = get(expanded(tax, "tax_rate_details"), "tax_rate")
        sums[rate] = sums.get(rate, 0) + int(tax["amount"])
    return sums


def _name(parent: Any, name: str) -> str:
    """The id of a sub-object, expanded or not; "" where there is none."""
    child = parent[name] if name in parent else None  # noqa: SIM401 (a StripeObject has no ``get``)
    return child if isinstance(child, str) else get(child or {}, "id")


def _moment(parent: Any, name: str) -> datetime | None:
    stamp = parent[name] if name in parent else None  # noqa: SIM401 (as above)
    return datetime.fromtimestamp(int(stamp), UTC) if stamp else None


def _surely(parent: Any, name: str) -> datetime:
    return datetime.fromtimestamp(int(parent[name]), UTC)


def _created_since(moment: datetime) -> Any:
    return {"created": {"gte": int((moment - SLOW_CLOCKS).timestamp())}, "limit": MOST}
