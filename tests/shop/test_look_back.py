"""Whatever is open is asked for, however old; what Stripe made since the last whole run is read with an overlap."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from home.models import PortalSettings
from shop import checks
from shop.enums import CheckKind
from shop.models import BooksCheck, Cart, Order, Payout, Refund
from shop.payments import look_back
from shop.payments.handlers import deliver_outbox
from shop.payments.reconcile import Report, reconcile, reconcile_on_record
from shop.sandbox.server import Sandbox
from tests.shop.conftest import Stall, complete, place


@pytest.fixture
def noon() -> datetime:
    here = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    return here.astimezone(UTC)  # Where a day has 24 hours.


def whole_run(at: datetime) -> None:
    checks.note(CheckKind.RECONCILE, [], now=at)


@pytest.mark.parametrize(
    ("ago", "reads"),
    [
        (None, timedelta(days=35)),
        (timedelta(minutes=10), timedelta(days=1, minutes=10)),
        (timedelta(days=1), timedelta(days=35)),
        (timedelta(days=60), timedelta(days=61)),
        (timedelta(days=200), timedelta(days=90)),
    ],
)
def test_it_reads_since_the_last_whole_run_and_deeper_once_a_day(
    db, noon: datetime, ago: timedelta | None, reads: timedelta
) -> None:
    if ago is not None:
        whole_run(noon - ago)
    assert noon - look_back.since(now=noon) == reads


@pytest.fixture
def order(cart: Cart, portal: PortalSettings, sandbox: Sandbox, cheese: Stall) -> Order:
    """Paid, and its share sent."""
    checkout = complete(place(cart, portal), sandbox)
    deliver_outbox(now=timezone.now())
    return checkout.orders.get(merchant=cheese.merchant)


def test_an_event_lost_ten_days_ago_is_made_up_for(
    order: Order, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.webhooks("drop")
    reconcile_on_record(now=timezone.now())
    payment = order.checkout.payment_intents.get()
    sandbox.refund(payment.charge_id, 5_00)
    later = timezone.now() + timedelta(days=10)
    with monkeypatch.context() as only_three_days:  # The negative control.
        only_three_days.setattr(look_back, "since", lambda *, now: now - timedelta(days=3))
        assert reconcile(now=later) == Report()
    assert reconcile_on_record(now=later).refunds_synced == 1
    assert sum(Refund.objects.values_list("amount_cents", flat=True)) == 5_00
    assert reconcile_on_record(now=later + timedelta(minutes=10)) == Report()


def test_a_payout_on_its_way_is_asked_for_however_old(order: Order, sandbox: Sandbox, cheese: Stall) -> None:
    payout_id = str(sandbox.pay_out(cheese.account, status="pending")["payout"]["id"])
    assert reconcile(now=timezone.now()).payouts_synced == 1
    later = timezone.now() + timedelta(days=200)
    whole_run(later)
    assert look_back.since(now=later) > Payout.objects.get().created_at
    sandbox.settle_payout(payout_id, "failed", failure_code="account_closed")
    assert reconcile(now=later) == Report(payouts_synced=1)
    assert Payout.objects.get().status == "failed"
    assert reconcile(now=later) == Report()


def test_a_run_that_could_not_read_everything_is_read_again(order: Order, sandbox: Sandbox) -> None:
    reconcile_on_record(now=timezone.now())
    whole = checks.last_whole_run(CheckKind.RECONCILE)
    sandbox.fail("GET", "/v1/disputes", "500_before", times=9)
    later = timezone.now() + timedelta(minutes=10)
    report = reconcile_on_record(now=later)
    assert (report.is_whole, len(report.failures)) == (False, 1)
    assert checks.last_whole_run(CheckKind.RECONCILE) == whole
    assert BooksCheck.objects.get().finished_at == later
    sandbox.clear_faults()
    assert reconcile_on_record(now=later).is_whole
    assert checks.last_whole_run(CheckKind.RECONCILE) == later
