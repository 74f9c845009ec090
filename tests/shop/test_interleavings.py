"""Shoppers, Stripe, the worker and the clock in any order: after each step the books add up."""

import uuid
from datetime import timedelta

import hypothesis
import hypothesis.strategies as st
from django.db import transaction
from django.utils import timezone
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from wagtail.models import Site

from home.models import PortalSettings
from shop import carts, checkouts, orders, outbox
from shop.carts import basket_of
from shop.checkouts import PAYABLE_FOR
from shop.enums import CheckoutStatus, OrderStatus
from shop.exceptions import CannotSell, ForbiddenMove, GatewayError, NotPayable, OutOfStock
from shop.invariants import breaches
from shop.models import Checkout, CheckoutSession, Order
from shop.payments import refunds
from shop.payments.expiry import expire_overdue
from shop.payments.handlers import deliver_outbox
from shop.payments.reconcile import reconcile
from shop.payments.sync import close_checkout, sync_checkout
from shop.sandbox.server import ControlError, Sandbox
from tests.shop.conftest import BUYER, Stall, open_session

FAULTS = ("500_before", "500_after", "429", "reset", "reset_after")
WHICH = st.integers(min_value=0, max_value=3)


class Town(RuleBasedStateMachine):
    """Two stalls with little stock. Every example is rolled back, and Stripe forgets it."""

    sandbox: Sandbox
    portal: PortalSettings
    stalls: tuple[Stall, Stall]

    @initialize()
    def open(self) -> None:
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.sandbox.reset()
        self.late = timedelta()
        for stall in self.stalls:
            self.sandbox.add_account(stall.account)

    def teardown(self) -> None:
        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    @property
    def now(self):
        return timezone.now() + self.late

    def pick(self, rows, which: int):
        found = list(rows.order_by("pk"))
        return found[which % len(found)] if found else None

    @rule(first=st.integers(min_value=0, max_value=3), second=st.integers(min_value=0, max_value=2))
    def place(self, first: int, second: int) -> None:
        cart = carts.create()
        for stall, units in zip(self.stalls, (first, second), strict=True):
            if units:
                carts.add(cart, stall.variant, units)
        basket = basket_of(cart, settings=self.portal, today=timezone.localdate(self.now))
        if basket.is_empty:
            return
        try:
            checkouts.place(
                cart,
                form_token=uuid.uuid4(),
                contact=BUYER,
                accepted_total_cents=basket.total_cents,
                settings=self.portal,
                now=self.now,
            )
        except (CannotSell, OutOfStock):
            assert basket.problems

    @rule(which=WHICH)
    def open_page(self, which: int) -> None:
        checkout = self.pick(Checkout.objects, which)
        try:
            if checkout:
                open_session(checkout)
        except NotPayable:
            assert checkout.status != CheckoutStatus.OPEN
        except GatewayError:
            pass

    @rule(which=WHICH)
    def pay(self, which: int) -> None:
        session = self.pick(CheckoutSession.objects.exclude(session_id=None), which)
        try:
            if session:
                self.sandbox.pay(session.session_id)
        except ControlError:
            pass  # closed

    @rule(which=WHICH)
    def sync(self, which: int) -> None:
        checkout = self.pick(Checkout.objects, which)
        try:
            if checkout:
                sync_checkout(checkout.pk, now=self.now)
        except GatewayError:
            pass

    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        checkout = self.pick(Checkout.objects.filter(status=CheckoutStatus.OPEN), which)
        try:
            if checkout:
                close_checkout(checkout.pk, to=CheckoutStatus.CANCELED, cause="test", now=self.now)
        except GatewayError:
            pass

    @rule(which=WHICH)
    def let_go_too_early(self, which: int) -> None:
        """What must not happen, and what must be survived: the page can still be paid."""
        checkout = self.pick(Checkout.objects.filter(status=CheckoutStatus.OPEN), which)
        if checkout:
            with transaction.atomic():
                checkouts.let_go(checkout, to=CheckoutStatus.EXPIRED, cause="test", now=self.now)

    @rule()
    def expire(self) -> None:
        self.late += PAYABLE_FOR
        self.sandbox.advance(int(PAYABLE_FOR.total_seconds()))
        expire_overdue(now=self.now)

    @rule()
    def deliver(self) -> None:
        outbox.hurry(now=self.now)
        deliver_outbox(now=self.now)

    @rule(which=WHICH, restock=st.booleans())
    def refund(self, which: int, *, restock: bool) -> None:
        order = self.pick(Order.objects, which)
        try:
            if order:
                refunds.request(order, reason="test", restock=restock, now=self.now)
        except ForbiddenMove:
            assert order.status in (OrderStatus.PENDING, OrderStatus.CANCELED, OrderStatus.REFUNDED)

    @rule(which=WHICH, to=st.sampled_from([OrderStatus.READY, OrderStatus.FULFILLED]))
    def prepare(self, which: int, to: OrderStatus) -> None:
        order = self.pick(Order.objects, which)
        try:
            if order:
                orders.move(order, to=to, cause="test", now=self.now)
        except ForbiddenMove:
            pass

    @rule(
        path=st.sampled_from(["/v1/checkout/*", "/v1/transfers*", "/v1/refunds"]),
        kind=st.sampled_from(FAULTS),
    )
    def break_stripe(self, path: str, kind: str) -> None:
        self.sandbox.fail("POST", path, kind)

    @rule(lost=st.booleans())
    def change_capability(self, *, lost: bool) -> None:
        status = "restricted" if lost else "active"
        self.sandbox.set_capabilities(self.stalls[0].account, stripe_transfers=status)

    @precondition(lambda self: Checkout.objects.exists())
    @rule()
    def put_everything_right(self) -> None:
        """Faults over, one run leaves nothing that a second could do."""
        self.sandbox.clear_faults()
        for _i in range(2):
            report = reconcile(now=self.now)
        assert (report.checkouts_synced, report.effects_done, report.failures) == (0, 0, [])
        assert self.sandbox.ledger()["is_balanced"]

    @invariant()
    def books_add_up(self) -> None:
        assert breaches() == []


def test_in_whatever_order_things_happen_the_books_add_up(
    in_levis: Site, portal: PortalSettings, sandbox: Sandbox, cheese: Stall, candles: Stall
) -> None:
    Town.sandbox, Town.portal, Town.stalls = sandbox, portal, (cheese, candles)
    run_state_machine_as_test(
        Town,
        settings=hypothesis.settings(
            max_examples=25, stateful_step_count=15, derandomize=True, deadline=None, database=None
        ),
    )
