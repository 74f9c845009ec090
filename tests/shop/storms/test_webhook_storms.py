"""However Stripe's events travel (twice, twenty times, at once, in any order, late, never), all ends the same."""

import itertools
import random
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.db import connections, transaction
from django.utils import timezone

from home.models import PortalSettings
from shop import outbox, stock
from shop.checkouts import PAYABLE_FOR
from shop.models import Cart, Checkout, Order, StripeEvent
from shop.payments import gateway, refunds, webhooks
from shop.payments.expiry import expire_overdue
from shop.payments.handlers import HANDLERS, deliver_outbox
from shop.payments.reconcile import Report, reconcile
from shop.sandbox.server import ControlError, Sandbox
from tests.books import broken
from tests.shop.conftest import Stall, open_session, place
from tests.shop.storms import books
from tests.shop.storms.post import Event, bring, events_of

DECLINED, ASKS = "4000000000000002", "4000002500003155"
SHUFFLES = 200
AT_ONCE = 50

Story = tuple[Sandbox, list[Event]]


@pytest.fixture(autouse=True)
def _mails_are_only_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing one, with its receipt, takes longer than the rest of the story."""
    for kind in HANDLERS:
        if kind.startswith(outbox.MAIL):
            monkeypatch.setitem(HANDLERS, kind, lambda _message, _now: None)


def kinds(events: Iterable[Event]) -> list[str]:
    return [event["type"] for event in events]


@pytest.fixture
def bought(cart: Cart, portal: PortalSettings, sandbox: Sandbox) -> Story:
    """Refused by one card, allowed by another's bank, paid: nobody has told us anything."""
    session = str(open_session(place(cart, portal)).session_id)
    with pytest.raises(ControlError):
        sandbox.pay(session, DECLINED)
    sandbox.pay(session, ASKS)
    sandbox.pay(session, ASKS, authenticate=True)
    return sandbox, events_of(sandbox)


@pytest.fixture
def given_back(bought: Story) -> Story:
    """Bought and known; then one order is refunded by its portal, and cents by somebody in Stripe's dashboard."""
    sandbox, events = bought
    for event in events:
        bring(event)
    work()
    orders = list(Order.objects.order_by("pk"))
    refunds.request(orders[0], reason="test", restock=True, now=timezone.now())
    deliver()
    charge = next(c for c in all_of(sandbox, "charge.succeeded") if "checkout" in c["metadata"])
    gateway.client().v1.refunds.create({"charge": charge["id"], "amount": 5_00})
    return sandbox, [event for event in events_of(sandbox) if event not in events]


def all_of(sandbox: Sandbox, kind: str) -> list[Event]:
    return [event["data"]["object"] for event in events_of(sandbox) if event["type"] == kind]


# ------------------------------------------------------------------------------------------------------------- endings


def deliver() -> None:
    outbox.hurry(now=timezone.now())
    while deliver_outbox(now=timezone.now()):
        pass


def work() -> None:
    """The worker, until it has nothing to do."""
    while webhooks.process(now=timezone.now()):
        pass
    deliver()


@contextmanager
def undone(sandbox: Sandbox) -> Iterator[None]:
    """Our rows and Stripe's memory are afterwards what they were before."""
    memory = sandbox.world.store._connection
    before = memory.serialize()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    with sandbox.world.store.lock:
        memory.deserialize(before)


def ends(story: Story, tell: Callable[[], object]) -> books.Rows:
    """How the books stand once the story was told in this way, and the worker has done what it brought."""
    with undone(story[0]):
        tell()
        work()
        assert broken() == []
        assert not StripeEvent.objects.filter(processed_at=None).exclude(last_error="").exists()
        return books.ending()


def told(events: Iterable[Event], *, work_between: Callable[[], bool] = lambda: False) -> None:
    for event in events:
        assert bring(event).status_code == 200
        if work_between():
            work()


def assert_same(ending: books.Rows, expected: books.Rows, how: object) -> None:
    assert not books.differences(expected, ending), how


@pytest.fixture(params=["bought", "given_back"])
def story(request: pytest.FixtureRequest, db: None) -> Story:
    return request.getfixturevalue(request.param)


def test_the_stories_have_enough_to_tell(bought: Story) -> None:
    assert len(bought[1]) >= 6
    assert kinds(bought[1])[-1] == "checkout.session.completed"
    ending = ends(bought, lambda: told(bought[1]))
    assert {dict(row)["status"] for row in ending["Order"]} == {"paid"}
    assert {dict(row)["status"] for row in ending["Transfer"]} == {"sent"}


# ------------------------------------------------------------------------------------------------ how often, which way


