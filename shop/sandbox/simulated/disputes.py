"""Disputes: opened by the control address, as a card's holder would; won or lost the same way."""

from typing import Literal

from shop.sandbox import ledger
from shop.sandbox.errors import Json, invalid
from shop.sandbox.events import emit
from shop.sandbox.ids import new_id
from shop.sandbox.objects import answer, page
from shop.sandbox.simulated.balance import balance_transaction
from shop.sandbox.simulated.registry import PAGING, simulates
from shop.sandbox.world import Call

KIND = "dispute"
PATH = "/v1/disputes"
FEE = 1500
DAYS_TO_ANSWER = 9


@simulates("get", PATH + "/{dispute}")
def retrieve_dispute(call: Call) -> Json:
    """One dispute."""
    return answer(call, call.require(KIND, call.path["dispute"]))


@simulates("get", PATH, *PAGING, "created", "charge", "payment_intent")
def list_disputes(call: Call) -> Json:
    """Newest first."""
    return page(call, KIND, PATH, filters=("charge", "payment_intent"))


def open_dispute(call: Call, charge: Json, *, reason: str = "fraudulent") -> Json:
    """The card's holder contests the charge: its amount and a 15 $ fee leave the balance. Raises Refusal twice."""
    if charge["disputed"] or charge["status"] != "succeeded":
        raise invalid(f"Charge {charge['id']} cannot be disputed (again).", param="charge")
    dispute = _dispute(call, charge, reason)
    moved = balance_transaction(call, dispute, "adjustment", -dispute["amount"], fee=FEE)
    dispute["balance_transactions"] = [moved]
    _move(call, dispute, -dispute["amount"], fee=FEE)
    call.store.put(charge | {"disputed": True, "_dispute": dispute["id"]}, call.account)
    call.store.put(dispute, call.account)
    emit(call, "charge.dispute.created", dispute)
    emit(call, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def close_dispute(call: Call, dispute: Json, outcome: Literal["won", "lost"]) -> Json:
    """The bank decides; won brings the amount back, never the fee. Raises Refusal twice."""
    if dispute["status"] in ("won", "lost"):
        raise invalid(f"Dispute {dispute['id']} is already {dispute['status']}.")
    dispute |= {"status": outcome, "is_charge_refundable": False}
    if outcome == "won":
        dispute["balance_transactions"].append(
            balance_transaction(call, dispute, "adjustment", dispute["amount"])
        )
        _move(call, dispute, dispute["amount"])
        emit(call, "charge.dispute.funds_reinstated", dispute)
    call.store.put(dispute, call.account)
    emit(call, "charge.dispute.closed", dispute)
    return dispute


def _move(call: Call, dispute: Json, amount: int, *, fee: int = 0) -> None:
    ledger.move(
        call.store,
        {ledger.balance_of(call.account): amount - fee, ledger.CARDS: -amount, ledger.FEES: fee},
        currency=dispute["currency"], source=dispute["id"], available_on=call.now,
    )  # fmt: skip


def _dispute(call: Call, charge: Json, reason: str) -> Json:
    return {
        "id": new_id("du_1"), "object": KIND, "amount": charge["amount"] - charge["amount_refunded"],
        "balance_transactions": [], "charge": charge["id"], "created": call.now, "currency": charge["currency"],
        "enhanced_eligibility_types": [], "evidence": {},
        "evidence_details": {"due_by": call.now + DAYS_TO_ANSWER * 86400, "has_evidence": False, "past_due": False,
                             "submission_count": 0},
        "is_charge_refundable": False, "livemode": False, "metadata": {},
        "payment_intent": charge["payment_intent"], "reason": reason, "status": "needs_response",
    }  # fmt: skip
