"""The calling account's balance."""

from shop.sandbox import ledger
from shop.sandbox.errors import Json
from shop.sandbox.simulated.registry import simulates
from shop.sandbox.world import Call


@simulates("get", "/v1/balance")
def retrieve_balance(call: Call) -> Json:
    """What can be spent now and what becomes available later, in Canadian cents, from the ledger."""
    available, pending = ledger.held(call.store, call.account, currency="cad", now=call.now)
    return {
        "object": "balance", "livemode": False, "available": [_money(available)], "pending": [_money(pending)],
    }  # fmt: skip


def _money(amount: int) -> Json:
    return {"amount": amount, "currency": "cad", "source_types": {"card": amount}}
