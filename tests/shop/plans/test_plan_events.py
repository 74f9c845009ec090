"""Events about plans are triggers: what they say is asked of Stripe, once more or in whatever order."""

import pytest
from django.utils import timezone

from shop.models import StripeEvent, Subscription
from shop.payments import webhooks
from shop.payments.plans import standing
from tests.shop.plans.conftest import MAY_2, charged, open_page, subscribe, tier_of

PLAN = ("customer.subscription.", "invoice.", "checkout.session.")


def deliver(sandbox, *, reverse: bool = False) -> int:
    """Everything that Stripe has told so far, into the inbox, and applied."""
    events = [event for event in sandbox.events() if event["type"].startswith(PLAN)]
    for event in reversed(events) if reverse else events:
        row = {"type": event["type"], "object_id": event["data"]["object"]["id"], "payload": event}
        now = timezone.now()
        StripeEvent.objects.get_or_create(
            event_id=event["id"], defaults={**row, "received_at": now, "not_before": now}
        )
    return webhooks.process(now=timezone.now(), limit=1000)


@pytest.mark.parametrize("reverse", [False, True])
def test_in_any_order_events_bring_the_same_subscription_in(merchant, clock, sandbox, reverse):
    sandbox.pay(str(open_page(merchant).session_id))
    clock.move_to(MAY_2)
    assert deliver(sandbox, reverse=reverse) > 3
    assert Subscription.objects.get().status == "active"
    assert charged(merchant) == [(39_00, 1_95, 3_89, 44_84)]
    assert not StripeEvent.objects.filter(processed_at=None).exists()


def test_an_event_of_a_customer_we_do_not_know_waits(merchant, clock, sandbox):
    sandbox.pay(str(open_page(merchant).session_id))
    merchant.billing_customer.delete()
    assert deliver(sandbox) == 0
    assert StripeEvent.objects.filter(processed_at=None, attempts=1).exists()


def test_an_event_of_a_merchants_own_account_says_nothing_of_its_plan(merchant, clock, sandbox):
    subscribe(merchant, sandbox)
    clock.move_to(MAY_2)
    events = [event for event in sandbox.events() if event["type"] == "invoice.paid"]
    StripeEvent.objects.create(
        event_id="evt_foreign",
        type="invoice.paid",
        account=merchant.shop.stripe_account_id,
        object_id="in_x",
        payload=events[-1],
        received_at=timezone.now(),
        not_before=timezone.now(),
    )
    assert webhooks.process(now=timezone.now()) == 0
    assert Subscription.objects.get().status == "trialing"


def test_another_portals_merchant_is_not_touched(merchant, clock, sandbox, bellechasse):
    from home.tenancy import portal_scope
    from tests.factories import MerchantFactory

    with portal_scope(bellechasse):
        stranger = MerchantFactory(tier="transactional")
    subscribe(merchant, sandbox)
    clock.move_to(MAY_2)
    deliver(sandbox)
    standing.settle_all(now=timezone.now())
    with portal_scope(bellechasse):
        assert tier_of(stranger) == "transactional"
        assert not Subscription.objects.exists()
