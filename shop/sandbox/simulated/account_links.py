"""Account links, v1 and v2: an address that opens onboarding once, and for five minutes."""

from shop.sandbox.errors import Json, Refusal
from shop.sandbox.ids import new_id
from shop.sandbox.rules import check_url
from shop.sandbox.simulated.accounts import own
from shop.sandbox.simulated.registry import simulates
from shop.sandbox.world import Call, stamp

KIND = "_account_link"
SECONDS = 300
USES = ("account_onboarding", "account_update")


@simulates(
    "post",
    "/v1/account_links",
    "account",
    "type",
    "refresh_url",
    "return_url",
    "collect",
    "collection_options",
)
def create_v1(call: Call) -> Json:
    """Both addresses are needed."""
    for name in ("refresh_url", "return_url"):
        if name not in call.params:
            raise Refusal(f"Missing required param: {name}.", code="parameter_missing", param=name)
    link = _link(call, call.params["account"], call.params["type"], call.params)
    return {
        "object": "account_link",
        "created": link["created"],
        "expires_at": link["expires_at"],
        "url": _url(call, link),
    }


@simulates("post", "/v2/core/account_links", "account", "use_case")
def create_v2(call: Call) -> Json:
    """One use case, with the hash of its own name."""
    use_case = call.params["use_case"]
    name = use_case["type"]
    if name not in use_case:
        raise Refusal(
            f"Missing required param: use_case[{name}].", code="parameter_missing", param=f"use_case[{name}]"
        )
    link = _link(call, call.params["account"], name, use_case[name])
    return {
        "object": "v2.core.account_link", "account": link["account"], "created": stamp(link["created"]),
        "expires_at": stamp(link["expires_at"]), "livemode": False, "url": _url(call, link), "use_case": use_case,
    }  # fmt: skip


def _link(call: Call, account_id: str, use: str, told: Json) -> Json:
    account = own(call, account_id, param="account")
    for name in ("refresh_url", "return_url"):
        check_url(told, name)
    link = {
        "id": new_id("al_", 40), "object": KIND, "account": account["id"], "created": call.now, "use": use,
        "expires_at": call.now + SECONDS, "refresh_url": told["refresh_url"], "return_url": told.get("return_url"),
        "is_used": False,
    }  # fmt: skip
    return call.store.put(link, account["id"])


def _url(call: Call, link: Json) -> str:
    return f"{call.world.public_url}/c/onboarding/{link['id']}"
