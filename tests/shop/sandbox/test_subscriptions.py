"""Subscriptions, their sessions and their invoices through the real client, one call at a time."""

from typing import Any

import pytest
import stripe

from shop.sandbox.server import ControlError, Sandbox
from tests.shop.sandbox.asking import error_of, raw
from tests.shop.sandbox.subscribing import (
    ASKS_ALWAYS,
    BUYER,
    DAY,
    DECLINED,
    FAILS_LATER,
    GOOD,
    NOON,
    TRIAL_END,
    Plans,
)


@pytest.fixture
def customer(client: stripe.StripeClient) -> stripe.Customer:
    return client.v1.customers.create(params={"name": "Fromagerie du Bac", "email": "fromagerie@demo.test"})


@pytest.fixture
def card(client: stripe.StripeClient, customer: stripe.Customer) -> stripe.PaymentMethod:
    return client.v1.payment_methods.attach("pm_card_visa", params={"customer": customer.id})


def test_a_session_in_a_trial_asks_for_nothing_today(plans: Plans, client: stripe.StripeClient):
    session = plans.session()
    assert (session.mode, session.amount_total, session.payment_intent) == ("subscription", 0, None)
    assert session.customer_creation == "always"
    paid = plans.sandbox.pay(session.id, **BUYER)
    assert (paid["status"], paid["payment_status"]) == ("complete", "no_payment_required")
    told = client.v1.checkout.sessions.retrieve(
        session.id,
        params={"expand": ["subscription", "customer", "invoice", "line_items.data.price.product"]},
    )
    assert (told.subscription.status, told.subscription.metadata.to_dict()) == ("trialing", {"merchant": "7"})
    assert (told.customer.email, told.customer.preferred_locales) == ("marie@demo.test", ["fr-CA"])
    assert (told.invoice.total, told.invoice.status) == (0, "paid")
    assert told.line_items.data[0].price.product.name == "Boutique en ligne"


def test_a_session_without_a_trial_is_paid_at_once(plans: Plans, customer: stripe.Customer):
    session = plans.session(trial_end=None, customer=customer.id)
    assert (session.amount_subtotal, session.total_details.amount_tax, session.amount_total) == (
        3900,
        584,
        4484,
    )
    paid = plans.sandbox.pay(session.id, **BUYER)
    assert (paid["payment_status"], paid["customer"]) == ("paid", customer.id)
    subscription = plans.now(paid["subscription"])
    assert (subscription.status, subscription.customer) == ("active", customer.id)
    assert [(i.status, i.amount_paid) for i in plans.invoices(subscription)] == [("paid", 4484)]


@pytest.mark.parametrize(("card", "trial_end"), [(DECLINED, TRIAL_END), (FAILS_LATER, None)])
def test_a_refused_card_leaves_the_session_open_and_nothing_behind(
    plans: Plans, card: str, trial_end: int | None
):
    session = plans.session(trial_end=trial_end)
    with pytest.raises(ControlError, match="declined"):
        plans.sandbox.pay(session.id, card, **BUYER)
    assert plans.client.v1.subscriptions.list(params={"status": "all"}).data == []
    assert plans.client.v1.customers.list().data == []
    assert plans.sandbox.pay(session.id, GOOD, **BUYER)["status"] == "complete"


def test_a_bank_may_ask_before_a_trial_begins(plans: Plans):
    session = plans.session()
    assert plans.sandbox.pay(session.id, ASKS_ALWAYS, **BUYER)["status"] == "open"
    with pytest.raises(ControlError):
        plans.sandbox.pay(session.id, ASKS_ALWAYS, authenticate=False, **BUYER)
    assert plans.sandbox.pay(session.id, ASKS_ALWAYS, authenticate=True, **BUYER)["status"] == "complete"


def test_paying_twice_is_one_subscription(plans: Plans):
    session = plans.session()
    first, second = (plans.sandbox.pay(session.id, **BUYER)["subscription"] for _ in range(2))
    assert first == second
    assert len(plans.client.v1.customers.list().data) == 1


@pytest.mark.parametrize(("after", "is_accepted"), [(2 * DAY - 1, False), (2 * DAY, True)])
def test_a_trial_ends_two_days_ahead_at_least(plans: Plans, after: int, is_accepted: bool):
    if is_accepted:
        assert plans.session(trial_end=NOON + after).status == "open"
        return
    error = error_of(lambda: plans.session(trial_end=NOON + after))
    assert error["message"] == "The `trial_end` date has to be at least 2 days in the future."
    assert (error["status"], error["param"]) == (400, "subscription_data[trial_end]")


