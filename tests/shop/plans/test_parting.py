"""A merchant that leaves pays no more: its plan ends with what is paid, or at once where it is late."""

from django.utils import timezone

from directory.enums import DepartureReason, Tier
from directory.models import Merchant
from portal.leaving import departing
from portal.leaving.departing import Wish
from shop.payments.handlers import deliver_outbox
from shop.payments.plans import changing
from shop.plan_facts import subscription_of
from shop.sandbox.server import Sandbox
from tests.shop.plans.conftest import (
    APRIL_15,
    DECLINED,
    MAY_2,
    Clock,
    charged,
    open_page,
    subscribe,
    sync,
    tier_of,
)


def leave(merchant: Merchant, owner_id: int) -> None:
    assert departing.leave(merchant, Wish(DepartureReason.NOT_ENOUGH), by_id=owner_id, now=timezone.now())
    deliver_outbox(now=timezone.now())


def test_plan_ends_with_its_period_and_charges_nothing_more(
    clock: Clock, merchant: Merchant, sandbox: Sandbox, owner_id: int
) -> None:
    clock.move_to(MAY_2)
    subscribe(merchant, sandbox)
    before = charged(merchant)
    assert len(before) == 1
    leave(merchant, owner_id)
    row = subscription_of(merchant.pk)
    assert (row.status, row.cancel_at) == ("active", row.current_period_end)
    assert tier_of(merchant) == Tier.LISTING
    clock.move(days=40)
    sync(merchant)
    assert (subscription_of(merchant.pk).status, charged(merchant)) == ("canceled", before)


def test_coming_back_goes_on_paying_and_selling(
    clock: Clock, merchant: Merchant, sandbox: Sandbox, owner_id: int
) -> None:
    clock.move_to(MAY_2)
    subscribe(merchant, sandbox)
    leave(merchant, owner_id)
    assert departing.come_back(merchant, by_id=owner_id, now=timezone.now())
    deliver_outbox(now=timezone.now())
    assert subscription_of(merchant.pk).cancel_at is None
    assert tier_of(merchant) == Tier.TRANSACTIONAL


def test_an_end_that_was_asked_before_stays_asked(
    clock: Clock, merchant: Merchant, sandbox: Sandbox, owner_id: int
) -> None:
    clock.move_to(MAY_2)
    subscribe(merchant, sandbox)
    changing.end(merchant, by_id=owner_id, now=timezone.now())
    leave(merchant, owner_id)
    assert departing.come_back(merchant, by_id=owner_id, now=timezone.now())
    deliver_outbox(now=timezone.now())
    assert subscription_of(merchant.pk).cancel_at is not None


def test_page_that_was_open_takes_no_subscription_any_more(
    clock: Clock, merchant: Merchant, sandbox: Sandbox, owner_id: int
) -> None:
    clock.move_to(APRIL_15)
    page = open_page(merchant)
    leave(merchant, owner_id)
    page.refresh_from_db()
    assert page.closed_at is not None
    assert subscription_of(merchant.pk) is None


def test_what_is_late_ends_at_once_and_is_asked_for_no_more(
    clock: Clock, merchant: Merchant, sandbox: Sandbox, owner_id: int
) -> None:
    clock.move_to(APRIL_15)
    subscribe(merchant, sandbox, card=DECLINED)
    clock.move_to(MAY_2)
    sync(merchant)
    assert subscription_of(merchant.pk).status == "past_due"
    leave(merchant, owner_id)
    assert (subscription_of(merchant.pk).status, tier_of(merchant)) == ("canceled", Tier.LISTING)
    clock.move(days=30)
    sync(merchant)
    assert charged(merchant) == []
