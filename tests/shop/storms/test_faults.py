"""Stripe, the mail server and the database fail, one after the other: nobody pays twice, nobody waits for ever."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core import mail
from django.db import close_old_connections, connection
from django.http import HttpResponse
from django.utils import timezone

from home.models import PortalSettings
from shop import outbox, worker
from shop.exceptions import GatewayUnavailable
from shop.models import Checkout, Order, OutboxMessage, Refund, Transfer
from shop.payments import gateway, patience, refunds
from shop.payments.handlers import HANDLERS, deliver_outbox
from shop.payments.reconcile import Report, reconcile
from shop.sandbox.server import Sandbox
from shop.sandbox.store import Query
from tests.books import broken
from tests.shop.conftest import Stall
from tests.shop.views.conftest import CONTACT, Shopper, said, text

KINDS = ("500_before", "500_after", "429", "hang", "hang_after", "reset", "reset_after")
CALLS = {
    "opening the page": ("POST", "/v1/checkout/sessions"),
    "asking about it": ("GET", "/v1/checkout/sessions/*"),
    "the transfer": ("POST", "/v1/transfers"),
    "the refund": ("POST", "/v1/refunds"),
    "the reversal": ("POST", "/v1/transfers/*/reversals"),
}
WAITING = "Paiement en cours de confirmation"


@pytest.fixture
def no_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing mails, with their receipts, takes longer than all the rest."""
    for kind in HANDLERS:
        if kind.startswith(outbox.MAIL):
            monkeypatch.setitem(HANDLERS, kind, lambda _message, _now: None)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fifth of a second without an answer is none."""
    monkeypatch.setattr(gateway, "READ_TIMEOUT_S", 0.2)


def new_shopper(name: str = "marie") -> Shopper:
    shopper = Shopper(headers={"host": "localhost"}, raise_request_exception=False)
    shopper.email = f"{name}@exemple.test"
    return shopper


def press(shopper: Shopper, stall: Stall) -> HttpResponse:
    """From the shelf to the button."""
    shopper.add(stall)
    shopper.answer("contact", {**CONTACT, "email": shopper.email})
    shopper.answer("remise", {"pickup": "on"})
    return shopper.place(shopper.step("verification"))


def again(act: Callable[[], Any], *, is_done: Callable[[Any], bool], between: Callable[[], Any]) -> Any:
    """What a person does who is told that it did not work: the same, a moment later."""
    for _time in range(12):
        if is_done(answer := act()):
            return answer
        between()
    raise AssertionError("never done")


def made(sandbox: Sandbox, kind: str, **where: Any) -> list[dict[str, Any]]:
    return sandbox.world.store.find(Query(kind, None, where))


# -------------------------------------------------------------------------------------------------------------- Stripe


@pytest.mark.slow
@pytest.mark.usefixtures("short", "no_letters", "portal")
@pytest.mark.parametrize("call", CALLS)
def test_whatever_stripe_does_at_any_call_it_happens_once(call: str, sandbox: Sandbox, cheese: Stall) -> None:
    """Three times, so that the package's own retries do not help; a life for each way to fail."""
    for number, kind in enumerate(KINDS):
        sandbox.fail(*CALLS[call], kind, times=3, seconds=2)
        buy_and_give_back(sandbox, cheese, new_shopper(f"{kind}{number}"))
        sandbox.clear_faults()
        assert broken() == [], (call, kind)
    assert Order.objects.filter(status="refunded").count() == len(KINDS)
    assert not Checkout.objects.filter(status="open").exists()
    assert reconcile(now=timezone.now()) == Report()


