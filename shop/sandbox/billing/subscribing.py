"""The life of a subscription: it begins, is renewed, changes its price, and ends when its period does."""

import copy
from dataclasses import dataclass, field

from shop.sandbox.agenda import later, plan
from shop.sandbox.billing.invoicing import Reason, draft, finalize, give_up, invoices_of, line_for
from shop.sandbox.billing.periods import DAY, period_end
from shop.sandbox.billing.standing import ENDED, KIND, end, save
from shop.sandbox.errors import Json
from shop.sandbox.events import emit
from shop.sandbox.ids import new_id
from shop.sandbox.objects import listing
from shop.sandbox.world import Call

RENEW, WILL_END, GIVE_UP = "subscription.renew", "subscription.trial_will_end", "subscription.give_up"
NOTICE = 3 * DAY
FIRST_PAYMENT_SECONDS = 23 * 3600


@dataclass(frozen=True)
class Sold:
    """One price of a subscription, how many of it, and its own tax rates where it has some."""

    price: Json
    quantity: int = 1
    tax_rates: list[Json] = field(default_factory=list)
    metadata: Json = field(default_factory=dict)


def begin(call: Call, customer: Json, sold: list[Sold], told: Json) -> Json:
    """Stores a subscription with its first invoice, and tells of both.

    `told` is what the caller said, checked: `trial_end`, `default_tax_rates` (whole rates), `default_payment_method`,
    `metadata`, `description`, `invoice_settings`, `missing_payment_method`, `save_default_payment_method`.
    In a trial the first invoice is of nothing, and paid; else it is open, and its subscription `incomplete`.
    """
    subscription = _new(call, customer, told)
    subscription["items"] = listing(
        [new_item(call, subscription, each) for each in sold],
        f"/v1/subscription_items?subscription={subscription['id']}",
    ) | {"total_count": len(sold)}
    subscription["currency"] = sold[0].price["currency"]
    call.store.put(subscription, call.account)
    emit(call, "customer.subscription.created", subscription)
    plan_trial(call, subscription)
    plan_renewal(call, subscription)
    bill_now(call, subscription, "subscription_create")
    if subscription["status"] == "incomplete":
        plan(call, GIVE_UP, subscription["id"], due_at=call.now + FIRST_PAYMENT_SECONDS)
    return subscription


def bill_now(call: Call, subscription: Json, reason: Reason) -> Json:
    """An invoice for the present periods, finalized at once."""
    is_trial = subscription["status"] == "trialing"
    lines = [line_for(call, subscription, item, is_trial=is_trial) for item in subscription["items"]["data"]]
    return finalize(call, draft(call, subscription, reason, lines, (call.now, call.now), waits=False))


def _new(call: Call, customer: Json, told: Json) -> Json:
    trial_end = told.get("trial_end")
    settings = {"account_tax_ids": None, "custom_fields": None, "description": None, "footer": None}
    missing = told.get("missing_payment_method", "create_invoice")
    kept = told.get("save_default_payment_method", "off")
    return {
        "id": new_id("sub_1"), "object": KIND, "application": None, "application_fee_percent": None,
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_cycle_anchor": trial_end or call.now, "billing_cycle_anchor_config": None,
        "billing_mode": {"flexible": {"proration_discounts": "included"}, "type": "flexible", "updated_at": None},
        "billing_schedules": [], "billing_thresholds": None, "cancel_at": None, "cancel_at_period_end": False,
        "canceled_at": None,
        "cancellation_details": {"comment": None, "feedback": None, "feedback_option": None, "reason": None},
        "collection_method": "charge_automatically", "created": call.now, "currency": "", "customer": customer["id"],
        "customer_account": None, "days_until_due": None,
        "default_payment_method": told.get("default_payment_method"), "default_source": None,
        "default_tax_rates": told.get("default_tax_rates", []), "description": told.get("description"),
        "discounts": [], "ended_at": None,
        "invoice_settings": settings | {"issuer": {"account": None, "type": "self"}} | told.get("invoice_settings", {}),
        "latest_invoice": None, "livemode": False, "managed_payments": None, "metadata": told.get("metadata", {}),
        "next_pending_invoice_item_invoice": None, "on_behalf_of": None, "pause_collection": None,
        "payment_settings": {"payment_method_options": None, "payment_method_types": None,
                             "save_default_payment_method": kept},
        "pending_invoice_item_interval": None, "pending_setup_intent": None, "pending_update": None,
        "presentment_details": None, "schedule": None, "start_date": call.now,
        "status": "trialing" if trial_end else "incomplete", "status_details": None, "test_clock": None,
        "transfer_data": None, "trial_end": trial_end, "trial_settings": {
            "end_behavior": {"billing_cycle_anchor": None, "missing_payment_method": missing},
        },
        "trial_start": call.now if trial_end else None, "_is_deleted": False, "_pending_lines": [],
    }  # fmt: skip


