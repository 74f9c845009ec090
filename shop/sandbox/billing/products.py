"""Products: what a subscription is for."""

import copy

from shop.sandbox.billing.catalogue import (
    PRICE,
    PRODUCT,
    PRODUCT_FACTS,
    check_product,
    new_price,
    new_product,
)
from shop.sandbox.errors import Json, invalid
from shop.sandbox.events import emit, emit_change
from shop.sandbox.objects import answer, page
from shop.sandbox.rules import merged_metadata
from shop.sandbox.simulated.registry import PAGING, simulates
from shop.sandbox.store import Query
from shop.sandbox.world import Call

PATH = "/v1/products"
TOLD = (*PRODUCT_FACTS, "active", "name", "metadata")
FIRST_PRICE = ("currency", "metadata", "recurring", "tax_behavior", "unit_amount")


@simulates("post", PATH, *TOLD, "id", "type", *(f"default_price_data.{name}" for name in FIRST_PRICE))
def create_product(call: Call) -> Json:
    """A product, under the id the caller chose if it chose one, with its first price if it is told."""
    product = new_product(call, call.params)
    if "default_price_data" in call.params:
        price = new_price(call, product["id"], call.params["default_price_data"], "default_price_data")
        call.store.put(product | {"default_price": price["id"]}, call.account)
        product["default_price"] = price["id"]
    emit(call, "product.created", product)
    return answer(call, product)


@simulates("get", PATH + "/{id}")
def retrieve_product(call: Call) -> Json:
    """One product; of a deleted one, that it is deleted."""
    return answer(call, call.require(PRODUCT, call.path["id"]))


@simulates("get", PATH, *PAGING, "created", "active", "ids", "type")
def list_products(call: Call) -> Json:
    """Newest first."""
    asked = {"id": call.params["ids"]} if "ids" in call.params else {}
    return page(call, PRODUCT, PATH, filters=("active", "type"), _is_deleted=False, **asked)


@simulates("post", PATH + "/{id}", *TOLD, "default_price")
def update_product(call: Call) -> Json:
    """Changes what is told; the rest stays."""
    check_product(call.params)
    call.require(PRODUCT, call.path["id"])
    product = call.named(PRODUCT, call.path["id"], param="id")
    before = copy.deepcopy(product)
    if "default_price" in call.params:
        _own_price(call, product, call.params["default_price"])
    told = {
        name: call.params[name]
        for name in (*PRODUCT_FACTS, "active", "name", "default_price")
        if name in call.params
    }
    product |= {name: None if value == "" else value for name, value in told.items()}
    product |= {"metadata": merged_metadata(product["metadata"], call.params), "updated": call.now}
    emit_change(call, "product.updated", before, call.store.put(product, call.account))
    return answer(call, product)


def _own_price(call: Call, product: Json, price_id: str) -> None:
    price = call.named(PRICE, price_id, param="default_price")
    if price["product"] != product["id"] or not price["active"]:
        message = f"The price `{price_id}` cannot be the default: it is inactive, or of another product."
        raise invalid(message, param="default_price")


@simulates("delete", PATH + "/{id}")
def delete_product(call: Call) -> Json:
    """Only a product that never had a price can be deleted; any other one is archived with `active=false`."""
    call.require(PRODUCT, call.path["id"])
    product = call.named(PRODUCT, call.path["id"], param="id")
    if call.store.find(Query(PRICE, call.account, {"product": product["id"]}, limit=1)):
        raise invalid(
            "This product cannot be deleted because it has one or more user-created prices.", param="id"
        )
    call.store.put(product | {"deleted": True, "_is_deleted": True}, call.account)
    emit(call, "product.deleted", product)
    return {"id": product["id"], "object": PRODUCT, "deleted": True}
