"""Cards that customers leave for later. Their numbers are known to nobody but the sandbox itself."""

import hashlib

from shop.sandbox.cards import TestCard, card_for, decline_message, parse_expiry
from shop.sandbox.errors import Json, Refusal, not_simulated
from shop.sandbox.events import emit
from shop.sandbox.ids import new_id
from shop.sandbox.objects import answer, page
from shop.sandbox.simulated.registry import PAGING, simulates
from shop.sandbox.world import Call

KIND = "payment_method"
PATH = "/v1/payment_methods"
NAMED = {
    "pm_card_visa": "4242424242424242", "pm_card_mastercard": "5555555555554444",
    "pm_card_chargeCustomerFail": "4000000000000341", "pm_card_visa_chargeDeclined": "4000000000000002",
    "pm_card_chargeDeclined": "4000000000000002", "pm_card_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_authenticationRequired": "4000002760003184",
}  # fmt: skip


def keep_card(call: Call, card: TestCard, customer_id: str, holder: Json) -> Json:
    """Stores a card and attaches it to a customer."""
    return attach(call, new_method(call, card, None, holder), customer_id)


def attach(call: Call, method: Json, customer_id: str) -> Json:
    """The customer may be charged with this card from now on; where it could already, nothing is told."""
    if method["customer"] != customer_id:
        method["customer"] = customer_id
        emit(call, "payment_method.attached", call.store.put(method, call.account))
    return method


def new_method(call: Call, card: TestCard, customer_id: str | None, holder: Json) -> Json:
    """A card that is not stored yet; `holder` says email, name, postal_code and expiry as they were typed."""
    year, month = parse_expiry(str(holder.get("expiry") or "")) or (2039, 12)
    address = dict.fromkeys(("city", "line1", "line2", "state"))
    return {
        "id": new_id("pm_1"), "object": KIND, "allow_redisplay": "limited",
        "billing_details": {
            "address": address | {"country": "CA", "postal_code": holder.get("postal_code")},
            "email": holder.get("email"), "name": holder.get("name"), "phone": None, "tax_id": None,
        },
        "card": {
            "brand": card.brand, "checks": {"address_line1_check": None, "address_postal_code_check": "pass",
                                            "cvc_check": "pass"},
            "country": "US", "display_brand": card.brand, "exp_month": month, "exp_year": year,
            "fingerprint": hashlib.sha256(card.number.encode()).hexdigest()[:16], "funding": "credit",
            "generated_from": None, "last4": card.last4, "networks": {"available": [card.brand], "preferred": None},
            "regulated_status": "unregulated", "three_d_secure_usage": {"supported": True}, "wallet": None,
        },
        "created": call.now, "customer": customer_id, "customer_account": None, "livemode": False, "metadata": {},
        "type": "card", "_number": card.number,
    }  # fmt: skip


def card_of(method: Json) -> TestCard:
    """What the bank does with a kept card."""
    return card_for(method["_number"])


@simulates("get", PATH + "/{payment_method}")
def retrieve_method(call: Call) -> Json:
    """One payment method."""
    return answer(call, call.require(KIND, call.path["payment_method"], param="payment_method"))


@simulates("get", PATH, *PAGING, "customer", "type")
def list_methods(call: Call) -> Json:
    """A customer's, newest first."""
    return page(call, KIND, PATH, filters=("customer", "type"))


@simulates("get", "/v1/customers/{customer}/payment_methods", *PAGING, "type")
def list_customer_methods(call: Call) -> Json:
    """A customer's, newest first."""
    customer = call.require("customer", call.path["customer"])
    url = f"/v1/customers/{customer['id']}/payment_methods"
    return page(call, KIND, url, filters=("type",), customer=customer["id"])


@simulates("get", "/v1/customers/{customer}/payment_methods/{payment_method}")
def retrieve_customer_method(call: Call) -> Json:
    """One of a customer's."""
    method = call.require(KIND, call.path["payment_method"], param="payment_method")
    call.require("customer", call.path["customer"])
    return answer(
        call, call.require(KIND, method["id"] if method["customer"] == call.path["customer"] else "")
    )


@simulates("post", PATH + "/{payment_method}/attach", "customer")
def attach_method(call: Call) -> Json:
    """Attaches one of Stripe's named test cards, such as `pm_card_visa`. Raises Refusal (402) for a declined one."""
    name, customer_id = call.path["payment_method"], call.params.get("customer")
    if customer_id is None:
        raise not_simulated("attaching to anything but a customer", param="customer")
    customer = call.named("customer", customer_id, param="customer")
    if name not in NAMED:
        call.require(KIND, name, param="payment_method")
        raise Refusal(
            "The payment method you provided has already been attached to a customer.", param="payment_method"
        )
    card = card_for(NAMED[name])
    if not card.is_attachable:
        raise Refusal(decline_message(card), status=402, kind="card_error", code=card.code,
                      decline_code=card.decline_code)  # fmt: skip
    return answer(call, keep_card(call, card, customer["id"], {"email": customer["email"]}))


@simulates("post", PATH + "/{payment_method}/detach")
def detach_method(call: Call) -> Json:
    """The card can no longer be used for its customer."""
    method = call.require(KIND, call.path["payment_method"], param="payment_method")
    if method["customer"] is None:
        raise Refusal(
            "The payment method you provided is not attached to a customer so detachment is impossible.",
            param="payment_method",
        )
    drop_card(call, method)
    return answer(call, method)


def drop_card(call: Call, method: Json) -> None:
    """Detaches a card, and nothing names it as a default any more."""
    customer = call.store.get("customer", method["customer"], call.account)
    if customer and customer["invoice_settings"]["default_payment_method"] == method["id"]:
        customer["invoice_settings"]["default_payment_method"] = None
        call.store.put(customer, call.account)
    previous = {"customer": method["customer"]}
    method["customer"] = None
    emit(call, "payment_method.detached", call.store.put(method, call.account), previous=previous)