@pytest.mark.parametrize(
    ("changes", "param", "status"),
    [
        ({"payment_intent_data": {"description": "x"}}, "payment_intent_data", 400),
        ({"customer": "cus_nobody"}, "customer", 400),
        ({"customer_creation": "always"}, "customer_creation", 400),
        ({"line_items": [{"price": "price_nobody", "quantity": 1}]}, "line_items[0][price]", 400),
        ({"subscription_data": {"default_tax_rates": ["txr_nobody"]}},
         "subscription_data[default_tax_rates][0]", 400),
        ({"subscription_data": {"colour": "red"}}, "subscription_data[colour]", 400),
        ({"subscription_data": {"application_fee_percent": 10}}, "subscription_data[application_fee_percent]", 501),
        ({"mode": "payment"}, "subscription_data", 400),
        ({"discounts": [{"coupon": "x"}]}, "discounts[0][coupon]", 501),
    ],
)  # fmt: skip
def test_a_session_that_makes_no_sense_is_refused(
    plans: Plans, changes: dict[str, Any], param: str, status: int
):
    error = error_of(lambda: plans.session(**changes))
    assert (error["status"], error["param"]) == (status, param)


def test_a_line_item_says_its_price_and_its_quantity(plans: Plans):
    for item, param in (
        ({"price": plans.monthly}, "line_items[0][quantity]"),
        ({"quantity": 1}, "line_items[0][price]"),
    ):
        assert error_of(lambda item=item: plans.session(line_items=[item]))["param"] == param


def test_an_inactive_price_is_not_sold(plans: Plans):
    plans.client.v1.prices.update(plans.monthly, params={"active": False})
    assert "inactive" in error_of(plans.session)["message"]


def test_a_price_made_on_the_spot_and_no_card_where_none_is_due(plans: Plans):
    price = {"currency": "cad", "unit_amount": 1000, "recurring": {"interval": "month"}}
    session = plans.session(
        line_items=[{"quantity": 2, "price_data": price | {"product_data": {"name": "Vitrine"}}}],
        payment_method_collection="if_required",
        subscription_data={"trial_settings": {"end_behavior": {"missing_payment_method": "cancel"}}},
    )
    subscription = plans.now(plans.sandbox.pay(session.id, "", **BUYER)["subscription"])
    assert (subscription.default_payment_method, subscription["items"].data[0].quantity) == (None, 2)
    plans.sandbox.freeze(TRIAL_END)
    assert plans.now(subscription.id).status == "canceled"


def test_a_subscription_by_the_api_charges_the_kept_card(
    plans: Plans, client: stripe.StripeClient, customer: stripe.Customer, card: stripe.PaymentMethod
):
    subscription = client.v1.subscriptions.create(
        params={
            "customer": customer.id, "items": [{"price": plans.yearly}], "default_payment_method": card.id,
            "default_tax_rates": list(plans.rates), "expand": ["latest_invoice.payments"],
        }
    )  # fmt: skip
    assert (subscription.status, subscription.latest_invoice.amount_paid) == ("active", 44840)
    assert subscription.latest_invoice.payments.data[0].amount_paid == 44840
    assert subscription["items"].data[0].current_period_end == NOON + 365 * DAY


def test_a_first_payment_that_fails_is_incomplete_for_23_hours(plans: Plans, customer: stripe.Customer):
    v1 = plans.client.v1
    bad = v1.payment_methods.attach("pm_card_chargeCustomerFail", params={"customer": customer.id})
    told = {"customer": customer.id, "items": [{"price": plans.monthly}], "default_payment_method": bad.id}
    subscription = v1.subscriptions.create(params=told)
    assert subscription.status == "incomplete"
    plans.sandbox.advance(23 * 3600)
    assert plans.now(subscription.id).status == "incomplete_expired"
    assert plans.invoices(subscription)[0].status == "void"
    strict = told | {"payment_behavior": "error_if_incomplete"}
    assert error_of(lambda: v1.subscriptions.create(params=strict))["status"] == 402
    assert len(v1.subscriptions.list(params={"status": "all"}).data) == 1


