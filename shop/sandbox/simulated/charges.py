"""Charges: what a card paid, and what a transfer is on the side of the connected account."""

from shop.sandbox import ledger
from shop.sandbox.cards import TestCard, decline_message
from shop.sandbox.errors import Json
from shop.sandbox.ids import new_id
from shop.sandbox.objects import answer, page
from shop.sandbox.simulated.balance import balance_transaction
from shop.sandbox.simulated.payment_intents import card_facts
from shop.sandbox.simulated.registry import PAGING, simulates
from shop.sandbox.simulated.schedules import schedule_of
from shop.sandbox.world import Call

KIND = "charge"
PATH = "/v1/charges"


@simulates("get", PATH + "/{charge}")
def retrieve_charge(call: Call) -> Json:
    """One charge."""
    return answer(call, call.require(KIND, call.path["charge"], param="charge"))


@simulates("get", PATH, *PAGING, "created", "payment_intent", "transfer_group")
def list_charges(call: Call) -> Json:
    """Newest first."""
    return page(call, KIND, PATH, filters=("payment_intent", "transfer_group"))


def fee_on(amount: int) -> int:
    """Stripe's fee on a Canadian card, in cents: 2.9 % + 30 ¢ (stripe.com/en-ca/pricing), rounded half up."""
    return (amount * 29 + 500) // 1000 + 30


def record_success(call: Call, intent: Json, card: TestCard, buyer: Json) -> Json:
    """A paid charge: money comes from the card to the account's balance, less Stripe's fee."""
    charge = _charge(call, intent, card, buyer)
    amount, fee = charge["amount"], fee_on(charge["amount"])
    available_on = (
        call.now if card.is_available_at_once else call.now + schedule_of(call)["delay_days"] * 86400
    )
    moved = balance_transaction(call, charge, "charge", amount, fee=fee, available_on=available_on)
    ledger.move(
        call.store,
        {ledger.CARDS: -amount, ledger.balance_of(call.account): amount - fee, ledger.FEES: fee},
        currency=charge["currency"], source=charge["id"], available_on=available_on,
    )  # fmt: skip
    charge |= {"balance_transaction": moved["id"], "paid": True, "captured": True, "amount_captured": amount}
    charge |= {
        "status": "succeeded",
        "_available_on": available_on,
        "_is_disputed_later": card.outcome == "disputed",
        "_refunding": card.refunding,
    }
    return call.store.put(charge, call.account)


def record_failure(call: Call, intent: Json, card: TestCard, buyer: Json) -> Json:
    """A refused charge; no money moves."""
    charge = _charge(call, intent, card, buyer)
    charge |= {"failure_code": card.code, "failure_message": decline_message(card), "status": "failed"}
    charge["outcome"] = {
        "network_status": "declined_by_network", "type": "issuer_declined", "reason": card.decline_code,
        "seller_message": "The bank did not return any further details with this decline.",
    }  # fmt: skip
    return call.store.put(charge, call.account)


def _charge(call: Call, intent: Json, card: TestCard, buyer: Json) -> Json:
    return {
        "id": new_id("ch_3"), "object": KIND, "amount": intent["amount"], "amount_captured": 0, "amount_refunded": 0,
        "application": None, "application_fee": None, "application_fee_amount": None, "balance_transaction": None,
        "billing_details": {
            "address": {"postal_code": buyer.get("postal_code"), "country": "CA"}, "email": buyer.get("email"),
            "name": buyer.get("name"), "phone": None,
        },
        "calculated_statement_descriptor": "ACHETONS", "captured": False, "created": call.now,
        "currency": intent["currency"], "customer": intent["customer"], "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None, "failure_code": None, "failure_message": None, "fraud_details": {},
        "livemode": False, "metadata": intent["metadata"], "on_behalf_of": None,
        "outcome": {"network_status": "approved_by_network", "type": "authorized", "reason": None,
                    "seller_message": "Payment complete."},
        "paid": False, "payment_intent": intent["id"], "payment_method": buyer.get("payment_method") or new_id("pm_1"),
        "payment_method_details": {"type": "card", "card": card_facts(card, str(buyer.get("expiry") or ""))},
        "receipt_email": intent["receipt_email"], "receipt_number": None, "receipt_url": None, "refunded": False,
        "review": None, "shipping": None, "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"], "status": "failed",
        "transfer_data": None, "transfer_group": intent["transfer_group"],
    }  # fmt: skip


def record_payment(call: Call, transfer: Json, *, available_on: int) -> Json:
    """The charge that a transfer is on the connected account's side: `py_…`, without card or fee."""
    payment: Json = {
        "id": transfer["destination_payment"], "object": KIND, "amount": transfer["amount"],
        "amount_captured": transfer["amount"], "amount_refunded": 0, "balance_transaction": None,
        "billing_details": {}, "captured": True, "created": call.now, "currency": transfer["currency"],
        "customer": None, "description": transfer["description"], "disputed": False, "failure_code": None,
        "failure_message": None, "livemode": False, "metadata": {}, "outcome": None, "paid": True,
        "payment_intent": None, "payment_method": None, "payment_method_details": None, "refunded": False,
        "source_transfer": transfer["id"], "status": "succeeded", "transfer_group": transfer["transfer_group"],
    }  # fmt: skip
    moved = balance_transaction(
        call,
        payment,
        "payment",
        payment["amount"],
        available_on=available_on,
        account=transfer["destination"],
    )
    return call.store.put(payment | {"balance_transaction": moved["id"]}, transfer["destination"])