def buy_and_give_back(sandbox: Sandbox, stall: Stall, shopper: Shopper) -> None:
    """Every call of a purchase's whole life, each repeated until it works; and what is then at Stripe."""
    page = again(
        lambda: press_again(shopper, stall),
        is_done=lambda a: a.status_code == 303,
        between=sandbox.clear_faults,
    )
    session_id = urlsplit(page["Location"]).path.rsplit("/", 1)[1]
    paid = sandbox.pay(session_id)
    address = urlsplit(paid["success_url"]).path
    again(
        lambda: come_back(shopper, address),
        is_done=lambda a: a.status_code == 302,
        between=sandbox.clear_faults,
    )
    deliver_all(sandbox)
    order = Order.objects.get(checkout__contact_email=shopper.email, status="paid")
    refunds.request(order, reason="test", restock=True, now=timezone.now())
    deliver_all(sandbox)
    group = str(order.checkout.public_id)
    assert len(made(sandbox, "checkout.session", client_reference_id=group)) == 1
    transfers = made(sandbox, "transfer", transfer_group=group)
    assert [t["amount"] - t["amount_reversed"] for t in transfers] == [0]
    given = made(sandbox, "refund", payment_intent=paid["payment_intent"]["id"])
    assert [refund["amount"] for refund in given] == [order.total_cents]


def press_again(shopper: Shopper, stall: Stall) -> HttpResponse:
    """The button again; the first time, all that comes before it."""
    review = shopper.step("verification")
    is_there = review.status_code == 200 and "form_token" in review.context
    answer = shopper.place(review) if is_there else press(shopper, stall)
    assert answer.status_code in (302, 303)
    return answer


def come_back(shopper: Shopper, address: str) -> HttpResponse:
    answer = shopper.get(address)
    assert answer.status_code == 302 or WAITING in text(answer)
    return answer


def deliver_all(sandbox: Sandbox) -> None:
    def try_once() -> bool:
        outbox.hurry(now=timezone.now())
        deliver_outbox(now=timezone.now())
        return not OutboxMessage.objects.filter(sent_at=None).exists()

    again(try_once, is_done=bool, between=sandbox.clear_faults)


