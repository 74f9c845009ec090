"""What is sold: how products and prices come to be."""

from shop.sandbox.errors import Json, Refusal, invalid, not_simulated
from shop.sandbox.events import emit, emit_change
from shop.sandbox.ids import new_id
from shop.sandbox.rules import check_currency, check_length, check_url, metadata
from shop.sandbox.store import Query
from shop.sandbox.world import Call

PRODUCT, PRICE = "product", "price"
LONGEST_INTERVAL = {"day": 1095, "week": 156, "month": 36, "year": 3}
PRODUCT_FACTS = ("description", "images", "marketing_features", "statement_descriptor", "unit_label", "url")


def new_product(call: Call, given: Json) -> Json:
    """Stores a product. Raises Refusal when the id is taken."""
    check_product(given)
    if "id" in given and call.store.any(given["id"]):
        raise invalid("Product already exists.", param="id", code="resource_already_exists")
    product = {
        "id": given.get("id") or new_id("prod_", 14), "object": PRODUCT, "active": given.get("active", True),
        "created": call.now, "default_price": None, "livemode": False, "metadata": metadata(given),
        "name": given["name"], "package_dimensions": None, "shippable": None, "tax_code": None,
        "type": given.get("type", "service"), "updated": call.now, "_is_deleted": False,
        **{name: given.get(name) for name in PRODUCT_FACTS},
        "images": given.get("images", []), "marketing_features": given.get("marketing_features", []),
    }  # fmt: skip
    return call.store.put(product, call.account)


def check_product(given: Json) -> None:
    """Raises Refusal for a name or an address that Stripe would not keep."""
    check_length(given.get("name") or "", 250, "name")
    check_length(given.get("id") or "", 255, "id")
    check_url(given, "url")


def new_price(call: Call, product_id: str, given: Json, path: str) -> Json:
    """Stores a price and tells of it. Raises Refusal for an amount or an interval out of bounds."""
    recurring = given.get("recurring")
    price = {
        "id": new_id("price_1"), "object": PRICE, "active": given.get("active", True), "billing_scheme": "per_unit",
        "created": call.now, "currency": check_currency(given["currency"], _param(path, "currency")),
        "custom_unit_amount": None, "livemode": False, "lookup_key": None, "metadata": metadata(given),
        "nickname": given.get("nickname"), "product": product_id,
        "recurring": _recurring(recurring, path) if recurring else None,
        "tax_behavior": given.get("tax_behavior", "unspecified"), "tiers_mode": None, "transform_quantity": None,
        "type": "recurring" if recurring else "one_time", **_amount(given, path),
    }  # fmt: skip
    take_key(call, price, given)
    call.store.put(price, call.account)
    emit(call, "price.created", price)
    return price


def _param(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def _amount(given: Json, path: str) -> Json:
    param = _param(path, "unit_amount")
    if "unit_amount" not in given:
        raise Refusal(
            f"Missing required param: {param}.", code="parameter_missing", param=param, is_stored=False
        )
    amount = int(given["unit_amount"])
    if not 0 <= amount <= 99_999_999:
        raise invalid("Invalid non-negative integer", param=param, code="parameter_invalid_integer")
    return {"unit_amount": amount, "unit_amount_decimal": str(amount)}


def _recurring(given: Json, path: str) -> Json:
    interval, count = given["interval"], int(given.get("interval_count", 1))
    param = _param(path, "recurring") + "[interval_count]"
    if not 1 <= count <= LONGEST_INTERVAL[interval]:
        raise invalid("The maximum interval is three years, and the least is one.", param=param)
    if given.get("usage_type", "licensed") != "licensed":
        raise not_simulated("metered prices", param="recurring[usage_type]")
    return {"interval": interval, "interval_count": count, "meter": None, "trial_period_days": None,
            "usage_type": "licensed"}  # fmt: skip


def take_key(call: Call, price: Json, given: Json) -> None:
    """A lookup key names one price at a time; it moves on when the caller says so."""
    key = given.get("lookup_key")
    if key is None:
        return
    check_length(key, 200, "lookup_key")
    for holder in call.store.find(Query(PRICE, call.account, {"lookup_key": key}, limit=1)) if key else ():
        if holder["id"] == price["id"]:
            return
        if not given.get("transfer_lookup_key"):
            message = f"A price (`{holder['id']}`) already uses that lookup key."
            raise invalid(message, param="lookup_key", code="resource_already_exists")
        call.store.put(holder | {"lookup_key": None}, call.account)
        emit_change(call, "price.updated", holder, holder | {"lookup_key": None})
    price["lookup_key"] = key or None
