"""Prices: how much a product costs, once or every so often. A price's amount never changes; one makes another."""

import copy

from shop.sandbox.billing.catalogue import PRICE, PRODUCT, new_price, new_product, take_key
from shop.sandbox.errors import Json, Refusal, invalid, not_simulated
from shop.sandbox.events import emit, emit_change
from shop.sandbox.objects import answer, page
from shop.sandbox.rules import merged_metadata
from shop.sandbox.simulated.registry import PAGING, simulates
from shop.sandbox.world import Call

PATH = "/v1/prices"
TOLD = ("active", "lookup_key", "metadata", "nickname", "tax_behavior", "transfer_lookup_key")


@simulates(
    "post", PATH, *TOLD, "billing_scheme", "currency", "product", "unit_amount", "recurring.interval",
    "recurring.interval_count", "recurring.usage_type", "product_data.name", "product_data.metadata",
    "product_data.id", "product_data.active", "product_data.unit_label", "product_data.statement_descriptor",
)  # fmt: skip
def create_price(call: Call) -> Json:
    """A price per unit of a product, which may be made along."""
    if call.params.get("billing_scheme", "per_unit") != "per_unit":
        raise not_simulated("prices in tiers", param="billing_scheme")
    if ("product" in call.params) == ("product_data" in call.params):
        message = "You must specify either `product` or `product_data` when creating a price."
        raise Refusal(message, code="parameter_missing", param="product", is_stored=False)
    if "product_data" in call.params:
        product = new_product(call, call.params["product_data"])
        emit(call, "product.created", product)
    else:
        product = call.named(PRODUCT, call.params["product"], param="product")
    return answer(call, new_price(call, product["id"], call.params, ""))


@simulates("get", PATH + "/{price}")
def retrieve_price(call: Call) -> Json:
    """One price."""
    return answer(call, call.require(PRICE, call.path["price"], param="price"))


@simulates(
    "get",
    PATH,
    *PAGING,
    "created",
    "active",
    "currency",
    "lookup_keys",
    "product",
    "type",
    "recurring.interval",
)
def list_prices(call: Call) -> Json:
    """Newest first."""
    where = {"lookup_key": call.params["lookup_keys"]} if "lookup_keys" in call.params else {}
    if interval := call.params.get("recurring", {}).get("interval"):
        where["recurring.interval"] = interval
    return page(call, PRICE, PATH, filters=("active", "currency", "product", "type"), **where)


@simulates("post", PATH + "/{price}", *TOLD)
def update_price(call: Call) -> Json:
    """Everything but the amount; `tax_behavior` once only."""
    price = call.require(PRICE, call.path["price"], param="price")
    before = copy.deepcopy(price)
    behavior = call.params.get("tax_behavior", price["tax_behavior"])
    if price["tax_behavior"] not in ("unspecified", behavior):
        message = "You cannot change the `tax_behavior` once it has been set to `exclusive` or `inclusive`."
        raise invalid(message, param="tax_behavior")
    price |= {name: call.params[name] for name in ("active", "nickname") if name in call.params}
    price |= {"tax_behavior": behavior, "metadata": merged_metadata(price["metadata"], call.params)}
    take_key(call, price, call.params)
    emit_change(call, "price.updated", before, call.store.put(price, call.account))
    return answer(call, price)


def payable(call: Call, price_id: str, *, param: str) -> Json:
    """A price that may be sold now. Raises Refusal for one that is missing or inactive."""
    price = call.named(PRICE, price_id, param=param)
    if not price["active"]:
        raise invalid("The price specified is inactive. This field only accepts active prices.", param=param)
    return price
