"""What becomes of a refund: money leaves the balance at once, and comes back if the card's bank will not have it.

*Verify*: a platform whose balance cannot cover a refund gets it `pending` from Stripe; here it succeeds and the
balance goes below zero. A failed refund gives its amount back to the charge, to be refunded again.
"""

from typing import Literal

from shop.sandbox import ledger
from shop.sandbox.agenda import later, plan
from shop.sandbox.errors import Json, invalid
from shop.sandbox.events import emit
from shop.sandbox.ids import new_id
from shop.sandbox.simulated.balance import balance_transaction
from shop.sandbox.world import Call

KIND = "refund"
SECONDS_TO_SETTLE = 5
Status = Literal["succeeded", "pending"]
FAILURES = ("charge_for_pending_refund_disputed", "declined", "expired_or_canceled_card", "insufficient_funds",
            "lost_or_stolen_card", "merchant_request", "unknown")  # fmt: skip


def refund(
    call: Call, charge: Json, amount: int | None, *, reason: str | None = None,
    metadata: dict[str, str] | None = None, status: Status | None = None,
) -> Json:  # fmt: skip
    """The card gets `amount` back (None: all that is left). Raises Refusal when so much is not left.

    It begins in the `status` given, else as the charge's test card or the sandbox's present habit says.
    """
    _check_refundable(call, charge)
    left = charge["amount"] - charge["amount_refunded"]
    if left == 0:
        raise invalid(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = left if amount is None else amount
    if amount > left:
        raise invalid(
            f"Refund amount (${amount / 100:.2f}) is greater than unrefunded amount on charge (${left / 100:.2f})",
            param="amount",
        )
    made = _refund(call, charge, amount, status or _first_status(call, charge))
    return _record(call, charge, made | {"reason": reason, "metadata": metadata or {}})


def _check_refundable(call: Call, charge: Json) -> None:
    if charge["status"] != "succeeded" or charge.get("source_transfer"):
        raise invalid(f"Charge {charge['id']} was not paid and cannot be refunded.", param="charge")
    dispute = call.store.any(charge.get("_dispute") or "")
    if charge["disputed"] and not (dispute and dispute["status"] == "won"):
        raise invalid(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed"
        )


def _first_status(call: Call, charge: Json) -> Status:
    habit = (call.store.recall("refunds") or {}).get("status")
    is_late = habit == "pending" or charge.get("_refunding") == "succeeds_later"
    return "pending" if is_late else "succeeded"


def _refund(call: Call, charge: Json, amount: int, status: Status) -> Json:
    return {
        "id": new_id("re_3"), "object": KIND, "amount": amount, "balance_transaction": None, "charge": charge["id"],
        "created": call.now, "currency": charge["currency"],
        "destination_details": {"type": "card", "card": {"type": "refund", "reference_status": "pending"}},
        "metadata": {}, "payment_intent": charge["payment_intent"], "reason": None, "receipt_number": None,
        "source_transfer_reversal": None, "status": status, "transfer_reversal": None,
    } | ({"pending_reason": "processing"} if status == "pending" else {})  # fmt: skip


def _record(call: Call, charge: Json, made: Json) -> Json:
    made["balance_transaction"] = _move(call, made, "refund", -made["amount"])
    _charge_less(call, charge, made["amount"])
    call.store.put(made, call.account)
    emit(call, "refund.created", made)
    emit(
        call,
        "charge.refunded",
        charge,
        previous={"amount_refunded": charge["amount_refunded"] - made["amount"]},
    )
    _plan_the_rest(call, charge, made)
    if made["status"] == "succeeded":
        emit(call, "refund.updated", made)
    return made


def _plan_the_rest(call: Call, charge: Json, made: Json) -> None:
    wish = charge.get("_refunding", "succeeds")
    if wish != "succeeds":
        act = "fail refund" if wish == "fails_later" else "settle refund"
        plan(call, act, made["id"], due_at=call.now + SECONDS_TO_SETTLE)


def _charge_less(call: Call, charge: Json, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    call.store.put(charge, call.account)


def _move(call: Call, made: Json, kind: str, amount: int) -> str:
    """Money moves between the balance and the card; the balance transaction's id."""
    ledger.move(
        call.store, {ledger.balance_of(call.account): amount, ledger.CARDS: -amount},
        currency=made["currency"], source=made["id"], available_on=call.now,
    )  # fmt: skip
    return str(balance_transaction(call, made, kind, amount)["id"])


@later("settle refund")
def settle(call: Call, refund_id: str) -> None:
    """A pending refund has reached the card; any other stays as it is."""
    made = call.require(KIND, refund_id)
    if made["status"] == "pending":
        made |= {"status": "succeeded", "pending_reason": None}
        call.store.put(made, call.account)
        emit(call, "refund.updated", made)


@later("fail refund")
def fail(call: Call, refund_id: str, *, failure_reason: str = "expired_or_canceled_card") -> None:
    """The card's bank sends the money back: it is on the balance again, and may be refunded again.

    A refund that already failed stays as it is. Raises Refusal for a reason Stripe does not know.
    """
    made = call.require(KIND, refund_id)
    if failure_reason not in FAILURES:
        raise invalid(
            f"Unknown reason: {failure_reason}. Known: {', '.join(FAILURES)}.", param="failure_reason"
        )
    if made["status"] == "failed":
        return
    made |= {"status": "failed", "failure_reason": failure_reason, "pending_reason": None}
    made["failure_balance_transaction"] = _move(call, made, "refund_failure", made["amount"])
    _charge_less(call, call.require("charge", made["charge"]), -made["amount"])
    call.store.put(made, call.account)
    emit(call, "refund.updated", made)
    emit(call, "refund.failed", made)


def record_payment_refund(call: Call, transfer: Json, reversal: Json, *, available_on: int) -> Json:
    """The refund that a reversal is on the connected account's side: `pyr_…` of its `py_…`."""
    account, amount = transfer["destination"], reversal["amount"]
    made: Json = {
        "id": reversal["destination_payment_refund"], "object": KIND, "amount": amount, "balance_transaction": None,
        "charge": transfer["destination_payment"], "created": call.now, "currency": transfer["currency"],
        "metadata": {}, "payment_intent": None, "reason": None, "receipt_number": None,
        "source_transfer_reversal": reversal["id"], "status": "succeeded", "transfer_reversal": None,
    }  # fmt: skip
    moved = balance_transaction(
        call, made, "payment_refund", -amount, available_on=available_on, account=account
    )
    if payment := call.store.get("charge", transfer["destination_payment"], account):
        payment["amount_refunded"] += amount
        payment["refunded"] = payment["amount_refunded"] == payment["amount"]
        call.store.put(payment, account)
    return call.store.put(made | {"balance_transaction": moved["id"]}, account)
