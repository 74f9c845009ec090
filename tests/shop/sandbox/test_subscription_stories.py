"""Whole lives of subscriptions, by the clock: trial, first invoice, cards that stop paying, and paying again."""

import pytest
import stripe

from shop.sandbox.server import Sandbox
from tests.shop.sandbox.asking import Receiver
from tests.shop.sandbox.subscribing import (
    ASKS_ALWAYS,
    ASKS_ONCE,
    DAY,
    FAILS_LATER,
    NOON,
    TRIAL_END,
    TYPED,
    Plans,
)
from tests.shop.sandbox.visiting import visit

HOUR = 3600


def test_a_trial_becomes_a_first_invoice_with_both_taxes(plans: Plans, client: stripe.StripeClient):
    subscription = plans.subscribed()
    assert (subscription.status, subscription.trial_end) == ("trialing", TRIAL_END)
    assert subscription["items"].data[0].current_period_end == TRIAL_END
    assert [(i.status, i.total, i.billing_reason) for i in plans.invoices(subscription)] == [
        ("paid", 0, "subscription_create")
    ]
    plans.sandbox.freeze(TRIAL_END)
    draft = plans.invoices(subscription)[0]
    assert (draft.status, draft.number, draft.amount_due) == ("draft", None, 4484)
    assert plans.now(subscription.id).status == "active"
    plans.sandbox.advance(HOUR)
    paid = client.v1.invoices.retrieve(draft.id, params={"expand": ["payments.data.payment.payment_intent"]})
    assert (paid.status, paid.subtotal, paid.total, paid.amount_paid) == ("paid", 3900, 4484, 4484)
    assert [tax.amount for tax in paid.total_taxes] == [195, 389]
    assert [tax.tax_rate_details.tax_rate for tax in paid.total_taxes] == list(plans.rates)
    assert paid.parent.subscription_details.subscription == subscription.id
    assert paid.parent.subscription_details.metadata.to_dict() == {"merchant": "7"}
    assert paid.payments.data[0].payment.payment_intent.amount_received == 4484
    period = paid.lines.data[0].period
    assert (period.start, period.end) == (
        TRIAL_END,
        plans.now(subscription.id)["items"].data[0].current_period_end,
    )
    assert plans.sandbox.ledger()["holders"] == {"balance:": 4484 - 160, "cards": -4484, "stripe_fees": 160}


def test_events_come_in_order_each_at_its_own_second(plans: Plans, sandbox: Sandbox):
    plans.subscribed()
    assert plans.told("customer.", "checkout.", "invoice.") == [
        "customer.created", "customer.subscription.created", "invoice.created", "invoice.finalized", "invoice.paid",
        "invoice.payment_succeeded", "checkout.session.completed",
    ]  # fmt: skip
    before = len(sandbox.events())
    sandbox.freeze(TRIAL_END + 40 * DAY)
    later = [(event["created"] - TRIAL_END, event["type"]) for event in sandbox.events()[before:]]
    cycle = [
        "invoice.created", "customer.subscription.updated", "invoice.finalized", "charge.succeeded",
        "payment_intent.succeeded", "invoice_payment.paid", "invoice.paid", "invoice.payment_succeeded",
    ]  # fmt: skip
    assert [kind for _, kind in later] == ["customer.subscription.trial_will_end", *cycle, *cycle]
    assert [at for at, _ in later] == [
        -3 * DAY,
        0,
        0,
        *[HOUR] * 6,
        31 * DAY,
        31 * DAY,
        *[31 * DAY + HOUR] * 6,
    ]


def test_signed_webhooks_arrive_in_that_order(plans: Plans, receiver: Receiver):
    plans.subscribed()
    events = receiver.events(len(plans.told()))
    assert [event.type for event in events] == plans.told()
    assert [event.type for event in events][-2:] == [
        "invoice.payment_succeeded",
        "checkout.session.completed",
    ]


