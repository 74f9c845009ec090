"""Customers: who is billed, with which card when nothing else is said."""

import copy
import random

from shop.sandbox.billing.searching import search
from shop.sandbox.billing.standing import ENDED, end
from shop.sandbox.errors import Json, invalid
from shop.sandbox.events import emit, emit_change
from shop.sandbox.ids import new_id
from shop.sandbox.objects import answer, page
from shop.sandbox.rules import check_email, check_length, merged_metadata, metadata
from shop.sandbox.simulated.registry import PAGING, simulates
from shop.sandbox.store import Query
from shop.sandbox.world import Call

KIND = "customer"
PATH = "/v1/customers"
PLAIN = ("business_name", "description", "email", "individual_name", "name", "phone")
TOLD = (
    *PLAIN, "address", "invoice_prefix", "invoice_settings.custom_fields", "invoice_settings.footer", "metadata",
    "next_invoice_sequence", "preferred_locales",
)  # fmt: skip
PREFIX_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


@simulates("post", PATH, *TOLD)
def create_customer(call: Call) -> Json:
    """A customer without a card."""
    return answer(call, new_customer(call, call.params))


def new_customer(call: Call, given: Json) -> Json:
    """Stores a customer and tells of it. Raises Refusal for an address that is none."""
    _check(given)
    settings = {
        "custom_fields": None,
        "default_payment_method": None,
        "footer": None,
        "rendering_options": None,
    }
    customer = {
        "id": new_id("cus_", 14), "object": KIND, "address": _address(given), "balance": 0, "created": call.now,
        "currency": None, "customer_account": None, "default_source": None, "delinquent": False, "discount": None,
        "invoice_prefix": given.get("invoice_prefix") or "".join(random.choices(PREFIX_LETTERS, k=8)),  # noqa: S311
        "invoice_settings": settings | _settings(given), "livemode": False,
        "metadata": metadata(given), "next_invoice_sequence": given.get("next_invoice_sequence", 1),
        "preferred_locales": given.get("preferred_locales", []), "shipping": None, "tax_exempt": "none",
        "test_clock": None, "_is_deleted": False, **{name: given.get(name) for name in PLAIN},
    }  # fmt: skip
    call.store.put(customer, call.account)
    emit(call, "customer.created", customer)
    return customer


def _check(given: Json) -> None:
    check_email(given, "email")
    for name, longest in (("name", 256), ("phone", 20), ("description", 350), ("email", 512)):
        check_length(given.get(name) or "", longest, name)
    check_custom_fields(given)
    prefix = given.get("invoice_prefix")
    if prefix is not None and not (3 <= len(prefix) <= 12 and prefix.isalnum() and prefix.isupper()):
        raise invalid("Invoice prefix must be 3-12 uppercase letters or numbers.", param="invoice_prefix")


def _settings(given: Json) -> Json:
    return {name: value or None for name, value in given.get("invoice_settings", {}).items()}


def check_custom_fields(given: Json, path: str = "") -> None:
    """At most four lines on an invoice, 40 and 140 characters each. Raises Refusal."""
    param = f"{path}[invoice_settings][custom_fields]" if path else "invoice_settings[custom_fields]"
    fields = given.get("invoice_settings", {}).get("custom_fields") or []
    if len(fields) > 4:
        raise invalid("You can only have up to 4 custom fields.", param=param)
    for at, told in enumerate(fields):
        check_length(told["name"], 40, f"{param}[{at}][name]")
        check_length(told["value"], 140, f"{param}[{at}][value]")


def _address(given: Json) -> Json | None:
    told = given.get("address")
    names = ("city", "country", "line1", "line2", "postal_code", "state")
    return {name: told.get(name) for name in names} if told else None


@simulates("get", PATH + "/{customer}")
def retrieve_customer(call: Call) -> Json:
    """One customer; of a deleted one, that it is deleted."""
    return answer(call, call.require(KIND, call.path["customer"], param="id"))


@simulates("get", PATH, *PAGING, "created", "email")
def list_customers(call: Call) -> Json:
    """Newest first; by `email` the exact address, as Stripe does."""
    return page(call, KIND, PATH, filters=("email",), _is_deleted=False)


@simulates("get", PATH + "/search", "query", "limit", "page")
def search_customers(call: Call) -> Json:
    """By `email`, `name`, `phone` and `metadata`, all of which must match."""
    return search(call, KIND, f"{PATH}/search", ("email", "name", "phone"))


@simulates("post", PATH + "/{customer}", *TOLD, "invoice_settings.default_payment_method")
def update_customer(call: Call) -> Json:
    """Changes what is told; the rest stays."""
    _check(call.params)
    customer = living(call, call.path["customer"])
    before = copy.deepcopy(customer)
    told = {name: call.params[name] or None for name in PLAIN if name in call.params}
    customer |= told | {"metadata": merged_metadata(customer["metadata"], call.params)}
    for name in ("invoice_prefix", "next_invoice_sequence", "preferred_locales"):
        customer[name] = call.params.get(name, customer[name])
    if "address" in call.params:
        customer["address"] = _address(call.params)
    _take_settings(call, customer)
    emit_change(call, "customer.updated", before, call.store.put(customer, call.account))
    return answer(call, customer)


def living(call: Call, customer_id: str) -> Json:
    """A customer that is not deleted. Raises Refusal (404)."""
    call.require(KIND, customer_id)
    return call.named(KIND, customer_id, param="id")


def _take_settings(call: Call, customer: Json) -> None:
    told = _settings(call.params)
    if card := told.get("default_payment_method"):
        require_card(call, card, customer["id"], param="invoice_settings[default_payment_method]")
    customer["invoice_settings"] |= told


def require_card(call: Call, card_id: str, customer_id: str, *, param: str) -> Json:
    """A payment method of this customer. Raises Refusal for another's, or for none."""
    card = call.named("payment_method", card_id, param=param)
    if card["customer"] != customer_id:
        raise invalid(
            "The customer does not have a payment method with the ID "
            f"{card_id}. The payment method must be attached to the customer.",
            param=param,
            code="resource_missing",
        )
    return card


@simulates("delete", PATH + "/{customer}")
def delete_customer(call: Call) -> Json:
    """The customer is gone for good, and its subscriptions end at once."""
    customer = living(call, call.path["customer"])
    for subscription in call.store.find(Query("subscription", call.account, {"customer": customer["id"]})):
        if subscription["status"] not in ENDED:
            end(call, subscription, "cancellation_requested")
    call.store.put(customer | {"deleted": True, "_is_deleted": True}, call.account)
    emit(call, "customer.deleted", customer)
    return {"id": customer["id"], "object": KIND, "deleted": True}
