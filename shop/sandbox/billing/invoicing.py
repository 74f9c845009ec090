"""How an invoice comes to be: its lines, its taxes, its number, and the payment it asks for.

An invoice is a draft for an hour, so that callers may still look at it; the first one of a subscription is not.
"""

from typing import Literal

from shop.sandbox.agenda import plan
from shop.sandbox.billing.taxes import taxes_on, total_taxes
from shop.sandbox.errors import Json
from shop.sandbox.events import emit, emit_change
from shop.sandbox.ids import new_id
from shop.sandbox.objects import listing
from shop.sandbox.simulated.payment_intents import new_intent
from shop.sandbox.store import Query
from shop.sandbox.world import Call

KIND = "invoice"
SUBSCRIPTION = "parent.subscription_details.subscription"
ADVANCE = "invoice.advance"
DRAFT_SECONDS = 3600
SMALLEST_CHARGE = 50
Reason = Literal["subscription_create", "subscription_cycle", "subscription_update"]


def line_for(call: Call, subscription: Json, item: Json, *, is_trial: bool = False) -> Json:
    """The line of one item for its present period; free of charge during a trial."""
    price, quantity = item["price"], item["quantity"]
    amount = 0 if is_trial else price["unit_amount"] * quantity
    product = call.store.any(price["product"]) or {"name": price["product"]}
    kind = "Trial period for " if is_trial else f"{quantity} × "
    period = {"start": item["current_period_start"], "end": item["current_period_end"]}
    return new_line(call, subscription, item, amount, f"{kind}{product['name']}", period)


def new_line(
    call: Call, subscription: Json, item: Json, amount: int, description: str, period: Json,
    *, is_proration: bool = False,
) -> Json:  # fmt: skip
    """A line with the taxes of its item, or else of its subscription."""
    price, rates = item["price"], item["tax_rates"] or subscription["default_tax_rates"] or []
    details = {
        "invoice_item": None, "proration": is_proration, "proration_details": {"credited_items": None},
        "subscription": subscription["id"], "subscription_item": item["id"],
    }  # fmt: skip
    return {
        "id": new_id("il_1"), "object": "line_item", "amount": amount, "currency": price["currency"],
        "description": description, "discount_amounts": [], "discountable": not is_proration, "discounts": [],
        "invoice": None, "livemode": False, "metadata": dict(subscription["metadata"]),
        "parent": {"invoice_item_details": None, "subscription_item_details": details,
                   "type": "subscription_item_details"},
        "period": period, "pretax_credit_amounts": [],
        "pricing": {"price_details": {"price": price["id"], "product": price["product"]}, "type": "price_details",
                    "unit_amount_decimal": price["unit_amount_decimal"]},
        "quantity": item["quantity"], "subscription": subscription["id"], "subtotal": amount,
        "taxes": taxes_on(amount, rates),
    }  # fmt: skip


def draft(
    call: Call,
    subscription: Json,
    reason: Reason,
    lines: list[Json],
    period: tuple[int, int],
    *,
    waits: bool = True,
) -> Json:
    """Stores a draft and tells of it. One that `waits` is finalized and charged an hour later, by itself.

    What prorations left behind comes first. Nothing happens by itself where the subscription is `unpaid`.
    """
    lines = [*subscription["_pending_lines"], *lines]
    subscription["_pending_lines"] = []
    is_automatic = subscription["status"] != "unpaid"
    invoice = _new(call, subscription, reason, lines, period)
    invoice["auto_advance"] = is_automatic
    if is_automatic and waits:
        invoice["automatically_finalizes_at"] = call.now + DRAFT_SECONDS
        plan(call, ADVANCE, invoice["id"], due_at=call.now + DRAFT_SECONDS)
    subscription["latest_invoice"] = invoice["id"]
    call.store.put(subscription, call.account)
    emit(call, "invoice.created", call.store.put(invoice, call.account))
    return invoice


def _new(call: Call, subscription: Json, reason: Reason, lines: list[Json], period: tuple[int, int]) -> Json:
    invoice_id, customer = new_id("in_1"), call.require("customer", subscription["customer"])
    settings, wished = customer["invoice_settings"], subscription["invoice_settings"]
    details = {"metadata": subscription["metadata"], "subscription": subscription["id"],
               "subscription_proration_date": None}  # fmt: skip
    return {
        "id": invoice_id, "object": KIND, "account_country": "CA", "account_name": None, "account_tax_ids": None,
        "amount_overpaid": 0, "amount_paid": 0, "amount_shipping": 0, "application": None, "attempt_count": 0,
        "attempted": False, "automatically_finalizes_at": None, "billing_reason": reason,
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None, "provider": None,
                          "status": None},
        "collection_method": "charge_automatically", "created": call.now, "currency": subscription["currency"],
        "custom_fields": wished["custom_fields"] or settings["custom_fields"], "customer": customer["id"],
        "customer_account": None, "customer_address": customer["address"], "customer_email": customer["email"],
        "customer_name": customer["name"], "customer_phone": customer["phone"], "customer_shipping": None,
        "customer_tax_exempt": "none", "customer_tax_ids": [], "default_payment_method": None,
        "default_source": None, "default_tax_rates": [], "description": wished["description"], "discounts": [],
        "due_date": None, "effective_at": None, "ending_balance": None,
        "footer": wished["footer"] or settings["footer"],
        "from_invoice": None, "hosted_invoice_url": None, "invoice_pdf": None,
        "issuer": {"account": None, "type": "self"}, "last_finalization_error": None, "latest_revision": None,
        "lines": listing([line | {"invoice": invoice_id} for line in lines], f"/v1/invoices/{invoice_id}/lines"),
        "livemode": False, "metadata": {}, "next_payment_attempt": None, "number": None, "on_behalf_of": None,
        "parent": {"quote_details": None, "subscription_details": details, "type": "subscription_details"},
        "payment_settings": {"default_mandate": None, "payment_method_options": None, "payment_method_types": None},
        "period_end": period[1], "period_start": period[0], "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0, "receipt_number": None, "rendering": None, "shipping_cost": None,
        "shipping_details": None, "statement_descriptor": None, "status": "draft",
        "status_transitions": {"finalized_at": None, "marked_uncollectible_at": None, "paid_at": None,
                               "voided_at": None},
        "test_clock": None, "threshold_reason": None, "total_discount_amounts": [],
        "total_pretax_credit_amounts": [], "webhooks_delivered_at": call.now, "_intent": None, "_token": None,
        "_retries": 0, **_amounts(lines, customer["balance"]),
    }  # fmt: skip


