"""Disputes: how one opens, is answered, and ends. A card's holder opens them through a control address.

On evidence whose `uncategorized_text` is `winning_evidence` or `losing_evidence` the bank decides at once, as in
Stripe's test mode; else a control address speaks for the bank. *Verify*: a dispute that nobody answered is lost the
moment its time is up; evidence can be changed until it is submitted, and not afterwards.
"""

from typing import Literal

from shop.sandbox import ledger
from shop.sandbox.agenda import later, plan
from shop.sandbox.errors import Json, invalid
from shop.sandbox.events import emit
from shop.sandbox.ids import new_id
from shop.sandbox.objects import answer, page
from shop.sandbox.rules import check_length, merged_metadata
from shop.sandbox.simulated.balance import balance_transaction
from shop.sandbox.simulated.registry import PAGING, simulates
from shop.sandbox.world import Call

KIND = "dispute"
PATH = "/v1/disputes"
FEE = 1500
DAYS_TO_ANSWER = 9
LONGEST_TEXT, LONGEST_EVIDENCE = 20_000, 150_000
REASONS = {"credit_not_processed": "13.6", "duplicate": "12.6.1", "fraudulent": "10.4", "general": "13.3",
           "product_not_received": "13.1", "product_unacceptable": "13.3", "subscription_canceled": "13.2",
           "unrecognized": "10.4"}  # fmt: skip
TEXTS = (
    "access_activity_log", "billing_address", "cancellation_policy_disclosure", "cancellation_rebuttal",
    "customer_email_address", "customer_name", "customer_purchase_ip", "duplicate_charge_explanation",
    "duplicate_charge_id", "product_description", "refund_policy_disclosure", "refund_refusal_explanation",
    "service_date", "shipping_address", "shipping_carrier", "shipping_date", "shipping_tracking_number",
    "uncategorized_text",
)  # fmt: skip
FILES = (
    "cancellation_policy", "customer_communication", "customer_signature", "duplicate_charge_documentation",
    "receipt", "refund_policy", "service_documentation", "shipping_documentation", "uncategorized_file",
)  # fmt: skip
VERDICTS: dict[str, Literal["won", "lost"]] = {"winning_evidence": "won", "losing_evidence": "lost"}


@simulates("get", PATH + "/{dispute}")
def retrieve_dispute(call: Call) -> Json:
    """One dispute."""
    return answer(call, call.require(KIND, call.path["dispute"]))


@simulates("get", PATH, *PAGING, "created", "charge", "payment_intent")
def list_disputes(call: Call) -> Json:
    """Newest first."""
    return page(call, KIND, PATH, filters=("charge", "payment_intent"))


@simulates("post", PATH + "/{dispute}", "submit", "metadata", *(f"evidence.{name}" for name in TEXTS))
def update_dispute(call: Call) -> Json:
    """Evidence is put together, and goes to the bank unless `submit` is false."""
    dispute = call.require(KIND, call.path["dispute"])
    dispute["metadata"] = merged_metadata(dispute["metadata"], call.params)
    if "evidence" in call.params or "submit" in call.params:
        _take_evidence(call, dispute)
    call.store.put(dispute, call.account)
    emit(call, "charge.dispute.updated", dispute)
    if dispute["status"] == "under_review" and (
        verdict := VERDICTS.get(dispute["evidence"].get("uncategorized_text"))
    ):
        close_dispute(call, dispute, verdict)
    return answer(call, dispute)


def _take_evidence(call: Call, dispute: Json) -> None:
    if dispute["status"] != "needs_response":
        raise invalid(
            f"Evidence can no longer be changed: this dispute is {dispute['status']}.", param="evidence"
        )
    for name, text in call.params.get("evidence", {}).items():
        check_length(text, LONGEST_TEXT, f"evidence[{name}]")
        dispute["evidence"][name] = text or None
    if (
        sum(len(text or "") for text in dispute["evidence"].values() if isinstance(text, str))
        > LONGEST_EVIDENCE
    ):
        raise invalid(f"The evidence is longer than {LONGEST_EVIDENCE} characters.", param="evidence")
    details = dispute["evidence_details"]
    details["has_evidence"] = any(dispute["evidence"].values())
    if call.params.get("submit", True):
        details |= {"submission_count": details["submission_count"] + 1, "submission_method": "manual"}
        dispute["status"] = "under_review"