def test_canceling_at_the_end_is_taken_back(plans: Plans):
    subscription, update = plans.subscribed(), plans.client.v1.subscriptions.update
    ending = update(subscription.id, params={"cancel_at_period_end": True})
    assert (ending.cancel_at_period_end, ending.cancel_at, ending.canceled_at) == (True, TRIAL_END, NOON)
    going_on = update(subscription.id, params={"cancel_at_period_end": False})
    assert (going_on.cancel_at_period_end, going_on.cancel_at, going_on.canceled_at) == (False, None, None)
    assert plans.told("customer.subscription")[-2:] == ["customer.subscription.updated"] * 2


def test_canceled_now_is_canceled_for_good(plans: Plans):
    subscription, v1 = plans.subscribed(), plans.client.v1.subscriptions
    over = v1.cancel(subscription.id, params={"cancellation_details": {"comment": "Trop cher"}})
    assert (over.status, over.ended_at, over.cancellation_details.comment) == ("canceled", NOON, "Trop cher")
    assert error_of(lambda: v1.cancel(subscription.id))["code"] == "resource_missing"
    error = error_of(lambda: v1.update(subscription.id, params={"cancel_at_period_end": True}))
    assert "can only update its cancellation_details and metadata" in error["message"]
    assert v1.update(subscription.id, params={"metadata": {"a": "b"}}).metadata.to_dict()["a"] == "b"
    assert v1.list().data == []
    assert [each.id for each in v1.list(params={"status": "canceled"}).data] == [subscription.id]