def _amounts(lines: list[Json], balance: int) -> Json:
    """A customer's credit (a negative balance) is used up first; a total below nothing adds to it."""
    subtotal, taxes = sum(line["amount"] for line in lines), total_taxes(lines)
    total = subtotal + sum(tax["amount"] for tax in taxes)
    due = max(total + balance, 0)
    if due < SMALLEST_CHARGE:  # too little for a card: it goes to the customer's balance
        due = 0
    return {
        "subtotal": subtotal, "subtotal_excluding_tax": subtotal, "total": total, "total_excluding_tax": subtotal,
        "total_taxes": taxes, "starting_balance": balance, "amount_due": due, "amount_remaining": due,
    }  # fmt: skip


def finalize(call: Call, invoice: Json) -> Json:
    """Gives a draft its number and its page, and asks for the money; where there is none to ask for, it is paid."""
    before = dict(invoice)
    customer = call.require("customer", invoice["customer"])
    sequence, token = customer["next_invoice_sequence"], new_id("live_", 40)
    left = invoice["total"] + customer["balance"] - invoice["amount_due"]
    call.store.put(
        customer | {"next_invoice_sequence": sequence + 1, "currency": invoice["currency"], "balance": left},
        call.account,
    )
    invoice |= {
        "status": "open", "number": f"{customer['invoice_prefix']}-{sequence:04d}", "effective_at": call.now,
        "ending_balance": left, "automatically_finalizes_at": None, "_token": token,
        "hosted_invoice_url": f"{call.world.public_url}/c/invoice/{token}",
        "status_transitions": before["status_transitions"] | {"finalized_at": call.now},
    }  # fmt: skip
    if invoice["amount_due"]:
        _ask_for_money(call, invoice)
    emit(call, "invoice.finalized", call.store.put(invoice, call.account))
    if not invoice["amount_due"]:
        mark_paid(call, invoice, 0)
    return invoice


def _ask_for_money(call: Call, invoice: Json) -> None:
    """The payment intent of an invoice, and the invoice payment that ties the two."""
    is_first = invoice["billing_reason"] == "subscription_create"
    told: Json = {
        "metadata": {},
        "description": "Subscription creation" if is_first else "Subscription update",
    }
    intent = new_intent(
        call,
        amount=invoice["amount_due"],
        currency=invoice["currency"],
        given=told,
        customer=invoice["customer"],
    )
    call.store.put(intent | {"_invoice": invoice["id"]}, call.account)
    payment: Json = {
        "id": new_id("inpay_1"), "object": "invoice_payment", "amount_paid": None,
        "amount_requested": invoice["amount_due"], "created": call.now, "currency": invoice["currency"],
        "invoice": invoice["id"], "is_default": True, "livemode": False,
        "payment": {"payment_intent": intent["id"], "type": "payment_intent"}, "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
    }  # fmt: skip
    call.store.put(payment, call.account)
    invoice["_intent"] = intent["id"]


def payments_of(call: Call, invoice: Json) -> list[Json]:
    """The payments of an invoice, newest first."""
    return call.store.find(Query("invoice_payment", call.account, {"invoice": invoice["id"]}))


def mark_paid(call: Call, invoice: Json, amount: int) -> None:
    """The invoice is paid, by a card or because nothing was due."""
    transitions = {"canceled_at": None, "paid_at": call.now}
    for payment in payments_of(call, invoice):
        paid = payment | {"amount_paid": amount, "status": "paid", "status_transitions": transitions}
        emit(call, "invoice_payment.paid", call.store.put(paid, call.account))
    invoice |= {
        "status": "paid", "attempted": True, "amount_paid": amount, "amount_remaining": 0, "next_payment_attempt": None,
        "auto_advance": False, "status_transitions": invoice["status_transitions"] | {"paid_at": call.now},
    }  # fmt: skip
    call.store.put(invoice, call.account)
    emit(call, "invoice.paid", invoice)
    emit(call, "invoice.payment_succeeded", invoice)


def give_up(call: Call, invoice: Json, status: Literal["void", "uncollectible"]) -> None:
    """Nobody asks for this invoice any more."""
    name = {"void": "voided_at", "uncollectible": "marked_uncollectible_at"}[status]
    before = dict(invoice)
    invoice |= {
        "status": status, "next_payment_attempt": None, "auto_advance": False,
        "status_transitions": before["status_transitions"] | {name: call.now},
    }  # fmt: skip
    call.store.put(invoice, call.account)
    told = {"void": "invoice.voided", "uncollectible": "invoice.marked_uncollectible"}
    emit(call, told[status], invoice)
    emit_change(call, "invoice.updated", before, invoice)


def invoices_of(call: Call, subscription_id: str, *statuses: str) -> list[Json]:
    """The invoices of a subscription in these statuses, newest first."""
    where: Json = {SUBSCRIPTION: subscription_id, "status": list(statuses)}
    return call.store.find(Query(KIND, call.account, where))
