"""Shoppers, Stripe, the worker and the clock in any order: after each step the books add up."""

import uuid
from contextlib import suppress
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
from shop.models import Checkout, CheckoutSession, Dispute, Order, OutboxMessage, PaymentIntent, Transfer
from shop.payments import refunds, transfers
from shop.payments.disputes import sync_dispute
from shop.payments.expiry import expire_overdue
from shop.payments.handlers import deliver_outbox
from shop.payments.reconcile import Report, reconcile
from shop.payments.sessions import ensure_session
from shop.payments.sync import close_checkout, sync_checkout
from shop.sandbox.server import ControlError, Sandbox
from tests.books import broken
from tests.shop.conftest import BUYER, Stall

FAULTS = ("500_before", "500_after", "429", "reset", "reset_after")
WHICH = st.integers(min_value=0, max_value=3)
UNITS = st.integers(min_value=0, max_value=3)


class Town(RuleBasedStateMachine):
    """Two stalls with little stock. Every example is rolled back, and Stripe forgets it."""

    sandbox: Sandbox
    portal: PortalSettings
    stalls: tuple[Stall, Stall]

    @initialize(baskets=st.lists(st.tuples(UNITS, UNITS), min_size=2, max_size=4))
    def open(self, baskets: list[tuple[int, int]]) -> None:
        """Some checkouts are on their page already."""
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.sandbox.reset()
        self.late = timedelta()
        for stall in self.stalls:
            self.sandbox.add_account(stall.account)
        for basket in baskets:
            self.place(*basket)
            self.open_page(-1)

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

    @rule(first=UNITS, second=UNITS)
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
                ensure_session(checkout, now=self.now)
        except NotPayable:
            assert checkout.status != CheckoutStatus.OPEN
        except GatewayError:
            pass

    @rule(which=WHICH, told=st.booleans())
    def pay(self, which: int, *, told: bool) -> None:
        session = self.pick(CheckoutSession.objects.filter(closed_at=None).exclude(session_id=None), which)
        if not session:
            return
        with suppress(ControlError):  # closed
            self.sandbox.pay(session.session_id)
        if told:
            self.sync_one(session.checkout)

    @rule(which=WHICH)
    def sync(self, which: int) -> None:
        checkout = self.pick(Checkout.objects, which)
        if checkout:
            self.sync_one(checkout)

    def sync_one(self, checkout: Checkout) -> None:
        with suppress(GatewayError):
            sync_checkout(checkout.pk, now=self.now)

    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        checkout = self.pick(Checkout.objects.filter(status=CheckoutStatus.OPEN), which)
        with suppress(GatewayError):
            if checkout:
                close_checkout(checkout.pk, to=CheckoutStatus.CANCELED, cause="test", now=self.now)

    @rule(which=WHICH, sold=st.booleans(), paid=st.booleans())
    def let_go_too_early(self, which: int, *, sold: bool, paid: bool) -> None:
        """What must not happen, and what must be survived: the page can still be paid, the stock perhaps gone."""
        session = self.pick(CheckoutSession.objects.filter(closed_at=None).exclude(session_id=None), which)
        if session:
            with transaction.atomic():
                checkouts.let_go(session.checkout, to=CheckoutStatus.EXPIRED, cause="test", now=self.now)
            self.place(*(stall.left() if sold else 0 for stall in self.stalls))
            self.pay(which, told=paid)

    @rule()
    def expire(self) -> None:
        self.late += PAYABLE_FOR
        self.sandbox.advance(int(PAYABLE_FOR.total_seconds()))
        expire_overdue(now=self.now)

    @rule()
    def deliver(self) -> None:
        outbox.hurry(now=self.now)
        deliver_outbox(now=self.now)

    @rule(which=WHICH, restock=st.booleans(), share=st.sampled_from([1, 2, 7, None]))
    def refund(self, which: int, *, restock: bool, share: int | None) -> None:
        """All that is left, or a part of it; never while the bank decides, and never more than is left."""
        order = self.pick(Order.objects, which)
        if not order:
            return
        left = refunds.left_cents(order)
        wish = refunds.Amount(left // share) if share else refunds.Whole()
        try:
            refunds.request(order, wish, reason="test", restock=restock, now=self.now)
        except ForbiddenMove:
            unpaid = order.status in (OrderStatus.PENDING, OrderStatus.CANCELED)
            assert unpaid or left == 0 or left // (share or 1) == 0 or order.checkout.disputes.exists()

    @rule(which=WHICH, cents=st.sampled_from([1, 7_00, None]))
    def refund_in_the_dashboard(self, which: int, cents: int | None) -> None:
        payment = self.pick(PaymentIntent.objects, which)
        with suppress(ControlError):  # nothing left, or disputed
            if payment:
                self.sandbox.refund(payment.charge_id, cents)

    @rule(which=WHICH)
    def contest(self, which: int) -> None:
        payment = self.pick(PaymentIntent.objects, which)
        with suppress(ControlError):  # twice
            if payment:
                told = self.sandbox.dispute(payment.charge_id)
                sync_dispute(payment, told["id"], now=self.now)

    @rule(which=WHICH, outcome=st.sampled_from(["won", "lost"]))
    def decide(self, which: int, outcome: str) -> None:
        dispute = self.pick(Dispute.objects, which)
        with suppress(ControlError):  # twice
            if dispute:
                self.sandbox.close_dispute(dispute.dispute_id, outcome)

    @rule()
    def pay_out(self) -> None:
        """What is refunded from now on cannot be taken back."""
        self.sandbox.pay_out(self.stalls[0].account)

    @rule(which=WHICH)
    def send_again(self, which: int) -> None:
        failed = self.pick(Transfer.objects.filter(status="failed"), which)
        with suppress(ForbiddenMove):
            if failed:
                transfers.retry(failed, now=self.now)

    @rule(which=WHICH, to=st.sampled_from([OrderStatus.READY, OrderStatus.FULFILLED]))
    def prepare(self, which: int, to: OrderStatus) -> None:
        order = self.pick(Order.objects, which)
        with suppress(ForbiddenMove):
            if order:
                orders.move(order, to=to, cause="test", now=self.now)

    @rule(
        path=st.sampled_from(["/v1/checkout/*", "/v1/transfers*", "/v1/refunds"]),
        kind=st.sampled_from(FAULTS),
    )
    def break_stripe(self, path: str, kind: str) -> None:
        """The worker meets it at once, if it has anything to do there."""
        self.sandbox.fail("POST", path, kind)
        self.deliver()

    @rule(lost=st.booleans())
    def change_capability(self, *, lost: bool) -> None:
        status = "restricted" if lost else "active"
        self.sandbox.set_capabilities(self.stalls[0].account, stripe_transfers=status)

    @precondition(lambda self: Checkout.objects.exists())
    @rule()
    def put_everything_right(self) -> None:
        """Faults over, one run leaves nothing that a second could do."""
        self.sandbox.clear_faults()
        reconcile(now=self.now)
        assert reconcile(now=self.now) == Report()
        frozen = Transfer.objects.filter(frozen_at__isnull=False).count()
        assert OutboxMessage.objects.filter(sent_at=None).count() == frozen
        for checkout in Checkout.objects.filter(status=CheckoutStatus.OPEN):
            assert ensure_session(checkout, now=self.now).url
        assert self.sandbox.ledger()["is_balanced"]

    @invariant()
    def books_add_up(self) -> None:
        assert broken() == []


def test_in_whatever_order_things_happen_the_books_add_up(
    in_levis: Site, portal: PortalSettings, sandbox: Sandbox, cheese: Stall, candles: Stall
) -> None:
    Town.sandbox, Town.portal, Town.stalls = sandbox, portal, (cheese, candles)
    run_state_machine_as_test(
        Town,
        settings=hypothesis.settings(
            max_examples=25,
            stateful_step_count=20,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[hypothesis.Phase.generate],  # a failure is told as it was found, within the same time
        ),
    )
