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
    "checkout.session": ("payment_intent", "line_items", "customer", "subscription", "invoice"),
    "payment_intent": ("latest_charge", "customer", "payment_method"),
    "charge": ("payment_intent", "balance_transaction", "refunds", "source_transfer", "customer"),
    "transfer": ("destination", "destination_payment", "source_transaction", "balance_transaction"),
    "transfer_reversal": ("transfer", "balance_transaction", "destination_payment_refund", "source_refund"),
    "refund": ("charge", "payment_intent", "balance_transaction", "failure_balance_transaction"),
    "dispute": ("charge", "payment_intent"),
    "balance_transaction": ("source",),
    "payout": ("balance_transaction", "failure_balance_transaction", "destination"),
    "customer": ("subscriptions",),
    "subscription": ("customer", "default_payment_method", "latest_invoice"),
    "invoice": ("customer", "default_payment_method", "payments", "confirmation_secret"),
    "payment_method": ("customer",),
    "invoice_payment": ("invoice",),
    "billing_portal.session": ("configuration",),
    "price": ("product",),
    "plan": ("product",),
    "product": ("default_price",),
}
WITHIN: Mapping[str, tuple[str, ...]] = {
    "invoice_settings": ("default_payment_method",),
    "subscription_details": ("subscription",),
    "subscription_item_details": ("subscription",),
    "price_details": ("price",),
    "payment": ("payment_intent",),
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


def _expand(call: Call, stored: Json, shown: Json, steps: list[str], path: str, within: str = "") -> None:
    """`within` is the name under which a hash that is no object of its own stands in its object."""
    name, rest = steps[0], steps[1:]
    known = EXPANDABLE.get(stored["object"], ()) if "object" in stored else WITHIN.get(within, ())
    if name in LISTS and name in known:
        shown[name] = LISTS[name](call, stored)
    elif name not in known and not (rest and isinstance(shown.get(name), dict | list)):
        if name in NEVER:
            return
        raise Refusal(f"This property cannot be expanded ({path}).", param="expand[0]")
    reference = shown.get(name)
    target = _visible(call, reference) if isinstance(reference, str) else None
    if target is not None:
        shown[name] = present(call, target)
    for inner in _inside(shown.get(name)) if rest else ():
        _expand(call, target or inner, inner, rest, path, name)


def _inside(value: Any) -> list[Json]:
    """The hashes that a path goes on with: one, or all of a list."""
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)]


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


def _payments(call: Call, invoice: Json) -> Json:
    found = call.store.find(Query("invoice_payment", None, {"invoice": invoice["id"]}))
    return listing([present(call, payment) for payment in found], "/v1/invoice_payments")


def _subscriptions(call: Call, customer: Json) -> Json:
    where = {"customer": customer["id"], "status": ["active", "incomplete", "past_due", "trialing", "unpaid"]}
    found = call.store.find(Query("subscription", None, where))
    url = f"/v1/customers/{customer['id']}/subscriptions"
    return listing([present(call, subscription) for subscription in found], url)


def _secret(call: Call, invoice: Json) -> Json | None:
    intent = call.store.any(invoice["_intent"] or "")
    is_open = intent is not None and invoice["status"] == "open"
    return (
        {"client_secret": intent["client_secret"], "type": "payment_intent"} if intent and is_open else None
    )


LISTS = {
    "line_items": lambda call, session: session["_line_items"],
    "refunds": _refunds,
    "payments": _payments,
    "subscriptions": _subscriptions,
    "confirmation_secret": _secret,
}


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