def new_item(call: Call, subscription: Json, sold: Sold) -> Json:
    """An item whose period is what is left of the subscription's."""
    price, anchor = sold.price, subscription["billing_cycle_anchor"]
    ends_at = subscription["trial_end"] or period_end(anchor, price["recurring"], call.now)
    return {
        "id": new_id("si_", 14), "object": "subscription_item", "billed_until": None, "billing_thresholds": None,
        "created": call.now, "current_period_end": ends_at, "current_period_start": call.now, "current_trial": None,
        "discounts": [], "metadata": sold.metadata, "plan": plan_of(price), "price": price,
        "quantity": sold.quantity, "subscription": subscription["id"], "tax_rates": sold.tax_rates,
    }  # fmt: skip


def plan_of(price: Json) -> Json:
    """A price in the older words that Stripe still answers beside it."""
    recurring = price["recurring"]
    same = (
        "active",
        "billing_scheme",
        "created",
        "currency",
        "id",
        "livemode",
        "metadata",
        "nickname",
        "product",
    )
    return {name: price[name] for name in same} | {
        "object": "plan", "amount": price["unit_amount"], "amount_decimal": price["unit_amount_decimal"],
        "interval": recurring["interval"], "interval_count": recurring["interval_count"], "meter": None,
        "tiers_mode": None, "transform_usage": None, "trial_period_days": None, "usage_type": "licensed",
    }  # fmt: skip


def ends_at(subscription: Json) -> int:
    """When the present period ends; all items of a subscription have the same one here."""
    return int(subscription["items"]["data"][0]["current_period_end"])


def plan_renewal(call: Call, subscription: Json) -> None:
    """The next period begins when this one ends."""
    plan(call, RENEW, subscription["id"], due_at=ends_at(subscription))


def plan_trial(call: Call, subscription: Json) -> None:
    """Three days before a trial ends everybody hears of it; at once where it is shorter than that."""
    if subscription["status"] == "trialing":
        due_at = max(subscription["trial_end"] - NOTICE, call.now)
        plan(call, WILL_END, subscription["id"], due_at=due_at)


@later(WILL_END)
def tell_trial_will_end(call: Call, subscription_id: str) -> None:
    """Told once; not where the trial was prolonged or is over."""
    subscription = call.require(KIND, subscription_id)
    if subscription["status"] == "trialing" and subscription["trial_end"] - NOTICE <= call.now:
        emit(call, "customer.subscription.trial_will_end", subscription)


@later(GIVE_UP)
def give_up_first_payment(call: Call, subscription_id: str) -> None:
    """A first invoice that nobody paid within 23 hours takes its subscription with it."""
    subscription = call.require(KIND, subscription_id)
    if subscription["status"] == "incomplete":
        before = copy.deepcopy(subscription)
        subscription |= {"status": "incomplete_expired", "ended_at": call.now}
        for invoice in invoices_of(call, subscription_id, "open"):
            give_up(call, invoice, "void")
        save(call, before, subscription)


@later(RENEW)
def renew(call: Call, subscription_id: str) -> None:
    """The period is over: the subscription ends, if that was wished, or the next period begins with its invoice."""
    subscription = call.require(KIND, subscription_id)
    if subscription["status"] in (*ENDED, "incomplete") or ends_at(subscription) > call.now:
        return
    if subscription["cancel_at_period_end"] or _ends_without_card(call, subscription):
        end(call, subscription, "cancellation_requested")
        return
    before = copy.deepcopy(subscription)
    over = (subscription["items"]["data"][0]["current_period_start"], ends_at(subscription))
    if subscription["status"] == "trialing":
        subscription["status"] = "active"
    turn_period(subscription, call.now)
    plan_renewal(call, subscription)
    lines = [line_for(call, subscription, item) for item in subscription["items"]["data"]]
    draft(call, subscription, "subscription_cycle", lines, over)
    save(call, before, subscription)


def turn_period(subscription: Json, start: int) -> None:
    """Every item's period begins at `start`, and ends where the subscription's anchor says."""
    for item in subscription["items"]["data"]:
        end_at = period_end(subscription["billing_cycle_anchor"], item["price"]["recurring"], start)
        item |= {"current_period_start": start, "current_period_end": end_at}


def _ends_without_card(call: Call, subscription: Json) -> bool:
    """A trial may have been begun without a card, on the condition that it ends with it."""
    wish = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
    customer = call.require("customer", subscription["customer"])
    has_card = (
        subscription["default_payment_method"] or customer["invoice_settings"]["default_payment_method"]
    )
    return subscription["status"] == "trialing" and wish == "cancel" and not has_card
