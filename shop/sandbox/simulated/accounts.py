"""Connected accounts, v2.

An account is born `restricted`, as on Stripe, until the person behind it has been through onboarding; the control
address `/_sandbox/accounts` stands in for that person.
"""

from typing import Any
from urllib.parse import urlencode

from shop.sandbox.errors import Json, Refusal, invalid
from shop.sandbox.ids import new_id
from shop.sandbox.rules import check_email, merged_metadata, metadata
from shop.sandbox.simulated.account_events import tell_changed, tell_created
from shop.sandbox.simulated.capabilities import (
    capability_status,
    configuration,
    drop_capability,
    is_onboarded,
    requirements,
    set_capability,
    wishes,
)
from shop.sandbox.simulated.registry import simulates
from shop.sandbox.store import Query
from shop.sandbox.world import Call, World, stamp

KIND = "v2.core.account"
PATH = "/v2/core/accounts"
INCLUDABLE = ("defaults", "future_requirements", "identity", "requirements")
MERCHANT_FACTS = ("mcc", "branding", "statement_descriptor", "support")
TOLD = (
    "contact_email", "contact_phone", "display_name", "dashboard", "defaults", "identity", "include", "metadata",
    "configuration.recipient.capabilities.stripe_balance.stripe_transfers",
    "configuration.merchant.capabilities.card_payments",
    *(f"configuration.merchant.{name}" for name in MERCHANT_FACTS),
)  # fmt: skip


@simulates("post", PATH, *TOLD)
def create_account(call: Call) -> Json:
    """A connected account whose requested capabilities are `restricted`."""
    check_email(call.params, "contact_email")
    account = new_account(call, call.params)
    _take_configuration(account, call.params)
    call.store.put(account)
    tell_created(call, account)
    return _shown(call, account)


def new_account(call: Call, given: Json) -> Json:
    """An account that is not stored yet, without any capability."""
    return {
        "id": given.get("id") or new_id("acct_1", 15), "object": KIND, "applied_configurations": [], "closed": None,
        "configuration": {"customer": None, "merchant": None, "recipient": None},
        "contact_email": given.get("contact_email"), "contact_phone": given.get("contact_phone"),
        "created": stamp(call.now), "dashboard": given.get("dashboard", "express"), "defaults": given.get("defaults"),
        "display_name": given.get("display_name"), "future_requirements": None, "identity": given.get("identity"),
        "livemode": False, "metadata": metadata(given), "requirements": None, "_is_onboarded": False,
    }  # fmt: skip


def _take_configuration(account: Json, given: Json) -> list[str]:
    """Applies what a request says of configurations; the capabilities whose status changed."""
    for name, told in given.get("configuration", {}).items():
        configuration(account, name).update({fact: told[fact] for fact in MERCHANT_FACTS if fact in told})
    return [
        name for name, is_wished in wishes(given).items() if _take_wish(account, name, is_wished=is_wished)
    ]


def _take_wish(account: Json, capability: str, *, is_wished: bool) -> bool:
    if not is_wished:
        return drop_capability(account, capability)
    if capability_status(account, capability) != "unrequested":
        return False
    status = "active" if is_onboarded(account) else "restricted"
    if capability == "stripe_transfers":
        set_capability(account, "payouts", status)
    return set_capability(account, capability, status)


@simulates("post", PATH + "/{id}", *TOLD)
def update_account(call: Call) -> Json:
    """Changes what is told; a capability asked for now is active at once if the account has been onboarded."""
    check_email(call.params, "contact_email")
    account, given = own(call, call.path["id"]), call.params
    for name in ("contact_email", "contact_phone", "display_name", "dashboard"):
        account[name] = given.get(name, account[name])
    for name in ("defaults", "identity"):
        if name in given:
            account[name] = _merged(account[name] or {}, given[name])
    account["metadata"] = merged_metadata(account["metadata"], given)
    changed = _take_configuration(account, given)
    call.store.put(account)
    tell_changed(call, account, changed, is_identified="identity" in given)
    return _shown(call, account)


def _merged(kept: Json, given: Json) -> Json:
    merged = dict(kept)
    for name, value in given.items():
        nested = isinstance(value, dict) and isinstance(kept.get(name), dict)
        merged[name] = _merged(kept[name], value) if nested else value
    return merged


@simulates("get", PATH + "/{id}", "include")
def retrieve_account(call: Call) -> Json:
    """One account; configuration, identity and the like only when `include`d, else null."""
    return _shown(call, own(call, call.path["id"]))


def _shown(call: Call, account: Json) -> Json:
    shown = {name: value for name, value in account.items() if not name.startswith("_")}
    included = set(call.params.get("include", []))
    wanted: Json = {
        name: value for name, value in account["configuration"].items() if f"configuration.{name}" in included
    }
    now = account | {"requirements": requirements(account)}
    shown |= {name: now[name] if name in included else None for name in INCLUDABLE}
    blank = {"customer": None, "merchant": None, "recipient": None}
    shown["configuration"] = blank | wanted if wanted else None
    return shown


@simulates("get", PATH, "limit", "page", "applied_configurations")
def list_accounts(call: Call) -> Json:
    """The newest accounts, in pages of at most 100."""
    if call.account:
        raise _not_yours(call.account)
    wanted = set(call.params.get("applied_configurations", []))
    everyone = call.store.find(Query(KIND, limit=100_000))
    found = [account for account in everyone if wanted <= set(account["applied_configurations"])]
    return v2_page(call, found, PATH, lambda account: _shown(call, account))


def v2_page(call: Call, found: list[Json], path: str, show: Any) -> Json:
    """One page of a v2 list; `page` is a place in it."""
    limit = int(call.params.get("limit", 20))
    place = call.params.get("page", "0")
    if not 1 <= limit <= 100 or not (place.isascii() and place.isdecimal() and len(place) < 9):
        raise invalid("A page holds 1 to 100 objects.", param="limit")
    start = int(place)
    return {
        "data": [show(each) for each in found[start : start + limit]],
        "next_page_url": _url(call, path, start + limit) if start + limit < len(found) else None,
        "previous_page_url": _url(call, path, max(start - limit, 0)) if start else None,
    }


def _url(call: Call, path: str, place: int) -> str:
    query: list[tuple[str, Any]] = [("page", place)]
    for name, value in call.params.items():
        if isinstance(value, list):
            query += [(f"{name}[{at}]", item) for at, item in enumerate(value)]
        elif name != "page" and not isinstance(value, dict):
            query.append((name, value))
    return f"{path}?{urlencode(query)}"


def own(call: Call, account_id: str, *, param: str = "id") -> Json:
    """An account of the platform; a connected account sees itself alone. Raises Refusal (404, 403)."""
    if call.account and call.account != account_id:
        raise _not_yours(account_id)
    return call.world.require(KIND, account_id, param=param)


def require_account(world: World, account_id: str, param: str = "destination") -> Json:
    """A connected account. Raises Refusal when there is none."""
    account = world.store.get(KIND, account_id)
    if account is None:
        raise Refusal(f"No such destination: '{account_id}'", code="resource_missing", param=param)
    return account


def account_name(call: Call) -> str:
    """What buyers know the calling account by; nothing for the platform."""
    account = call.store.get(KIND, call.account) if call.account else None
    return str((account or {}).get("display_name") or "")


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
        raise _not_yours(account_id)


def _not_yours(account_id: str) -> Refusal:
    return Refusal(
        f"The provided key does not have access to account '{account_id}' (or that account does not exist). "
        "Application access may have been revoked.",
        status=403,
        code="account_invalid",
        is_stored=False,
    )
