"""Refunds of a charge, whole or in parts, never beyond what is left.

*Verify*: a platform whose balance cannot cover a refund gets it `pending` from Stripe; here it succeeds and the
balance goes below zero.
"""

from shop.sandbox import ledger
from shop.sandbox.errors import Json, Refusal, invalid, missing_object
from shop.sandbox.events import emit
from shop.sandbox.ids import new_id
from shop.sandbox.objects import answer, page
from shop.sandbox.rules import check_amount, metadata
from shop.sandbox.simulated.charges import balance_transaction
from shop.sandbox.simulated.registry import PAGING, simulates
from shop.sandbox.world import Call

KIND = "refund"
PATH = "/v1/refunds"


@simulates("post", PATH, "amount", "charge", "payment_intent", "metadata", "reason")
def create_refund(call: Call) -> Json:
    """The card gets `amount` back (all that is left, when not given)."""
    charge = _charge(call)
    left = charge["amount"] - charge["amount_refunded"]
    if left == 0:
        raise invalid(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = check_amount(call.params["amount"]) if "amount" in call.params else left
    if amount > left:
        raise invalid(
            f"Refund amount (${amount / 100:.2f}) is greater than unrefunded amount on charge (${left / 100:.2f})",
            param="amount",
        )
    refund = _record(call, charge, amount)
    emit(call, "refund.created", refund)
    emit(call, "charge.refunded", charge, previous={"amount_refunded": charge["amount_refunded"] - amount})
    return answer(call, refund)


def _charge(call: Call) -> Json:
    params = call.params
    if "charge" not in params and "payment_intent" not in params:
        message = "One of the following params should be provided for this request: payment_intent or charge."
        raise Refusal(message, code="parameter_missing", is_stored=False)
    charge_id = params.get("charge") or _paid_by(call, params["payment_intent"])
    charge = call.store.get("charge", charge_id, call.account)
    if charge is None:
        raise missing_object("charge", charge_id, param="charge")
    _check_refundable(charge)
    return charge


def _check_refundable(charge: Json) -> None:
    if charge["status"] != "succeeded":
        raise invalid(f"Charge {charge['id']} was not paid and cannot be refunded.", param="charge")
    if charge["disputed"]:
        raise invalid(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed"
        )


def _paid_by(call: Call, intent_id: str) -> str:
    intent = call.store.get("payment_intent", intent_id, call.account)
    if intent is None:
        raise missing_object("payment_intent", intent_id, param="payment_intent")
    if intent["status"] != "succeeded":
        raise invalid(
            f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.",
            param="payment_intent",
            code="payment_intent_unexpected_state",
        )
    return str(intent["latest_charge"])


def _record(call: Call, charge: Json, amount: int) -> Json:
    refund: Json = {
        "id": new_id("re_3"), "object": KIND, "amount": amount, "balance_transaction": None, "charge": charge["id"],
        "created": call.now, "currency": charge["currency"],
        "destination_details": {"type": "card", "card": {"type": "refund", "reference_status": "pending"}},
        "metadata": metadata(call.params), "payment_intent": charge["payment_intent"],
        "reason": call.params.get("reason"), "receipt_number": None, "source_transfer_reversal": None,
        "status": "succeeded", "transfer_reversal": None,
    }  # fmt: skip
    moved = balance_transaction(call, refund, "refund", -amount)
    ledger.move(
        call.store, {ledger.balance_of(call.account): -amount, ledger.CARDS: amount},
        currency=refund["currency"], source=refund["id"], available_on=call.now,
    )  # fmt: skip
    refund["balance_transaction"] = moved["id"]
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    call.store.put(charge, call.account)
    return call.store.put(refund, call.account)


@simulates("get", PATH + "/{refund}")
def retrieve_refund(call: Call) -> Json:
    """One refund."""
    return answer(call, call.require(KIND, call.path["refund"]))


@simulates("get", PATH, *PAGING, "created", "charge", "payment_intent")
def list_refunds(call: Call) -> Json:
    """Newest first."""
    return page(call, KIND, PATH, filters=("charge", "payment_intent"))