@pytest.mark.usefixtures("portal")
def test_while_stripe_hangs_no_page_keeps_its_server_busy(
    sandbox: Sandbox, cheese: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page has so many seconds for all its calls together; here half of one."""
    assert patience.WEB_SECONDS <= 8
    monkeypatch.setattr(patience, "WEB_SECONDS", 0.5)
    shopper = new_shopper()
    page = press(shopper, cheese)
    session = made(sandbox, "checkout.session")[0]
    assert page["Location"] == session["url"]
    sandbox.fail("*", "*", "hang", times=1000, seconds=60)
    for act, sentence in (
        (lambda: shopper.get(urlsplit(session["success_url"]).path), WAITING),
        (lambda: shopper.get(urlsplit(session["cancel_url"]).path, follow=True), "ne répond pas"),
        (lambda: press_again(shopper, cheese), ""),
    ):
        before = time.monotonic()
        answer = act()
        assert time.monotonic() - before < 5
        assert answer.status_code < 500
        assert sentence in text(answer)
    sandbox.clear_faults()


def test_a_page_that_used_up_its_seconds_asks_stripe_no_more(sandbox: Sandbox, db: None) -> None:
    with patience.at_most(0.3):
        sandbox.fail("GET", "*", "hang", times=9, seconds=60)
        with pytest.raises(GatewayUnavailable):
            gateway.retrieve_session("cs_test_1")
        sandbox.clear_faults()
        time_left = threading.Event()
        while patience.seconds_left() > 0:
            time_left.wait(0.02)
        with pytest.raises(GatewayUnavailable, match="no time was left"):
            gateway.retrieve_session("cs_test_1")
    assert len(sandbox.requests()) <= 1


def test_a_shopper_whose_payment_is_not_confirmed_is_told_so_and_not_to_pay_again(
    sandbox: Sandbox, portal: PortalSettings, cheese: Stall
) -> None:
    shopper = new_shopper()
    press(shopper, cheese)
    session = made(sandbox, "checkout.session")[0]
    sandbox.pay(session["id"])
    sandbox.fail("GET", "*", "500_before", times=100)
    answer = shopper.get(urlsplit(session["success_url"]).path)
    assert f"<h1>{WAITING}</h1>" in text(answer)
    assert "inutile de payer une deuxième fois" in text(answer)
    again_pressed = shopper.get("/panier/")
    assert said(again_pressed) == []
    sandbox.clear_faults()
    assert shopper.get(urlsplit(session["success_url"]).path).status_code == 302


# ---------------------------------------------------------------------------------------------------- the mail server


def test_a_mail_server_that_was_down_gets_each_mail_once(
    sandbox: Sandbox, portal: PortalSettings, cheese: Stall, settings
) -> None:
    shopper = new_shopper()
    press(shopper, cheese)
    session = made(sandbox, "checkout.session")[0]
    sandbox.pay(session["id"])
    shopper.get(urlsplit(session["success_url"]).path)
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    for _round in range(3):
        outbox.hurry(now=timezone.now())
        deliver_outbox(now=timezone.now())
    waiting = OutboxMessage.objects.filter(sent_at=None)
    assert {message.kind.split(".")[0] for message in waiting} == {"mail"}
    assert waiting.count() == 2
    assert Transfer.objects.get().status == "sent"
    settings.EMAIL_BACKEND = working
    for _round in range(3):
        outbox.hurry(now=timezone.now())
        deliver_outbox(now=timezone.now())
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted([shopper.email, cheese.merchant.email])


# -------------------------------------------------------------------------------------------------------- the database


def cut() -> None:
    """The server ends our connection, as when it restarts."""
    end_backends("pid = %s", connection.connection.info.backend_pid)


def end_backends(which: str, *values: Any) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], dbname="postgres", autocommit=True) as server:
        server.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {which}", values)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_letters", "portal")
@pytest.mark.parametrize(
    "name", ["create_session", "retrieve_session", "create_transfer", "create_refund", "reverse_transfer"]
)
def test_a_connection_cut_right_after_stripe_did_it_does_not_do_it_twice(
    name: str, sandbox: Sandbox, cheese: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    cuts = Cuts(getattr(gateway, name))
    monkeypatch.setattr(gateway, name, cuts)
    shopper = new_shopper()
    page = again(
        lambda: press_or_stumble(shopper, cheese), is_done=lambda a: a.status_code == 303, between=anew
    )
    paid = sandbox.pay(urlsplit(page["Location"]).path.rsplit("/", 1)[1])
    address = urlsplit(paid["success_url"]).path
    again(lambda: shopper.get(address), is_done=lambda a: a.status_code == 302, between=anew)
    work_until_done()
    order = Order.objects.get(status="paid")
    refunds.request(order, reason="test", restock=True, now=timezone.now())
    work_until_done()
    assert cuts.left == 0
    assert len(made(sandbox, "checkout.session", status="complete")) == 1
    assert [t["amount"] - t["amount_reversed"] for t in made(sandbox, "transfer")] == [0]
    given = [refund["amount"] for refund in made(sandbox, "refund") if "order" in refund["metadata"]]
    assert given == [order.total_cents]
    assert Refund.objects.count() == 1


class Cuts:
    """Lets the call happen, and then cuts the connection to the database: the first time."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self.call, self.left = call, 1

    def __call__(self, *asked: Any, **more: Any) -> Any:
        answer = self.call(*asked, **more)
        if self.left:
            self.left -= 1
            cut()
        return answer


def press_or_stumble(shopper: Shopper, stall: Stall) -> HttpResponse:
    review = shopper.step("verification")
    is_there = review.status_code == 200 and "form_token" in review.context
    return shopper.place(review) if is_there else press(shopper, stall)


def anew() -> None:
    """As a web server does between two requests."""
    close_old_connections()


def work_until_done() -> None:
    def one_round() -> bool:
        worker.run_due_jobs()
        close_old_connections()
        outbox.hurry(now=timezone.now())
        OutboxMessage.objects.filter(sent_at=None).update(
            not_before=timezone.now()
        )  # a lease that nobody holds
        return not OutboxMessage.objects.filter(sent_at=None).exists()

    again(one_round, is_done=bool, between=anew)


@pytest.fixture(autouse=True)
def _no_connection_is_left_broken() -> Iterator[None]:
    yield
    close_old_connections() if connection.connection and connection.connection.closed else None
