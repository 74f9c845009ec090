"""Refunds of a charge, whole or in parts, never beyond what is left; what becomes of them is in `refunding`."""

from shop.sandbox.errors import Json, Refusal, invalid, missing_object
from shop.sandbox.objects import answer, page
from shop.sandbox.rules import check_amount, merged_metadata, metadata
from shop.sandbox.simulated.refunding import KIND, refund
from shop.sandbox.simulated.registry import PAGING, simulates
from shop.sandbox.world import Call

PATH = "/v1/refunds"


@simulates("post", PATH, "amount", "charge", "payment_intent", "metadata", "reason")
def create_refund(call: Call) -> Json:
    """The card gets `amount` back (all that is left, when not given)."""
    amount = check_amount(call.params["amount"]) if "amount" in call.params else None
    made = refund(
        call, _charge(call), amount, reason=call.params.get("reason"), metadata=metadata(call.params)
    )
    return answer(call, made)


def _charge(call: Call) -> Json:
    params = call.params
    if "charge" not in params and "payment_intent" not in params:
        message = "One of the following params should be provided for this request: payment_intent or charge."
        raise Refusal(message, code="parameter_missing", is_stored=False)
    charge_id = params.get("charge") or _paid_by(call, params["payment_intent"])
    charge = call.store.get("charge", charge_id, call.account)
    if charge is None:
        raise missing_object("charge", charge_id, param="charge")
    return charge


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


@simulates("post", PATH + "/{refund}", "metadata")
def update_refund(call: Call) -> Json:
    """Only its metadata can be changed."""
    found = call.require(KIND, call.path["refund"])
    found["metadata"] = merged_metadata(found["metadata"], call.params)
    return answer(call, call.store.put(found, call.account))


@simulates("get", PATH + "/{refund}")
def retrieve_refund(call: Call) -> Json:
    """One refund."""
    return answer(call, call.require(KIND, call.path["refund"]))


@simulates("get", PATH, *PAGING, "created", "charge", "payment_intent")
def list_refunds(call: Call) -> Json:
    """Newest first."""
    return page(call, KIND, PATH, filters=("charge", "payment_intent"))
