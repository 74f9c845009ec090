"""Asking a kept card for an invoice's money, again on some later days, and what follows when it never pays.

The days are Stripe's usual custom schedule (3, 5 and 7 after the attempt before); `/_sandbox/dunning` changes them, and
says what becomes of the subscription afterwards. Only attempts that happen by themselves count and are repeated.
"""

import copy
from dataclasses import dataclass
from typing import Literal

from shop.sandbox.agenda import later, plan
from shop.sandbox.billing.invoicing import ADVANCE, KIND, finalize, mark_paid
from shop.sandbox.billing.payment_methods import card_of
from shop.sandbox.billing.standing import ENDED, end, save, settle_standing, tell_delinquent
from shop.sandbox.cards import TestCard
from shop.sandbox.errors import Json
from shop.sandbox.events import emit, emit_change
from shop.sandbox.simulated.charges import record_failure, record_success
from shop.sandbox.simulated.payment_intents import payment_error
from shop.sandbox.world import Call, World

Outcome = Literal["paid", "declined", "no_card", "must_authenticate"]
RETRY = "invoice.retry"
AFTERWARDS = ("cancel", "mark_unpaid", "leave")
USUAL: Json = {"days": [3, 5, 7], "then": "cancel"}
DAY = 86400


@dataclass(frozen=True)
class Purse:
    """What an invoice is to be paid with, and what its holder said."""

    card: TestCard
    method_id: str
    holder: Json
    is_present: bool = False
    """Whether somebody sits before the page and can answer a bank."""


@dataclass(frozen=True)
class Turn:
    """Which attempt by itself this is, and when the next one would be."""

    number: int
    next_at: int | None


def dunning(world: World) -> Json:
    """`days` between attempts, and `then`: cancel, mark_unpaid or leave the subscription."""
    return USUAL | (world.store.recall("dunning") or {})


def kept_purse(call: Call, invoice: Json) -> Purse | None:
    """The card that is asked when nobody says which: the invoice's, the subscription's, the customer's own."""
    subscription = subscription_of(call, invoice)
    customer = call.require("customer", invoice["customer"])
    for method_id in (
        invoice["default_payment_method"],
        subscription["default_payment_method"],
        customer["invoice_settings"]["default_payment_method"],
    ):
        method = call.store.get("payment_method", method_id or "", call.account)
        if method and method["customer"] == customer["id"]:
            return purse_of(method)
    return None


def purse_of(method: Json) -> Purse:
    """A kept card, without anybody present."""
    billing = method["billing_details"]
    holder = {
        "email": billing["email"],
        "name": billing["name"],
        "postal_code": billing["address"]["postal_code"],
    }
    return Purse(card_of(method), method["id"], holder)


def subscription_of(call: Call, invoice: Json) -> Json:
    """The subscription an invoice belongs to."""
    return call.require("subscription", invoice["parent"]["subscription_details"]["subscription"])


@later(ADVANCE)
def advance(call: Call, invoice_id: str) -> None:
    """A draft's hour is over: it is finalized, if nobody did before, and the kept card is asked."""
    invoice = call.require(KIND, invoice_id)
    if not invoice["auto_advance"]:
        return
    if invoice["status"] == "draft":
        finalize(call, invoice)
    if invoice["status"] == "open" and not invoice["attempted"]:
        collect(call, invoice)


@later(RETRY)
def retry(call: Call, invoice_id: str) -> None:
    """The day of another attempt has come, unless the invoice is settled by now."""
    invoice = call.require(KIND, invoice_id)
    at = invoice["next_payment_attempt"]
    if invoice["status"] == "open" and at is not None and at <= call.now:
        collect(call, invoice)


def collect(call: Call, invoice: Json) -> Outcome:
    """One attempt by itself; a failure plans the next one, or ends it all."""
    wish, number = dunning(call.world), invoice["attempt_count"] + 1
    is_last = number > len(wish["days"])
    next_at = None if is_last else call.now + wish["days"][number - 1] * DAY
    outcome = attempt(call, invoice, kept_purse(call, invoice), Turn(number, next_at))
    if outcome != "paid" and next_at is not None:
        plan(call, RETRY, invoice["id"], due_at=next_at)
    elif outcome != "paid":
        _finish(call, invoice, wish["then"])
    return outcome


