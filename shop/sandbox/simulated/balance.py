"""The calling account's balance, and the balance transactions that every movement of money leaves on it."""

from shop.sandbox import ledger
from shop.sandbox.errors import Json
from shop.sandbox.ids import new_id
from shop.sandbox.objects import answer, page
from shop.sandbox.simulated.registry import PAGING, simulates
from shop.sandbox.world import Call

KIND = "balance_transaction"
PATH = "/v1/balance_transactions"
CATEGORIES = {"adjustment": "dispute", "payment": "charge", "payment_refund": "refund",
              "transfer_refund": "transfer_reversal", "payout_failure": "payout_reversal"}  # fmt: skip


@simulates("get", "/v1/balance")
def retrieve_balance(call: Call) -> Json:
    """What can be spent now and what becomes available later, in Canadian cents, from the ledger."""
    available, pending = ledger.held(call.store, call.account, currency="cad", now=call.now)
    return {
        "object": "balance", "livemode": False, "available": [_money(available)], "pending": [_money(pending)],
    }  # fmt: skip


def _money(amount: int) -> Json:
    return {"amount": amount, "currency": "cad", "source_types": {"card": amount}}


@simulates("get", PATH + "/{id}")
def retrieve_balance_transaction(call: Call) -> Json:
    """One movement on the calling account's balance."""
    return answer(call, call.require(KIND, call.path["id"]))


@simulates("get", PATH, *PAGING, "created", "currency", "type", "source")
def list_balance_transactions(call: Call) -> Json:
    """Newest first."""
    return page(call, KIND, PATH, filters=("currency", "type", "source"))


def balance_transaction(
    call: Call, source: Json, kind: str, amount: int, *, fee: int = 0, available_on: int | None = None,
    account: str | None = None,
) -> Json:  # fmt: skip
    """The trace that a movement leaves on an account's balance; `amount` is signed."""
    available = call.now if available_on is None else available_on
    moved: Json = {
        "id": new_id("txn_"), "object": KIND, "amount": amount, "available_on": available,
        "balance_type": "payments", "created": call.now, "currency": source["currency"],
        "description": source.get("description"), "exchange_rate": None, "fee": fee,
        "fee_details": [{"amount": fee, "currency": source["currency"], "type": "stripe_fee",
                         "description": "Stripe processing fees", "application": None}] if fee else [],
        "net": amount - fee, "reporting_category": CATEGORIES.get(kind, kind), "source": source["id"],
        "status": "available" if available <= call.now else "pending", "type": kind,
    }  # fmt: skip
    return call.store.put(moved, call.account if account is None else account)