def test_each_event_once_twice_or_twenty_times_ends_the_same(story: Story) -> None:
    expected = ends(story, lambda: told(story[1]))
    for times in (2, 20):
        told_often = [event for event in story[1] for _time in range(times)]
        assert_same(ends(story, lambda events=told_often: told(events)), expected, times)
    again = [*story[1], *story[1]]
    assert_same(
        ends(story, lambda: told(again, work_between=lambda: True)), expected, "twice, with work between"
    )


def test_all_orders_of_four_events_end_the_same(story: Story) -> None:
    rest, four = story[1][:-4], story[1][-4:]
    expected = ends(story, lambda: told(story[1]))
    for order in itertools.permutations(four):
        ending = ends(story, lambda events=order: told([*rest, *events], work_between=lambda: True))
        assert_same(ending, expected, kinds(order))


@pytest.mark.slow
def test_two_hundred_shuffles_of_eight_end_the_same(bought: Story) -> None:
    """The worker comes by whenever it likes; some events come again, long after."""
    expected = ends(bought, lambda: told(bought[1]))
    for seed in range(SHUFFLES):
        chance = random.Random(seed)
        events = (bought[1] * 2)[:8] if len(bought[1]) < 8 else bought[1][-8:]
        chance.shuffle(events)
        missing = [event for event in bought[1] if event not in events]
        ending = ends(
            bought,
            lambda some=events, rest=missing, dice=chance: told(
                [*some, *rest], work_between=lambda: dice.random() < 0.3
            ),
        )
        assert_same(ending, expected, (seed, kinds(events)))


def test_each_event_lost_in_turn_and_all_of_them_end_the_same(story: Story) -> None:
    """What the others did not bring, one run of reconcile finds; a second finds nothing."""
    expected = ends(story, lambda: told(story[1]))
    for lost in (*([event] for event in story[1]), story[1]):
        heard = [event for event in story[1] if event not in lost]

        def tell(events: list[Event] = heard) -> None:
            told(events)
            work()
            reconcile(now=timezone.now())
            assert reconcile(now=timezone.now()) == Report()

        assert_same(ends(story, tell), expected, kinds(lost))


def test_delayed_past_the_expiry_it_ends_the_same(bought: Story) -> None:
    """Paid in time, told too late: the job that lets go asks Stripe first, and sells."""
    expected = ends(bought, lambda: told(bought[1]))

    def tell() -> None:
        expire_overdue(now=timezone.now())
        told(bought[1])

    with time_machine.travel(timezone.now() + PAYABLE_FOR + timedelta(seconds=1), tick=True):
        assert_same(ends(bought, tell), expected, "late")


def test_delayed_past_an_expiry_at_which_stripe_was_silent_it_ends_the_same(bought: Story) -> None:
    sandbox, events = bought
    expected = ends(bought, lambda: told(events))

    def tell() -> None:
        sandbox.fail("*", "/v1/checkout/*", "500_before", times=100)
        assert expire_overdue(now=timezone.now()) == 0
        sandbox.clear_faults()
        told(events)

    with time_machine.travel(timezone.now() + PAYABLE_FOR + timedelta(seconds=1), tick=True):
        assert_same(ends(bought, tell), expected, "late, and silent")


# ------------------------------------------------------------------------------------------------- at the same instant


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_fifty_at_the_same_instant_are_one(bought: Story, cheese: Stall) -> None:
    """Each event fifty times, all fifty at once, each on a connection of its own; and four workers at once."""
    sandbox, events = bought
    for event in events:
        answers = all_at_once([lambda each=event: bring(each).status_code] * AT_ONCE)
        assert answers == [200] * AT_ONCE
        all_at_once([lambda: webhooks.process(now=timezone.now())] * 4)
    assert StripeEvent.objects.count() == len(events)
    all_at_once([lambda: deliver_outbox(now=timezone.now())] * 4)
    deliver()
    assert not StripeEvent.objects.filter(processed_at=None).exists()
    assert Checkout.objects.get().status == "paid"
    assert cheese.left() == 8
    transfers = [event for event in kinds(events_of(sandbox)) if event == "transfer.created"]
    assert len(transfers) == Order.objects.count() == 2


def all_at_once(acts: list[Callable[[], object]]) -> list[object]:
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            gate.wait()
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


# ------------------------------------------------------------------------------------------- a control: it can fail


def test_an_ending_that_differs_would_be_seen(bought: Story, cheese: Stall) -> None:
    expected = ends(bought, lambda: told(bought[1]))

    def tell() -> None:
        told(bought[1])
        stock.receive(cheese.variant, 1, reason="test", now=timezone.now())

    assert books.differences(expected, ends(bought, tell)).keys() == {"Variant", "StockMovement"}
