"""Somebody is there: pays an invoice on its page, or leaves another card in the customer portal."""

import copy

from shop.sandbox.billing.collecting import (
    Outcome,
    Purse,
    attempt,
    kept_purse,
    pay,
    purse_of,
    subscription_of,
)
from shop.sandbox.billing.invoicing import KIND
from shop.sandbox.billing.payment_methods import attach, new_method
from shop.sandbox.billing.standing import ENDED, save
from shop.sandbox.cards import TestCard, card_for
from shop.sandbox.errors import Json
from shop.sandbox.events import emit, emit_change
from shop.sandbox.simulated.payment_intents import payment_error
from shop.sandbox.store import Query
from shop.sandbox.world import Call

REFUSED = "payment_intent_authentication_failure"


def pay_with_new_card(
    call: Call, invoice_id: str, number: str, holder: Json, *, keeps: bool
) -> tuple[Outcome, str]:
    """Asks a card that was just typed; the outcome, and the card's own code when it said no.

    One that `keeps` serves the subscription from then on, once it has paid. What is settled is not paid again.
    """
    invoice = call.require(KIND, invoice_id)
    if invoice["status"] != "open":
        return "paid", ""
    card = card_for(number)
    method = new_method(call, card, None, holder)
    call.store.put(method, call.account)
    invoice["_keeps"] = keeps
    outcome = attempt(call, invoice, Purse(card, method["id"], holder, is_present=True))
    if outcome == "paid":
        _keep(call, invoice, method["id"])
    return outcome, card.decline_code or card.code


def pay_with_kept_card(call: Call, invoice_id: str) -> tuple[Outcome, str]:
    """Asks the card that is kept, while somebody is there to answer the bank. What is settled is not paid again."""
    invoice = call.require(KIND, invoice_id)
    if invoice["status"] != "open":
        return "paid", ""
    purse = kept_purse(call, invoice)
    if purse is None:
        return "no_card", "card_declined"
    invoice["_keeps"] = False
    present = Purse(purse.card, purse.method_id, purse.holder, is_present=True)
    return attempt(call, invoice, present), purse.card.decline_code or purse.card.code


def answer_bank(call: Call, invoice_id: str, *, is_authorized: bool) -> bool:
    """The answer to the bank's 3-D Secure question about an invoice; whether it is paid now."""
    invoice = call.require(KIND, invoice_id)
    intent = call.require("payment_intent", invoice["_intent"] or "")
    if invoice["status"] != "open" or intent["status"] != "requires_action":
        return bool(invoice["status"] == "paid")
    method = call.require("payment_method", intent["payment_method"])
    purse = purse_of(method)
    if is_authorized:
        pay(call, invoice, purse)
        _keep(call, invoice, method["id"])
        return True
    intent |= {"status": "requires_payment_method", "next_action": None}
    intent["last_payment_error"] = payment_error(purse.card, None, code=REFUSED)
    emit(call, "payment_intent.payment_failed", call.store.put(intent, call.account))
    return False


def _keep(call: Call, invoice: Json, method_id: str) -> None:
    """*Verify*: Stripe's own invoice page keeps a card only where the subscription says so."""
    subscription = subscription_of(call, invoice)
    if not invoice.get("_keeps") or subscription["status"] in ENDED:
        return
    attach(call, call.require("payment_method", method_id), invoice["customer"])
    before = copy.deepcopy(subscription)
    subscription["default_payment_method"] = method_id
    save(call, before, subscription)


def replace_card(call: Call, customer_id: str, card: TestCard, holder: Json) -> Json:
    """Another card for all that a customer pays from now on. *Verify*: that the portal changes subscriptions too."""
    method = new_method(call, card, None, holder)
    attach(call, method, customer_id)
    customer = call.require("customer", customer_id)
    before = copy.deepcopy(customer)
    customer["invoice_settings"]["default_payment_method"] = method["id"]
    emit_change(call, "customer.updated", before, call.store.put(customer, call.account))
    for subscription in live_subscriptions(call, customer_id):
        if subscription["default_payment_method"]:
            changed = subscription | {"default_payment_method": method["id"]}
            save(call, subscription, changed)
    return method


def live_subscriptions(call: Call, customer_id: str) -> list[Json]:
    """Those of a customer that are not over, newest first."""
    found = call.store.find(Query("subscription", call.account, {"customer": customer_id}))
    return [subscription for subscription in found if subscription["status"] not in ENDED]
