"""Payouts: an account's money on its way to its bank.

The sandbox pays nothing out by itself, whatever the schedule says: a control address does, so that a test decides
when a balance is empty.
"""

from shop.sandbox import ledger
from shop.sandbox.agenda import later, plan
from shop.sandbox.errors import Json, Refusal, invalid, not_simulated
from shop.sandbox.events import emit
from shop.sandbox.ids import new_id
from shop.sandbox.objects import answer, page
from shop.sandbox.rules import check_amount, check_currency, check_length, merged_metadata, metadata
from shop.sandbox.simulated.balance import balance_transaction
from shop.sandbox.simulated.banks import FAILURES, require_bank
from shop.sandbox.simulated.registry import PAGING, simulates
from shop.sandbox.world import Call

KIND = "payout"
PATH = "/v1/payouts"
DAYS_TO_ARRIVE = 2
MESSAGES = dict(FAILURES.values())


@simulates(
    "post",
    PATH,
    "amount",
    "currency",
    "description",
    "metadata",
    "method",
    "source_type",
    "statement_descriptor",
)
def create_payout(call: Call) -> Json:
    """Part of the available balance leaves for the bank, and arrives two days later."""
    amount, currency = check_amount(call.params["amount"]), check_currency(call.params["currency"])
    if call.params.get("method", "standard") != "standard":
        raise not_simulated("instant payouts", param="method")
    if "statement_descriptor" in call.params:
        check_length(call.params["statement_descriptor"], 22, "statement_descriptor")
    require_bank(call)
    available, _ = ledger.held(call.store, call.account, currency=currency, now=call.now)
    if available < amount:
        raise Refusal("You have insufficient funds in your Stripe account for this payout.",
                      code="balance_insufficient", param="amount")  # fmt: skip
    return answer(call, pay_out(call, amount, is_automatic=False))


@simulates("get", PATH + "/{payout}")
def retrieve_payout(call: Call) -> Json:
    """One payout."""
    return answer(call, call.require(KIND, call.path["payout"]))


@simulates("get", PATH, *PAGING, "created", "destination", "status")
def list_payouts(call: Call) -> Json:
    """Newest first."""
    return page(call, KIND, PATH, filters=("destination", "status"))


@simulates("post", PATH + "/{payout}", "metadata")
def update_payout(call: Call) -> Json:
    """Only its metadata can be changed."""
    payout = call.require(KIND, call.path["payout"])
    payout["metadata"] = merged_metadata(payout["metadata"], call.params)
    return answer(call, call.store.put(payout, call.account))


@simulates("post", PATH + "/{payout}/cancel")
def cancel_payout(call: Call) -> Json:
    """A payout that has not left yet comes back."""
    payout = call.require(KIND, call.path["payout"])
    if payout["status"] != "pending":
        raise invalid(f"Payouts can only be canceled while they are pending; this one is {payout['status']}.")
    payout |= {
        "status": "canceled",
        "failure_balance_transaction": _move(call, payout, "payout_cancel", payout["amount"]),
    }
    call.store.put(payout, call.account)
    emit(call, "payout.canceled", payout)
    return answer(call, payout)


def pay_out(call: Call, amount: int, *, is_automatic: bool) -> Json:
    """Money leaves the account's balance for its bank; nobody checks here whether there is enough."""
    bank = require_bank(call)
    payout = _payout(call, amount, bank) | {"automatic": is_automatic, "metadata": metadata(call.params)}
    payout["balance_transaction"] = _move(call, payout, "payout", -amount)
    call.store.put(payout, call.account)
    plan(call, "payout arrives", payout["id"], due_at=payout["arrival_date"])
    emit(call, "payout.created", payout)
    return payout


def _payout(call: Call, amount: int, bank: Json) -> Json:
    return {
        "id": new_id("po_1"), "object": KIND, "amount": amount, "application_fee": None, "application_fee_amount": None,
        "arrival_date": call.now + DAYS_TO_ARRIVE * 86400, "automatic": True, "balance_transaction": None,
        "created": call.now, "currency": bank["currency"],
        "description": call.params.get("description", "STRIPE PAYOUT"),
        "destination": bank["id"], "failure_balance_transaction": None, "failure_code": None, "failure_message": None,
        "livemode": False, "metadata": {}, "method": "standard", "original_payout": None, "payout_method": None,
        "reconciliation_status": "not_applicable", "reversed_by": None, "source_type": "card",
        "statement_descriptor": call.params.get("statement_descriptor"), "status": "pending", "trace_id": None,
        "type": "bank_account",
    }  # fmt: skip


def _move(call: Call, payout: Json, kind: str, amount: int) -> str:
    ledger.move(
        call.store, {ledger.balance_of(call.account): amount, f"bank:{call.account}": -amount},
        currency=payout["currency"], source=payout["id"], available_on=call.now,
    )  # fmt: skip
    return str(balance_transaction(call, payout, kind, amount)["id"])


@later("payout arrives")
def arrive(call: Call, payout_id: str) -> None:
    """The bank takes the money, or sends it back, as its test number says. A payout that ended stays as it is."""
    payout = call.require(KIND, payout_id)
    bank = call.store.any(payout["destination"]) or {}
    if payout["status"] != "pending":
        return
    if bank.get("_failure"):
        fail(call, payout_id, failure_code=bank["_failure"][0])
        return
    call.store.put(payout | {"status": "paid"}, call.account)
    emit(call, "payout.paid", payout | {"status": "paid"})


def fail(call: Call, payout_id: str, *, failure_code: str = "account_closed") -> None:
    """The bank sends the money back, even after it was said to be paid. Raises Refusal for an unknown code."""
    payout = call.require(KIND, payout_id)
    if failure_code not in MESSAGES or payout["status"] not in ("pending", "paid"):
        raise invalid(f"This payout is {payout['status']}; known failures: {', '.join(MESSAGES)}.")
    payout |= {"status": "failed", "failure_code": failure_code, "failure_message": MESSAGES[failure_code]}
    payout["failure_balance_transaction"] = _move(call, payout, "payout_failure", payout["amount"])
    call.store.put(payout, call.account)
    if bank := call.store.any(payout["destination"]):
        call.store.put(bank | {"status": "errored"}, call.account)
    emit(call, "payout.failed", payout)
