"""A street with two shops, two shoppers, their bank, Stripe, the worker and the clock, in whatever order they act.

Shoppers and merchants press what the pages offer, through addresses, middleware, sessions and forms; Stripe is the
payment sandbox over real HTTP. After each step the books add up, and what Stripe holds is what we hold.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import hypothesis.strategies as st
import stripe
import time_machine
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from directory.models import Merchant
from home.models import PortalSettings
from portal.models import User
from shop import outbox, stock, worker
from shop.checkouts import PAYABLE_FOR
from shop.enums import CheckoutStatus, OrderStatus
from shop.exceptions import ForbiddenMove
from shop.models import CartItem, Checkout, Debt, Order, OutboxMessage, Refund, Variant
from shop.payments import gateway, refunds
from shop.payments.handlers import HANDLERS
from shop.payments.reconcile import Report, reconcile
from shop.sandbox.server import ControlError, Sandbox
from shop.sandbox.store import Query
from tests.books import broken
from tests.shop.conftest import Stall
from tests.shop.storms.post import bring, events_of
from tests.shop.views.conftest import CONTACT, Shopper

PAYS, DECLINED, ASKS = "4242424242424242", "4000000000000002", "4000002500003155"
FAULTS = ("500_before", "500_after", "429", "reset", "reset_after")
AFTER = ("500_after", "reset_after")
BROKEN = (("POST", "/v1/*"), ("POST", "/v1/checkout/sessions*"), ("GET", "/v1/*"), ("*", "*"))
WHO = st.integers(min_value=0, max_value=1)
WHICH = st.integers(min_value=0, max_value=7)
UNITS = st.integers(min_value=0, max_value=3)
ANSWERED = (200, 302, 303, 404, 422)


class Writes:
    """Counts the statements that change a row of the shop."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: Any, *rest: Any) -> Any:
        if str(sql).startswith(("INSERT", "UPDATE", "DELETE")) and "shop_" in str(sql):
            self.count += 1
        return execute(sql, *rest)


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Street(RuleBasedStateMachine):
    """Every example is rolled back, and Stripe forgets it."""

    sandbox: Sandbox
    portal: PortalSettings
    stalls: tuple[Stall, Stall]
    owners: tuple[User, User]

    @initialize(
        begun=st.sampled_from(["empty", "filled", "on the page", "paid"]), units=st.tuples(UNITS, UNITS)
    )
    def open(self, begun: str, units: tuple[int, int]) -> None:
        """One shopper is early: has filled a basket, or stands on Stripe's page, or has paid there."""
        self.undo = ExitStack()
        self.undo.enter_context(rolled_back())
        self.time = self.undo.enter_context(time_machine.travel(timezone.now(), tick=True))
        self.sandbox.reset()
        self.looked_at: dict[str, int] = {}
        self.writes = Writes()
        self.undo.enter_context(connection.execute_wrapper(self.writes))
        self.mails: list[str] = []
        for kind in HANDLERS:
            if kind.startswith(outbox.MAIL):
                self.undo.enter_context(patch.dict(HANDLERS, {kind: self.note_mail}))
        for stall in self.stalls:
            self.sandbox.add_account(stall.account)
        self.shoppers = [Shopper(headers={"host": "localhost"}) for _who in range(2)]
        self.desks = [_signed_in(owner) for owner in self.owners]
        self.forms: list[dict[str, Any]] = [{}, {}]
        self.references: dict[str, str] = {}
        self.disputed = False
        self.told: list[str] = []
        self.lost: set[str] = set()
        if begun != "empty":
            for which, quantity in enumerate(units):
                self.add(0, which, quantity)
        if begun in ("on the page", "paid"):
            self.check_out(0)
        if begun == "paid":
            self.pay(0, PAYS, authenticate=True)

    def teardown(self) -> None:
        """Whatever happened: in the end it is put right. (Hypothesis comes here after a complaint too.)"""
        if hasattr(self, "undo"):
            with self.undo:
                if sys.exc_info()[0] is None:
                    self.put_right()

    # -------------------------------------------------------------------------------------------------- the shoppers

    @rule(who=WHO, which=WHO, quantity=UNITS)
    def add(self, who: int, which: int, quantity: int) -> None:
        if quantity:
            answered(self.shoppers[who].add(self.stalls[which], quantity))

    @rule(who=WHO, which=WHICH, quantity=UNITS)
    def change_quantity(self, who: int, which: int, quantity: int) -> None:
        """Of any item there is: of another's basket nothing comes of it."""
        if item := pick(CartItem.objects, which):
            before = CartItem.objects.exclude(cart__contact_email=email_of(who)).count()
            address = reverse("shop:cart_update", args=[item.pk])
            answered(self.shoppers[who].post(address, {"quantity": quantity}))
            if item.cart.contact_email not in ("", email_of(who)):
                assert CartItem.objects.exclude(cart__contact_email=email_of(who)).count() == before

    @rule(who=WHO, times=st.sampled_from([1, 1, 2]))
    def check_out(self, who: int, times: int = 1) -> None:
        """Every step that is not answered yet, then the review and its button, which some people press twice."""
        shopper = self.shoppers[who]
        review = answered(shopper.step("verification"))
        if is_page(review) and not is_review(review):
            answered(shopper.answer("contact", {**CONTACT, "email": email_of(who)}))
            answered(shopper.answer("remise", {"pickup": "on"}))
            review = answered(shopper.step("verification"))
        if is_review(review):
            form = review.context["form"]
            self.forms[who] = {name: form[name].value() for name in form.fields}
            for _time in range(times):
                self.press_again(who)

    @rule(who=WHO)
    def press_again(self, who: int) -> None:
        """The button of the review as it was last seen: doubled, or back from the page long after."""
        if not self.forms[who]:
            return
        answer = answered(self.shoppers[who].answer("verification", self.forms[who]))
        if answer.status_code == 303:
            session = self.session(urlsplit(answer["Location"]).path.rsplit("/", 1)[1])
            token = str(self.forms[who]["form_token"])
            known = self.references.setdefault(token, session["client_reference_id"])
            assert session["client_reference_id"] == known, "one form made two checkouts"

    @rule(who=WHO, which=WHO, back=st.booleans(), trouble=st.sampled_from([None, None, "", *AFTER]))
    def buy(self, who: int, which: int, *, back: bool, trouble: str | None) -> None:
        """What most people do: one thing, every step, a card that pays; most of them come back."""
        self.add(who, which, 1)
        self.check_out(who)
        for session in self.made("checkout.session", status="open", customer_email=email_of(who)):
            if session in self.payable():
                self.sandbox.pay(session["id"], PAYS)
                if back:
                    answered(self.shoppers[who].get(urlsplit(session["success_url"]).path))
        if trouble is not None:
            self.work(trouble)

    @rule(which=WHICH, card=st.sampled_from([PAYS, PAYS, PAYS, DECLINED, ASKS]), authenticate=st.booleans())
    def pay(self, which: int, card: str, *, authenticate: bool) -> None:
        if sessions := self.payable():
            with suppress(ControlError):
                self.sandbox.pay(sessions[which % len(sessions)]["id"], card, authenticate=authenticate)

    @rule(which=WHICH, page=st.sampled_from(["success_url", "success_url", "cancel_url"]))
    def come_back(self, which: int, page: str) -> None:
        """From Stripe's page, by either way, whatever was done there, however late."""
        sessions = self.sandbox.world.store.find(Query("checkout.session"))
        if sessions:
            session = sessions[which % len(sessions)]
            answered(self.shoppers[0].get(urlsplit(session[page]).path))

    # -------------------------------------------------------------------------------------- the merchants, the portal

    @rule(which=WHICH, to=st.sampled_from([OrderStatus.READY, OrderStatus.FULFILLED]), desk=WHO)
    def prepare(self, which: int, to: OrderStatus, desk: int) -> None:
        """Any order there is: of another's shop, or of one not paid for, nothing comes of it."""
        if order := pick(Order.objects.select_related("merchant"), which):
            address = reverse("merchant:order_move", args=[order.merchant.slug, order.number])
            status = answered(self.desks[desk].post(address, {"to": to})).status_code
            order.refresh_from_db()
            if order.merchant_id != self.stalls[desk].merchant.pk:
                assert status == 404

    @rule(which=WHICH, restock=st.booleans(), cents=st.sampled_from([None, None, 1, 5_00, 20_00]))
    def refund(self, which: int, cents: int | None, *, restock: bool) -> None:
        """All that is left of an order, or so many cents of it."""
        if order := pick(Order.objects, which):
            wish = refunds.WHOLE if cents is None else refunds.Amount(cents)
            with suppress(ForbiddenMove):
                refunds.request(order, wish, reason="test", restock=restock, now=timezone.now())

    @rule(which=WHICH, cents=st.sampled_from([1, 7_00]))
    def refund_in_the_dashboard(self, which: int, cents: int) -> None:
        """Somebody of the portal, in Stripe's own pages; we hear of it, or find it."""
        if charges := self.charges():
            wish: Any = {"charge": charges[which % len(charges)]["id"], "amount": cents}
            with suppress(stripe.StripeError):
                gateway.client().v1.refunds.create(wish)

    @rule(which=WHICH)
    def contest(self, which: int) -> None:
        """A cardholder tells the bank that it was somebody else."""
        if charges := self.charges():
            with suppress(ControlError):
                self.sandbox.dispute(charges[which % len(charges)]["id"])
                self.disputed = True

    @rule(which=WHICH, outcome=st.sampled_from(["won", "lost"]))
    def decide(self, which: int, outcome: str) -> None:
        if disputes := self.made("dispute"):
            with suppress(ControlError):
                name = disputes[which % len(disputes)]["id"]
                self.sandbox.control("POST", f"disputes/{name}/close", {"status": outcome})

    @rule(which=WHO, cents=st.sampled_from([1, 12_00, 19_99, 20_01]))
    def reprice(self, which: int, cents: int) -> None:
        Variant.objects.filter(pk=self.stalls[which].variant.pk).update(price_cents=cents)

    @rule(which=WHO, units=st.integers(min_value=-1, max_value=2))
    def receive(self, which: int, units: int) -> None:
        variant = self.stalls[which].variant
        if units and Variant.objects.get(pk=variant.pk).on_hand + units >= 0:
            stock.receive(variant, units, reason="test", now=timezone.now())

    @rule(which=WHO, suspended=st.booleans())
    def suspend(self, which: int, *, suspended: bool) -> None:
        at = timezone.now() if suspended else None
        Merchant.objects.filter(pk=self.stalls[which].merchant.pk).update(suspended_at=at)

    # ------------------------------------------------------------------------------------ Stripe, the worker, the clock

    @rule(which=WHICH, times=st.sampled_from([1, 1, 2]), work=st.booleans())
    def tell(self, which: int, times: int, *, work: bool) -> None:
        """One of the events nobody told us yet, perhaps out of order, perhaps twice."""
        waiting = [event for event in events_of(self.sandbox) if event["id"] not in {*self.told, *self.lost}]
        if waiting:
            event = waiting[which % len(waiting)]
            self.told.append(event["id"])
            assert [bring(event).status_code for _time in range(times)] == [200] * times
        if work:
            self.work()

    @rule(which=WHICH)
    def tell_again(self, which: int) -> None:
        events = [event for event in events_of(self.sandbox) if event["id"] in self.told]
        if events:
            assert bring(events[which % len(events)]).status_code == 200
            self.work()

    @rule()
    def lose(self) -> None:
        """What waits to be told never will be."""
        self.lost |= {event["id"] for event in events_of(self.sandbox)} - set(self.told)

    @rule(trouble=st.sampled_from(["", "", *AFTER]))
    def work(self, trouble: str = "") -> None:
        """The worker's round; at times Stripe does what it asks and does not say so. Three tries: the package's own."""
        if trouble:
            self.sandbox.fail("POST", "/v1/*", trouble, times=3)
        worker.run_due_jobs()

    @rule()
    def let_time_pass(self) -> None:
        self.time.shift(PAYABLE_FOR + timedelta(seconds=1))
        self.work()

    @rule(
        broken=st.sampled_from(BROKEN),
        kind=st.sampled_from(FAULTS),
        times=st.sampled_from([1, 3]),
        work=st.booleans(),
    )
    def break_stripe(self, broken: tuple[str, str], kind: str, times: int, *, work: bool) -> None:
        """Three times: then the package's own retries do not help."""
        self.sandbox.fail(*broken, kind, times=times)
        if work:
            self.work()

    @rule(which=WHO, status=st.sampled_from(["restricted", "active"]))
    def change_capability(self, which: int, status: str) -> None:
        self.sandbox.set_capabilities(self.stalls[which].account, stripe_transfers=status)

    @rule()
    def put_right(self) -> None:
        """Faults over, one run of reconcile leaves nothing for a second one; each merchant has its due."""
        self.sandbox.clear_faults()
        reconcile(now=timezone.now())
        again = reconcile(now=timezone.now())
        assert self.sandbox.ledger()["is_balanced"]
        self.compare()
        if not self.disputed:  # While the bank decides, shares wait.
            assert not OutboxMessage.objects.filter(sent_at=None).exists()
            for stall in self.stalls:
                self.merchant_has_its_due(stall)
        assert again == Report(), again

    # -------------------------------------------------------------------------------------------------- what must hold

    @invariant()
    def books_add_up(self) -> None:
        if self.changed("books", self.writes.count):
            assert not (wrong := broken()), wrong

    @invariant()
    def stripe_holds_what_we_hold(self) -> None:
        """Never a page to pay what was let go, never two pages, two payments, two transfers for one thing."""
        if self.changed("both", self.writes.count + self.sandbox.world.store._connection.total_changes):
            self.compare()

    def compare(self) -> None:
        payable = Counter(session["client_reference_id"] for session in self.payable())
        held = {str(c.public_id) for c in Checkout.objects.filter(status=CheckoutStatus.OPEN)}
        assert set(payable) <= held, "stock was let go while its page could still be paid"
        assert set(payable.values()) <= {1}, "two pages for one checkout"
        paid = Counter(charge["metadata"]["checkout"] for charge in self.charges())
        assert set(paid.values()) <= {1}, "one checkout was paid twice"
        sent = Counter(transfer["metadata"]["order"] for transfer in self.made("transfer"))
        assert set(sent.values()) <= {1}, "one share was sent twice"
        self.nothing_is_given_back_twice()

    def nothing_is_given_back_twice(self) -> None:
        given: Counter[str] = Counter()
        for refund in self.made("refund"):
            if "order" in refund["metadata"]:
                given[refund["metadata"]["order"]] += refund["amount"]
        wished: Counter[str] = Counter()
        for row in Refund.objects.select_related("order"):
            wished[row.order.number] += row.amount_cents
        assert given <= wished, "more was given back than anybody asked for"

    @invariant()
    def nobody_gets_a_mail_twice(self) -> None:
        assert len(set(self.mails)) == len(self.mails), self.mails

    def note_mail(self, message: OutboxMessage, _now: datetime) -> None:
        """Writing it, with its receipt, takes longer than a whole example."""
        self.mails.append(message.key)

    def merchant_has_its_due(self, stall: Stall) -> None:
        """``share − floor(share × refunded ÷ paid)`` went to it and stayed there, or open debts say how much not."""
        kept = sum(
            t["amount"] - t["amount_reversed"] for t in self.made("transfer", destination=stall.account)
        )
        sold = Order.objects.filter(merchant=stall.merchant, paid_at__isnull=False)
        due = sum(
            order.merchant_share_cents
            - order.merchant_share_cents * order.refunded_cents // order.total_cents
            for order in sold
        )
        owed = sum(
            debt.amount_cents for debt in Debt.objects.filter(merchant=stall.merchant, settled_at=None)
        )
        assert kept + owed == due, f"{stall.merchant}: {kept} kept, {owed} owed, {due} due"

    # ---------------------------------------------------------------------------------------------------------- looking

    def changed(self, what: str, count: int) -> bool:
        """Since this was last looked at: where nothing was written there is nothing new to see."""
        before, self.looked_at[what] = self.looked_at.get(what), count
        return before != count

    def made(self, kind: str, **where: Any) -> list[dict[str, Any]]:
        return self.sandbox.world.store.find(Query(kind, None, where))

    def charges(self) -> list[dict[str, Any]]:
        """What cards paid; the shares that arrived at merchants are payments to Stripe, too."""
        return [c for c in self.made("charge", status="succeeded") if "checkout" in c["metadata"]]

    def payable(self) -> list[dict[str, Any]]:
        now = self.sandbox.world.clock.now()
        sessions = self.made("checkout.session", status="open")
        return [session for session in sessions if session["expires_at"] > now]

    def session(self, session_id: str) -> dict[str, Any]:
        found = self.sandbox.world.store.get("checkout.session", session_id)
        assert found
        return found


def is_page(response: HttpResponse) -> bool:
    return response.status_code == 200


def is_review(response: HttpResponse) -> bool:
    return is_page(response) and "form_token" in response.context


def answered(response: HttpResponse) -> HttpResponse:
    """A page, or a way to one: whoever presses a button is told something."""
    assert response.status_code in ANSWERED, response.status_code
    return response


def pick(rows: Any, which: int) -> Any:
    found = list(rows.order_by("pk"))
    return found[which % len(found)] if found else None


def email_of(who: int) -> str:
    return f"client{who}@exemple.test"


def _signed_in(owner: User) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(owner)
    return client
