"""How a subscription stands: its status follows its latest invoice, until it ends for good."""

import copy
from typing import Literal

from shop.sandbox.billing.invoicing import invoices_of
from shop.sandbox.errors import Json
from shop.sandbox.events import emit, emit_change
from shop.sandbox.world import Call

KIND = "subscription"
ENDED = ("canceled", "incomplete_expired")
Why = Literal["cancellation_requested", "payment_failed"]


def save(call: Call, before: Json, subscription: Json) -> None:
    """Stores a subscription and tells what changed, if anything did."""
    call.store.put(subscription, call.account)
    emit_change(call, "customer.subscription.updated", before, subscription)


def settle_standing(call: Call, invoice: Json) -> None:
    """After an attempt to pay: `active` when the latest invoice is paid, `past_due` when it is not.

    A first invoice that fails leaves its subscription `incomplete`; what is `unpaid` stays so until somebody pays.
    """
    subscription = call.require(KIND, invoice["parent"]["subscription_details"]["subscription"])
    if invoice["status"] == "paid" and not _open_ones(call, subscription):
        tell_delinquent(call, invoice["customer"], is_delinquent=False)
    newest = invoices_of(call, subscription["id"], "open", "paid", "uncollectible", "void")[0]
    if subscription["status"] in ENDED or newest["id"] != invoice["id"]:
        return
    before, status = copy.deepcopy(subscription), subscription["status"]
    if invoice["status"] == "paid":
        subscription["status"] = "active" if status in ("incomplete", "past_due", "unpaid") else status
    elif status in ("active", "trialing"):
        subscription["status"] = "past_due"
    save(call, before, subscription)


def _open_ones(call: Call, subscription: Json) -> list[Json]:
    return [each for each in invoices_of(call, subscription["id"], "open") if each["attempted"]]


def tell_delinquent(call: Call, customer_id: str, *, is_delinquent: bool) -> None:
    """Whether a customer owes something that a card refused."""
    customer = call.require("customer", customer_id)
    changed = call.store.put(customer | {"delinquent": is_delinquent}, call.account)
    emit_change(call, "customer.updated", customer, changed)


def end(call: Call, subscription: Json, why: Why, *, status: str = "canceled") -> None:
    """The subscription is over now and for good; its open invoices are no longer asked for by themselves."""
    details = subscription["cancellation_details"]
    subscription |= {
        "status": status, "ended_at": call.now, "canceled_at": subscription["canceled_at"] or call.now,
        "cancellation_details": details | {"reason": details["reason"] or why}, "_pending_lines": [],
    }  # fmt: skip
    for invoice in invoices_of(call, subscription["id"], "draft", "open"):
        call.store.put(invoice | {"auto_advance": False, "next_payment_attempt": None}, call.account)
    call.store.put(subscription, call.account)
    emit(call, "customer.subscription.deleted", subscription)