def test_a_card_that_never_pays_is_asked_four_times_then_the_subscription_ends(plans: Plans):
    subscription = plans.subscribed(FAILS_LATER)
    assert subscription.status == "trialing"
    first = TRIAL_END + HOUR
    told = []
    for at, attempts, status, next_at in (
        (first, 1, "past_due", first + 3 * DAY),
        (first + 3 * DAY, 2, "past_due", first + 8 * DAY),
        (first + 8 * DAY, 3, "past_due", first + 15 * DAY),
        (first + 15 * DAY, 4, "canceled", None),
    ):
        plans.sandbox.freeze(at - 1)
        assert plans.told("invoice.payment_failed") == told
        plans.sandbox.freeze(at)
        told.append("invoice.payment_failed")
        invoice, now = plans.invoices(subscription)[0], plans.now(subscription.id)
        assert (invoice.attempt_count, invoice.next_payment_attempt, now.status) == (
            attempts,
            next_at,
            status,
        )
        assert plans.told("invoice.payment_failed") == told
    assert now.cancellation_details.reason == "payment_failed"
    assert plans.told()[-1] == "customer.subscription.deleted"
    plans.sandbox.advance(90 * DAY)
    assert len(plans.told("invoice.created")) == 2
    assert plans.sandbox.ledger()["holders"] == {}


def test_first_failure_tells_everybody_what_happened(plans: Plans, client: stripe.StripeClient):
    subscription = plans.subscribed(FAILS_LATER)
    plans.sandbox.freeze(TRIAL_END + HOUR - 1)
    before = len(plans.told())
    plans.sandbox.advance(1)
    assert plans.told()[before:] == [
        "invoice.finalized", "charge.failed", "payment_intent.payment_failed", "customer.updated", "invoice.updated",
        "invoice.payment_failed", "customer.subscription.updated",
    ]  # fmt: skip
    assert client.v1.customers.retrieve(subscription.customer).delinquent
    change = plans.sandbox.events()[-1]["data"]
    assert (change["object"]["status"], change["previous_attributes"]) == ("past_due", {"status": "active"})
    failed = client.v1.charges.list(params={"limit": 1}).data[0]
    assert (failed.amount, failed.failure_code, failed.customer) == (
        4484,
        "card_declined",
        subscription.customer,
    )


@pytest.mark.parametrize(("then", "status"), [("mark_unpaid", "unpaid"), ("leave", "past_due")])
def test_what_follows_the_last_attempt_is_a_setting(plans: Plans, then: str, status: str):
    plans.sandbox.dunning(2, then=then)
    subscription = plans.subscribed(FAILS_LATER)
    plans.sandbox.freeze(TRIAL_END + HOUR + 2 * DAY)
    assert plans.now(subscription.id).status == status
    assert plans.invoices(subscription)[0].attempt_count == 2
    plans.sandbox.freeze(TRIAL_END + 33 * DAY)
    newest = plans.invoices(subscription)[0]
    assert (newest.status, newest.auto_advance) == (
        ("draft", False) if then == "mark_unpaid" else ("open", True)
    )


def test_a_new_card_on_the_invoice_page_pays_and_is_kept(plans: Plans, client: stripe.StripeClient):
    subscription = plans.subscribed(FAILS_LATER)
    plans.sandbox.freeze(TRIAL_END + HOUR)
    invoice = plans.invoices(subscription)[0]
    assert visit(invoice.hosted_invoice_url, TYPED | {"keep": "yes"}).status == 303
    now = client.v1.subscriptions.retrieve(subscription.id, params={"expand": ["default_payment_method"]})
    assert (now.status, now.default_payment_method.card.last4) == ("active", "4242")
    assert not client.v1.customers.retrieve(subscription.customer).delinquent
    assert client.v1.invoices.retrieve(invoice.id).status == "paid"
    plans.sandbox.advance(62 * DAY)
    assert [i.status for i in plans.invoices(subscription)] == ["paid"] * 4
    assert plans.now(subscription.id).status == "active"
    assert plans.sandbox.ledger()["is_balanced"]


