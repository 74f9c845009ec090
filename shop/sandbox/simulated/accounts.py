"""Connected accounts: Accounts v2, and the little of v1 that reading needs.

An account is born `restricted`, as on Stripe, until the person behind it has been through onboarding; the control
address `/_sandbox/accounts` stands in for that person.
"""

from datetime import UTC, datetime
from typing import Any

from shop.sandbox.errors import Json, Refusal, invalid
from shop.sandbox.ids import new_id
from shop.sandbox.objects import listing
from shop.sandbox.rules import metadata
from shop.sandbox.simulated.registry import PAGING, simulates
from shop.sandbox.store import Query
from shop.sandbox.world import Call, World

KIND = "v2.core.account"
PATH = "/v2/core/accounts"
TRANSFERS = ("recipient", "stripe_balance", "stripe_transfers")
PAYOUTS = ("recipient", "stripe_balance", "payouts")
CARDS = ("merchant", "card_payments")
CAPABILITIES = {"stripe_transfers": TRANSFERS, "payouts": PAYOUTS, "card_payments": CARDS}
STATUSES = ("active", "pending", "restricted", "unsupported")
INCLUDABLE = ("configuration", "defaults", "future_requirements", "identity", "requirements")


@simulates(
    "post", PATH, "contact_email", "contact_phone", "display_name", "dashboard", "defaults", "identity", "include",
    "metadata", "configuration.merchant", "configuration.recipient",
)  # fmt: skip
def create_account(call: Call) -> Json:
    """A connected account whose requested capabilities are `restricted`."""
    asked = call.params.get("configuration", {})
    account = new_account(
        call, call.params, [name for name, where in CAPABILITIES.items() if _is_requested(asked, where)]
    )
    call.store.put(account)
    return _shown(call, account)


def new_account(call: Call, given: Json, capabilities: list[str]) -> Json:
    """An account that is not stored yet, with capabilities asked for and not given."""
    account: Json = {
        "id": given.get("id") or new_id("acct_1", 15), "object": KIND, "applied_configurations": [], "closed": None,
        "configuration": {"customer": None, "merchant": None, "recipient": None},
        "contact_email": given.get("contact_email"), "contact_phone": given.get("contact_phone"),
        "created": _stamp(call.now), "dashboard": given.get("dashboard", "express"), "defaults": given.get("defaults"),
        "display_name": given.get("display_name"), "future_requirements": None, "identity": given.get("identity"),
        "livemode": False, "metadata": metadata(given), "requirements": None,
    }  # fmt: skip
    for name in given.get("configuration", {}):
        _configuration(account, name)
    for capability in capabilities:
        set_capability(account, capability, "restricted")
    return account


def set_capability(account: Json, capability: str, status: str) -> None:
    """Writes one capability of an account. Raises Refusal for a word Stripe does not use."""
    if capability not in CAPABILITIES or status not in STATUSES:
        raise invalid(f"Unknown capability or status: {capability} {status}", param="capability")
    configuration, *way, last = CAPABILITIES[capability]
    place = _configuration(account, configuration)["capabilities"]
    for step in way:
        place = place.setdefault(step, {})
    details = [] if status == "active" else [{"code": "requirements_past_due", "resolution": "provide_info"}]
    place[last] = {"status": status, "requested": True, "status_details": details}


def _configuration(account: Json, name: str) -> Json:
    if not account["configuration"].get(name):
        account["configuration"][name] = {"applied": True, "capabilities": {}}
        account["applied_configurations"] = sorted({*account["applied_configurations"], name})
    found: Json = account["configuration"][name]
    return found


def capability_status(account: Json, capability: str) -> str:
    """`active`, `pending`, `restricted`, `unsupported`, or `unrequested`."""
    configuration, *way = CAPABILITIES[capability]
    place: Any = (account["configuration"].get(configuration) or {}).get("capabilities", {})
    for step in way:
        place = place.get(step, {})
    return str(place.get("status", "unrequested"))


