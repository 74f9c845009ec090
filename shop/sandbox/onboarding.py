"""What happens when the person behind an account has told what Stripe wanted to know."""

from shop.sandbox.errors import Json
from shop.sandbox.events import emit_thin
from shop.sandbox.simulated.account_events import tell_changed
from shop.sandbox.simulated.banks import GOOD_NUMBER, add_bank
from shop.sandbox.simulated.capabilities import requested, set_capability
from shop.sandbox.world import Call

EXAMPLE = {
    "registered_name": "Fromagerie du Bac inc.", "line1": "12, rue du Passage", "city": "Lévis", "state": "QC",
    "postal_code": "G6V 3R2", "transit": "11000", "institution": "000", "number": GOOD_NUMBER,
}  # fmt: skip


def complete(call: Call, account: Json, told: dict[str, str], *, use: str = "account_onboarding") -> Json:
    """The account is known, has a bank, and everything it asked for is active. Run inside a transaction.

    `told`: registered_name, line1, city, state, postal_code, transit, institution, number.
    """
    account["identity"] = _identity(account, told)
    account |= {"_is_onboarded": True, "_consent": call.now}
    changed = [name for name in requested(account) if set_capability(account, name, "active")]
    call.store.put(account)
    on_account = Call(call.world, account["id"], {}, request_id="")
    routing = f"{told['transit']}-{told['institution']}"
    add_bank(on_account, number=told["number"], routing=routing, holder=told["registered_name"])
    tell_changed(call, account, changed, is_identified=True)
    returned = {
        "account_id": account["id"],
        "configurations": account["applied_configurations"],
        "use_case": use,
    }
    emit_thin(call, "v2.core.account_link.returned", None, data=returned)
    return account


def _identity(account: Json, told: dict[str, str]) -> Json:
    identity = account["identity"] or {}
    address = {name: told[name] for name in ("line1", "city", "state", "postal_code")} | {"country": "CA"}
    details = (identity.get("business_details") or {}) | {
        "registered_name": told["registered_name"], "address": address,
    }  # fmt: skip
    return {"country": "ca", "entity_type": "company"} | identity | {"business_details": details}
