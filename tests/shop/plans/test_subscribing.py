"""One page, one subscription: whatever is clicked twice, in two tabs, or while Stripe is away."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from directory.enums import Tier
from directory.models import Merchant, Plan
from home.models import PortalSettings
from shop.exceptions import GatewayUnavailable
from shop.models import BillingCustomer, StaysFree, Subscription, SubscriptionAttempt
from shop.payments import gateway
from shop.payments.plans import changing, making, subscribing, sync
from shop.payments.plans.subscribing import AlreadySubscribed, NothingToPay
from tests.shop.conftest import at_once, posts
from tests.shop.plans.conftest import MAY_1, at, open_page, subscribe
from tests.shop.plans.conftest import sync as bring_in

SESSIONS, CUSTOMERS = "/v1/checkout/sessions", "/v1/customers"


def subscriptions_at_stripe() -> int:
    return len(gateway.client().v1.subscriptions.list({"status": "all"}).data)


def test_a_double_click_opens_one_page(merchant, clock, sandbox):
    assert open_page(merchant).pk == open_page(merchant).pk
    assert len(posts(sandbox, SESSIONS)) == 1


def test_two_tabs_for_two_options_leave_one_page_to_pay_on(merchant, clock, sandbox):
    first = open_page(merchant, Tier.LINKED_SHOP)
    second = open_page(merchant, Tier.TRANSACTIONAL)
    sessions = gateway.client().v1.checkout.sessions
    states = [sessions.retrieve(str(row.session_id)).status for row in (first, second)]
    assert states == ["expired", "open"]
    assert SubscriptionAttempt.objects.get(closed_at=None) == second


def test_paid_in_the_other_tab_a_second_click_finds_the_subscription(merchant, clock, sandbox):
    row = open_page(merchant, Tier.LINKED_SHOP)
    sandbox.pay(str(row.session_id))
    with pytest.raises(AlreadySubscribed):
        open_page(merchant, Tier.TRANSACTIONAL)
    assert (Subscription.objects.get().tier, subscriptions_at_stripe()) == ("linked_shop", 1)


@pytest.mark.django_db(transaction=True)
def test_of_many_clicks_at_one_instant_one_page_is_paid(merchant, clock, sandbox, in_levis):
    """Two tabs, two options, twice each, all at once: what can be paid on afterwards is one page."""
    wishes = [Tier.LINKED_SHOP, Tier.TRANSACTIONAL] * 2
    at_once(in_levis, *(lambda tier=tier: open_page(merchant, tier) for tier in wishes))
    sessions = gateway.client().v1.checkout.sessions.list().data
    assert len([found for found in sessions if found.status == "open"]) <= 1
    assert len(gateway.client().v1.customers.list().data) == 1
    assert SubscriptionAttempt.objects.filter(closed_at=None).count() <= 1


def test_a_page_whose_time_is_over_is_followed_by_another(merchant, clock, sandbox):
    first = open_page(merchant)
    clock.move(hours=2)
    assert open_page(merchant).attempt == first.attempt + 1


def test_stripe_away_nothing_is_made_twice(merchant, clock, sandbox):
    sandbox.fail("POST", SESSIONS, "500_after", times=1)
    sandbox.fail("POST", CUSTOMERS, "reset_after", times=1)
    for _again in range(3):
        try:
            row = open_page(merchant)
        except GatewayUnavailable:
            continue
    open_ones = [s for s in gateway.client().v1.checkout.sessions.list().data if s.status == "open"]
    assert [found.id for found in open_ones] == [row.session_id]
    assert len(gateway.client().v1.customers.list().data) == 1


def test_killed_before_the_session_was_noted_the_next_click_finds_it(merchant, clock, sandbox):
    row = open_page(merchant)
    SubscriptionAttempt.objects.update(session_id=None, url="")
    clock.move(minutes=5)
    assert open_page(merchant).session_id == row.session_id


def test_with_less_than_two_free_days_left_the_first_month_is_paid_today(merchant, clock, sandbox):
    clock.move_to(at(2027, 4, 29, 12))
    assert subscribing.terms_of(merchant, Tier.TRANSACTIONAL, now=timezone.now()).first_payment is None
    row = subscribe(merchant, sandbox)
    assert (row.status, row.invoices.get().total_cents) == ("active", 44_84)


def test_with_two_free_days_left_nothing_is_paid_before_they_are_over(merchant, clock, sandbox):
    clock.move_to(at(2027, 4, 28, 12))
    row = subscribe(merchant, sandbox)
    assert (row.status, row.trial_end) == ("trialing", at(2027, 5, 1, 0))


def test_a_merchants_own_free_period_moves_its_first_payment(merchant, clock, sandbox):
    Merchant.objects.filter(pk=merchant.pk).update(free_until=date(2027, 7, 31))
    merchant.refresh_from_db()
    assert subscribe(merchant, sandbox).trial_end == at(2027, 8, 1, 0)


@pytest.mark.parametrize("tier", [Tier.LISTING, Tier.TRANSACTIONAL])
def test_nobody_subscribes_to_what_is_free(merchant, clock, sandbox, tier):
    Plan.objects.filter(tier=tier).update(monthly_price_cents=0)
    with pytest.raises(NothingToPay):
        open_page(merchant, tier)


def test_nobody_subscribes_while_no_end_of_the_free_period_was_set(merchant, clock, sandbox, portal):
    PortalSettings.objects.filter(pk=portal.pk).update(free_until=None)
    with pytest.raises(NothingToPay):
        open_page(merchant)


def test_a_portal_without_tax_numbers_charges_no_tax(merchant, clock, sandbox, portal):
    PortalSettings.objects.filter(pk=portal.pk).update(gst_number="", qst_number="")
    clock.move_to(MAY_1)
    assert subscribe(merchant, sandbox).invoices.get().total_cents == 39_00


def test_stripes_page_for_the_card_is_made_anew_each_time(merchant, clock, sandbox):
    subscribe(merchant, sandbox)
    pages = {changing.portal_address(merchant, return_url="http://localhost/") for _twice in range(2)}
    assert len(pages) == 2


def test_who_never_paid_has_no_page_for_a_card(merchant, clock, sandbox):
    with pytest.raises(changing.NotSubscribed):
        changing.portal_address(merchant, return_url="http://localhost/")


def test_subscribing_takes_back_that_one_stays_free(merchant, clock, sandbox, owner_id):
    changing.stay_free(merchant, by_id=owner_id, now=timezone.now())
    subscribe(merchant, sandbox)
    assert not StaysFree.objects.exists()


def test_an_older_answer_that_comes_late_changes_nothing(merchant, clock, sandbox, monkeypatch):
    old, row = _overtaken(merchant, clock, sandbox, monkeypatch)
    assert (old, row.status) == (False, "active")


def test_negative_control_without_its_number_the_older_answer_wins(merchant, clock, sandbox, monkeypatch):
    monkeypatch.setattr(sync, "_is_newest", lambda _merchant, _answer: True)
    _old, row = _overtaken(merchant, clock, sandbox, monkeypatch)
    assert row.status == "trialing"


def _overtaken(merchant: Merchant, clock, sandbox, monkeypatch) -> tuple[bool, Subscription]:
    """Somebody asks during the trial, and is held up; another asks in May, and writes first."""
    subscribe(merchant, sandbox)
    ask = sync._ask
    held_up = ask(merchant)
    clock.move_to(at(2027, 5, 2))
    assert bring_in(merchant)
    monkeypatch.setattr(sync, "_ask", lambda _merchant: held_up)
    changed = bring_in(merchant)
    monkeypatch.setattr(sync, "_ask", ask)
    return changed, Subscription.objects.get()


def test_a_customer_is_told_anew_who_it_is(merchant, clock, sandbox):
    open_page(merchant)
    Merchant.objects.filter(pk=merchant.pk).update(legal_name="9999-0000 Québec inc.")
    merchant.refresh_from_db()
    making.customer_of(merchant, now=timezone.now())
    customer = BillingCustomer.objects.get()
    assert gateway.client().v1.customers.retrieve(str(customer.customer_id)).name == "9999-0000 Québec inc."


def test_the_table_itself_refuses_a_second_open_page(merchant, clock, sandbox, owner_id):
    row = open_page(merchant)
    row.pk, row.attempt, row.session_id = None, 2, None
    with pytest.raises(IntegrityError, match="merchant_subscribes_on_one_page"), transaction.atomic():
        row.save()
