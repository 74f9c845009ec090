"""Bank accounts, where payouts arrive. Stripe's Canadian test numbers say what becomes of a payout."""

from shop.sandbox.errors import Json, Refusal
from shop.sandbox.ids import new_id
from shop.sandbox.simulated.capabilities import is_onboarded
from shop.sandbox.world import Call

KIND = "bank_account"
GOOD_NUMBER = "000123456789"
FAILURES = {
    "000111111116": ("no_account", "The bank account details on file are probably incorrect."),
    "000111111113": ("account_closed", "The bank account has been closed."),
    "000222222227": ("account_frozen", "The bank account has been frozen."),
    "000333333335": ("debit_not_authorized", "Debit transactions are not approved on the bank account."),
}


def add_bank(
    call: Call, *, number: str = GOOD_NUMBER, routing: str = "11000-000", holder: str | None = None
) -> Json:
    """The account's bank from now on; only the last four digits of its number are shown."""
    bank: Json = {
        "id": new_id("ba_1"), "object": KIND, "account": call.account or None, "account_holder_name": holder,
        "account_holder_type": None, "bank_name": "STRIPE TEST BANK", "country": "CA", "created": call.now,
        "currency": "cad", "default_for_currency": True, "last4": number[-4:], "metadata": {},
        "routing_number": routing, "status": "new", "_failure": FAILURES.get(number),
    }  # fmt: skip
    call.store.put(bank, call.account)
    call.store.remember(f"bank:{call.account}", bank["id"])
    return bank


def bank_of(call: Call) -> Json | None:
    """The calling account's bank, or None."""
    return call.store.any(call.store.recall(f"bank:{call.account}") or "")


def require_bank(call: Call) -> Json:
    """The calling account's bank; the platform always has one, and whoever is onboarded. Raises Refusal."""
    bank = bank_of(call)
    if bank is None:
        account = call.store.get("v2.core.account", call.account)
        if not call.account or (account and is_onboarded(account)):
            bank = add_bank(call, holder=account["display_name"] if account else "Achetons")
    if bank is None:
        raise Refusal("Sorry, you don't have any external accounts in that currency (cad).", param="currency")
    return bank