def _finish(call: Call, invoice: Json, then: str) -> None:
    """The card was asked often enough."""
    subscription = subscription_of(call, invoice)
    if subscription["status"] in ENDED:
        return
    if then == "cancel":
        end(call, subscription, "payment_failed")
    elif then == "mark_unpaid":
        before = copy.deepcopy(subscription)
        subscription["status"] = "unpaid"
        save(call, before, subscription)


def attempt(call: Call, invoice: Json, purse: Purse | None, turn: Turn | None = None) -> Outcome:
    """Asks a card once. The invoice, its intent, its subscription and its customer say afterwards how it went.

    Without a `turn` somebody asked for it: that neither counts nor changes when the card is asked next.
    """
    turn = turn or Turn(max(invoice["attempt_count"], 1), invoice["next_payment_attempt"])
    intent = call.require("payment_intent", invoice["_intent"])
    if purse is None:
        outcome: Outcome = "no_card"
    elif purse.card.outcome == "declined":
        outcome = _decline(call, intent, purse)
    elif purse.card.asks_every_time or (purse.is_present and purse.card.outcome == "authenticates"):
        outcome = _ask_bank(call, invoice, intent, purse)
        if purse.is_present:  # who is there will answer: nothing has failed yet
            call.store.put(invoice, call.account)
            return outcome
    else:
        return pay(call, invoice, purse, turn)
    _fail(call, invoice, outcome, turn)
    return outcome


def pay(call: Call, invoice: Json, purse: Purse, turn: Turn | None = None) -> Outcome:
    """The card pays; whatever waited for it goes on."""
    intent = call.require("payment_intent", invoice["_intent"])
    charge = record_success(call, intent, purse.card, purse.holder | {"payment_method": purse.method_id})
    intent |= {"status": "succeeded", "amount_received": intent["amount"], "latest_charge": charge["id"]}
    intent |= {"last_payment_error": None, "next_action": None, "payment_method": purse.method_id}
    emit(call, "charge.succeeded", charge)
    emit(call, "payment_intent.succeeded", call.store.put(intent, call.account))
    invoice["attempt_count"] = turn.number if turn else max(invoice["attempt_count"], 1)
    mark_paid(call, invoice, intent["amount"])
    settle_standing(call, invoice)
    return "paid"


def _decline(call: Call, intent: Json, purse: Purse) -> Outcome:
    charge = record_failure(call, intent, purse.card, purse.holder | {"payment_method": purse.method_id})
    intent |= {"status": "requires_payment_method", "latest_charge": charge["id"], "next_action": None}
    intent["last_payment_error"] = payment_error(purse.card, charge["id"])
    emit(call, "charge.failed", charge)
    emit(call, "payment_intent.payment_failed", call.store.put(intent, call.account))
    return "declined"


def _ask_bank(call: Call, invoice: Json, intent: Json, purse: Purse) -> Outcome:
    intent |= {"status": "requires_action", "payment_method": purse.method_id, "last_payment_error": None}
    page = f"{invoice['hosted_invoice_url']}/authentication"
    intent["next_action"] = {
        "type": "redirect_to_url",
        "redirect_to_url": {"url": page, "return_url": invoice["hosted_invoice_url"]},
    }
    emit(call, "payment_intent.requires_action", call.store.put(intent, call.account))
    return "must_authenticate"


def _fail(call: Call, invoice: Json, outcome: Outcome, turn: Turn) -> None:
    """The invoice remembers the attempt, and everybody hears of it."""
    before = dict(invoice)
    invoice |= {"attempted": True, "attempt_count": turn.number, "next_payment_attempt": turn.next_at}
    call.store.put(invoice, call.account)
    tell_delinquent(call, invoice["customer"], is_delinquent=True)
    emit_change(call, "invoice.updated", before, invoice)
    if outcome == "must_authenticate":
        emit(call, "invoice.payment_action_required", invoice)
    emit(call, "invoice.payment_failed", invoice)
    settle_standing(call, invoice)