@simulates("post", PATH + "/{dispute}/close")
def dismiss_dispute(call: Call) -> Json:
    """The merchant lets it go: lost."""
    return answer(call, close_dispute(call, call.require(KIND, call.path["dispute"]), "lost"))


def open_dispute(call: Call, charge: Json, *, reason: str = "fraudulent", amount: int | None = None) -> Json:
    """The card's holder contests the charge: what is contested and a 15 $ fee leave the balance.

    All that was not refunded is contested, where no amount is given. Raises Refusal twice, or for too much.
    """
    left = charge["amount"] - charge["amount_refunded"]
    if charge["disputed"] or charge["status"] != "succeeded" or left == 0 or charge.get("source_transfer"):
        raise invalid(f"Charge {charge['id']} cannot be disputed (again).", param="charge")
    if reason not in REASONS or not 0 < (amount or left) <= left:
        raise invalid(f"Known reasons: {', '.join(REASONS)}; at most {left} is left to contest.")
    dispute = _dispute(call, charge, reason, amount or left)
    dispute["balance_transactions"] = [_move(call, dispute, -dispute["amount"], fee=FEE)]
    call.store.put(charge | {"disputed": True, "_dispute": dispute["id"]}, call.account)
    call.store.put(dispute, call.account)
    plan(call, "lose dispute", dispute["id"], due_at=dispute["evidence_details"]["due_by"])
    emit(call, "charge.dispute.created", dispute)
    emit(call, "charge.dispute.funds_withdrawn", dispute)
    return dispute


@later("lose dispute")
def lapse(call: Call, dispute_id: str) -> None:
    """Nobody answered in time: lost. One that was answered waits for the bank."""
    dispute = call.require(KIND, dispute_id)
    if dispute["status"] == "needs_response":
        dispute["evidence_details"]["past_due"] = True
        close_dispute(call, dispute, "lost")


def close_dispute(call: Call, dispute: Json, outcome: Literal["won", "lost"]) -> Json:
    """The bank decides; won brings the amount back, never the fee. Raises Refusal twice."""
    if dispute["status"] in ("won", "lost"):
        raise invalid(f"Dispute {dispute['id']} is already {dispute['status']}.")
    dispute["status"] = outcome
    if outcome == "won":
        dispute["balance_transactions"].append(_move(call, dispute, dispute["amount"]))
    call.store.put(dispute, call.account)
    emit(call, "charge.dispute.closed", dispute)
    if outcome == "won":
        emit(call, "charge.dispute.funds_reinstated", dispute)
    return dispute


def _move(call: Call, dispute: Json, amount: int, *, fee: int = 0) -> Json:
    ledger.move(
        call.store,
        {ledger.balance_of(call.account): amount - fee, ledger.CARDS: -amount, ledger.FEES: fee},
        currency=dispute["currency"], source=dispute["id"], available_on=call.now,
    )  # fmt: skip
    return balance_transaction(call, dispute, "adjustment", amount, fee=fee)


def _dispute(call: Call, charge: Json, reason: str, amount: int) -> Json:
    card = {"brand": charge["payment_method_details"]["card"]["brand"], "case_type": "chargeback",
            "network_reason_code": REASONS[reason]}  # fmt: skip
    return {
        "id": new_id("du_1"), "object": KIND, "amount": amount, "balance_transactions": [], "charge": charge["id"],
        "created": call.now, "currency": charge["currency"], "enhanced_eligibility_types": [],
        "evidence": dict.fromkeys((*TEXTS, *FILES)) | {"enhanced_evidence": {}},
        "evidence_details": {"due_by": call.now + DAYS_TO_ANSWER * 86400, "enhanced_eligibility": {},
                             "has_evidence": False, "past_due": False, "submission_count": 0,
                             "submission_method": "not_submitted"},
        "is_charge_refundable": False, "livemode": False, "metadata": {},
        "payment_intent": charge["payment_intent"], "payment_method_details": {"type": "card", "card": card},
        "reason": reason, "status": "needs_response",
    }  # fmt: skip
