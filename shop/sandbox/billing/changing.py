"""Another price or quantity for a subscription that runs: what is owed for the rest of the period, or given back."""

import copy
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

from shop.sandbox.billing.collecting import collect
from shop.sandbox.billing.invoicing import Reason, draft, finalize, new_line
from shop.sandbox.billing.prices import payable
from shop.sandbox.billing.subscribing import Sold, bill_now, new_item, plan_of, plan_renewal, turn_period
from shop.sandbox.errors import Json, invalid, missing_object, not_simulated
from shop.sandbox.rules import check_amount, merged_metadata
from shop.sandbox.world import Call

UPDATE: Reason = "subscription_update"


def change_items(call: Call, subscription: Json, wishes: list[Json], behavior: str) -> None:
    """Applies `items` of an update. `behavior` is Stripe's: none, create_prorations or always_invoice.

    Raises Refusal for an item that is not there, a price that cannot be sold, or periods that would differ.
    """
    old = copy.deepcopy(subscription["items"]["data"])
    for at, wish in enumerate(wishes):
        _apply(call, subscription, wish, f"items[{at}]")
    items = subscription["items"]["data"]
    _check_items(items)
    subscription["items"]["total_count"] = len(items)
    if subscription["status"] in ("trialing", "incomplete"):
        return
    if _period(items[0]) != _period(old[0]):
        _begin_again(call, subscription, old, behavior)
    elif behavior != "none":
        subscription["_pending_lines"] += _owed(call, subscription, old) + _owed(
            call, subscription, items, is_due=True
        )
        if behavior == "always_invoice":
            settle_now(call, subscription)


def _apply(call: Call, subscription: Json, wish: Json, param: str) -> None:
    items = subscription["items"]["data"]
    if "id" not in wish:
        items.append(_added(call, subscription, wish, param))
        return
    item = next((item for item in items if item["id"] == wish["id"]), None)
    if item is None:
        raise missing_object("subscription item", wish["id"], param=f"{param}[id]", status=400)
    if wish.get("deleted"):
        items.remove(item)
        return
    if "price" in wish:
        price = recurring_price(call, wish["price"], f"{param}[price]")
        item |= {"price": price, "plan": plan_of(price)}
    item["quantity"] = check_amount(wish.get("quantity", item["quantity"]), f"{param}[quantity]")
    item["metadata"] = merged_metadata(item["metadata"], wish)


def _added(call: Call, subscription: Json, wish: Json, param: str) -> Json:
    if "price" not in wish:
        raise invalid(
            f"Missing required param: {param}[price].", param=f"{param}[price]", code="parameter_missing"
        )
    price = recurring_price(call, wish["price"], f"{param}[price]")
    if any(item["price"]["id"] == price["id"] for item in subscription["items"]["data"]):
        raise invalid(
            f"Cannot add multiple subscription items with the same plan: {price['id']}",
            param=f"{param}[price]",
        )
    return new_item(
        call, subscription, Sold(price, check_amount(wish.get("quantity", 1), f"{param}[quantity]"))
    )


def recurring_price(call: Call, price_id: str, param: str) -> Json:
    """A price by the month or the year. Raises Refusal for one that is paid once, or cannot be sold."""
    price = payable(call, price_id, param=param)
    if price["recurring"] is None:
        raise invalid(
            "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
            param=param,
        )
    return price


def _check_items(items: list[Json]) -> None:
    if not items:
        raise invalid("A subscription must have at least one active plan.", param="items")
    if len({_period(item) for item in items}) > 1:
        raise not_simulated("subscriptions with several billing periods", param="items")


def _period(item: Json) -> tuple[str, int]:
    recurring = item["price"]["recurring"]
    return recurring["interval"], recurring["interval_count"]


def _begin_again(call: Call, subscription: Json, old: list[Json], behavior: str) -> None:
    """From the month to the year, or back: the new period begins now, and is asked for now."""
    if behavior != "none":
        subscription["_pending_lines"] += _owed(call, subscription, old)
    subscription["billing_cycle_anchor"] = call.now
    turn_period(subscription, call.now)
    plan_renewal(call, subscription)
    invoice = bill_now(call, subscription, UPDATE)
    if invoice["status"] == "open":
        collect(call, invoice)


def settle_now(call: Call, subscription: Json) -> None:
    """What prorations left behind is asked for at once, rather than with the next invoice."""
    invoice = finalize(call, draft(call, subscription, UPDATE, [], (call.now, call.now), waits=False))
    if invoice["status"] == "open":
        collect(call, invoice)


def _owed(call: Call, subscription: Json, items: list[Json], *, is_due: bool = False) -> list[Json]:
    """A line for the rest of each item's period: given back, or due."""
    return [_rest(call, subscription, item, is_due=is_due) for item in items]


def _rest(call: Call, subscription: Json, item: Json, *, is_due: bool) -> Json:
    start, end = item["current_period_start"], item["current_period_end"]
    whole = Decimal(item["price"]["unit_amount"] * item["quantity"])
    part = int((whole * (end - call.now) / (end - start)).quantize(Decimal(1), ROUND_HALF_UP))
    product = call.store.any(item["price"]["product"]) or {"name": item["price"]["product"]}
    day = datetime.fromtimestamp(call.now, UTC).strftime("%d %b %Y")
    said = f"{'Remaining' if is_due else 'Unused'} time on {product['name']} after {day}"
    return new_line(
        call,
        subscription,
        item,
        part if is_due else -part,
        said,
        {"start": call.now, "end": end},
        is_proration=True,
    )