def test_another_price_half_way_is_settled_on_the_next_invoice(plans: Plans, client: stripe.StripeClient):
    subscription = plans.subscribed(trial_end=None)  # 15 January to 15 February: 31 days
    item = subscription["items"].data[0].id
    dearer = client.v1.prices.create(
        params={"product": subscription["items"].data[0].price.product, "currency": "cad", "unit_amount": 7900,
                "recurring": {"interval": "month"}}
    )  # fmt: skip
    plans.sandbox.freeze(NOON + 31 * DAY // 2)
    changed = client.v1.subscriptions.update(
        subscription.id,
        params={"items": [{"id": item, "price": dearer.id}], "proration_behavior": "create_prorations"},
    )
    assert changed["items"].data[0].price.id == dearer.id
    assert len(plans.invoices(subscription)) == 1
    plans.sandbox.freeze(NOON + 32 * DAY)
    invoice = plans.invoices(subscription)[0]
    assert [line.amount for line in invoice.lines.data] == [-1950, 3950, 7900]
    assert (invoice.subtotal, invoice.status) == (9900, "paid")
    assert [tax.amount for tax in invoice.total_taxes] == [-98 + 198 + 395, -195 + 394 + 788]
    assert invoice.total == 9900 + 495 + 987


@pytest.mark.parametrize("behavior", ["none", "always_invoice"])
def test_another_price_may_cost_nothing_or_be_asked_for_at_once(plans: Plans, behavior: str):
    subscription = plans.subscribed(trial_end=None)
    item, update = subscription["items"].data[0], plans.client.v1.subscriptions.update
    told = {"items": [{"id": item.id, "quantity": 2}], "proration_behavior": behavior}
    assert update(subscription.id, params=told).status == "active"
    totals = [invoice.total for invoice in plans.invoices(subscription)]
    assert totals == ([4484] if behavior == "none" else [4484, 4484])


def test_from_the_month_to_the_year_a_new_period_begins(plans: Plans):
    subscription = plans.subscribed(trial_end=None)
    item = subscription["items"].data[0]
    told = {"items": [{"id": item.id, "price": plans.yearly}]}
    changed = plans.client.v1.subscriptions.update(subscription.id, params=told)
    assert changed["items"].data[0].current_period_end == NOON + 365 * DAY
    invoice = plans.invoices(subscription)[0]
    assert (invoice.subtotal, invoice.status, invoice.billing_reason) == (
        35100,
        "paid",
        "subscription_update",
    )


def test_another_price_during_the_trial_costs_nothing(plans: Plans):
    subscription = plans.subscribed()
    item = subscription["items"].data[0]
    told = {"items": [{"id": item.id, "price": plans.yearly}]}
    changed = plans.client.v1.subscriptions.update(subscription.id, params=told)
    assert (changed.status, len(plans.invoices(subscription))) == ("trialing", 1)
    plans.sandbox.freeze(TRIAL_END + 3600)
    assert plans.invoices(subscription)[0].total == 44840


def test_a_trial_ends_now_or_later(plans: Plans):
    subscription, update = plans.subscribed(), plans.client.v1.subscriptions.update
    assert update(subscription.id, params={"trial_end": TRIAL_END + 9 * DAY}).trial_end == TRIAL_END + 9 * DAY
    plans.sandbox.freeze(TRIAL_END + DAY)
    assert plans.now(subscription.id).status == "trialing"
    ended = update(subscription.id, params={"trial_end": "now"})
    assert (ended.status, ended.trial_end) == ("active", TRIAL_END + DAY)
    assert plans.invoices(subscription)[0].amount_paid == 4484
    plans.sandbox.freeze(TRIAL_END + 20 * DAY)
    assert len(plans.invoices(subscription)) == 2
    assert plans.told("customer.subscription.trial_will_end") == []


def test_an_invoice_is_paid_by_the_api_with_another_card(plans: Plans, client: stripe.StripeClient):
    subscription = plans.subscribed(FAILS_LATER)
    plans.sandbox.freeze(TRIAL_END + 3600)
    invoice = plans.invoices(subscription)[0]
    error = error_of(lambda: client.v1.invoices.pay(invoice.id))
    assert (error["status"], error["code"]) == (402, "card_declined")
    assert len(client.v1.charges.list().data) == 2, "what was refused has happened nonetheless"
    card = client.v1.payment_methods.attach("pm_card_visa", params={"customer": subscription.customer})
    paid = client.v1.invoices.pay(invoice.id, params={"payment_method": card.id})
    assert (paid.status, paid.attempt_count) == ("paid", 1)
    assert plans.now(subscription.id).status == "active"
    assert "already paid" in error_of(lambda: client.v1.invoices.pay(invoice.id))["message"]


def test_a_draft_that_is_finalized_early_is_still_asked_for_at_its_hour(
    plans: Plans, client: stripe.StripeClient
):
    subscription = plans.subscribed()
    plans.sandbox.freeze(TRIAL_END)
    draft = plans.invoices(subscription)[0]
    assert client.v1.invoices.finalize_invoice(draft.id).status == "open"
    plans.sandbox.advance(3600)
    assert client.v1.invoices.retrieve(draft.id).status == "paid"
    assert error_of(lambda: client.v1.invoices.finalize_invoice(draft.id))["status"] == 400


def test_a_draft_that_is_held_back_stays_a_draft(plans: Plans, client: stripe.StripeClient):
    subscription = plans.subscribed()
    plans.sandbox.freeze(TRIAL_END)
    draft = plans.invoices(subscription)[0]
    client.v1.invoices.update(draft.id, params={"auto_advance": False, "footer": "Merci."})
    plans.sandbox.advance(3 * 3600)
    held = client.v1.invoices.retrieve(draft.id)
    assert (held.status, held.footer, held.attempted) == ("draft", "Merci.", False)


def test_what_is_given_up_is_not_asked_for(plans: Plans, client: stripe.StripeClient):
    subscription = plans.subscribed(FAILS_LATER)
    plans.sandbox.freeze(TRIAL_END + 3600)
    invoice = plans.invoices(subscription)[0]
    assert client.v1.invoices.void_invoice(invoice.id).status == "void"
    plans.sandbox.advance(20 * DAY)
    assert client.v1.invoices.retrieve(invoice.id).attempt_count == 1
    assert "isn't open" in error_of(lambda: client.v1.invoices.void_invoice(invoice.id))["message"]


def test_invoices_carry_what_the_seller_must_write(plans: Plans):
    fields = [{"name": "No TVQ", "value": "1234567890 TQ0001"}]
    told = {"custom_fields": fields, "footer": "Merci."}
    subscription = plans.subscribed(subscription_data={"invoice_settings": told})
    first = plans.invoices(subscription)[0]
    assert ([field.to_dict() for field in first.custom_fields], first.footer) == (fields, "Merci.")
    plans.sandbox.freeze(TRIAL_END + 3600)
    second = plans.invoices(subscription)[0]
    assert second.number == first.number[:-1] + "2"


def test_lists_find_by_customer_and_subscription(plans: Plans, client: stripe.StripeClient):
    first, second = plans.subscribed(), plans.subscribed(trial_end=None)
    v1 = client.v1
    assert [s.id for s in v1.subscriptions.list(params={"customer": first.customer}).data] == [first.id]
    assert [s.id for s in v1.subscriptions.list(params={"status": "active"}).data] == [second.id]
    assert [s.id for s in v1.subscriptions.list(params={"limit": 1}).auto_paging_iter()] == [
        second.id,
        first.id,
    ]
    found = v1.invoices.list(params={"customer": second.customer, "status": "paid"}).data
    assert [i.parent.subscription_details.subscription for i in found] == [second.id]
    payment = v1.invoice_payments.list(params={"invoice": found[0].id, "expand": ["data.invoice"]}).data[0]
    assert payment.invoice.number == found[0].number
    by_intent = {"type": "payment_intent", "payment_intent": payment.payment.payment_intent}
    assert [p.id for p in v1.invoice_payments.list(params={"payment": by_intent}).data] == [payment.id]
    assert (
        v1.customers.retrieve(first.customer, params={"expand": ["subscriptions"]}).subscriptions.data[0].id
        == first.id
    )
    assert len(v1.checkout.sessions.list(params={"subscription": first.id}).data) == 1


def test_a_key_and_a_fault_work_as_for_all_the_rest(
    plans: Plans, customer: stripe.Customer, sandbox: Sandbox
):
    v1 = plans.client.v1
    v1.payment_methods.attach("pm_card_visa", params={"customer": customer.id})
    kept = v1.payment_methods.list(params={"customer": customer.id}).data[0].id
    told = {"customer": customer.id, "items": [{"price": plans.monthly}], "default_payment_method": kept}
    sandbox.fail("POST", "/v1/subscriptions", "reset_after")
    with pytest.raises(stripe.APIConnectionError):
        v1.subscriptions.create(params=told, options={"idempotency_key": "s:1"})
    again = v1.subscriptions.create(params=told, options={"idempotency_key": "s:1"})
    assert [s.id for s in v1.subscriptions.list().data] == [again.id]
    assert sandbox.ledger()["holders"]["cards"] == -3900


def test_a_customer_that_is_deleted_is_billed_no_more(plans: Plans):
    subscription = plans.subscribed()
    plans.client.v1.customers.delete(subscription.customer)
    assert plans.now(subscription.id).status == "canceled"
    plans.sandbox.freeze(TRIAL_END + 40 * DAY)
    assert plans.sandbox.ledger()["holders"] == {}


def test_cards_are_kept_without_their_number(plans: Plans, sandbox: Sandbox):
    subscription = plans.subscribed()
    _, body = raw(sandbox, "GET", f"/v1/payment_methods/{subscription.default_payment_method}")
    assert (body["card"]["last4"], body["card"]["exp_year"]) == ("4242", 2030)
    assert GOOD not in str(body)
    assert GOOD not in str(sandbox.events())
    assert plans.client.v1.payment_methods.detach(body["id"]).customer is None


@pytest.mark.parametrize("days", [[], [0], [1] * 9, ["x"]])
def test_a_senseless_dunning_is_refused(sandbox: Sandbox, days: list[Any]):
    if not days:
        assert sandbox.dunning()["days"] == [3, 5, 7]
        return
    with pytest.raises(ControlError):
        sandbox.dunning(*days)
    with pytest.raises(ControlError):
        sandbox.dunning(3, then="shout")


def test_the_portal_needs_a_configuration_and_plays_what_it_offers(plans: Plans):
    subscription, v1 = plans.subscribed(), plans.client.v1.billing_portal
    error = error_of(lambda: v1.sessions.create(params={"customer": subscription.customer}))
    assert "default configuration has not been created" in error["message"]
    paused = {"features": {"subscription_update": {"enabled": True, "products": []}}}
    assert error_of(lambda: v1.configurations.create(params=paused))["status"] == 501
    made = v1.configurations.create(params={"features": {"invoice_history": {"enabled": True}}})
    changed = v1.configurations.update(made.id, params={"business_profile": {"headline": "Achetons Lévis"}})
    assert (changed.features.invoice_history.enabled, changed.business_profile.headline) == (
        True,
        "Achetons Lévis",
    )
    flow = {
        "customer": subscription.customer,
        "configuration": made.id,
        "flow_data": {"type": "payment_method_update"},
    }
    assert "is disabled" in error_of(lambda: v1.sessions.create(params=flow))["message"]
