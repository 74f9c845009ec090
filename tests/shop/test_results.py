"""What sales came to, as the ledger tells it: paid in a period, given back in a period, and whose it is."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from wagtail.models import Site

from directory.models import Merchant
from home.models import PortalSettings
from home.periods import Period, town_day
from home.tenancy import portal_scope
from shop import results
from shop.enums import ChargeModel, LedgerAccount, LedgerKind
from shop.models import Cart, Checkout, LedgerEntry, Order, PaymentIntent, Shop
from shop.payments import disputes, readings, refunds
from shop.payments.handlers import deliver_outbox
from shop.payments.refunds import Amount
from shop.results import Sales
from shop.sandbox.server import Sandbox
from tests.factories import make_portal, make_seller
from tests.shop.conftest import Stall, complete, place

TOWN = ZoneInfo("America/Toronto")
NOVEMBER = Period.month(2026, 11)
BOTH = Sales(2, 43_99, 0, 41_79)
"""Two cheeses at 12.00 and a candle at 19.99, less 5 %: 22.80 and 18.99."""


@pytest.fixture
def checkout(cart: Cart, portal: PortalSettings, sandbox: Sandbox) -> Checkout:
    """Paid, and each merchant's share sent: transfers are no sales."""
    paid = complete(place(cart, portal), sandbox)
    deliver_outbox(now=timezone.now())
    return paid


def today() -> Period:
    return Period.ending(town_day(timezone.now()), days=1)


def order_of(checkout: Checkout, stall: Stall) -> Order:
    found: Order = checkout.orders.get(merchant=stall.merchant)
    return found


def test_a_paid_basket_is_an_order_for_each_merchant_and_its_share(
    checkout: Checkout, cheese: Stall, candles: Stall, django_assert_num_queries: Callable
) -> None:
    reads: dict[str, tuple[Callable[[], object], object]] = {
        "all": (lambda: results.sales(today()), BOTH),
        "one": (lambda: results.sales_of(cheese.merchant, today()), Sales(1, 24_00, 0, 22_80)),
        "each": (
            lambda: results.sales_by_merchant(today()),
            {cheese.merchant.pk: Sales(1, 24_00, 0, 22_80), candles.merchant.pk: Sales(1, 19_99, 0, 18_99)},
        ),
        "sellers": (lambda: results.sellers(today()), 2),
        "months": (
            lambda: results.sales_by_month(today()),
            {
                Period.month_of(today().first): {
                    (cheese.merchant.pk, ""): Sales(1, 24_00, 0, 22_80),
                    (candles.merchant.pk, ""): Sales(1, 19_99, 0, 18_99),
                }
            },
        ),
        "first": (results.first_day, today().first),
    }
    for name, (read, expected) in reads.items():
        with django_assert_num_queries(1):
            assert read() == expected, name
    assert results.sales(today().before) == Sales()
    assert results.sales_of(cheese.merchant).kept_cents == 24_00


def test_a_part_given_back_is_borne_by_the_merchant_in_proportion_until_it_fails(
    checkout: Checkout, cheese: Stall
) -> None:
    order = order_of(checkout, cheese)
    refund = refunds.request(order, Amount(4_00), reason="retour", restock=False, now=timezone.now())
    deliver_outbox(now=timezone.now())
    # 22.80 × 4 ÷ 24 = 3.80 of it is the merchant's.
    assert results.sales(today()) == Sales(2, 43_99, 4_00, 41_79 - 3_80)
    refund.refresh_from_db()
    refunds.fail(refund, "expired_or_canceled_card", now=timezone.now())
    assert results.sales(today()) == BOTH


def test_all_given_back_leaves_an_order_and_no_money(checkout: Checkout, cheese: Stall) -> None:
    refunds.request(order_of(checkout, cheese), reason="retour", restock=True, now=timezone.now())
    deliver_outbox(now=timezone.now())
    assert results.sales_of(cheese.merchant, today()) == Sales(1, 24_00, 24_00, 0)


