"""The yearly report: sales in the quarter of their payment, refunds in theirs, fees and taxes as in the books."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from home.tenancy import portal_scope
from shop import carts, seller_report
from shop.enums import Tax
from shop.models import Checkout
from shop.payments import refunds
from shop.payments.handlers import deliver_outbox
from shop.payments.refunds import Amount
from shop.seller_report import Quarter, SellerYear
from tests.factories import TaxRegistrationFactory
from tests.shop.conftest import Stall, complete, place

LEVIS = ZoneInfo("America/Toronto")


@pytest.fixture
def traveller(sandbox) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 12, 1, tzinfo=LEVIS), tick=False) as moved:
        yield moved


@pytest.fixture
def shop(candles: Stall) -> Stall:
    """Candles at 19.99 $, of a merchant registered for both taxes."""
    for tax in Tax:
        TaxRegistrationFactory(merchant=candles.merchant, tax=tax)
    candles.merchant.neq, candles.merchant.legal_name = "1234567890", "9999-0000 Québec inc."
    candles.merchant.save()
    return candles


def sell(shop: Stall, portal, sandbox, traveller, *, at: datetime, units: int = 3) -> Checkout:
    traveller.move_to(at)
    sandbox.freeze(int(at.timestamp()))
    cart = carts.create()
    carts.add(cart, shop.variant, units)
    return complete(place(cart, portal), sandbox)


def test_a_sale_counts_when_it_was_paid_and_a_refund_when_it_was_given(shop, portal, sandbox, traveller):
    checkout = sell(shop, portal, sandbox, traveller, at=datetime(2027, 3, 31, 23, 30, tzinfo=LEVIS))
    traveller.move_to(datetime(2027, 4, 2, tzinfo=LEVIS))
    order = checkout.orders.get()
    deliver_outbox(now=timezone.now())
    refunds.request(order, Amount(22_98), reason="retour", restock=False, now=timezone.now())
    (seller,) = seller_report.of_year(2027)
    # 3 × 19.99 $ (V7), of which a third goes back; 5 % of the goods is the portal's, and its part of the refund.
    assert seller.quarters[1] == Quarter(
        sales=1, consideration_cents=59_97, gst_cents=3_00, qst_cents=5_98, fees_cents=3_00
    )
    second, given = seller.quarters[2], order.refunds.get()
    assert (second.sales, second.consideration_cents) == (0, -given.items_cents)
    assert (second.gst_cents, second.qst_cents) == (-given.gst_cents, -given.qst_cents)
    assert given.items_cents + given.gst_cents + given.qst_cents == 22_98
    assert -1_01 <= second.fees_cents <= -99
    assert (seller.quarters[3], seller.quarters[4]) == (Quarter(), Quarter())


def test_the_year_ends_at_the_portals_midnight(shop, portal, sandbox, traveller):
    sell(shop, portal, sandbox, traveller, at=datetime(2026, 12, 31, 23, 30, tzinfo=LEVIS))
    assert [seller.total.sales for seller in seller_report.of_year(2026)] == [1]
    assert seller_report.of_year(2027) == []
    assert seller_report.years_of(shop.merchant) == [2026]


def test_a_failed_refund_gave_nothing_back(shop, portal, sandbox, traveller):
    checkout = sell(shop, portal, sandbox, traveller, at=datetime(2027, 2, 1, tzinfo=LEVIS))
    refund = refunds.request(
        checkout.orders.get(), Amount(10_00), reason="retour", restock=False, now=timezone.now()
    )
    refunds.fail(refund, "lost_or_stolen_card", now=timezone.now())
    (seller,) = seller_report.of_year(2027)
    assert (seller.total.consideration_cents, seller.total.fees_cents) == (59_97, 3_00)


@pytest.mark.parametrize(
    ("sales", "cents", "is_reported"),
    [(29, 2_800_00, False), (30, 1, True), (1, 2_800_01, True), (0, 0, False)],
)
def test_few_and_small_sales_are_excluded(shop, sales, cents, is_reported):
    seller = SellerYear(shop.merchant, 2027)
    seller.quarters[2] = Quarter(sales=sales, consideration_cents=cents)
    assert seller.is_reported == is_reported


def test_the_command_writes_a_sheet_of_who_is_reported(shop, portal, sandbox, traveller, monkeypatch):
    sell(shop, portal, sandbox, traveller, at=datetime(2027, 2, 1, tzinfo=LEVIS))
    assert len(sheet("2027")) == 1
    monkeypatch.setattr(seller_report, "FEWEST_SALES", 1)
    head, first, *_rest, year = sheet("2027")
    assert len(head) == len(first) == len(year) == 20
    assert first[:7] == [
        "2027", "oui", "9999-0000 Québec inc.", "Chandelles Lauzon", "1234567890", "123456789 RT0001",
        "1234567890 TQ0001",
    ]  # fmt: skip
    assert first[12:] == ["1", "1", "59,97", "3,00", "3,00", "5,98", "0,00", "0,00"]
    assert year[12:] == ["année", "1", "59,97", "3,00", "3,00", "5,98", "0,00", "0,00"]


def sheet(*args: str) -> list[list[str]]:
    out = io.StringIO(newline="")
    call_command("seller_report", *args, stdout=out)
    assert out.getvalue().startswith("\ufeffAnnée;")
    return list(csv.reader(io.StringIO(out.getvalue().removeprefix("\ufeff"), newline=""), delimiter=";"))


def test_with_several_portals_one_is_named_and_reads_its_own(shop, portal, sandbox, traveller, bellechasse):
    sell(shop, portal, sandbox, traveller, at=datetime(2027, 2, 1, tzinfo=LEVIS))
    with pytest.raises(CommandError, match=r"bellechasse\.localhost, localhost"):
        sheet("2027")
    assert len(sheet("2027", "--all", "--portal", "localhost")) == 6
    assert len(sheet("2027", "--all", "--portal", "bellechasse.localhost")) == 1
    with portal_scope(bellechasse):
        assert seller_report.of_year(2027) == []
