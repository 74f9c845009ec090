"""What the plans ask of Stripe and what it answers, as plain values. Amounts in cents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Payer:
    """A merchant as Stripe's customer. ``notices``: lines that stand on each of its invoices, like a tax number."""

    name: str
    email: str
    street: str
    city: str
    postal_code: str
    notices: tuple[tuple[str, str], ...]
    footer: str
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanSessionRequest:
    """What the hosted page of a subscription asks for. ``trial_end``: the first payment; None: today."""

    reference: str
    customer_id: str
    price_id: str
    tax_rate_ids: tuple[str, ...]
    trial_end: datetime | None
    success_url: str
    cancel_url: str
    expires_at: datetime
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PlanSessionState:
    session_id: str
    url: str
    status: str

    @property
    def is_open(self) -> bool:
        return self.status == "open"


@dataclass(frozen=True, slots=True)
class SubscriptionState:
    """``cancel_at``: when it will stop, where somebody asked for that."""

    subscription_id: str
    customer_id: str
    item_id: str
    status: str
    price_id: str
    amount_cents: int
    tier: str
    current_period_end: datetime | None
    trial_end: datetime | None
    cancel_at: datetime | None
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class InvoiceState:
    """``taxes``: cents by the id of their tax rate."""

    invoice_id: str
    customer_id: str
    subscription_id: str
    number: str
    status: str
    net_cents: int
    taxes: Mapping[str, int]
    total_cents: int
    paid_cents: int
    attempt_count: int
    next_try_at: datetime | None
    hosted_url: str
    pdf_url: str
    period_start: datetime | None
    period_end: datetime | None
    issued_at: datetime