def test_charged_on_its_own_account_all_of_it_is_the_merchants(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, cheese: Stall, candles: Stall
) -> None:
    Shop.objects.filter(merchant=cheese.merchant).update(
        charge_model=ChargeModel.DIRECT, charges_status="active"
    )
    sandbox.set_capabilities(cheese.account, card_payments="active", stripe_transfers="active")
    cart.items.filter(variant=candles.variant).delete()
    checkout = complete(place(cart, portal), sandbox)
    assert results.sales(today()) == Sales(1, 24_00, 0, 24_00)
    refunds.request(
        order_of(checkout, cheese), Amount(10_00), reason="retour", restock=False, now=timezone.now()
    )
    deliver_outbox(now=timezone.now())
    assert results.sales(today()) == Sales(1, 24_00, 10_00, 14_00)


def test_a_lost_dispute_gives_back_and_won_after_all_it_does_not(
    checkout: Checkout, sandbox: Sandbox
) -> None:
    payment = PaymentIntent.objects.get(checkout=checkout)
    told = sandbox.dispute(payment.charge_id)
    disputes.sync_dispute(payment, told["id"], now=timezone.now())
    assert results.sales(today()) == BOTH
    sandbox.close_dispute(told["id"], "lost")
    disputes.sync_dispute(payment, told["id"], now=timezone.now())
    deliver_outbox(now=timezone.now())
    assert results.sales(today()) == Sales(2, 43_99, 43_99, 0)
    lost = readings.dispute(told["id"], account=payment.account)
    disputes.note(payment, replace(lost, status="won"), now=timezone.now())
    assert results.sales(today()) == BOTH


def journal(merchant: Merchant, cents: int, at: datetime) -> None:
    """A sale as the ledger has it, without its order."""
    name = f"sale:{uuid.uuid4()}"
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            site=merchant.site,
            merchant=merchant,
            journal=name,
            kind=LedgerKind.SALE,
            account=account,
            amount_cents=amount,
            at=at,
        )
        for account, amount in ((LedgerAccount.SHOPPER, -cents), (LedgerAccount.MERCHANT, cents))
    )


def test_a_month_begins_and_ends_at_the_towns_midnight_whatever_the_clocks_do(
    in_levis: Site, breaks_the_books: None
) -> None:
    merchant = make_seller()
    moments = {
        1: datetime(2026, 10, 31, 23, 59, 59, 999_999, tzinfo=TOWN),
        20: datetime(2026, 11, 1, tzinfo=TOWN),
        300: datetime(2026, 11, 1, 1, 30, tzinfo=TOWN),
        4_000: datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=TOWN),
        50_000: datetime(2026, 11, 30, 23, 59, 59, 999_999, tzinfo=TOWN),
        600_000: datetime(2026, 12, 1, tzinfo=TOWN),
        7_000_000: datetime(2027, 3, 14, 3, 0, tzinfo=TOWN),
    }
    for cents, at in moments.items():
        journal(merchant, cents, at)
    assert results.sales(NOVEMBER).charged_cents == 54_320
    assert results.sales(Period.month(2026, 10)).charged_cents == 1
    by_month = results.sales_by_month(Period(NOVEMBER.first, Period.month(2027, 3).last))
    charged = [Sales.of_all(month.values()).charged_cents for month in by_month.values()]
    assert charged == [54_320, 600_000, 0, 0, 7_000_000]


def test_another_portals_sales_are_nowhere(in_levis: Site, breaks_the_books: None) -> None:
    there = make_portal(hostname="ailleurs.localhost", brand="Ailleurs")
    with portal_scope(there):
        journal(make_seller(), 99_00, datetime(2026, 11, 5, tzinfo=TOWN))
        assert results.sales(NOVEMBER).charged_cents == 99_00
    assert results.sales(NOVEMBER) == Sales()
    assert results.sales_by_merchant(NOVEMBER) == {}
    assert results.sales_by_month(NOVEMBER) == {NOVEMBER: {}}
    assert (results.sellers(NOVEMBER), results.first_day()) == (0, None)
