"""How stored objects become answers: private fields hidden, references expanded, lists paged."""

from collections.abc import Mapping
from typing import Any

from shop.sandbox.errors import Json, Refusal, missing_object
from shop.sandbox.store import Query
from shop.sandbox.world import Call

NEVER = (
    "application",
    "customer",
    "invoice",
    "on_behalf_of",
    "payment_link",
    "review",
    "setup_intent",
    "subscription",
)
EXPANDABLE: Mapping[str, tuple[str, ...]] = {
    "checkout.session": ("payment_intent", "line_items"),
    "payment_intent": ("latest_charge",),
    "charge": ("payment_intent", "balance_transaction", "refunds", "source_transfer"),
    "transfer": ("destination", "destination_payment", "source_transaction", "balance_transaction"),
    "transfer_reversal": ("transfer", "balance_transaction", "destination_payment_refund", "source_refund"),
    "refund": ("charge", "payment_intent", "balance_transaction", "failure_balance_transaction"),
    "dispute": ("charge", "payment_intent"),
    "balance_transaction": ("source",),
    "payout": ("balance_transaction", "failure_balance_transaction", "destination"),
    "price": ("product",),
    "product": ("default_price",),
}
DEEPEST_EXPANSION = 4


def public(stored: Json) -> Json:
    """The object without the fields the sandbox keeps for itself (`_…`)."""
    return {name: value for name, value in stored.items() if not name.startswith("_")}


def present(call: Call, stored: Json) -> Json:
    """The object as it is now: money that was pending is available once its day has come."""
    shown = public(stored)
    if stored["object"] == "balance_transaction" and stored["available_on"] <= call.now:
        shown["status"] = "available"
    return shown


def answer(call: Call, stored: Json) -> Json:
    """The object as the caller asked for it. Raises Refusal for a path that cannot be expanded."""
    shown = present(call, stored)
    for path in call.params.get("expand", []):
        _expand(call, stored, shown, _steps(path), path)
    return shown


def _steps(path: str) -> list[str]:
    steps = path.split(".")
    if len(steps) > DEEPEST_EXPANSION:
        raise Refusal(
            f"You cannot expand more than {DEEPEST_EXPANSION} levels of a property.", param="expand"
        )
    return steps


def _expand(call: Call, stored: Json, shown: Json, steps: list[str], path: str) -> None:
    name, rest = steps[0], steps[1:]
    if name not in EXPANDABLE.get(stored["object"], ()):
        if name in NEVER:
            return
        raise Refusal(f"This property cannot be expanded ({path}).", param="expand[0]")
    if name in LISTS:
        shown[name] = LISTS[name](call, stored)
        return
    reference = shown.get(name)
    target = _visible(call, reference) if isinstance(reference, str) else None
    if target is None and not isinstance(reference, dict):
        return
    shown[name] = reference if isinstance(reference, dict) else present(call, target or {})
    if rest:
        _expand(call, target or shown[name], shown[name], rest, path)


def listing(data: list[Json], url: str, *, has_more: bool = False) -> Json:
    """Stripe's v1 list."""
    return {"object": "list", "data": data, "has_more": has_more, "url": url}


def _visible(call: Call, reference: str) -> Json | None:
    """The object behind a reference; a connected account is shown its own alone."""
    if call.account and call.store.owner(reference) != call.account:
        return None
    return call.store.any(reference)


def _refunds(call: Call, charge: Json) -> Json:
    found = call.store.find(Query("refund", None, {"charge": charge["id"]}, limit=11))
    data = [present(call, refund) for refund in found[:10]]
    return listing(data, f"/v1/charges/{charge['id']}/refunds", has_more=len(found) > 10)


LISTS = {"line_items": lambda call, session: session["_line_items"], "refunds": _refunds}


def page(call: Call, kind: str, url: str, *, filters: tuple[str, ...] = (), **where: Any) -> Json:
    """A page of the calling account's objects, newest first, by Stripe's cursor parameters."""
    params = call.params
    wanted = {name: params[name] for name in filters if name in params} | where
    limit = limit_of(params)
    after = _place(call, params, "starting_after")
    before = _place(call, params, "ending_before")
    found = call.store.find(
        Query(
            kind, call.account, wanted, _created(params), before_seq=after, after_seq=before, limit=limit + 1
        )
    )
    kept = found[:limit] if before is None else found[-limit:]
    return listing([_item(call, stored) for stored in kept], url, has_more=len(found) > limit)


def _item(call: Call, stored: Json) -> Json:
    """One object of a list; expansions are asked for as `data.<property>`."""
    shown = present(call, stored)
    for path in call.params.get("expand", []):
        steps = _steps(path)
        if steps[0] != "data" or len(steps) < 2:
            raise Refusal(f"This property cannot be expanded ({path}).", param="expand[0]")
        _expand(call, stored, shown, steps[1:], path)
    return shown


def limit_of(params: Json) -> int:
    """How many objects a page holds. Raises Refusal outside 1 to 100."""
    limit = int(params.get("limit", 10))
    if limit < 1:
        raise Refusal(
            "This value must be greater than or equal to 1.", code="parameter_invalid_integer", param="limit"
        )
    if limit > 100:
        raise Refusal(
            "This value must be less than or equal to 100.", code="parameter_invalid_integer", param="limit"
        )
    return limit


def _created(params: Json) -> Mapping[str, int]:
    created = params.get("created", {})
    return created if isinstance(created, dict) else {"gte": created, "lte": created}


def _place(call: Call, params: Json, name: str) -> int | None:
    if name not in params:
        return None
    place = call.store.place(params[name])
    if place is None or call.store.owner(params[name]) != call.account:
        raise missing_object("object", params[name], param=name, status=400)
    return place
