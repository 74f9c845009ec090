"""What the sandbox answers fits the installed package: no field its classes do not know, none missing they require."""

import typing
from typing import Any

import pytest
import stripe

from tests.shop.sandbox.subscribing import FAILS_LATER, TRIAL_END, Plans

CLASSES = {
    "subscription": stripe.Subscription, "invoice": stripe.Invoice, "customer": stripe.Customer,
    "product": stripe.Product, "price": stripe.Price, "tax_rate": stripe.TaxRate,
    "invoice_payment": stripe.InvoicePayment, "billing_portal.configuration": stripe.billing_portal.Configuration,
    "billing_portal.session": stripe.billing_portal.Session, "subscription_item": stripe.SubscriptionItem,
    "line_item": stripe.InvoiceLineItem, "plan": stripe.Plan, "payment_method": stripe.PaymentMethod,
    "checkout.session": stripe.checkout.Session, "payment_intent": stripe.PaymentIntent, "charge": stripe.Charge,
}  # fmt: skip
TOLD_IN_SHORT = "payment_intent.last_payment_error.payment_method."  # brand and last digits of a refused card


def fields_of(kind: type) -> dict[str, Any]:
    return {
        name: hint
        for name, hint in kind.__annotations__.items()
        if not name.startswith("_") and name.islower()
    }


def is_optional(hint: Any) -> bool:
    return type(None) in typing.get_args(hint) or "Optional[" in str(hint)


def differences(found: Any, kind: type, path: str) -> list[str]:
    """Fields that the package does not know, and fields that it says are always there and are not."""
    fields = fields_of(kind)
    wrong = [f"{path}.{name} is unknown" for name in found if name not in fields]
    for name, hint in fields.items():
        if name not in found:
            if not is_optional(hint):
                wrong.append(f"{path}.{name} is missing")
            continue
        for each in found[name] if isinstance(found[name], list) else [found[name]]:
            wrong += inner(each, kind, name, f"{path}.{name}")
    return wrong


def inner(found: Any, kind: type, name: str, path: str) -> list[str]:
    if not isinstance(found, dict):
        return []
    if found.get("object") == "list":
        return [wrong for each in found["data"] for wrong in inner(each, kind, name, path)]
    if found.get("object") in CLASSES:
        return differences(found, CLASSES[found["object"]], path)
    words = "".join(word.capitalize() for word in name.split("_"))
    nested = getattr(kind, words, None) or getattr(kind, words.removesuffix("s"), None)
    nested = nested or getattr(kind, words.removesuffix("es"), None)
    return differences(found, nested, path) if isinstance(nested, type) and "object" not in found else []


@pytest.fixture
def everything(plans: Plans) -> list[dict[str, Any]]:
    """The last state of every object that two lives of a subscription leave behind."""
    plans.subscribed(trial_end=None)
    subscription = plans.subscribed(FAILS_LATER)
    plans.portal(subscription, flow_data={"type": "payment_method_update"})
    plans.sandbox.freeze(TRIAL_END + 3600)
    item = subscription["items"].data[0].id
    told = {"items": [{"id": item, "quantity": 2}], "proration_behavior": "always_invoice"}
    plans.client.v1.subscriptions.update(subscription.id, params=told)
    return [event["data"]["object"] for event in plans.sandbox.events()]


def test_every_object_has_the_fields_of_its_class(everything: list[dict[str, Any]]):
    kinds = {found["object"] for found in everything}
    assert kinds == CLASSES.keys() - {"subscription_item", "line_item", "plan"}
    wrong = [
        difference
        for found in everything
        for difference in differences(found, CLASSES[found["object"]], found["object"])
        if not difference.startswith(TOLD_IN_SHORT)
    ]
    assert "\n".join(sorted(set(wrong))) == ""
