"""Of two workers that change the same row at the same moment, one is told that it came too late."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, connections, models, transaction
from django.utils import timezone
from wagtail.models import Site

from home.exceptions import JoinedCondition
from home.models import PortalSettings
from home.tenancy import PortalQuerySet, across_portals, portal_scope, unjoined
from shop.enums import CheckoutStatus, ReversalCause, TransferStatus
from shop.models import Cart, CartItem, Checkout, Debt, LineItem, Reversal, Transfer
from shop.payments import debts
from tests.shop.conftest import Stall, place

WAITING = """
SELECT count(*) FROM pg_locks waiting
 WHERE NOT granted AND pid <> pg_backend_pid()
   AND EXISTS (SELECT FROM pg_locks held JOIN pg_database here ON here.oid = held.database
                WHERE held.pid = waiting.pid AND here.datname = current_database())
"""
"""In this very database: tests of other workers wait in theirs."""


def scoped_models() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if hasattr(m._default_manager, "with_scopes_disabled")]


def test_every_portal_s_rows_refuse_to_decide_a_race_by_a_join() -> None:
    assert len(scoped_models()) > 30
    with across_portals():
        assert {
            m for m in scoped_models() if not isinstance(m._default_manager.all(), PortalQuerySet)
        } == set()


@pytest.mark.django_db
def test_a_condition_on_a_value_through_a_join_is_refused(cart: Cart, portal: PortalSettings) -> None:
    checkout = place(cart, portal)
    order = checkout.orders.order_by("pk")[0]
    guarded = (
        LineItem.objects.filter(state="reserved"),
        order.lines.filter(quantity__gte=1),
        LineItem.objects.exclude(state="sold"),
        LineItem.objects.filter(order__status="pending"),
        LineItem.objects.annotate(n=models.F("quantity") + 1).filter(n=2),
    )
    for rows in guarded:
        with pytest.raises(JoinedCondition):
            rows.update(title="?")
    assert not LineItem.objects.filter(title="?").exists()


@pytest.mark.django_db
def test_keys_and_a_table_of_its_own_may_be_updated(cart: Cart, portal: PortalSettings) -> None:
    checkout = place(cart, portal)
    order = checkout.orders.order_by("pk")[0]
    lines = LineItem.objects.filter(order=order)
    assert lines.update(variant_title="") == order.lines.update(variant_title="") == lines.count()
    assert unjoined(LineItem).filter(order=order, state="reserved").update(variant_title="") == lines.count()
    assert Checkout.objects.filter(pk=checkout.pk, status=CheckoutStatus.PAID).update(total_cents=1) == 0


def while_it_waits(site: Site, first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """What ``second`` gives, which began before ``first`` was committed and waited for its row."""

    def run() -> Any:
        try:
            with portal_scope(site), transaction.atomic():
                return second()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            answer = pool.submit(run)
            assert _comes_to_wait(answer.done)
        return answer.result(timeout=20)


def _comes_to_wait(is_done: Callable[[], bool]) -> bool:
    gives_up_at = time.monotonic() + 15
    with connection.cursor() as cursor:
        while time.monotonic() < gives_up_at and not is_done():
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return True
    return False


def swap(rows: "models.QuerySet[CartItem]") -> int:
    return rows.filter(quantity=2).update(quantity=3)


@pytest.mark.django_db(transaction=True)
def test_who_waited_for_the_row_sees_that_it_has_changed(cart: Cart, in_levis: Site) -> None:
    rows = unjoined(CartItem).filter(cart=cart)
    assert while_it_waits(in_levis, lambda: swap(rows), lambda: swap(rows)) == 0


@pytest.mark.django_db(transaction=True)
def test_through_a_join_both_would_see_their_update_count(
    cart: Cart, in_levis: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: what the guard refuses is wrong indeed."""
    monkeypatch.setattr(PortalQuerySet, "update", models.QuerySet.update)
    rows = CartItem.objects.filter(cart=cart)
    assert while_it_waits(in_levis, lambda: swap(rows), lambda: swap(rows)) == 1


@pytest.fixture
def debt(cart: Cart, portal: PortalSettings, cheese: Stall, breaks_the_books) -> Debt:
    """12.00 $ that a merchant owes, and a sale from which it may be taken back."""
    order = place(cart, portal).orders.get(merchant=cheese.merchant)
    now = timezone.now()
    Transfer.objects.create(order=order, destination=cheese.account, amount_cents=22_80, created_at=now)
    return debts.charge(order, 12_00, reason="test", now=now)


def take_back(debt: Debt) -> None:
    """Another worker's: the next sale's transfer is being reversed for it."""
    (held,) = debts.owed_by(debt.merchant_id)
    Reversal.objects.create(
        transfer=debt.order.transfer,
        key="trr:test",
        cause=ReversalCause.DEBT,
        debt=held,
        amount_cents=12_00,
        created_at=timezone.now(),
    )


def forgive(debt: Debt) -> int:
    return debts.forgive(debt.order, 12_00, of_portal=False, how="test", now=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_a_debt_that_a_reversal_takes_back_is_not_settled_a_second_time(debt: Debt, in_levis: Site) -> None:
    assert while_it_waits(in_levis, lambda: take_back(debt), lambda: forgive(debt)) == 0


@pytest.mark.django_db(transaction=True)
def test_asked_in_one_statement_with_the_lock_it_would_be(
    debt: Debt, in_levis: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the subquery was answered before the wait, and is not asked again."""

    def in_one_statement(rows: "models.QuerySet[Debt]") -> "models.QuerySet[Debt]":
        taken = Reversal.objects.filter(status=TransferStatus.PENDING, debt__isnull=False)
        return rows.exclude(pk__in=taken.values("debt")).order_by("pk")

    monkeypatch.setattr(debts, "_at_rest", in_one_statement)
    assert while_it_waits(in_levis, lambda: take_back(debt), lambda: forgive(debt)) == 12_00
