"""Effects are done at least once, by one worker at a time, and one that cannot be done holds up nobody."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import Site

from home.models import PortalSettings
from shop import outbox
from shop.exceptions import GatewayBroke, GatewayUnavailable, NotYet
from shop.models import Cart, OutboxMessage, Transfer
from shop.payments import transfers
from shop.payments.handlers import HANDLERS, deliver_outbox
from shop.payments.keys import Key, key_of
from shop.sandbox.server import Sandbox
from tests.shop.conftest import at_once, complete, place, posts

NOW = timezone.now()


@pytest.fixture
def done(in_levis: Site) -> list[str]:
    """The keys of the effects that were done, in order."""
    return []


@pytest.fixture
def handlers(done: list[str]) -> dict[str, outbox.Handler]:
    def note(message: OutboxMessage, now: object) -> None:
        done.append(message.key)

    def refuse(message: OutboxMessage, now: object) -> None:
        raise GatewayUnavailable("down")

    def break_down(message: OutboxMessage, now: object) -> None:
        raise ZeroDivisionError

    return {"note": note, "refuse": refuse, "break": break_down}


def put(site: Site, key: str, kind: str = "note") -> bool:
    return outbox.put(site_id=site.pk, key=key, kind=kind, now=NOW)


def row(key: str) -> OutboxMessage:
    return OutboxMessage.objects.get(key=key)


def test_a_key_is_written_once(in_levis: Site) -> None:
    assert (put(in_levis, "a"), put(in_levis, "a")) == (True, False)
    assert OutboxMessage.objects.count() == 1


def test_what_was_decided_and_rolled_back_is_not_done(in_levis: Site, handlers, done: list[str]) -> None:
    with transaction.atomic():
        put(in_levis, "a")
        transaction.set_rollback(True)
    assert (outbox.deliver(handlers, now=NOW), done) == (0, [])


def test_effects_are_done_oldest_first_and_once(in_levis: Site, handlers, done: list[str]) -> None:
    for key in "abc":
        put(in_levis, key)
    assert outbox.deliver(handlers, now=NOW) == 3
    assert outbox.deliver(handlers, now=NOW) == 0
    assert done == ["a", "b", "c"]
    assert (row("a").sent_at, row("a").attempts) == (NOW, 1)


def test_one_that_fails_waits_twice_as_long_each_time(in_levis: Site, handlers) -> None:
    put(in_levis, "a", "refuse")
    now, waits = NOW, []
    for _i in range(5):
        assert outbox.deliver(handlers, now=now) == 0
        waits.append((row("a").not_before - now).total_seconds())
        now = row("a").not_before
    assert waits == [10, 20, 40, 80, 160]
    assert row("a").last_error == "GatewayUnavailable: down"


def test_after_sixty_tries_a_person_must_look(in_levis: Site, handlers) -> None:
    put(in_levis, "a", "mail.refuse")
    handlers = {"mail.refuse": handlers["refuse"]}
    OutboxMessage.objects.update(attempts=outbox.MOST_ATTEMPTS - 1)
    outbox.deliver(handlers, now=NOW)
    assert row("a").given_up_at == NOW
    much_later = NOW + timedelta(days=365)
    assert outbox.deliver(handlers, now=much_later) == 0
    assert row("a").attempts == outbox.MOST_ATTEMPTS


def test_it_never_waits_more_than_six_hours(in_levis: Site, handlers) -> None:
    put(in_levis, "a", "refuse")
    OutboxMessage.objects.update(attempts=40)
    outbox.deliver(handlers, now=NOW)
    assert row("a").not_before - NOW == outbox.LONGEST_WAIT


@pytest.mark.parametrize("kind", ["break", "nobody-knows-this-kind"])
def test_one_that_cannot_be_done_holds_up_nobody(
    in_levis: Site, handlers, done: list[str], kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    put(in_levis, "bad", kind)
    put(in_levis, "good")
    assert outbox.deliver(handlers, now=NOW) == 1
    assert done == ["good"]
    assert (row("bad").sent_at, row("bad").attempts) == (None, 1)
    assert "outbox bad cannot be done" in caplog.text


def test_a_worker_killed_at_work_is_followed_by_another_when_its_lease_ends(
    in_levis: Site, handlers, done: list[str]
) -> None:
    put(in_levis, "a")

    def kill(message: OutboxMessage, now: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outbox.deliver({"note": kill}, now=NOW)
    assert outbox.deliver(handlers, now=NOW + outbox.LEASE - timedelta(seconds=1)) == 0
    assert outbox.deliver(handlers, now=NOW + outbox.LEASE) == 1
    assert (done, row("a").attempts) == (["a"], 2)


def test_hurried_what_failed_is_due_and_what_is_at_work_is_not(in_levis: Site, handlers) -> None:
    put(in_levis, "failed", "refuse")
    put(in_levis, "at work")
    OutboxMessage.objects.filter(key="at work").update(not_before=NOW + outbox.LEASE)
    outbox.deliver(handlers, now=NOW)
    outbox.hurry(now=NOW)
    assert row("failed").not_before == NOW
    assert row("at work").not_before == NOW + outbox.LEASE


def test_what_is_held_waits_without_having_failed_until_it_is_released(
    in_levis: Site, handlers, done: list[str]
) -> None:
    def hold(message: OutboxMessage, now: object) -> None:
        raise NotYet

    put(in_levis, "a")
    assert outbox.deliver({"note": hold}, now=NOW) == 0
    assert (row("a").attempts, row("a").last_error, row("a").not_before > NOW) == (0, "", True)
    outbox.hurry(now=NOW)
    assert outbox.deliver(handlers, now=NOW) == 0
    outbox.release("a", now=NOW)
    assert (outbox.deliver(handlers, now=NOW), done) == (1, ["a"])


def test_staff_have_what_failed_or_was_given_up_tried_again(
    in_levis: Site, handlers, done: list[str]
) -> None:
    for key in ("failed", "given up", "at work"):
        put(in_levis, key)
    waits = NOW + timedelta(hours=1)
    OutboxMessage.objects.update(not_before=waits)
    OutboxMessage.objects.filter(key="failed").update(last_error="x")
    OutboxMessage.objects.filter(key="given up").update(given_up_at=NOW)
    keys = ("failed", "given up", "at work")
    assert [outbox.retry(row(key), now=NOW) for key in keys] == [True, True, False]
    assert (outbox.deliver(handlers, now=NOW), done) == (2, ["failed", "given up"])
    assert outbox.retry(row("failed"), now=NOW) is False


def test_names_of_a_key_that_hold_an_error_are_passed_over(in_levis: Site) -> None:
    def breaks(message: OutboxMessage, now: object) -> None:
        raise GatewayBroke("500", broken_keys=key_of(message).broken + 10)

    put(in_levis, "a")
    now = NOW
    for _i in range(2):
        outbox.deliver({"note": breaks}, now=now)
        now = row("a").not_before
    assert key_of(row("a")) == Key("a", is_retry=True, broken=20)
    assert key_of(row("a")).numbered(20) == "a:20"


def test_effects_that_effects_bring_about_are_done_too(in_levis: Site, handlers, done: list[str]) -> None:
    def more(message: OutboxMessage, now: object) -> None:
        put(in_levis, "b")

    put(in_levis, "a", "more")
    assert outbox.deliver({**handlers, "more": more}, now=NOW) == 2
    assert done == ["b"]


def test_sent_and_given_up_exclude_each_other(in_levis: Site) -> None:
    put(in_levis, "a")
    with pytest.raises(IntegrityError, match="outbox_sent_or_given_up"), transaction.atomic():
        OutboxMessage.objects.update(sent_at=NOW, given_up_at=NOW)


def test_killed_between_stripes_transfer_and_our_mark_it_is_the_same_transfer(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete(place(cart, portal), sandbox)
    note = transfers.note_sent
    monkeypatch.setattr(transfers, "note_sent", lambda *_row, **_fields: 1 / 0)
    later = timezone.now()
    deliver_outbox(now=later)
    assert set(Transfer.objects.values_list("status", flat=True)) == {"pending"}
    monkeypatch.setattr(transfers, "note_sent", note)
    outbox.hurry(now=later)
    assert deliver_outbox(now=later) == 2
    asked = posts(sandbox, "/v1/transfers")
    assert [request["is_replayed"] for request in asked] == [False, False]
    assert len({request["idempotency_key"] for request in asked}) == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_each_effect_once(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, in_levis: Site, mailoutbox
) -> None:
    complete(place(cart, portal), sandbox)
    now = timezone.now()
    assert sum(at_once(in_levis, *[lambda: deliver_outbox(now=now)] * 3)) == 5
    assert (len(mailoutbox), len(posts(sandbox, "/v1/transfers"))) == (3, 2)
    assert set(OutboxMessage.objects.values_list("attempts", flat=True)) == {1}


def test_every_kind_that_is_put_has_its_handler() -> None:
    assert set(HANDLERS) == {
        "transfer",
        "refund",
        "reversal",
        "dispute_evidence",
        "plan.departure",
        "mail.order_confirmed",
        "mail.merchant_order",
        "mail.late_payment",
        "mail.order_ready",
        "mail.handed_over",
        "mail.refund",
        "mail.merchant_refund",
        "mail.merchant_dispute",
        "mail.staff_dispute",
        "mail.staff_refund_failed",
        "mail.letter",
        "mail.letter_written_later",
    }
