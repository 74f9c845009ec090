"""The merchants' ledger: written once with each move, never changed, and the same when told afterwards."""

from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from home.models import PortalSettings
from shop import ledger
from shop.models import Cart, LedgerEntry, Order, Refund, Transfer
from shop.payments import refunds
from shop.payments.handlers import deliver_outbox
from shop.sandbox.server import Sandbox
from tests.shop.books import owed_by_the_books
from tests.shop.conftest import Stall, complete, place


@pytest.fixture
def order(cart: Cart, portal: PortalSettings, sandbox: Sandbox, cheese: Stall) -> Order:
    """Paid and transferred: 24.00 $, of which 1.20 $ of commission."""
    checkout = complete(place(cart, portal), sandbox)
    deliver_outbox(now=timezone.now())
    return checkout.orders.get(merchant=cheese.merchant)


def books(order: Order) -> list[tuple[str, str, int]]:
    entries = LedgerEntry.objects.filter(order=order)
    return sorted(entries.values_list("kind", "account", "amount_cents"))


def test_every_move_is_written_once_with_who_gets_and_who_bears_what(order: Order) -> None:
    expected = [
        ("sale", "commission", 1_20),
        ("sale", "merchant", 22_80),
        ("sale", "shopper", -24_00),
        ("transfer", "merchant", -22_80),
        ("transfer", "stripe", 22_80),
    ]
    assert books(order) == expected
    now = timezone.now()
    assert [ledger.sale(order, now=now), ledger.transfer(order.transfer, now=now)] == [False, False]
    assert (books(order), owed_by_the_books(order)) == (expected, 0)


def test_a_part_is_borne_in_proportion_and_the_whole_to_the_last_cent(order: Order) -> None:
    for cents in (33, 33, 1, 1):
        refunds.request(order, refunds.Amount(cents), reason="geste", restock=False, now=timezone.now())
    borne = LedgerEntry.objects.filter(order=order, kind="refund", account="merchant").order_by("pk")
    assert list(borne.values_list("amount_cents", flat=True)) == [-31, -31, -1, -1]
    refunds.request(order, refunds.Whole(), reason="retour", restock=True, now=timezone.now())
    deliver_outbox(now=timezone.now())
    sums: dict[str, int] = {}
    for _kind, account, cents in books(order):
        sums[account] = sums.get(account, 0) + cents
    assert set(sums.values()) == {0}


def test_the_database_refuses_to_change_it_and_half_a_journal(order: Order) -> None:
    for statement in ("UPDATE shop_ledgerentry SET amount_cents = 1", "DELETE FROM shop_ledgerentry"):
        with (
            pytest.raises(ProgrammingError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    entry = LedgerEntry.objects.filter(order=order).first()
    entry.pk, entry.journal = None, "sale:0"
    with pytest.raises(IntegrityError, match="does not sum to zero"), transaction.atomic():
        save_now(entry)


def save_now(entry: LedgerEntry) -> None:
    """As at the end of its transaction."""
    entry.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_told_afterwards_it_is_the_same(order: Order, cheese: Stall) -> None:
    """What the migration writes for the rows that stood before there was a ledger."""
    refunds.request(order, reason="retour", restock=True, now=timezone.now())
    deliver_outbox(now=timezone.now())
    assert (Refund.objects.count(), Transfer.objects.get(order=order).reversed_cents) == (1, 22_80)
    told_at_once = [books(each) for each in Order.objects.order_by("pk")]
    migration = import_module("shop.migrations.0008_ledger_of_what_stands")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(migration.FORGET)
        assert not LedgerEntry.objects.exists()
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(migration.REVERSALS + migration.ENTRIES)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert [books(each) for each in Order.objects.order_by("pk")] == told_at_once
