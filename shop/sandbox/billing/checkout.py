"""Checkout Sessions with `mode=subscription`: what is sold by the month or the year, and from when on.

*Verify*: during a trial the session's amounts are zero, its lines' too, as what is due today is nothing.
"""

from shop.sandbox.billing.catalogue import PRODUCT, new_price, new_product
from shop.sandbox.billing.changing import recurring_price
from shop.sandbox.billing.periods import DAY
from shop.sandbox.billing.subscribing import Sold
from shop.sandbox.billing.subscriptions import check_told, require_one_period, told_of
from shop.sandbox.billing.tax_rates import named_rates
from shop.sandbox.billing.taxes import require_exclusive, tax_on
from shop.sandbox.errors import Json, Refusal, invalid
from shop.sandbox.events import emit
from shop.sandbox.ids import new_id
from shop.sandbox.objects import public
from shop.sandbox.rules import check_amount, metadata
from shop.sandbox.simulated.sessions import makes, new_session
from shop.sandbox.world import Call

SHORTEST_TRIAL = 2 * DAY
FOR_PAYMENTS = ("customer_creation", "payment_intent_data")


@makes("subscription")
def subscription_session(call: Call) -> Json:
    """A session whose page asks for a card, and charges it today or when the trial ends."""
    params = call.params
    _check(params)
    customer = call.named("customer", params["customer"], param="customer") if "customer" in params else None
    told = _told(call, params.get("subscription_data", {}), customer)
    sold = [_sold(call, item, f"line_items[{at}]") for at, item in enumerate(params["line_items"])]
    require_one_period(sold, "line_items")
    session = new_session(call, [_line(call, one, told) for one in sold])
    return session | {
        "customer": customer["id"] if customer else None, "customer_creation": None if customer else "always",
        "payment_method_collection": params.get("payment_method_collection", "always"),
        "_customer_email": customer["email"] if customer else None, "_told": told,
        "_sold": [vars(one) for one in sold], "_due_later": _later(sold, told),
    }  # fmt: skip


def _check(params: Json) -> None:
    for name in FOR_PAYMENTS:
        if name in params:
            raise invalid(f"You can not pass `{name}` in `subscription` mode.", param=name)
    if params.get("submit_type", "auto") not in ("auto", "subscribe"):
        raise invalid("You can not pass this `submit_type` in `subscription` mode.", param="submit_type")
    if "customer" in params and "customer_email" in params:
        message = "You may only specify one of these parameters: customer, customer_email."
        raise invalid(message, param="customer_email")


def _told(call: Call, given: Json, customer: Json | None) -> Json:
    """`subscription_data`, checked. Raises Refusal for a trial that ends within two days."""
    path = "subscription_data"
    if "trial_end" in given and given["trial_end"] < call.now + SHORTEST_TRIAL:
        message = "The `trial_end` date has to be at least 2 days in the future."
        raise invalid(message, param=f"{path}[trial_end]")
    if "trial_period_days" in given and given["trial_period_days"] < 1:
        raise invalid("The minimum number of trial period days is 1.", param=f"{path}[trial_period_days]")
    check_told(given, path=path)
    days = given.get("trial_period_days")
    told = told_of(call, given, customer, path=path) | {"trial_period_days": days}
    return told | {"trial_end": None} if days else told  # days are counted from when somebody subscribes


def _sold(call: Call, item: Json, param: str) -> Sold:
    if ("price" in item) == ("price_data" in item):
        message = "You must specify either `price` or `price_data` when creating a line item."
        raise Refusal(message, code="parameter_missing", param=f"{param}[price]")
    if "quantity" not in item:
        message = f"Quantity is required. Add `quantity` to `{param}`"
        raise Refusal(message, code="parameter_missing", param=f"{param}[quantity]")
    rates = named_rates(call, item.get("tax_rates", []), f"{param}[tax_rates]")
    if "price" in item:
        price = recurring_price(call, item["price"], f"{param}[price]")
    else:
        price = _made_on_the_spot(call, item["price_data"], f"{param}[price_data]")
    quantity = check_amount(item["quantity"], f"{param}[quantity]")
    rates = require_exclusive(rates, f"{param}[tax_rates]")
    return Sold(price, quantity, rates, metadata(item, path=f"{param}[metadata]"))


def _made_on_the_spot(call: Call, given: Json, param: str) -> Json:
    """A price for this subscription alone: it is there, but inactive."""
    if "recurring" not in given:
        raise invalid(
            "You must provide at least one recurring price in `subscription` mode when using prices.",
            param=param,
        )
    if "product_data" in given:
        product = new_product(call, given["product_data"])
        emit(call, "product.created", product)
    elif "product" in given:
        product = call.named(PRODUCT, given["product"], param=f"{param}[product]")
    else:
        message = f"Missing required param: {param}[product]."
        raise Refusal(message, code="parameter_missing", param=f"{param}[product]")
    return new_price(call, product["id"], given | {"active": False}, param)


def _line(call: Call, sold: Sold, told: Json) -> Json:
    """What one price costs today: nothing where a trial comes first."""
    is_trial = bool(told["trial_end"] or told["trial_period_days"])
    amount = 0 if is_trial else sold.price["unit_amount"] * sold.quantity
    tax = sum(tax_on(amount, rate) for rate in sold.tax_rates or told["default_tax_rates"])
    product = call.store.get(PRODUCT, sold.price["product"], call.account) or {
        "name": "",
        "description": None,
    }
    return {
        "id": new_id("li_"), "object": "item", "amount_discount": 0, "amount_subtotal": amount, "amount_tax": tax,
        "amount_total": amount + tax, "currency": sold.price["currency"], "description": product["name"],
        "metadata": sold.metadata, "price": public(sold.price), "quantity": sold.quantity,
        "_details": product["description"],
    }  # fmt: skip


def _later(sold: list[Sold], told: Json) -> Json:
    """What each period costs once it is paid for, with each tax apart."""
    taxes: dict[str, Json] = {}
    for one in sold:
        for rate in one.tax_rates or told["default_tax_rates"]:
            tax = taxes.setdefault(rate["id"], {"rate": rate, "amount": 0})
            tax["amount"] += tax_on(one.price["unit_amount"] * one.quantity, rate)
    subtotal = sum(one.price["unit_amount"] * one.quantity for one in sold)
    return {
        "subtotal": subtotal, "taxes": list(taxes.values()), "recurring": sold[0].price["recurring"],
        "total": subtotal + sum(tax["amount"] for tax in taxes.values()),
    }  # fmt: skip