def _is_requested(configuration: Json, where: tuple[str, ...]) -> bool:
    place: Any = configuration.get(where[0]) or {}
    for step in ("capabilities", *where[1:]):
        place = place.get(step) or {}
    return bool(place.get("requested"))


@simulates("get", PATH + "/{id}", "include")
def retrieve_account(call: Call) -> Json:
    """One account; configuration, identity and the like only when `include`d, else null."""
    return _shown(call, call.world.require(KIND, call.path["id"]))


def _shown(call: Call, account: Json) -> Json:
    shown = dict(account)
    included = set(call.params.get("include", []))
    configuration = {
        name: value for name, value in account["configuration"].items() if f"configuration.{name}" in included
    }
    for name in INCLUDABLE:
        shown[name] = account[name] if name in included else None
    if configuration:
        shown["configuration"] = {"customer": None, "merchant": None, "recipient": None} | configuration
    return shown


@simulates("get", PATH, "limit", "applied_configurations")
def list_accounts(call: Call) -> Json:
    """The newest accounts, one page (at most 100)."""
    limit = min(max(int(call.params.get("limit", 20)), 1), 100)
    wanted = set(call.params.get("applied_configurations", []))
    found = [a for a in call.store.find(Query(KIND)) if wanted <= set(a["applied_configurations"])]
    return {
        "data": [_shown(call, account) for account in found[:limit]],
        "next_page_url": None,
        "previous_page_url": None,
    }


@simulates("get", "/v1/accounts/{account}")
def retrieve_v1(call: Call) -> Json:
    """The same account through v1's eyes."""
    return _v1(call.world.require(KIND, call.path["account"], param="account"))


@simulates("get", "/v1/accounts", *PAGING)
def list_v1(call: Call) -> Json:
    """All accounts through v1's eyes, newest first, at most 100."""
    found = call.store.find(Query(KIND, limit=min(max(int(call.params.get("limit", 10)), 1), 100)))
    return listing([_v1(account) for account in found], "/v1/accounts")


def _v1(account: Json) -> Json:
    words = {"active": "active", "pending": "pending"}
    transfers, cards = (
        capability_status(account, "stripe_transfers"),
        capability_status(account, "card_payments"),
    )
    return {
        "id": account["id"], "object": "account", "type": "none", "country": "CA", "default_currency": "cad",
        "email": account["contact_email"], "metadata": account["metadata"], "charges_enabled": cards == "active",
        "payouts_enabled": "active" in (transfers, cards), "details_submitted": "active" in (transfers, cards),
        "capabilities": {
            name: words.get(status, "inactive")
            for name, status in (("transfers", transfers), ("card_payments", cards))
            if status != "unrequested"
        },
        "created": int(datetime.fromisoformat(account["created"]).timestamp()),
    }  # fmt: skip


def require_account(world: World, account_id: str, param: str = "destination") -> Json:
    """A connected account. Raises Refusal when there is none."""
    account = world.store.get(KIND, account_id)
    if account is None:
        raise Refusal(f"No such destination: '{account_id}'", code="resource_missing", param=param)
    return account


def require_card_payments(call: Call) -> None:
    """A direct charge needs an account whose `card_payments` is active. Raises Refusal."""
    if (
        call.account
        and capability_status(require_account(call.world, call.account), "card_payments") != "active"
    ):
        raise invalid("Your account cannot currently make charges.", code="account_invalid")


def check_scope(world: World, account_id: str) -> None:
    """`Stripe-Account` must name an account of this platform. Raises Refusal (403)."""
    if account_id and world.store.get(KIND, account_id) is None:
        raise Refusal(
            f"The provided key does not have access to account '{account_id}' (or that account does not exist). "
            "Application access may have been revoked.",
            status=403,
            code="account_invalid",
            is_stored=False,
        )


def _stamp(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