def test_a_new_card_in_the_portal_is_asked_at_the_next_attempt(plans: Plans, client: stripe.StripeClient):
    subscription = plans.subscribed(FAILS_LATER)
    plans.sandbox.freeze(TRIAL_END + HOUR)
    assert visit(plans.portal(subscription) + "/card", TYPED).location.endswith("?told=card_saved")
    customer = client.v1.customers.retrieve(subscription.customer)
    assert (
        customer.invoice_settings.default_payment_method == plans.now(subscription.id).default_payment_method
    )
    assert plans.now(subscription.id).status == "past_due"
    plans.sandbox.advance(3 * DAY)
    assert plans.now(subscription.id).status == "active"
    assert plans.invoices(subscription)[0].attempt_count == 2


def test_a_card_that_was_authorized_once_is_not_asked_again(plans: Plans):
    subscription = plans.subscribed(ASKS_ONCE)
    plans.sandbox.freeze(TRIAL_END + HOUR)
    assert plans.invoices(subscription)[0].status == "paid"


def test_a_card_that_always_asks_waits_for_its_holder(plans: Plans, client: stripe.StripeClient):
    subscription = plans.subscribed(ASKS_ALWAYS)
    plans.sandbox.freeze(TRIAL_END + HOUR)
    assert plans.told("invoice.")[-3:] == [
        "invoice.updated", "invoice.payment_action_required", "invoice.payment_failed",
    ]  # fmt: skip
    invoice = plans.invoices(subscription)[0]
    assert plans.now(subscription.id).status == "past_due"
    bank = invoice.hosted_invoice_url + "/authentication"
    assert "44,84" in visit(bank).text
    assert visit(bank, {"outcome": "refuse"}).location.endswith("?refus")
    assert visit(invoice.hosted_invoice_url, {"act": "kept"}).location.endswith("/authentication")
    visit(bank, {"outcome": "authorize"})
    assert client.v1.invoices.retrieve(invoice.id).status == "paid"
    assert plans.now(subscription.id).status == "active"


def test_canceled_at_the_end_of_the_trial_it_ends_without_a_charge(plans: Plans):
    subscription = plans.subscribed()
    plans.client.v1.subscriptions.update(subscription.id, params={"cancel_at_period_end": True})
    plans.sandbox.freeze(TRIAL_END + 2 * DAY)
    over = plans.now(subscription.id)
    assert (over.status, over.ended_at, over.cancellation_details.reason) == (
        "canceled", TRIAL_END, "cancellation_requested",
    )  # fmt: skip
    assert plans.sandbox.ledger()["holders"] == {}


def test_every_webhook_lost_the_objects_still_tell_the_truth(plans: Plans, receiver: Receiver):
    plans.sandbox.webhooks("drop")
    before = len(plans.told())
    subscription = plans.subscribed()
    plans.sandbox.freeze(TRIAL_END + HOUR)
    plans.sandbox.flush_webhooks()
    assert len(receiver.got) == before
    assert (plans.now(subscription.id).status, plans.invoices(subscription)[0].status) == ("active", "paid")
    plans.sandbox.flush_webhooks(include_dropped=True)
    assert [event.type for event in receiver.events(len(plans.told()))][-1] == "invoice.payment_succeeded"


def test_a_year_of_months_is_twelve_invoices_on_the_same_day(plans: Plans):
    subscription = plans.subscribed(trial_end=None)
    assert subscription.status == "active"
    plans.sandbox.freeze(NOON + 364 * DAY)
    ends = [i.lines.data[0].period.start for i in plans.client.v1.invoices.list(params={"limit": 100}).data]
    assert len(ends) == 12
    assert plans.sandbox.ledger()["holders"]["cards"] == -12 * 4484
