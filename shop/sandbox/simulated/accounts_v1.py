"""The v1 operations on accounts: reading them, their payout schedule, and the way into the Express dashboard."""

from shop.sandbox.errors import Json, invalid
from shop.sandbox.ids import new_id
from shop.sandbox.objects import page
from shop.sandbox.rules import merged_metadata
from shop.sandbox.simulated.account_events import tell_changed
from shop.sandbox.simulated.account_snapshots import snapshot
from shop.sandbox.simulated.accounts import KIND, own
from shop.sandbox.simulated.capabilities import is_onboarded
from shop.sandbox.simulated.registry import PAGING, simulates
from shop.sandbox.simulated.schedules import SHORTEST_DELAY, change_schedule
from shop.sandbox.world import Call

PATH = "/v1/accounts"
LOGIN = "_login"
LOGIN_SECONDS = 300


def _on(call: Call, account: Json) -> Call:
    return Call(call.world, account["id"], call.params, {}, call.request_id, call.idempotency_key)


@simulates("get", PATH + "/{account}")
def retrieve_v1(call: Call) -> Json:
    """The same account through v1's eyes."""
    account = own(call, call.path["account"], param="account")
    return snapshot(_on(call, account), account)


@simulates("get", "/v1/account")
def retrieve_current(call: Call) -> Json:
    """The calling account; the platform itself is little more than a name here."""
    if call.account:
        account = own(call, call.account)
        return snapshot(call, account)
    return {"id": "acct_1Platform", "object": "account", "type": "standard", "country": "CA",
            "default_currency": "cad", "charges_enabled": True, "payouts_enabled": True}  # fmt: skip


@simulates("get", PATH, *PAGING, "created")
def list_v1(call: Call) -> Json:
    """The platform's accounts, newest first; a connected account has none."""
    shown = page(call, KIND, PATH)
    return shown | {"data": [snapshot(_on(call, account), account) for account in shown["data"]]}


@simulates(
    "post",
    PATH + "/{account}",
    "metadata",
    "settings.payouts.schedule",
    "settings.payouts.debit_negative_balances",
)
def update_v1(call: Call) -> Json:
    """Changes the payout schedule and the metadata."""
    account = own(call, call.path["account"], param="account")
    account["metadata"] = merged_metadata(account["metadata"], call.params)
    payouts = call.params.get("settings", {}).get("payouts", {})
    change = dict(payouts.get("schedule", {}))
    if change.get("delay_days") == "minimum":
        change["delay_days"] = SHORTEST_DELAY
    if "debit_negative_balances" in payouts:
        change["debit_negative_balances"] = payouts["debit_negative_balances"]
    change_schedule(_on(call, account), change)
    call.store.put(account)
    tell_changed(call, account, [])
    return snapshot(_on(call, account), account)


@simulates("post", PATH + "/{account}/login_links")
def create_login_link(call: Call) -> Json:
    """An address that opens the account's Express dashboard, for five minutes."""
    account = own(call, call.path["account"], param="account")
    if not is_onboarded(account):
        raise invalid("Cannot create a login link for an account that has not completed onboarding.")
    token = new_id("lg_", 40)
    login = {"id": token, "object": LOGIN, "created": call.now, "account": account["id"],
             "expires_at": call.now + LOGIN_SECONDS}  # fmt: skip
    call.store.put(login, account["id"])
    return {"object": "login_link", "created": call.now, "url": f"{call.world.public_url}/c/express/{token}"}
