"""What is asked of Stripe, and how a session stands, as plain values: nothing here knows Stripe's package."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One explicit line of the hosted page: goods, delivery or a tax, all computed by us."""

    name: str
    unit_amount_cents: int
    quantity: int = 1
    description: str = ""


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """What a hosted payment page asks for. ``reference``: the checkout's public id, and the transfer group.

    ``locale``: Stripe's word for the language that its page speaks.
    """

    reference: str
    lines: tuple[SessionLine, ...]
    customer_email: str
    success_url: str
    cancel_url: str
    expires_at: datetime
    metadata: dict[str, str]
    account: str = ""
    locale: str = "fr-CA"


@dataclass(frozen=True, slots=True)
class SessionState:
    """A Checkout Session as Stripe sees it now. Amounts in cents."""

    session_id: str
    url: str
    status: str
    payment_status: str
    amount_total_cents: int
    currency: str
    client_reference_id: str
    account: str = ""
    payment_intent_id: str = ""
    payment_intent_status: str = ""
    charge_id: str = ""
    payment_method: str = ""

    @property
    def is_paid(self) -> bool:
        return self.status == "complete" and self.payment_status == "paid"

    @property
    def is_closed_unpaid(self) -> bool:
        return self.status == "expired"


@dataclass(frozen=True, slots=True)
class TransferRequest:
    """A merchant's share of one order, out of its checkout's charge."""

    amount_cents: int
    destination: str
    charge_id: str
    group: str
    order: str


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """Part of a payment, back to its card. ``order``: its number, for whoever reads Stripe's dashboard."""

    payment_intent_id: str
    amount_cents: int
    order: str
    account: str = ""
